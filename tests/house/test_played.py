"""The commands of the pages are played: each page in a home of its own, from top to bottom, and each ends well and says
something. What cannot be is named here, with what shows it instead."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from ccr.cli.main import group
from tests.house.markdown import PAGES, ROOT, blocks
from tests.house.typed import commands, lines
from tests.running import running, write

ELSEWHERE = {
    r"code\b": "needs Claude Code: tests/client, tests/cli/transcripts/code.txt",
    r"init\b": "looks at this machine: tests/setup",
    r"(start|stop|restart|status|logs)\b": "processes: tests/cli/transcripts, tests/house/test_documentation.py",
    r"serve\b": "stays in the foreground: tests/cli/test_serve.py",
    r"providers test\b": "asks a provider: tests/cli/test_providers.py",
    r"doctor\b": "says what this machine lacks: tests/doctor, tests/cli/transcripts/doctor.txt",
}
CONFIG = """{
  "Providers": [{"name": "deepseek", "api_key": "$DEEPSEEK_API_KEY", "models": ["deepseek-chat"]}],
  "Router": {"default": "deepseek,deepseek-chat"}
}"""
TYPED_IN = {"key": "sk-or-v1-0123456789abcdef\n", "trust": "y\n"}
OWN_TEST = {"README.md": "tests/house/test_documentation.py", "examples/README.md": "tests/examples/test_examples.py"}


def ours(page: Path) -> list[list[str]]:
    """Commands of ccr, as they stand on the page."""
    shown = [line for block in blocks(page) if block.language == "sh" for line in lines(block.text)]
    return [words[1:] for line in shown for words in commands(line) if words[0].endswith("ccr") and len(words) > 1]


def elsewhere(words: list[str]) -> bool:
    return any(re.match(pattern, shlex.join(words)) for pattern in ELSEWHERE)


PLAYED = [
    page
    for page in PAGES
    if str(page.relative_to(ROOT)) not in OWN_TEST and any(not elsewhere(words) for words in ours(page))
]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a rule and a request that was served by it."""
    home = tmp_path_factory.mktemp("home") / ".claude-code-router"
    write(home, "rules/00-mine.ccr", "when tokens > 60k route demo/long\ndefault route demo/m\n")
    with running(home) as ccr:
        assert ccr.ask("hello").status == 200
    return home


@pytest.fixture
def machine(served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's machine: the home, a project that brings rules, and a repository with rules where the commands are typed."""
    shutil.copytree(served, tmp_path / ".claude-code-router", ignore=shutil.ignore_patterns("run", "*.lock"))
    rules = "when agent route demo/small\ndefault route demo/m\n\nexpect demo/small when agent\n"
    write(tmp_path, ".claude-code-router/config.json", CONFIG)
    write(tmp_path, "work/acme/.ccr/10.ccr", "when plan route demo/m\n")
    write(tmp_path, "here/rules/10.ccr", rules)
    write(tmp_path, "here/new.ccr", rules)
    write(tmp_path, "here/exported.json", CONFIG)
    for words in ("init -q -b main", "add .", "-c user.name=a -c user.email=a@b.c commit -q -m rules"):
        subprocess.run(["git", *words.split()], cwd=tmp_path / "here", check=True)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("CCR_HOME", "OPENROUTER_API_KEY", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not on this machine")
@pytest.mark.parametrize("page", PLAYED, ids=[str(page.relative_to(ROOT)) for page in PLAYED])
def test_a_page_is_played(page: Path, machine: Path) -> None:
    for words in ours(page):
        if elsewhere(words):
            continue
        at_home = [word.replace("~", str(machine), 1) if word.startswith("~") else word for word in words]
        told = CliRunner().invoke(group, at_home, input=TYPED_IN.get(words[0], ""), catch_exceptions=False)
        assert told.exit_code == 0, f"ccr {shlex.join(words)}\n{told.output}"
        assert told.output.strip()


def test_what_is_not_played_is_needed() -> None:
    """Each line of the table speaks of a command that some page shows."""
    shown = [shlex.join(words) for page in PAGES for words in ours(page)]
    assert [pattern for pattern in ELSEWHERE if not any(re.match(pattern, line) for line in shown)] == []
    assert sum(not elsewhere(words) for page in PLAYED for words in ours(page)) >= 25
