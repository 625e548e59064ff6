"""Every snippet of every page is what it says it is: rules load, commands can be typed, JSON and Python and TOML are such.

What can be run here is run elsewhere, too: the README's commands in `test_documentation.py`, the cookbook in
`tests/examples/`, sessions in `tests/cli/transcripts/`.
"""

import json
import re
import tomllib
from collections.abc import Callable
from importlib.util import find_spec

import pyjson5
import pytest

from ccr.config.read import read_config
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.routing.surroundings import LayerSources, Sources, Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from tests.house.markdown import PAGES, ROOT, Block, blocks, prose
from tests.house.typed import commands, lines, wrong


def typed(block: Block) -> list[str]:
    """What a person types of it."""
    match block.language:
        case "sh":
            return lines(block.text)
        case "powershell":
            return [line.replace("\\", "/") for line in lines(block.text)]
        case "console":
            return [line[2:] for line in block.text.splitlines() if line.startswith("$ ")]
        case _:
            return []


BLOCKS = [block for page in PAGES for block in blocks(page)]
RULES = [block for block in BLOCKS if block.language == "ccr"]
TYPED = [(block, line) for block in BLOCKS for line in typed(block)]
SENTENCES = [(page, re.sub(r"^#.*$", "", prose(page), flags=re.MULTILINE).replace("\n", " ")) for page in PAGES]
SAID = [(page, said) for page, text in SENTENCES for said in sorted(set(re.findall(r"`(ccr [a-z-][^`]*)`", text)))]
CONFIG_KEYS = {"Providers", "Router", "transformers", "CUSTOM_ROUTER_PATH", "StatusLine"}
UNTRIED = {"text", "lua"}


def loads_as_rules(text: str) -> None:
    loaded = load(Sources((LayerSources("user", (SourceFile("page", text),)),)), Surroundings(), vocabulary())
    assert loaded.snapshot is not None, render(loaded.diagnostics)
    assert not [each for each in loaded.diagnostics if each.level is Severity.ERROR]


def loads_as_yaml(text: str) -> None:
    if find_spec("yaml") is not None:
        import yaml

        list(yaml.safe_load_all(text))


def loads_as_config(text: str, value: object) -> None:
    """What has keys of config.json is understood as one."""
    if isinstance(value, dict) and value.keys() & CONFIG_KEYS:
        wrong_in_it = [
            each for each in read_config(SourceFile("config.json", text)).diagnostics if each.level is not Severity.NOTE
        ]
        assert wrong_in_it == [], render(wrong_in_it)


READERS: dict[str, Callable[[str], object]] = {
    "json": lambda text: loads_as_config(text, json.loads(text)),
    "json5": lambda text: loads_as_config(text, pyjson5.decode(text)),
    "toml": tomllib.loads,
    "python": lambda text: compile(text, "page", "exec"),
    "yaml": loads_as_yaml,
    "ccr": loads_as_rules,
}


@pytest.mark.parametrize("block", BLOCKS, ids=[block.name for block in BLOCKS])
def test_a_snippet_is_what_it_says(block: Block) -> None:
    assert block.language in {*READERS, *UNTRIED, "sh", "powershell", "console"}, "say behind ``` what this is"
    if block.language in READERS:
        READERS[block.language](block.text)


@pytest.mark.parametrize(("block", "line"), TYPED, ids=[f"{block.name}: {line[:50]}" for block, line in TYPED])
def test_a_command_can_be_typed(block: Block, line: str) -> None:
    assert [said for words in commands(line) if (said := wrong(words))] == []


@pytest.mark.parametrize(("page", "line"), SAID, ids=[f"{page.relative_to(ROOT)}: {line}" for page, line in SAID])
def test_a_command_that_is_mentioned_is_there(page: object, line: str) -> None:
    found = (wrong(words, whole=False) for words in commands(line.replace("…", "")))
    assert [said for said in found if said] == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("ccr chekc", "no command"),
        ("ccr check --stirct", "No such option"),
        ("ccr check | ccr fmtt x", "no command"),
        ('eval "$(ccr actvate)"', "no command"),
        ("make al", "make has no"),
        ('pip install "claude-code-rules[radis]"', "no extra"),
        ("X=1 ccrr start", "what is"),
        ("A=b ccr start --port 3456 && make test", ""),
        ("ccr import --verify > rules/10-routes.ccr", ""),
        ("ccr code -p hello --model opus", ""),
    ],
)
def test_a_slip_of_the_pen_is_found(line: str, said: str) -> None:
    found = [each for words in commands(line) if (each := wrong(words))]
    assert (said in found[0]) if said else not found


def test_there_is_something_to_try() -> None:
    assert len(RULES) > 40 and len(TYPED) > 80 and len(SAID) > 60
