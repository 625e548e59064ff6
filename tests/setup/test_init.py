"""`ccr init` on the machines of five people (design: first minutes): what they see, what is written, what is tried.

The screens stand in `cases/`; the README shows them, and a test holds it to that.
"""

import json
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ccr.cli.main import group
from ccr.routing.vocabulary import vocabulary
from tests.fake_upstream import (
    Received,
    Script,
    anthropic_events,
    in_thread,
    ollama_message,
    openai_events,
    stream,
    whole,
)
from tests.golden import compare
from tests.running import moved

CASES = Path(__file__).parent / "cases"
TAGS = {"models": [
    {"name": "qwen3-coder:30b", "modified_at": "2026-11-02T00:00:00Z"},
    {"name": "qwen3:4b", "modified_at": "2026-11-01T00:00:00Z"},
    {"name": "nomic-embed-text:latest", "modified_at": "2026-10-01T00:00:00Z"},
]}  # fmt: skip
OLD = """\
{
  // of claude-code-router
  "Providers": [
    {"name": "deepseek", "api_base_url": "ADDRESS/chat/completions", "api_key": "sk-of-deepseek", "models": ["deepseek-chat", "deepseek-reasoner"]},
  ],
  "Router": {"default": "deepseek,deepseek-chat", "background": "deepseek,deepseek-chat", "think": "deepseek,deepseek-reasoner"},
}
"""


def _ollama(received: Received) -> Script:
    return whole(TAGS) if received.path == "/api/tags" else whole(ollama_message("pong"))


class Person:
    """Somebody with a machine of their own, in this process: vendors of the catalogue are where the test has them."""

    def __init__(self, home: Path, patch: pytest.MonkeyPatch, stack: ExitStack) -> None:
        self.home, self._patch, self._stack = home, patch, stack
        self.ccr = home / ".claude-code-router"
        self._addresses: dict[str, str] = {}

    def has_claude(self) -> "Person":
        client = self.home / "bin" / "claude"
        client.parent.mkdir()
        client.write_text("#!/bin/sh\necho '2.1.330 (Claude Code)'\n")
        client.chmod(0o755)
        return self

    def has_key(self, variable: str, provider: str, *scripts: Script) -> "Person":
        self._patch.setenv(variable, "sk-secret-of-the-person")
        upstream = self._stack.enter_context(in_thread(*scripts))
        self._addresses[provider] = f"{upstream.url}/api"
        return self

    def has_ollama(self) -> "Person":
        self._addresses["ollama"] = self._stack.enter_context(in_thread(choose=_ollama)).url
        return self

    def is_logged_in(self) -> "Person":
        (self.home / ".claude").mkdir()
        (self.home / ".claude" / ".credentials.json").write_text('{"claudeAiOauth": {"accessToken": "sk-ant-oat01-x"}}')
        return self

    def has(self, name: str, text: str) -> "Person":
        (self.ccr / name).parent.mkdir(parents=True, exist_ok=True)
        (self.ccr / name).write_text(text)
        return self

    def says(self, *words: str, typed: str | None = None) -> Result:
        words_there = moved(**self._addresses)
        self._patch.setattr("ccr.cli.commands.init.vocabulary", lambda: words_there)
        return CliRunner().invoke(group, ["init", *words], catch_exceptions=False, input=typed)

    def screen(self, result: Result, command: str = "ccr init --yes") -> str:
        text = result.output.replace(str(self.home), "/home/ada")
        end = [f"[exit {result.exit_code}]"] if result.exit_code else []
        return "\n".join([f"$ {command}", re.sub(r"\d+\.\d+ s\b", "0.41 s", text).rstrip("\n"), *end]) + "\n"

    @property
    def files(self) -> list[str]:
        return sorted(str(path.relative_to(self.ccr)) for path in self.ccr.rglob("*") if path.is_file())


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    words = vocabulary()
    for spec in (words.providers[name] for name in words.providers):
        for variable in spec.auth.variables:
            monkeypatch.delenv(variable, raising=False)
    for variable in (
        "CCR_HOME",
        "CLAUDE_CONFIG_DIR",
        "CLAUDE_CODE_OAUTH_TOKEN",
        "CLAUDE_PATH",
        "HTTPS_PROXY",
        "HTTP_PROXY",
    ):
        monkeypatch.delenv(variable, raising=False)
    home = tmp_path / "ada"
    (home / "work").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("PATH", f"{home / 'bin'}:/usr/bin:/bin")
    monkeypatch.chdir(home / "work")
    with ExitStack() as stack:
        yield Person(home, monkeypatch, stack)


pytestmark = pytest.mark.skipif(
    os.name != "posix" or Path("/usr/local/bin/claude").exists(),
    reason="a POSIX machine without a Claude Code of its own",
)
ROUTES = "rules/10-routes.ccr"


def test_one_openrouter_key(person: Person, update: bool) -> None:
    person.has_claude().has_key("OPENROUTER_API_KEY", "openrouter", stream(*anthropic_events("pong")))
    compare(CASES / "openrouter.txt", person.screen(person.says("--yes")), update, ".txt")
    assert person.files == [ROUTES]
    compare(CASES / "openrouter.ccr", (person.ccr / ROUTES).read_text(), update, ".ccr")


def test_an_openrouter_key_and_ollama(person: Person, update: bool) -> None:
    """The file as the design has it."""
    person.has_claude().has_ollama().has_key("OPENROUTER_API_KEY", "openrouter", stream(*anthropic_events("pong")))
    assert person.says("--yes").exit_code == 0
    compare(CASES / "openrouter-and-ollama.ccr", (person.ccr / ROUTES).read_text(), update, ".ccr")


def test_only_ollama(person: Person, update: bool) -> None:
    person.has_claude().has_ollama()
    compare(CASES / "ollama.txt", person.screen(person.says("--yes")), update, ".txt")


def test_a_claude_login(person: Person, update: bool) -> None:
    person.has_claude().is_logged_in()
    compare(CASES / "login.txt", person.screen(person.says("--yes")), update, ".txt")


def test_a_claude_login_and_ollama(person: Person, update: bool) -> None:
    person.has_claude().is_logged_in().has_ollama()
    compare(CASES / "login-and-ollama.txt", person.screen(person.says("--yes")), update, ".txt")


def test_an_old_config_json(person: Person, update: bool) -> None:
    """It works unchanged, so nothing is written, and what it means is shown without its keys."""
    with in_thread(stream(*openai_events("pong"), headers=(("content-type", "text/event-stream"),))) as upstream:
        person.has_claude().has("config.json", OLD.replace("ADDRESS", upstream.url))
        before = (person.ccr / "config.json").read_bytes()
        result = person.says("--yes")
    compare(CASES / "config.txt", person.screen(result), update, ".txt")
    assert person.files == ["config.json"] and (person.ccr / "config.json").read_bytes() == before
    assert "sk-of-deepseek" not in result.output


def test_nothing_at_all(person: Person, update: bool) -> None:
    compare(CASES / "nothing.txt", person.screen(person.says("--yes")), update, ".txt")
    assert not person.ccr.exists()


# ---- what is asked, and what is left alone ------------------------------------------------------------------------------


def test_nobody_is_there_to_ask(person: Person) -> None:
    person.has_ollama()
    result = person.says()
    assert result.exit_code == 0 and "nothing was written: nobody is there to ask" in result.output
    assert not person.ccr.exists()


@pytest.mark.parametrize(("typed", "written"), [("y\n", True), ("\n", True), ("n\n", False), ("", False)])
def test_it_asks(person: Person, monkeypatch: pytest.MonkeyPatch, typed: str, written: bool) -> None:
    person.has_ollama()
    monkeypatch.setattr("ccr.cli.commands.init.is_asked", lambda: True)
    result = person.says(typed=typed)
    assert (person.ccr / ROUTES).exists() is written
    assert ("nothing was written" in result.output) is not written


def test_a_dry_run_writes_nothing(person: Person) -> None:
    person.has_ollama()
    assert "default route ollama/qwen3-coder:30b" in person.says("--dry-run").output
    assert not person.ccr.exists()


def test_nothing_is_overwritten(person: Person) -> None:
    person.has_ollama().has(ROUTES, "# mine\n")
    result = person.says("--yes")
    assert result.exit_code == 1 and "is there already, so nothing was written" in result.output
    assert (person.ccr / ROUTES).read_text() == "# mine\n"


def test_rules_that_say_where_requests_go_are_tried(person: Person) -> None:
    person.has_ollama().has("rules/50.ccr", "default route ollama/qwen3:4b\n")
    result = person.says("--yes")
    assert "Rules are there already: ~/.claude-code-router/rules/50.ccr:1" in result.output
    assert "tried ollama/qwen3:4b: it said 'pong'" in result.output
    assert person.files == ["rules/50.ccr"]


def test_rules_that_do_not_load_are_shown(person: Person) -> None:
    person.has_ollama().has("rules/50.ccr", "rout x\n")
    result = person.says("--yes")
    assert result.exit_code == 1 and "CCR001" in result.output and person.files == ["rules/50.ccr"]


def test_a_provider_that_refuses(person: Person) -> None:
    refusal = whole({"type": "error", "error": {"type": "authentication_error", "message": "invalid key"}}, status=401)
    person.has_key("OPENROUTER_API_KEY", "openrouter", refusal)
    result = person.says("--yes")
    assert result.exit_code == 1 and "it did not answer: 401 invalid key" in result.output
    assert "to mend: " in result.output and "sk-secret" not in result.output


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("ollama", "ollama did not answer at"),
        ("groq", "export GROQ_API_KEY=..."),
        ("gorq", "there is no provider 'gorq'"),
    ],
)
def test_a_provider_that_is_asked_for_and_not_there(person: Person, name: str, said: str) -> None:
    result = person.says("--provider", name)
    assert result.exit_code == 2 and said in result.output


def test_one_of_several_is_chosen(person: Person) -> None:
    person.has_ollama().has_key("OPENROUTER_API_KEY", "openrouter", stream(*anthropic_events("pong")))
    result = person.says("--provider", "ollama", "--yes")
    assert (result.exit_code, person.files) == (0, [ROUTES])
    assert "default route ollama/qwen3-coder:30b" in (person.ccr / ROUTES).read_text()


def test_for_a_program(person: Person) -> None:
    person.has_claude().has_ollama()
    told: Any = json.loads(person.says("--json").output)
    assert (told["written"], told["found"]["local"]["ollama"][0]) == (False, "qwen3-coder:30b")
    told = json.loads(person.says("--json", "--yes").output)
    assert told["written"] and told["trial"]["answered"] and told["trial"]["text"] == "pong"
    assert json.loads(person.says("--json").output)["written"] is False


def test_settings_of_version_3(person: Person) -> None:
    person.has("settings.db", "SQLite format 3\0")
    result = person.says()
    assert (
        result.exit_code == 1
        and "claude-code-router 3 keeps its settings in ~/.claude-code-router/settings.db" in result.output
    )


def test_the_screens_are_what_the_readme_shows() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    for case in ("openrouter", "ollama", "login", "config", "nothing"):
        assert (CASES / f"{case}.txt").read_text(encoding="utf-8").rstrip("\n") in readme, case
