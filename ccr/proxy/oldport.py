"""The port where claude-code-router had its web UI leads to ours, so that old addresses and bookmarks work (amendments S16).

On loopback alone, and only where the port is free. It reads one line of a request and answers with the new address.
"""

import asyncio
from contextlib import suppress

_PATIENCE = 5.0
"""Seconds for the head of a request."""
_LONGEST = 8192
"""Bytes of it."""


async def lead(port: int, address: str) -> None:
    """Leads whoever comes to `port` to `address`, until cancelled. Where the port is taken nothing happens."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await reader.readuntil(b"\r\n\r\n")
                head = f"HTTP/1.1 302 Found\r\nlocation: {address}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
                writer.write(head.encode())
                await writer.drain()
        writer.close()

    try:
        server = await asyncio.start_server(answer, "127.0.0.1", port, limit=_LONGEST)
    except OSError:
        return
    async with server:
        await server.serve_forever()
