"""Answers over ASGI: whole ones, and the sink an exchange writes into, which hears when the client leaves."""

import asyncio
import re
from collections.abc import Awaitable, Callable, MutableMapping
from functools import lru_cache
from typing import Any

from ccr.messages.errors import ApiError, envelope
from ccr.messages.errors import headers as error_headers
from ccr.messages.request import Headers
from ccr.messages.sse import encode_frame
from ccr.proxy.body import Receive

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

JSON: Headers = (("content-type", "application/json"),)


_UNFIT = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
"""Control characters, which no header may hold (RFC 9110, 5.5): the server writes them as they are, and a line end would
begin another header. A tab may stay."""


def encode_headers(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(_fit(name), _fit(value)) for name, value in headers]


@lru_cache(maxsize=512)
def _fit(text: str) -> bytes:
    fit = text if text.isprintable() else _UNFIT.sub("", text)
    return fit.encode("latin-1", "replace")


async def send_whole(send: Send, status: int, body: bytes, headers: Headers = JSON) -> None:
    """One answer with its length."""
    sized = (*headers, ("content-length", str(len(body))))
    await send({"type": "http.response.start", "status": status, "headers": encode_headers(sized)})
    await send({"type": "http.response.body", "body": body})


async def send_error(send: Send, error: ApiError, request_id: str) -> None:
    """An error in Anthropic's envelope."""
    said = (*JSON, ("request-id", request_id), *error_headers(error))
    await send_whole(send, error.http_status, envelope(error, request_id), said)


_LISTEN_AFTER = 0.05
"""Seconds after which it is listened whether the client leaves: most whole answers are over by then, and a task costs as
much as reading a small request."""


class AsgiSink:
    """Where an exchange's answer goes. `gone` is done when the client has left."""

    def __init__(self, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        self._receive, self._send = receive, send
        self._began = False
        self.gone: asyncio.Future[Any] = loop.create_future()
        self._listening: asyncio.Task[None] | None = None
        self._later = loop.call_later(_LISTEN_AFTER, self._listen)

    async def send_head(self, status: int, headers: Headers) -> None:
        self._began = True
        await self._send({"type": "http.response.start", "status": status, "headers": encode_headers(headers)})

    async def send_body(self, data: bytes, last: bool) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": not last})

    async def refuse(self, error: ApiError, request_id: str) -> None:
        """Ends an answer that was broken off; in vain if nobody is there."""
        if self._began:
            await self.send_body(encode_frame("error", envelope(error, request_id)), True)
        else:
            await send_error(self._send, error, request_id)

    def leave(self) -> None:
        """From now on it is as if the client had left."""
        if not self.gone.done():
            self.gone.set_result(None)

    def close(self) -> None:
        """Stops listening; called when the exchange has ended."""
        self._later.cancel()
        if self._listening is not None:
            self._listening.cancel()

    def _listen(self) -> None:
        self._listening = asyncio.ensure_future(_wait_for_leave(self._receive))
        self._listening.add_done_callback(self._heard)

    def _heard(self, listening: "asyncio.Task[None]") -> None:
        if not listening.cancelled() and listening.exception() is None:
            self.leave()


async def _wait_for_leave(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
