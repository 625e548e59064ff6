"""Events as the bytes a client reads: server-sent events in Anthropic's spelling.

Knows nothing of order (`order.py` does) and nothing of where events come from. `message_start` carries the model the
client asked for, whatever answered, because Claude Code throws its thinking history away when the two differ
(acceptance C3). Runs once per streamed piece, so what can be prepared is prepared.
"""

import json
from collections.abc import Iterable
from typing import Any, assert_never

import msgspec

from ccr.messages.errors import envelope
from ccr.messages.events import (
    BlockDelta,
    BlockExtra,
    BlockStart,
    BlockStop,
    ErrorEvent,
    Event,
    MessageDelta,
    MessageStart,
    MessageStop,
    Note,
    Ping,
)
from ccr.messages.sse import encode_frame

PIECE_FIELDS = {
    "text_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "signature",
    "input_json_delta": "partial_json",
}
"""Which key of the delta holds a piece's text, by the delta's type."""

PING = encode_frame("ping", b'{"type":"ping"}')
MESSAGE_STOP = encode_frame("message_stop", b'{"type":"message_stop"}')

UNREADABLE = (msgspec.DecodeError, UnicodeError, RecursionError)
"""What reading JSON raises when it is none, holds half a character, or is nested beyond all measure."""

_encode = msgspec.json.Encoder().encode
_PREPARED_BLOCKS = 64


def encode_json(value: Any) -> bytes:
    """Compact JSON. Half a surrogate pair, which UTF-8 cannot hold, stays an escape as it was in the client's JSON."""
    try:
        return _encode(value)
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def _delta_prefix(index: int, kind: str) -> bytes:
    field = PIECE_FIELDS[kind]
    return b'event: content_block_delta\ndata: {"type":"content_block_delta","index":%d,"delta":{"type":"%s","%s":' % (
        index,
        kind.encode(),
        field.encode(),
    )


_PREFIXES: dict[tuple[int, str], bytes] = {
    (index, kind): _delta_prefix(index, kind) for index in range(_PREPARED_BLOCKS) for kind in PIECE_FIELDS
}


class EventEncoder:
    """The events of one answer. `model` is the client's own word; `request_id` names the exchange in errors."""

    def __init__(self, model: str, request_id: str) -> None:
        self._model = model
        self._request_id = request_id

    def feed(self, events: Iterable[Event]) -> bytes:
        """Events that arrived together leave together: one piece of bytes for all of them."""
        parts: list[bytes] = []
        for event in events:
            if type(event) is BlockDelta:
                prefix = _PREFIXES.get((event.index, event.kind)) or _delta_prefix(event.index, event.kind)
                parts += (prefix, encode_json(event.text), b"}}\n\n")
            else:
                parts.append(self._encode(event))
        return b"".join(parts)

    def finish(self) -> bytes:
        return b""

    def _encode(self, event: Event) -> bytes:
        match event:
            case MessageStop():
                return MESSAGE_STOP
            case Ping():
                return PING
            case ErrorEvent():
                return encode_frame("error", envelope(event.error, self._request_id))
            case Note():
                return b""
            case _:
                return _framed(as_json(event, self._model))


Told = MessageStart | BlockStart | BlockDelta | BlockExtra | BlockStop | MessageDelta | MessageStop
"""The events that make the answer."""


def as_json(event: Told, model: str) -> dict[str, Any]:
    """The event as the client reads it."""
    match event:
        case MessageStart():
            return {"type": "message_start", "message": message_head(event, model)}
        case BlockStart(index, block):
            return {"type": "content_block_start", "index": index, "content_block": block}
        case BlockDelta(index, kind, text):
            return {
                "type": "content_block_delta",
                "index": index,
                "delta": {"type": kind, PIECE_FIELDS[kind]: text},
            }
        case BlockExtra(index, delta):
            return {"type": "content_block_delta", "index": index, "delta": delta}
        case BlockStop(index):
            return {"type": "content_block_stop", "index": index}
        case MessageDelta():
            return _message_delta(event)
        case MessageStop():
            return {"type": "message_stop"}
        case _:
            assert_never(event)


def message_head(event: MessageStart, model: str) -> dict[str, Any]:
    """The message as it begins: who answers, and nothing said yet."""
    return {
        "id": event.id,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": event.usage.to_json(),
    }


def _message_delta(event: MessageDelta) -> dict[str, Any]:
    delta = {"stop_reason": event.stop_reason, "stop_sequence": event.stop_sequence, **(event.extra or {})}
    return {"type": "message_delta", "delta": delta, "usage": event.usage.to_json()}


def _framed(body: dict[str, Any]) -> bytes:
    return encode_frame(body["type"], encode_json(body))
