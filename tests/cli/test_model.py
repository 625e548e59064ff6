"""The picker of `ccr model`, at a terminal."""

import signal
from contextlib import suppress
from pathlib import Path

import pytest

from ccr.cli.commands.model import Offer, matching
from ccr.providers.spec import ModelSpec
from tests.terminal import Terminal

KEY = {"GROQ_API_KEY": "k"}


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / ".claude-code-router" / "rules" / "10-routes.ccr"
    path.parent.mkdir(parents=True)
    path.write_text("# mine\ndefault route groq/llama-3.1-8b-instant  # cheap\n")
    return path


def test_a_model_is_searched_and_chosen(tmp_path: Path, rules: Path) -> None:
    person = Terminal(tmp_path, "model", variables=KEY)
    assert "groq/llama-3.1-8b-instant" in person.until("Which? (Enter leaves)")
    person.type("9\n")
    person.until("a number from 1 to 6, or Enter")
    person.type("1\n")
    person.until("Search a model")
    person.type("no such thing\n")
    person.until("no model has these words")
    person.type("OSS\n")
    shown = person.until("Which? (number")
    assert "1  groq/openai/gpt-oss-120b" in shown and "131k" in shown
    person.type("1\n")
    person.until("default goes to groq/openai/gpt-oss-120b now")
    assert person.end() == 0
    assert rules.read_text() == "# mine\ndefault route groq/openai/gpt-oss-120b  # cheap\n"


@pytest.mark.parametrize("typed", ["\n", "ctrl-c", "2\n\n"])
def test_who_leaves_has_changed_nothing(tmp_path: Path, rules: Path, typed: str) -> None:
    before = rules.read_bytes()
    person = Terminal(tmp_path, "model", variables=KEY)
    person.until("Which? (Enter leaves)")
    if typed == "ctrl-c":
        person.process.send_signal(signal.SIGINT)
    with suppress(OSError):  # it may be gone already; if the signal came just before it read, this wakes it
        person.type(typed.replace("ctrl-c", "\n"))
    person.until("nothing was changed")
    assert person.end() == 0
    assert rules.read_bytes() == before
    assert sorted(path.name for path in rules.parent.parent.iterdir()) == ["rules"]


def test_words_find_models() -> None:
    offers = [Offer(name, ModelSpec()) for name in ("a/big-model", "b/model-big", "b/other")]
    assert [each.target for each in matching(offers, "MODEL b")] == ["b/model-big", "a/big-model"]
    assert matching(offers, "model nothing") == []
