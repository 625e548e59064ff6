"""Old addresses of the web UI lead to ours; a taken port is left alone."""

import asyncio
import socket
from contextlib import suppress

from ccr.proxy.oldport import lead


async def asked(port: int, request: bytes) -> bytes:
    for _ in range(200):
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            answer = await reader.read()
            writer.close()
            return answer
        await asyncio.sleep(0.01)
    raise AssertionError("nobody listens")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def test_whoever_comes_is_told_the_new_address() -> None:
    async def play() -> bytes:
        port = free_port()
        leading = asyncio.ensure_future(lead(port, "http://127.0.0.1:3456/ui"))
        try:
            return await asked(port, b"GET /ui/ HTTP/1.1\r\nhost: localhost\r\n\r\n")
        finally:
            leading.cancel()
            await asyncio.gather(leading, return_exceptions=True)

    answer = asyncio.run(play())
    assert answer.startswith(b"HTTP/1.1 302") and b"location: http://127.0.0.1:3456/ui\r\n" in answer


def test_what_is_no_request_gets_none() -> None:
    async def play() -> bytes:
        port = free_port()
        leading = asyncio.ensure_future(lead(port, "http://127.0.0.1:3456/ui"))
        try:
            return await asked(port, b"x" * 20_000 + b"\r\n\r\n")
        finally:
            leading.cancel()
            await asyncio.gather(leading, return_exceptions=True)

    with suppress(ConnectionResetError):
        assert asyncio.run(play()) == b""


def test_a_taken_port_is_left_alone() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        asyncio.run(asyncio.wait_for(lead(other.getsockname()[1], "http://127.0.0.1:3456/ui"), 5))
