"""The body of `POST /v1/messages`: bytes from the socket to a MessagesRequest, or the error a client understands.

What is checked is what everything below relies on: JSON, an object, a list of messages with roles Anthropic has. All
else is the provider's to judge; unknown keys travel. msgspec reads; the standard library stands in for lone
surrogates, which JavaScript makes when it cuts an emoji and which msgspec refuses.
"""

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import msgspec

from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.request import Headers, MessagesRequest
from ccr.messages.validity import mistake_in

LIMIT = 64 * 1024 * 1024
"""Largest body read, bytes."""

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class ClientLeft(Exception):
    """The client hung up before its request was whole."""


async def read_body(receive: Receive, headers: Headers) -> bytes | ApiError:
    """The whole body; too large a one is refused as soon as that is known. Raises ClientLeft."""
    announced = next((value for name, value in headers if name == "content-length"), "")
    if announced.isdecimal() and int(announced) > LIMIT:
        return _too_large()
    pieces: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        piece = message.get("body", b"")
        size += len(piece)
        if size > LIMIT:
            return _too_large()
        pieces.append(piece)
        more = message.get("more_body", False)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def parse(raw: bytes, headers: Headers) -> MessagesRequest | ApiError:
    """The request, or what is wrong with it in words a person can act on."""
    try:
        body = _decode(raw) if _is_shallow(raw) else _decode_below(_FRAMES, raw)
    except RecursionError:
        return _invalid("the body is nested too deeply to be read")
    except ValueError as error:
        return _invalid(f"the body is not JSON: {error}")
    if not isinstance(body, dict):
        return _invalid('the body must be a JSON object, such as {"model": …, "max_tokens": …, "messages": […]}')
    wrong = mistake_in(body)
    return _invalid(wrong) if wrong else MessagesRequest(body, raw, headers)


_FRAMES = 60
"""How much deeper below than here the body may be written again: what can be read with so little room can be written."""
_SHORT, _FEW = 16_384, 200


def _is_shallow(raw: bytes) -> bool:
    """Too few brackets to be nested deeply; of what is long that is not counted, which would cost more than it saves."""
    return len(raw) < _SHORT and raw.count(b"[") + raw.count(b"{") < _FEW


def _decode_below(frames: int, raw: bytes) -> Any:
    """Reads it with so much less room, since the interpreter's bound on depth counts ours, too (3 µs)."""
    return _decode_below(frames - 1, raw) if frames else _decode(raw)


def _decode(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except msgspec.DecodeError:
        return json.loads(raw)


def _invalid(message: str) -> ApiError:
    return ApiError(ErrorKind.INVALID_REQUEST, message)


def _too_large() -> ApiError:
    return ApiError(ErrorKind.TOO_LARGE, f"the request is larger than {LIMIT // 1024 // 1024} MiB")
