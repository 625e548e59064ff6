"""A whole Anthropic answer: its bytes with the model's name replaced, or the events it would have streamed."""

from typing import Any

import msgspec

from ccr.dialects.dialect import RelayedAnswer
from ccr.dialects.failures import read_error
from ccr.dialects.wire import WireAnswer
from ccr.messages.decode import read_start
from ccr.messages.encode import UNREADABLE, encode_json
from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.events import (
    BlockDelta,
    BlockStart,
    BlockStop,
    ErrorEvent,
    Event,
    MessageDelta,
    MessageStart,
    MessageStop,
)
from ccr.messages.usage import Usage, read_usage

_HEAD = frozenset({"id", "type", "role", "model", "content", "stop_reason", "stop_sequence", "usage"})


def relay_message(answer: WireAnswer, asked: str) -> RelayedAnswer:
    """The answer with `asked` for its model's name and every other value as it was."""
    message = _message(answer)
    if isinstance(message, ApiError):
        return RelayedAnswer(b"", Usage(), None, message)
    usage, reason = read_usage(message.get("usage")), message.get("stop_reason")
    data = answer.body if message.get("model") == asked else with_model(answer.body, asked)
    return RelayedAnswer(data, usage, reason if isinstance(reason, str) else None)


def with_model(body: bytes, model: str) -> bytes:
    """A JSON object with its `model` replaced and everything else byte for byte."""
    raw: dict[str, msgspec.Raw] = msgspec.json.decode(body, type=dict[str, msgspec.Raw])
    raw["model"] = msgspec.Raw(encode_json(model))
    return msgspec.json.encode(raw)


def decode_message(answer: WireAnswer, message_id: str) -> list[Event]:
    """The events that the answer would have been, streamed."""
    message = _message(answer)
    if isinstance(message, ApiError):
        return [ErrorEvent(message)]
    usage = read_usage(message.get("usage"))
    events: list[Event] = [MessageStart(str(message.get("id") or message_id), usage)]
    for index, block in enumerate(b for b in message["content"] if isinstance(b, dict)):
        events += _block_events(index, block)
    extra = {key: value for key, value in message.items() if key not in _HEAD} or None
    return [
        *events,
        MessageDelta(message.get("stop_reason"), usage, message.get("stop_sequence"), extra),
        MessageStop(),
    ]


def _block_events(index: int, block: dict[str, Any]) -> list[Event]:
    """Text, thoughts and signatures as deltas of an empty block, as a stream would bring them."""
    match block.get("type"):
        case "text":
            pieces = [BlockDelta(index, "text_delta", str(block.get("text", "")))]
            return [BlockStart(index, {**block, "text": ""}), *_spoken(pieces), BlockStop(index)]
        case "thinking":
            pieces = [
                BlockDelta(index, "thinking_delta", str(block.get("thinking", ""))),
                BlockDelta(index, "signature_delta", str(block.get("signature") or "")),
            ]
            return [BlockStart(index, {**block, "thinking": "", "signature": ""}), *_spoken(pieces), BlockStop(index)]
        case _:
            return [*read_start(index, block), BlockStop(index)]


def _spoken(pieces: list[BlockDelta]) -> list[BlockDelta]:
    return [piece for piece in pieces if piece.text]


def _message(answer: WireAnswer) -> dict[str, Any] | ApiError:
    try:
        message = msgspec.json.decode(answer.body)
    except UNREADABLE:
        return ApiError(ErrorKind.BAD_GATEWAY, read_error(answer).message)
    if isinstance(message, dict) and isinstance(message.get("content"), list):
        return message
    error = read_error(answer)
    return error if error.http_status >= 400 else ApiError(ErrorKind.BAD_GATEWAY, error.message)
