"""The real Claude Code, started by `ccr code`: a whole task, two at once, killed. Only where `CLAUDE_BIN` names a client."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ccr.daemon import records, service
from tests.client.told import Turn
from tests.client.told import anthropic as tell
from tests.fake_upstream import FakeUpstream, Received, Script, free_port, in_thread, stream, whole

CLIENT = os.environ.get("CLAUDE_BIN", "")
pytestmark = [
    pytest.mark.skipif(not CLIENT, reason="CLAUDE_BIN names no Claude Code (tests/client/README.md)"),
    pytest.mark.timeout(240),
]
ROOT = Path(__file__).parents[2]
WORK = "echo done > made.txt; ls -l /proc/self/fd | grep -c clients/; sleep {seconds}"


class Worker:
    """Asks for one command, then says that it is done. Each conversation by its own count of answers."""

    def __init__(self, seconds: float) -> None:
        self._command = {"command": WORK.format(seconds=seconds), "description": "work"}

    def __call__(self, received: Received) -> Script:
        if received.method != "POST" or "/count_tokens" in received.path:
            return whole({"input_tokens": 1000})
        if not received.json.get("tools"):
            return stream(tell(Turn("Aside."), 99))
        number = len(received.json["messages"])
        results = [block for each in received.json["messages"] for block in each["content"] if isinstance(block, dict)]
        if any(block.get("type") == "tool_result" for block in results):
            return stream(tell(Turn("It is done."), number))
        return stream(tell(Turn("Working.", (("Bash", self._command),)), number + time.monotonic_ns() % 10**9))


class Desk(NamedTuple):
    home: Path
    upstream: FakeUpstream

    def code(self, project: str = "project") -> "subprocess.Popen[str]":
        place = self.home / project
        place.mkdir(exist_ok=True)
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(self.home), "PYTHONPATH": str(ROOT), "TERM": "xterm", "LANG": "C.UTF-8",
            "CLAUDE_PATH": str(Path(CLIENT).absolute()), "IS_SANDBOX": "1", "DISABLE_AUTOUPDATER": "1",
            "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
        }  # fmt: skip
        words = ["code", "-p", 'please "do" the $work', "--output-format", "json", "--dangerously-skip-permissions"]
        return subprocess.Popen(
            [sys.executable, "-m", "ccr", *words], cwd=place, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def services(self) -> list[int]:
        return [each.pid for each in records.alive(self.home / ".claude-code-router")]


def result(process: "subprocess.Popen[str]") -> tuple[int, Any]:
    said, _ = process.communicate(timeout=90)
    return process.returncode, json.loads(said)["result"]


def eventually(holds: Callable[[], bool], seconds: float = 30.0) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it did not come"
        time.sleep(0.05)


@pytest.fixture
def desk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    with in_thread(choose=Worker(getattr(request, "param", 0))) as upstream:
        ccr = tmp_path / ".claude-code-router"
        ccr.mkdir()
        provider = {"name": "up", "api_base_url": f"{upstream.url}/v1/messages", "api_key": "k", "models": ["m"]}
        provider["transformer"] = {"use": ["Anthropic"]}
        config = {"PORT": free_port(), "Providers": [provider], "Router": {"default": "up,m"}}
        (ccr / "config.json").write_text(json.dumps(config))
        made = Desk(tmp_path, upstream)
        yield made
        for left in records.alive(ccr):
            service.stop(left, patience=3)


def test_a_whole_task(desk: Desk) -> None:
    assert result(desk.code()) == (0, "It is done.")
    assert (desk.home / "project" / "made.txt").read_text() == "done\n"
    asked = [each for each in desk.upstream.requests if each.method == "POST"]
    assert {each.json["model"] for each in asked} == {"m"}
    texts = json.dumps(asked[0].json["messages"])
    assert json.dumps('please "do" the $work')[1:-1] in texts
    assert "x-ccr-project" not in asked[0].headers
    eventually(lambda: not desk.services())


def test_what_the_client_starts_does_not_hold_the_service(desk: Desk) -> None:
    """A server that Claude Code leaves running would otherwise keep ours for ever."""
    assert result(desk.code()) == (0, "It is done.")
    results = [
        block
        for each in desk.upstream.requests[-1].json["messages"]
        for block in each["content"]
        if isinstance(block, dict)
    ]
    assert [block["content"] for block in results if block.get("type") == "tool_result"] == ["0"]


def test_two_at_once(desk: Desk) -> None:
    first, second = desk.code("one"), desk.code("two")
    assert [result(first), result(second)] == [(0, "It is done."), (0, "It is done.")]
    eventually(lambda: not desk.services())


@pytest.mark.parametrize("desk", [30], indirect=True)
def test_killed(desk: Desk) -> None:
    process = desk.code()
    eventually(lambda: (desk.home / "project" / "made.txt").exists())
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    process.kill()
    process.wait(10)
    assert desk.services(), "the client that is left still needs it"
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    eventually(lambda: not desk.services())
    process.communicate(timeout=60)
