"""Events as a client reads them, back into values: the opposite of `encode.py`, tolerant of what hosts and people write.

Errors are not read here: what a host says of its failures is its dialect's affair.
"""

from typing import Any

from ccr.messages.encode import PIECE_FIELDS, encode_json
from ccr.messages.events import (
    BlockDelta,
    BlockExtra,
    BlockStart,
    BlockStop,
    Event,
    MessageDelta,
    MessageStart,
    MessageStop,
    Ping,
)
from ccr.messages.usage import Usage, read_usage

_ENDS = frozenset({"stop_reason", "stop_sequence"})


class EventReader:
    """The events of one answer, in their order. `message_id` is taken where the answer gives itself none."""

    def __init__(self, message_id: str) -> None:
        self._id = message_id
        self._usage = Usage()
        self._given: list[Event] = []
        """Arguments that stood in a call's start: told at its end, unless deltas tell them."""

    def read(self, event: dict[str, Any]) -> list[Event]:
        """One event; nothing for a kind it does not know."""
        index = event.get("index") if isinstance(event.get("index"), int) else 0
        match event.get("type"):
            case "content_block_delta":
                self._given = []
                return [read_delta(index or 0, event.get("delta"))]
            case "content_block_start":
                start, *self._given = read_start(index or 0, event.get("content_block"))
                return [start]
            case "content_block_stop":
                given, self._given = self._given, []
                return [*given, BlockStop(index or 0)]
            case "message_start":
                return [self._start(event.get("message"))]
            case "message_delta":
                return [self._end(event)]
            case "message_stop":
                return [MessageStop()]
            case "ping":
                return [Ping()]
            case _:
                return []

    def _start(self, message: Any) -> Event:
        message = message if isinstance(message, dict) else {}
        self._usage = read_usage(message.get("usage"))
        return MessageStart(str(message.get("id") or self._id), self._usage)

    def _end(self, event: dict[str, Any]) -> Event:
        self._usage = read_usage(event.get("usage"), self._usage)
        delta = event.get("delta") if isinstance(event.get("delta"), dict) else {}
        extra = {key: value for key, value in (delta or {}).items() if key not in _ENDS} or None
        return MessageDelta(_word(delta, "stop_reason"), self._usage, _word(delta, "stop_sequence"), extra)


def read_delta(index: int, delta: Any) -> Event:
    """A piece of a block."""
    delta = delta if isinstance(delta, dict) else {}
    kind = str(delta.get("type"))
    text = delta.get(PIECE_FIELDS.get(kind, ""))
    if isinstance(text, str) and len(delta) == 2:
        return BlockDelta(index, kind, text)
    return BlockExtra(index, delta)


def read_start(index: int, block: Any) -> list[Event]:
    """A block's beginning; arguments that already stand in it become a delta, because the client reads only those."""
    block = dict(block) if isinstance(block, dict) else {"type": "text", "text": ""}
    given = block.get("input")
    if block.get("type") in ("tool_use", "server_tool_use") and isinstance(given, dict) and given:
        piece = BlockDelta(index, "input_json_delta", encode_json(given).decode())
        return [BlockStart(index, {**block, "input": {}}), piece]
    return [BlockStart(index, block)]


def _word(delta: Any, key: str) -> str | None:
    value = delta.get(key) if isinstance(delta, dict) else None
    return value if isinstance(value, str) else None
