"""Each claim of SECURITY.md, and each item of tests/faults/README.md, names the tests that hold it, and they are there."""

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
TABLE = (ROOT / "tests" / "faults" / "README.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE + TABLE)))
CLAIMS = [line for line in PAGE.partition("## What holds")[2].splitlines() if line.startswith("- ")]


@cache
def defined_in(path: str) -> frozenset[str]:
    file = ROOT / path
    if not file.exists():
        return frozenset()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _, name in NAMED])
def test_the_tests_it_names_are_there(path: str, name: str) -> None:
    assert name.startswith("test_") and name in defined_in(path)


def test_every_claim_names_one() -> None:
    without = [line for line in CLAIMS if "::test_" not in line and "make audit" not in line]
    assert len(CLAIMS) > 25 and not without


def test_every_item_names_one() -> None:
    rows = {row.split("|")[1].strip(): row for row in TABLE.splitlines() if re.match(r"\| [HIN]\d", row)}
    assert set(rows) == {*(f"H{n}" for n in range(1, 12) if n != 9), *(f"{c}{n}" for c in "IN" for n in range(1, 5))}
    assert all("::test_" in row for row in rows.values())


def test_few_packages_are_needed() -> None:
    """A new one is a decision, and stands here."""
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[^\w-]", each)[0] for each in needed}
    assert names <= {
        "aiohttp", "click", "httptools", "httpx", "interegular", "lark", "msgspec", "multidict", "pyjson5", "pygments", "starlette", "tiktoken",
        "tzdata", "uvicorn", "uvloop", "watchfiles", "yarl",
    }  # fmt: skip


def test_the_make_target_it_names_is_there() -> None:
    assert re.search(r"^audit:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
