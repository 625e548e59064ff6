"""docs/troubleshooting.md speaks of what ccr says: each symptom that is quoted is a text of the code, word for word."""

import ast
import re
from functools import cache

import pytest

from tests.house.markdown import ROOT, read

PAGE = read(ROOT / "docs" / "troubleshooting.md")
HEADINGS = re.findall(r"^### (.+)$", PAGE, re.MULTILINE)
QUOTED = [found for heading in HEADINGS for found in re.findall(r"^`([^`]+)`$", heading)]


@cache
def texts() -> str:
    """Every text of the code, one a line; what is filled in is `…`."""
    found = []
    for path in sorted((ROOT / "ccr").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                found.append("".join(each.value if isinstance(each, ast.Constant) else "…" for each in node.values))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(node.value)
    return "\n".join(" ".join(re.sub(r"\{[^{}]*\}", "…", text).split()) for text in found)


@pytest.mark.parametrize("quote", QUOTED)
def test_a_quoted_message_is_a_text_of_the_code(quote: str) -> None:
    parts = (re.escape(part) for part in quote.split("…"))
    assert re.search(".*".join(parts), texts()), "ccr says nothing like it"


def test_messages_are_quoted() -> None:
    assert len(QUOTED) >= 18 and len(HEADINGS) >= 35
    assert not re.search(re.escape("this was never said by ccr"), texts())
