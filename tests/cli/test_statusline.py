"""`ccr statusline` beside a running proxy: the conversation's own rule and target, in time."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.fake_upstream import anthropic_message, in_thread, whole
from tests.running import running, write

ROOT = Path(__file__).parents[2]
SESSION = "8d5f2a7e-0000-4000-8000-000000000001"


def status_line(home: Path, port: int, **variables: str) -> tuple[str, float]:
    told = {"session_id": SESSION, "cwd": str(home), "cost": {"total_cost_usd": 3}}
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT), "NO_COLOR": "1",
        "ANTHROPIC_BASE_URL": f"http://127.0.0.1:{port}", **variables,
    }  # fmt: skip
    began = time.monotonic()
    command = [sys.executable, "-m", "ccr", "statusline"]
    done = subprocess.run(
        command, input=json.dumps(told).encode(), env=environment, capture_output=True, check=True, timeout=20
    )
    return done.stdout.decode().rstrip("\n"), time.monotonic() - began


def test_it_shows_what_the_proxy_did(tmp_path: Path) -> None:
    with in_thread(whole(anthropic_message("hello"))) as upstream:
        rules = f'server {{ key = "of-the-proxy" }}\nprovider up {{ url = "{upstream.url}"; key = "k"; dialect = anthropic }}\n'
        write(tmp_path, "rules/10.ccr", rules + "default route up/m1\n")
        with running(tmp_path) as ccr:
            ccr.record(ccr.ask(headers={"x-claude-code-session-id": SESSION, "x-api-key": "of-the-proxy"}))
            with_key, _ = status_line(tmp_path, ccr.port, ANTHROPIC_AUTH_TOKEN="of-the-proxy")
            with_login, _ = status_line(tmp_path, ccr.port, ANTHROPIC_CUSTOM_HEADERS="x-a: b\nx-ccr-key: of-the-proxy")
            stranger, _ = status_line(tmp_path, ccr.port)
    assert "  up/m1  " in with_key and with_key.split("  ")[2].endswith("10.ccr:3")
    assert with_login == with_key
    assert "up/m1" not in stranger and stranger.endswith("$3.00")


def test_a_proxy_that_does_not_answer_is_not_waited_for(tmp_path: Path) -> None:
    with in_thread() as silent:  # accepts and says nothing: it has no script
        port = int(silent.url.rpartition(":")[2])
        shown, seconds = status_line(tmp_path, port)
    assert shown.endswith("$3.00")
    assert seconds < 5
