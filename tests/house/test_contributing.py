"""CONTRIBUTING.md draws the floors that import-linter holds."""

import re
import tomllib

from tests.house.markdown import ROOT, blocks


def rooms(floor: str) -> list[str]:
    return re.findall(r"[a-z]+", floor)


def test_the_floors_are_those_that_are_held() -> None:
    held = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"]
    layers = next(each["layers"] for each in held if each["id"] == "layers")
    (drawn,) = (each for each in blocks(ROOT / "CONTRIBUTING.md") if each.language == "text")
    assert [rooms(line.partition("   ")[0]) for line in drawn.text.splitlines()] == [rooms(layer) for layer in layers]
