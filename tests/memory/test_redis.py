"""A Redis server that goes away and comes back: requests are not held up, and it is said once."""

import asyncio
import shutil
import subprocess
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ccr.memory.choice import missing, open_memory
from ccr.memory.sessions import Who
from ccr.memory.shared import AWAY
from tests.fake_upstream import free_port

pytestmark = pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
pytest.importorskip("redis", reason="the extra `redis` is not installed")

NOW = datetime(2026, 11, 22, 13)
WHO = Who("alice", "s", "")


class Server:
    """A redis-server that can be stopped and started again on the same port."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.port = folder, free_port()

    def __enter__(self) -> "Server":
        words = [
            "redis-server",
            "--port",
            str(self.port),
            "--save",
            "",
            "--dir",
            str(self._folder),
            "--bind",
            "127.0.0.1",
        ]
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE)
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if b"eady to accept connections" in line:
                break
        return self

    def __exit__(self, *_: Any) -> None:
        self._process.kill()
        self._process.wait(10)
        assert self._process.stdout is not None
        self._process.stdout.close()


def test_requests_go_on_without_it_and_it_is_said_once(tmp_path: Path) -> None:
    said: list[str] = []
    server = Server(tmp_path)
    address = f"redis://127.0.0.1:{server.port}"

    async def story() -> None:
        memory = open_memory(address, None, said.append)
        other = open_memory(address, None, said.append)

        async def look(at: Any, within: float) -> None:
            began = time.monotonic()
            await at.refresh(NOW, WHO, "main", None, {})
            assert time.monotonic() - began < within

        with server:
            memory.sessions.learn_project(WHO, "~/work")
            await look(memory, 2)
            await look(other, 2)
            assert other.sessions.project(WHO) == "~/work"
        await look(memory, 1.5)
        memory.sessions.learn_project(WHO, "~/elsewhere")
        for _ in range(20):
            await look(memory, 0.1)
        assert memory.sessions.project(WHO) == "~/elsewhere"
        assert len(said) == 1 and "cannot be reached" in said[0] and "goes on with what it knows" in said[0]
        with server:
            await asyncio.sleep(AWAY + 0.1)
            await look(memory, 2)
            await look(other, 2)
            assert said[1:] == ["shared state is back"]
            assert other.sessions.project(WHO) == "~/elsewhere"  # what was put meanwhile is there
            await memory.close()
            await other.close()

    asyncio.run(story())


def test_a_password_is_in_no_word_of_ours(tmp_path: Path) -> None:
    said: list[str] = []

    async def story() -> None:
        memory = open_memory(f"redis://:sk-test-SECRET@127.0.0.1:{free_port()}", None, said.append)
        await memory.refresh(NOW, WHO, "main", None, {})
        await memory.close()

    asyncio.run(story())
    assert len(said) == 1 and "SECRET" not in said[0]


@pytest.mark.parametrize("address", ["http://localhost:6379", "localhost", "6379"])
def test_an_address_that_is_none_is_said(address: str) -> None:
    assert "no address of a Redis server" in missing(address)
    assert not missing("redis://localhost") and not missing("")
