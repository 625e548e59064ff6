"""A streamed Anthropic answer as events, for those who must see or change it; otherwise `relay.py` is faithful to the byte."""

from typing import Any

import msgspec

from ccr.dialects.builtin.anthropic.errors import read_error_event
from ccr.messages.decode import EventReader
from ccr.messages.encode import UNREADABLE
from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.events import ErrorEvent, Event, MessageStop
from ccr.messages.sse import Frame


class FrameDecoder:
    """Frames to events, one to one. What it does not know is left out."""

    def __init__(self, message_id: str) -> None:
        self._reader = EventReader(message_id)
        self._any = self._told_end = self._ended = False

    def feed(self, frame: Frame) -> list[Event]:
        if not frame.data or frame.data == b"[DONE]" or self._ended:
            return []
        try:
            event = msgspec.json.decode(frame.data)
        except UNREADABLE:
            if not frame.complete:
                return []  # broken off inside an event
            return self._over(ApiError(ErrorKind.BAD_GATEWAY, "the provider sent an event that is no JSON"))
        if not isinstance(event, dict):
            return []
        self._any = True
        return self._read(event, frame.data)

    def finish(self) -> list[Event]:
        if self._ended:
            return []
        if self._told_end:
            self._ended = True
            return [MessageStop()]
        if not self._any:
            return self._over(ApiError(ErrorKind.BAD_GATEWAY, "the provider's answer was empty"))
        return self._over(ApiError(ErrorKind.TRUNCATED, "upstream closed the stream before the answer's end"))

    def _over(self, error: ApiError) -> list[Event]:
        self._ended = True
        return [ErrorEvent(error)]

    def _read(self, event: dict[str, Any], data: bytes) -> list[Event]:
        kind = event.get("type")
        if kind == "error":
            return self._over(read_error_event(data))
        self._told_end = self._told_end or kind == "message_delta"
        self._ended = kind == "message_stop"
        return self._reader.read(event)
