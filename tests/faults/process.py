"""A real `ccr serve` in a process of its own, with what the system says of it: memory, sockets, the signals it takes."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="what a process holds is read from /proc")

START = """
import sys
import ccr.proxy.server as server
server.GRACE_SECONDS = {grace}
from ccr.cli.main import main
sys.argv = ["ccr", *sys.argv[1:]]
main()
"""


class Process:
    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self._process, self.port = process, port

    @property
    def sockets(self) -> int:
        """Open file descriptors that are sockets."""
        folder = Path(f"/proc/{self._process.pid}/fd")
        links = (os.readlink(each) for each in folder.iterdir() if each.is_symlink())
        return sum(link.startswith("socket:") for link in links)

    @property
    def memory(self) -> int:
        """Resident bytes."""
        pages = Path(f"/proc/{self._process.pid}/statm").read_text().split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    def terminate(self) -> None:
        self._process.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """As kill -9: it can do nothing more."""
        self._process.kill()
        self._process.wait(10)

    def reload(self) -> None:
        self._process.send_signal(signal.SIGHUP)

    def ended(self, within: float) -> int:
        """The exit status; fails when it does not come in time."""
        return self._process.wait(within)

    async def until_sockets(self, count: int, within: float = 10.0) -> None:
        """Waits until at most so many sockets are open."""
        deadline = asyncio.get_running_loop().time() + within
        while self.sockets > count:
            assert asyncio.get_running_loop().time() < deadline, f"{self.sockets} sockets are open, not {count}"
            await asyncio.sleep(0.05)


@contextmanager
def serving(home: Path, *words: str, grace: float = 20) -> Iterator[Process]:
    """`home` holds config.json and rules/."""
    command = [
        sys.executable,
        "-c",
        START.format(grace=grace),
        "serve",
        str(home / "rules"),
        "--quiet",
        "--port",
        "0",
        *words,
    ]
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "PYTHONPATH": str(ROOT)}
    said = home / "said"
    with said.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, cwd=home, env=environment)
    try:
        yield Process(process, _port(said))
    finally:
        process.kill()
        process.wait(10)


def _port(said: Path, within: float = 15.0) -> int:
    """From the banner, once it is there. What ccr says goes to a file, since a pipe that nobody reads would stop it."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if found := re.search(rb"^ccr .* http://127\.0\.0\.1:(\d+)", said.read_bytes(), re.MULTILINE):
            return int(found[1])
        time.sleep(0.02)
    raise AssertionError(f"ccr did not start: {said.read_text()}")


class Reply:
    """`status` 0: the connection ended before a head."""

    def __init__(self, data: bytes) -> None:
        head, _, self.body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        self.status = int(first.split(" ")[1]) if first else 0
        self.headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)

    @property
    def ended_well(self) -> bool:
        return b"event: message_stop" in self.body and b"event: error" not in self.body


def posted(body: bytes, **headers: str) -> bytes:
    """A request as it goes over the wire; the connection is closed after the answer."""
    more = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
    head = f"POST /v1/messages HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


async def ask(port: int, body: bytes, **headers: str) -> Reply:
    """One request and its whole answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(posted(body, **headers))
        await writer.drain()
        return Reply(await reader.read(-1))
    finally:
        writer.close()


async def leave(port: int, body: bytes, after: int, wait: float) -> None:
    """One request whose client leaves: after so many bytes of the request, or, with the whole request sent, after so
    many seconds."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    sent = posted(body)
    writer.write(sent[:after])
    await writer.drain()
    if after >= len(sent) and wait:
        await _read_for(reader, wait)
    writer.transport.abort()


async def _read_for(reader: asyncio.StreamReader, seconds: float) -> Any:
    try:
        async with asyncio.timeout(seconds):
            await reader.read(-1)
    except (TimeoutError, ConnectionError):
        pass
