"""What the documentation shows works: every rule snippet loads, every command of the README runs."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ccr.daemon import records, service
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.routing.surroundings import LayerSources, Sources, Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from tests import fake_upstream as fake
from tests.running import running

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)


def blocks(page: Path, language: str) -> list[str]:
    return [text for kind, text in BLOCK.findall(page.read_text(encoding="utf-8")) if kind == language]


RULES = [(page, index, text) for page in PAGES for index, text in enumerate(blocks(page, "ccr"))]


@pytest.mark.parametrize(("page", "index", "text"), RULES, ids=[f"{page.name}-{index}" for page, index, _ in RULES])
def test_every_rule_snippet_loads(page: Path, index: int, text: str) -> None:
    source = SourceFile(f"{page.name} {index}", text)
    loaded = load(Sources((LayerSources("user", (source,)),)), Surroundings(), vocabulary())
    assert loaded.snapshot is not None, render(loaded.diagnostics)
    assert not [each for each in loaded.diagnostics if each.level is Severity.ERROR]


COMMANDS = [line.split("#")[0].strip() for text in blocks(ROOT / "README.md", "sh") for line in text.splitlines()]
CURLS = [line for line in COMMANDS if line.startswith("curl ")]
OURS = [line for line in COMMANDS if line.startswith(".venv/bin/ccr ")]
SERVICE = [line for line in OURS if line.split()[1] in ("start", "status", "stop")]


def test_the_readme_shows_every_door() -> None:
    doors = ("/health", "/v1/models", "/v1/messages", "/v1/messages/count_tokens")
    assert [door for door in doors if any(door in line for line in CURLS)] == list(doors)
    assert OURS


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not on this machine")
@pytest.mark.parametrize("line", CURLS)
def test_every_curl_of_the_readme_answers(line: str, tmp_path: Path) -> None:
    with running(tmp_path) as ccr:
        words = shlex.split(line.replace("127.0.0.1:3456", f"127.0.0.1:{ccr.port}"))
        done = subprocess.run(
            [*words, "--fail-with-body", "--noproxy", "*"], capture_output=True, timeout=20, check=False
        )
    assert done.returncode == 0, done.stdout
    assert done.stdout.startswith(b"{")


@pytest.mark.parametrize("line", [line for line in OURS if line not in SERVICE])
def test_every_ccr_command_of_the_readme_runs(line: str, tmp_path: Path) -> None:
    """In a home of its own, with one rule file."""
    _runs(line, tmp_path)


@pytest.mark.skipif(os.name != "posix", reason="processes of POSIX")
def test_the_readmes_service_is_started_seen_and_stopped(tmp_path: Path) -> None:
    """In this order, and at a port that nobody has."""
    home = tmp_path / ".claude-code-router"
    home.mkdir()
    (home / "config.json").write_text(f'{{"PORT": {fake.free_port()}}}')
    assert [line.split()[1] for line in SERVICE] == ["start", "status", "stop"]
    try:
        for line in SERVICE:
            _runs(line, tmp_path)
    finally:
        for left in records.alive(home):
            service.stop(left)


def _runs(line: str, tmp_path: Path) -> None:
    home = tmp_path / ".claude-code-router"
    (home / "rules").mkdir(parents=True, exist_ok=True)
    (home / "rules" / "10.ccr").write_text("when tokens > 60k route demo/long\ndefault route demo/m\n")
    words = [word.replace("~", str(tmp_path)) for word in shlex.split(line)[1:]]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-m", "ccr", *words], capture_output=True, text=True, env=environment, timeout=30, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip()
