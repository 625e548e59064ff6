"""Server-sent events: bytes to frames and back. What a frame means is for others.

Source: https://html.spec.whatwg.org/multipage/server-sent-events.html. Lines end at LF, CR or CRLF, also across two
chunks; U+2028 and its kin end nothing; a byte order mark at the very start is not part of the stream. An event without
its closing blank line is given out by `finish`, marked incomplete, because some providers forget the last one.
"""

import re

from msgspec import Struct

from ccr.messages.runs import Runs

_BOM = b"\xef\xbb\xbf"
# The end of a line, then the end of an empty one. A CR at the very end may be half of a CRLF: it ends nothing yet.
_BLANK_LINE = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?=[^\n]))")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_LONGEST_BLANK_LINE = 4


class Frame(Struct, frozen=True, gc=False):
    """One event. `raw` is what arrived, its closing blank line included, so that a relay can pass it on untouched; of a
    run it holds all events, and `data` none."""

    event: str
    data: bytes
    raw: bytes
    complete: bool = True


class SseDecoder:
    """Feed bytes, get the frames they complete. Comments give a frame with neither event nor data (a sign of life).

    `runs`: which events that came together are given out as one frame, if any may be."""

    def __init__(self, runs: Runs | None = None) -> None:
        self._runs = runs
        self._buffer = b""
        self._searched = 0
        """How far into the buffer no blank line was found, so that a long event costs no second look."""
        self._begun = False

    def feed(self, chunk: bytes) -> list[Frame]:
        buffer = self._buffer + chunk if self._buffer else chunk
        if not self._begun:
            if len(buffer) < len(_BOM) and _BOM.startswith(buffer):
                self._buffer = buffer
                return []
            self._begun = True
            buffer = buffer.removeprefix(_BOM)
        frames, rest = self._cut(buffer)
        self._buffer = rest
        self._searched = max(0, len(rest) - _LONGEST_BLANK_LINE)
        return frames

    def _cut(self, buffer: bytes) -> tuple[list[Frame], bytes]:
        """The complete events, and what is left over."""
        end = buffer.rfind(b"\n\n") + 2 if self._runs is not None else 0
        if self._runs is None or end < 2 or buffer.find(b"\n\n") == end - 2 or b"\r" in buffer:
            return _cut(buffer, self._searched)  # not even two events
        parted = self._runs.part(buffer[:end])
        if parted is None:
            return _cut(buffer, self._searched)
        before, after = _cut(parted.before, 0)[0], _cut(parted.after, 0)[0]
        run = Frame(parted.name, b"", parted.run) if parted.name else _frame(parted.run)
        return [*before, run, *after], buffer[end:]

    def finish(self) -> list[Frame]:
        rest, self._buffer, self._searched = self._buffer, b"", 0
        if not rest.strip(b"\r\n"):
            return []
        frame = _frame(rest)
        return [Frame(frame.event, frame.data, rest, complete=False)]


def _cut(buffer: bytes, searched: int) -> tuple[list[Frame], bytes]:
    """The complete events, and what is left over."""
    frames: list[Frame] = []
    start, look = 0, searched
    if b"\r" in buffer:
        while (found := _BLANK_LINE.search(buffer, look)) is not None:
            frames.append(_frame(buffer[start : found.end()]))
            start = look = found.end()
        return frames, buffer[start:]
    while (end := buffer.find(b"\n\n", look)) != -1:
        frames.append(_frame(buffer[start : end + 2]))
        start = look = end + 2
    return frames, buffer[start:]


def _frame(raw: bytes) -> Frame:
    return (None if b"\r" in raw else _plain_frame(raw)) or _any_frame(raw)


def _plain_frame(raw: bytes) -> Frame | None:
    """By far the commonest: one line of data, with the event's name on a line before it or without."""
    end = len(raw) - 2
    if raw.startswith(b"data: ") and raw.find(b"\n", 6) == end:
        return Frame("", raw[6:end], raw)
    if (
        raw.startswith(b"event: ")
        and raw.startswith(b"\ndata: ", named := raw.find(b"\n"))
        and raw.find(b"\n", named + 7) == end
    ):
        return Frame(raw[7:named].decode("utf-8", "replace"), raw[named + 7 : end], raw)
    return None


def _any_frame(raw: bytes) -> Frame:
    event, data = "", []
    for line in _LINE_END.split(raw):
        name, _, value = line.partition(b":")
        value = value[1:] if value.startswith(b" ") else value
        if name == b"data":
            data.append(value)
        elif name == b"event":
            event = value.decode("utf-8", "replace")
    return Frame(event, b"\n".join(data), raw)


def encode_frame(event: str, data: bytes) -> bytes:
    """One frame as bytes; `data` must be one line (JSON is)."""
    return b"event: " + event.encode() + b"\ndata: " + data + b"\n\n"


def encode_comment(text: str) -> bytes:
    return b": " + text.replace("\r", " ").replace("\n", " ").encode() + b"\n\n"
