"""Every command of the README runs. What every page shows is held by `test_snippets.py`."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ccr.daemon import records, service
from tests import fake_upstream as fake
from tests.house.markdown import ROOT, blocks
from tests.house.typed import lines
from tests.running import running

COMMANDS = [line for block in blocks(ROOT / "README.md") if block.language == "sh" for line in lines(block.text)]
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
