"""The stream of what happens: requests, rules that go live or fail; it ends when the server stops and when nobody reads."""

import asyncio
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, ClassVar

from tests.api.visiting import PASSWORD, logged_in
from tests.running import running, write

ROOT = Path(__file__).parents[2]


class Listening:
    """An open stream, read event by event."""

    def __init__(self, port: int, cookie: str) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=10)
        self._connection.request("GET", "/api/events", headers={"cookie": cookie})
        self._answer = self._connection.getresponse()
        assert self._answer.status == 200
        assert self._answer.getheader("content-type") == "text/event-stream"

    def event(self) -> tuple[str, Any]:
        """The next one."""
        name = ""
        while line := self._answer.readline().decode():
            if line.startswith("event: "):
                name = line[7:].strip()
            if line.startswith("data: "):
                return name, json.loads(line[6:])
        return "end", None

    def close(self) -> None:
        self._connection.close()


@contextmanager
def listening(port: int, cookie: str) -> Iterator[Listening]:
    stream = Listening(port, cookie)
    try:
        yield stream
    finally:
        stream.close()


def test_what_happens_is_told_as_it_happens(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", "default route demo/m\n")
    with running(tmp_path, watching=True) as ccr:
        visitor = logged_in(ccr)
        with listening(ccr.port, visitor.cookie) as stream:
            assert stream.event() == ("hello", {"snapshot": ccr.live.current.id})
            answer = ccr.ask("hello")
            name, told = stream.event()
            assert name == "request" and told["id"] == answer.headers["request-id"]
            assert (told["target"], told["outcome"]) == ("demo/m", "ok") and told["rule"].endswith("10.ccr:1")
            before = ccr.live.current.id
            write(tmp_path, "rules/10.ccr", "when toknes > 1 route demo/x\n")
            name, failed = stream.event()
            assert (name, failed["snapshot"]) == ("failure", before)
            assert failed["findings"]["findings"][0]["code"] == "CCR101"
            write(tmp_path, "rules/10.ccr", "default route demo/other\n")
            name, changed = stream.event()
            while name == "failure":  # the broken file was read twice
                name, changed = stream.event()
            assert (name, changed["previous"]) == ("snapshot", before)
            assert changed["snapshot"] == ccr.live.current.id != before
        recent = visitor.get("/status").json["recent"]
        assert [each["id"] for each in recent] == [answer.headers["request-id"]]


def test_a_stop_does_not_wait_for_listeners(tmp_path: Path) -> None:
    """They have no end of their own, and the server lets running answers end."""
    environment = {
        "PATH": os.environ["PATH"],
        "CCR_HOME": str(tmp_path),
        "PYTHONPATH": str(ROOT),
        "UI_PASSWORD": PASSWORD,
    }
    argv = [sys.executable, "-m", "ccr", "serve", "--port", "0"]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True, env=environment) as served:
        assert served.stdout is not None
        port = int(served.stdout.readline().rpartition(":")[2])
        connection = HTTPConnection("127.0.0.1", port, timeout=10)
        body = json.dumps({"password": PASSWORD})
        connection.request("POST", "/api/session", body, {"content-type": "application/json"})
        cookie = (connection.getresponse().getheader("set-cookie") or "").split(";")[0]
        connection.close()
        with listening(port, cookie) as stream:
            assert stream.event()[0] == "hello"
            began = time.monotonic()
            served.terminate()
            assert stream.event()[0] == "end"
            assert served.wait(10) == 0 and time.monotonic() - began < 5


def test_a_session_that_ends_hears_no_more(tmp_path: Path) -> None:
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
        with listening(ccr.port, visitor.cookie) as stream:
            assert stream.event()[0] == "hello"
            visitor.send("DELETE", "/session")
            ccr.ask("one")
            assert stream.event()[0] == "end"


def test_one_that_does_not_read_is_let_go(tmp_path: Path) -> None:
    from ccr.api.events import QUEUE, Events

    class Parts:
        class live:
            class current:
                id = "x"

            @staticmethod
            def listen(_: object) -> None: ...

        heard: ClassVar[list[Any]] = []
        stopping: ClassVar[list[Any]] = []

        @staticmethod
        def health() -> Any:
            from ccr.facts.health import Health

            return Health()

    async def slow() -> int:
        events: Any = Events(Parts)  # type: ignore[arg-type]
        stream = events.listen()
        await anext(stream)
        for number in range(QUEUE + 10):
            events.tell("request", {"n": number})
        pieces = [piece async for piece in stream]
        return len(pieces)

    assert asyncio.run(asyncio.wait_for(slow(), 10)) <= QUEUE
