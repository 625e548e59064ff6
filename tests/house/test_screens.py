"""Screens that pages show are screens that were played: each stands in a golden file of the tests, or on the cookbook's page,
whose own test prints it."""

import re
from functools import cache

import pytest

from tests.house.markdown import PAGES, ROOT, Block, blocks

SCREENS = [
    block for page in PAGES for block in blocks(page) if block.language == "console" and page.name != "cookbook.md"
]


@cache
def played() -> str:
    files = [*(ROOT / "tests").rglob("cases/**/*.txt"), *(ROOT / "tests" / "cli" / "transcripts").glob("*.txt")]
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(files))


def named(text: str) -> str:
    """As the transcripts write what is another one each time."""
    for pattern, name in (
        (r"(127\.0\.0\.1|localhost):\d+", r"\1:[port]"),
        (r"\bpid \d+", "pid [pid]"),
        (r"\b\d+\.\d+ s\b", "[n] s"),
    ):
        text = re.sub(pattern, name, text)
    return text


@pytest.mark.parametrize("screen", SCREENS, ids=[screen.name for screen in SCREENS])
def test_a_screen_was_played(screen: Block) -> None:
    assert screen.text.rstrip("\n") in played() or named(screen.text).rstrip("\n") in named(played())


def test_there_are_screens() -> None:
    assert len(SCREENS) >= 5
