"""A streamed Anthropic answer, handed on: bytes as they came, the model's name replaced, usage read on the side.

Unknown events and blocks pass untouched (https://docs.anthropic.com/en/api/versioning: new ones may come at any time).
"""

import re

import msgspec

from ccr.dialects.builtin.anthropic.errors import read_error_event
from ccr.dialects.dialect import Relayed
from ccr.messages.encode import MESSAGE_STOP, UNREADABLE, encode_json
from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.runs import NamedRuns
from ccr.messages.sse import Frame, encode_frame
from ccr.messages.usage import Usage, read_usage

_MODEL = re.compile(rb'"model"\s*:\s*(?:"(?:[^"\\]|\\.)*"|null)')
_MESSAGE = re.compile(rb'"message"\s*:\s*\{')
_EMPTY_INPUT = re.compile(rb'"input"\s*:\s*\{\s*\}')
_HEARD = Relayed(b"")
_DELTAS = NamedRuns("content_block_delta")


class FrameRelay:
    """`Relay` of the dialect contract. `asked` is the model's name as the client wrote it."""

    runs = _DELTAS

    def __init__(self, asked: str) -> None:
        self._asked = asked
        self._speaking = False
        self._ended = False
        self._any = False
        self._given = b""
        """Arguments that stood in a call's `content_block_start`, as the delta in which the client reads them."""
        self.usage = Usage()
        self.stop_reason: str | None = None
        self.message_id = ""

    def feed(self, frame: Frame) -> Relayed:
        kind = frame.event
        if kind == "content_block_delta" and frame.complete:
            self._speaking, self._given = True, b""
            return Relayed(frame.raw, True)
        if not frame.complete and not _object(frame.data):
            return Relayed(b"", self._speaking)  # broken off inside an event
        if not frame.data or frame.data == b"[DONE]":
            return Relayed(b"" if frame.data else frame.raw, self._speaking)
        if not kind:
            kind, frame = _named(frame)
        self._any = True
        match kind:
            case "message_start":
                return self._begin(frame)
            case "content_block_start":
                self._speaking, self._given = True, _given_input(frame.data)
            case "content_block_delta":
                self._speaking, self._given = True, b""
            case "content_block_stop" if self._given:
                given, self._given = self._given, b""
                return Relayed(given + _closed(frame), True)
            case "message_delta":
                self._read_end(frame)
            case "message_stop":
                self._ended = True
            case "error":
                return Relayed(b"", self._speaking, read_error_event(frame.data))
        return Relayed(_closed(frame), self._speaking)

    def finish(self) -> Relayed:
        if self._ended:
            return _HEARD
        if self.stop_reason is not None:
            self._ended = True
            return Relayed(MESSAGE_STOP, self._speaking)
        if not self._any:
            return Relayed(b"", False, ApiError(ErrorKind.BAD_GATEWAY, "the provider's answer was empty"))
        message = "upstream closed the stream before the answer's end"
        return Relayed(b"", self._speaking, ApiError(ErrorKind.TRUNCATED, message))

    def _begin(self, frame: Frame) -> Relayed:
        message = _object(frame.data).get("message")
        if isinstance(message, dict):
            self.usage = read_usage(message.get("usage"))
            self.message_id = str(message.get("id") or "")
        raw = _closed(frame)
        if isinstance(message, dict) and message.get("model") != self._asked:
            raw = self._with_model(raw, message)
        return Relayed(raw, self._speaking)

    def _with_model(self, raw: bytes, message: dict[str, object]) -> bytes:
        """Only this one value changes (acceptance C3); where there is none it is put in."""
        name = b'"model":' + encode_json(self._asked)
        if "model" in message:
            return _MODEL.sub(lambda _: name, raw, count=1)
        return _MESSAGE.sub(lambda found: found[0] + name + (b"," if message else b""), raw, count=1)

    def _read_end(self, frame: Frame) -> None:
        event = _object(frame.data)
        self.usage = read_usage(event.get("usage"), self.usage)
        delta = event.get("delta")
        if isinstance(delta, dict) and isinstance(delta.get("stop_reason"), str):
            self.stop_reason = delta["stop_reason"]


def _given_input(data: bytes) -> bytes:
    """The client drops arguments that stand in a block's start and reads only deltas (measured on 2.1.330)."""
    if b'"tool_use"' not in data or _EMPTY_INPUT.search(data):
        return b""
    said = _object(data)
    block = said.get("content_block")
    given = block.get("input") if isinstance(block, dict) else None
    if not isinstance(given, dict) or not given:
        return b""
    delta = {"type": "input_json_delta", "partial_json": encode_json(given).decode()}
    event = {"type": "content_block_delta", "index": said.get("index"), "delta": delta}
    return encode_frame("content_block_delta", encode_json(event))


def _object(data: bytes) -> dict[str, object]:
    try:
        value = msgspec.json.decode(data)
    except UNREADABLE:
        return {}
    return value if isinstance(value, dict) else {}


def _named(frame: Frame) -> tuple[str, Frame]:
    """A frame that lacks its event's name gets it: the client goes by it."""
    said = _object(frame.data).get("type")
    kind = said if isinstance(said, str) else ""
    raw = b"event: " + kind.encode() + b"\n" + frame.raw if kind else frame.raw
    return kind, Frame(kind, frame.data, raw, frame.complete)


def _closed(frame: Frame) -> bytes:
    """The frame's bytes with the blank line that some hosts forget at the very end."""
    return frame.raw if frame.complete else frame.raw.rstrip(b"\r\n") + b"\n\n"
