"""How an answer's bytes fall into frames: server-sent events, JSON line by line, or Amazon's binary event stream.

A dialect has a framing of its own (`framing_of`); an endpoint may put another around it (`Profile.framing`). What a frame
means is the dialect's business. Every decoder is fed bytes cut anywhere and never raises.
"""

from collections.abc import Callable, Mapping
from typing import Protocol

from msgspec import Struct

from ccr.dialects.event_stream import EventStreamDecoder
from ccr.dialects.profile import Profile
from ccr.messages.runs import Runs
from ccr.messages.sse import Frame, SseDecoder

SSE = "sse"


class Frames(Protocol):
    """Feed bytes, get the frames they complete; `finish` gives what the end left unfinished."""

    def feed(self, chunk: bytes) -> list[Frame]: ...

    def finish(self) -> list[Frame]: ...


class Framing(Struct, frozen=True):
    """`begins`: the first bytes with which such a stream can begin; others are something else. `decoder` makes one for a
    stream, told which of its events may be taken together; framings that know no such thing take them singly."""

    decoder: Callable[[Runs | None], Frames]
    begins: bytes


class LineDecoder:
    """JSON, a value on each line (https://github.com/ndjson/ndjson-spec): a frame per line, blank lines left out.

    Lines end at LF, with or without a CR before it: a bare CR is white space inside JSON.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def feed(self, chunk: bytes) -> list[Frame]:
        if b"\n" not in chunk:
            self._pieces.append(chunk)
            return []
        first, *lines = chunk.split(b"\n")
        lines.insert(0, b"".join((*self._pieces, first)))
        self._pieces = [lines.pop()]
        return [Frame("", data, line + b"\n") for line in lines if (data := line.strip())]

    def finish(self) -> list[Frame]:
        rest, self._pieces = b"".join(self._pieces), []
        return [Frame("", data, rest, complete=False)] if (data := rest.strip()) else []


def _alone(decoder: Callable[[], Frames]) -> Callable[[Runs | None], Frames]:
    """A decoder that knows no runs."""
    return lambda runs: decoder()


FRAMINGS: Mapping[str, Framing] = {
    # No line of server-sent events begins otherwise: a comment, or `data`, `id`, `event`, `retry`.
    SSE: Framing(SseDecoder, b":dier"),
    "ndjson": Framing(_alone(LineDecoder), b"{"),
    # The length of a message that is shorter than 16 MB, which all are.
    "aws_event_stream": Framing(_alone(EventStreamDecoder), b"\0"),
}


def framing_of(dialect: object, profile: Profile) -> Framing:
    """The endpoint's framing, else the dialect's own (its attribute `framing`), else server-sent events."""
    return FRAMINGS[profile.framing or getattr(dialect, "framing", SSE)]
