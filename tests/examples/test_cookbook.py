"""The cookbook: each recipe of `examples/cookbook/` loads without a warning, is in the style, holds what it expects of itself,
and stands in `docs/cookbook.md` as it is, with what `ccr explain` says of it.

After a change run `pytest tests/examples/test_cookbook.py --update`, and read the difference.
"""

import re
import shlex
import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from ccr.cli.main import group
from tests.house.markdown import ROOT

FOLDER = ROOT / "examples" / "cookbook"
PAGE = ROOT / "docs" / "cookbook.md"
FILES = sorted(FOLDER.glob("*.ccr"))
KEYS = [
    "AI_GATEWAY",
    "ANTHROPIC",
    "CCR",
    "CCR_KEY_ALICE",
    "CCR_KEY_BEN",
    "CEREBRAS",
    "DEEPSEEK",
    "GEMINI",
    "GROQ",
    "MOONSHOT",
    "OPENROUTER",
    "ZAI",
]
HEAD = """# Cookbook

{count} recipes. Each is a file in [examples/cookbook](../examples/cookbook/01-titles.ccr) that you can put into
`~/.claude-code-router/rules/` as it is, and each says with `expect` what it is for, so that `ccr test` tells you when an edit of yours
breaks it. Take the two or three that you want, and put their rules above one another in one file: the first that matches wins.

Names of models are examples: `ccr providers` says which you have, `ccr model` puts others in their place. Below each recipe stands
what `ccr explain` says of one request; say `ccr explain last` about a request of your own.

{contents}
This page is printed from the files, and a test holds it to them.
"""


class Recipe(NamedTuple):
    """A file, taken apart: the first lines of comment are its title, its words and the requests to try."""

    path: Path
    title: str
    words: str
    tries: list[str]
    rules: str

    @property
    def number(self) -> int:
        return int(self.path.name[:2])

    @property
    def anchor(self) -> str:
        return f"{self.number}-" + re.sub(r"[^\w\- ]", "", self.title.lower()).replace(" ", "-")


def recipe(path: Path) -> Recipe:
    head, _, rules = path.read_text(encoding="utf-8").partition("\n\n")
    said = [line.removeprefix("#").strip() for line in head.splitlines()]
    words = [line for line in said[1:] if line and not line.startswith("Try:")]
    tries = [line.removeprefix("Try:").strip() for line in said if line.startswith("Try:")]
    return Recipe(path, said[0], "\n".join(words), tries, rules)


RECIPES = [recipe(path) for path in FILES]


@pytest.fixture(autouse=True)
def in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that are none, so that what is printed does not depend on the machine, and a home of its own."""
    monkeypatch.setenv("CCR_HOME", str(tmp_path / "ccr"))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in KEYS:
        monkeypatch.setenv(name if name.startswith("CCR") else f"{name}_API_KEY", "not-a-key")
    monkeypatch.setenv("AWS_BEARER_TOKEN_BEDROCK", "not-a-key")
    monkeypatch.chdir(FOLDER)


def run(*words: str) -> str:
    told = CliRunner().invoke(group, list(words), catch_exceptions=False)
    assert told.exit_code == 0, told.output
    return told.output


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_recipe_is_checked_formatted_and_holds(path: Path) -> None:
    run("check", "--strict", path.name)
    run("fmt", "--check", path.name)
    told = run("test", path.name)
    assert "hold" in told and "not decided" not in told


@pytest.mark.parametrize("each", RECIPES, ids=[each.path.stem for each in RECIPES])
def test_a_recipe_says_what_it_is_for(each: Recipe) -> None:
    assert each.title and 60 < len(each.words) < 600 and each.tries
    assert "expect " in each.rules and each.rules.count("\n") < 30


def test_they_are_numbered_and_there_are_enough() -> None:
    assert [each.number for each in RECIPES] == list(range(1, len(RECIPES) + 1))
    assert len(RECIPES) >= 25 and len({each.title for each in RECIPES}) == len(RECIPES)


def test_the_page_is_what_the_files_say(update: bool) -> None:
    text = HEAD.format(count=len(RECIPES), contents=contents()) + "".join(map(section, RECIPES))
    if update:
        PAGE.write_text(text, encoding="utf-8", newline="\n")
    assert PAGE.read_text(encoding="utf-8") == text


def contents() -> str:
    return "".join(f"{each.number}. [{each.title}](#{each.anchor})\n" for each in RECIPES)


def section(each: Recipe) -> str:
    tried = "".join(f"```console\n{explained(each.path, one)}```\n" for one in each.tries)
    link = f"[{each.path.name}](../examples/cookbook/{each.path.name})"
    return f"\n## {each.number}. {each.title}\n\n{each.words}\n\n```ccr\n{each.rules}```\n\n{link}:\n\n{tried}"


def explained(path: Path, request: str) -> str:
    command = f"ccr explain --rules {path.name} '{request}'"
    lines = run(*shlex.split(command)[1:]).splitlines()
    kept = [line.rstrip().replace(f"{path}", path.name) for line in lines]
    kept[0] = re.sub(r" +\(rules \w+\)$", "", kept[0])  # the path has a part in it
    while kept and not kept[-1]:
        kept.pop()
    return "\n".join([f"$ {command}", *kept, ""])


def test_the_function_of_the_python_recipe_decides(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "cookbook")
    (tmp_path / "cookbook" / "routers" / "rota.txt").write_text("zai/glm-4.6\n")
    told = run("explain", "--rules", str(tmp_path / "cookbook" / "26-python.ccr"), "{ tokens = 3k }")
    assert "zai/glm-4.6" in told.splitlines()[0]
