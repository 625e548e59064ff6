"""One attempt's answer: bytes in, what the client gets out. Relayed where nothing must change, else translated.

What kind of body it is, is seen by looking: some servers answer JSON where a stream was asked for, or a page of HTML,
whatever their header says. Nothing is given out before the first content (`speaking`), so that another target may still
answer (rulings R43). Events that arrived together leave together.
"""

from collections.abc import Iterable
from functools import cache
from typing import Protocol, cast

from ccr.dialects.dialect import Relay, Relaying, Speech, runs_of
from ccr.dialects.framing import Frames, Framing, framing_of
from ccr.dialects.wire import WireAnswer
from ccr.exchange.steps import Opened
from ccr.exchange.translation import NOTHING, Output, Translation, changes_answer
from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.events import Event
from ccr.messages.request import MessagesRequest
from ccr.messages.sse import Frame
from ccr.messages.usage import Usage
from ccr.routing.plan import Attempt

_LARGEST = 64 * 2**20
"""Bytes of an answer that is not streamed, and of one event of a stream."""
_ENDLESS = f"the provider sent an event larger than {_LARGEST >> 20} MB"
_EXCERPT = 300
"""Characters of an answer that is none, told to the person."""
_EXCERPT_BYTES = 2048


class Reading(Protocol):
    """One way to read an answer's body."""

    @property
    def usage(self) -> Usage: ...

    @property
    def stop_reason(self) -> str | None: ...

    def feed(self, chunk: bytes) -> Output: ...

    def finish(self) -> Output: ...


class Pipeline:
    """An answer whose head was good. Before its first byte it is not known what it is."""

    def __init__(
        self, opened: Opened, attempt: Attempt, request: MessagesRequest, speech: Speech, request_id: str
    ) -> None:
        self._opened, self._attempt, self._request, self._speech = opened, attempt, request, speech
        self._request_id = request_id
        self._reading: Reading | None = None
        self._begin = b""

    @property
    def usage(self) -> Usage:
        return self._reading.usage if self._reading else Usage()

    @property
    def stop_reason(self) -> str | None:
        return self._reading.stop_reason if self._reading else None

    def feed(self, chunk: bytes) -> Output:
        if self._reading is not None:
            return self._reading.feed(chunk)
        self._begin += chunk
        start = self._begin.removeprefix(b"\xef\xbb\xbf").lstrip()
        if not start:
            self._begin = b""
            return NOTHING
        self._reading = self._choose(start[:1])
        return self._reading.feed(self._begin)

    def finish(self) -> Output:
        if self._reading is None:
            return Output(error=_bad("the provider's answer was empty"))
        return self._reading.finish()

    def _choose(self, first: bytes) -> Reading:
        framing = framing_of(self._attempt.dialect, self._speech.profile)
        streamed = first in framing.begins and (first not in b"{[" or self._streams())
        if not streamed and first in b"{[":
            return _WholeReading(self._opened, self._attempt, self._request, self._speech, self._request_id)
        if not streamed:
            return _NoReading(self._opened)
        relaying = relayed_by(self._attempt) if self._request.stream else None
        if relaying is not None:
            relay = relaying.relay(self._request, self._speech)
            return _RelayReading(relay, framing.decoder(runs_of(relay)))
        return _StreamReading(framing, self._attempt, self._request, self._speech, self._request_id)

    def _streams(self) -> bool:
        """For framings whose streams begin as a whole answer does: what was asked for, unless the head says otherwise."""
        return self._request.stream and not _content_type(self._opened).startswith("application/json")


def relayed_by(attempt: Attempt) -> Relaying | None:
    """Who passes the answer on as it came: the dialect, if it can and nobody wants to see or change events."""
    if attempt.relays and not changes_answer(attempt) and _can_relay(type(attempt.dialect)):
        return cast(Relaying, attempt.dialect)
    return None


@cache
def _can_relay(kind: type) -> bool:
    """Asked once per dialect: to look whether something fits a Protocol costs 12 µs."""
    return issubclass(kind, Relaying)


# ---- a stream, relayed ----------------------------------------------------------------------------------------------


class _RelayReading:
    def __init__(self, relay: Relay, frames: Frames) -> None:
        self._frames, self._relay = frames, relay
        self._held: list[bytes] = []
        self._speaking = False
        self._unfinished = 0
        """Bytes since the last event ended."""

    @property
    def usage(self) -> Usage:
        return self._relay.usage

    @property
    def stop_reason(self) -> str | None:
        return self._relay.stop_reason

    def feed(self, chunk: bytes) -> Output:
        frames = self._frames.feed(chunk)
        self._unfinished = 0 if frames else self._unfinished + len(chunk)
        return self._pass(frames) if self._unfinished < _LARGEST else Output(error=_bad(_ENDLESS))

    def finish(self) -> Output:
        rest = self._pass(self._frames.finish())
        if rest.error is not None or rest.done:
            return rest
        last = self._relay.finish()
        data = rest.data if last.error is not None else rest.data + self._take() + last.data
        return Output(data, self._speaking, last.error, last.error is None)

    def _pass(self, frames: Iterable[Frame]) -> Output:
        held, done = self._held, False
        for frame in frames:
            relayed = self._relay.feed(frame)
            if relayed.error is not None:
                return Output(self._take() if self._speaking else b"", self._speaking, relayed.error)
            held.append(relayed.data)
            self._speaking = self._speaking or relayed.speaking
            done = done or (frame.event == "message_stop" and bool(relayed.data))
        return Output(self._take(), self._speaking, None, done) if self._speaking or done else NOTHING

    def _take(self) -> bytes:
        data = b"".join(self._held)
        self._held.clear()
        return data


# ---- a stream, translated -------------------------------------------------------------------------------------------


class _StreamReading:
    def __init__(
        self, framing: Framing, attempt: Attempt, request: MessagesRequest, speech: Speech, request_id: str
    ) -> None:
        self._decoder = attempt.dialect.stream_decoder(request, speech)
        self._frames = framing.decoder(runs_of(self._decoder))
        self._translation = Translation(attempt, request, request_id)
        self._unfinished = 0
        """Bytes since the last event ended."""

    @property
    def usage(self) -> Usage:
        return self._translation.usage

    @property
    def stop_reason(self) -> str | None:
        return self._translation.stop_reason

    def feed(self, chunk: bytes) -> Output:
        frames = self._frames.feed(chunk)
        self._unfinished = 0 if frames else self._unfinished + len(chunk)
        if self._unfinished > _LARGEST:
            return Output(error=_bad(_ENDLESS))
        return self._translation.feed(self._decode(frames))

    def finish(self) -> Output:
        events = self._decode(self._frames.finish())
        return self._translation.finish([*events, *self._decoder.finish()])

    def _decode(self, frames: list[Frame]) -> list[Event]:
        feed = self._decoder.feed
        if len(frames) == 1:
            return feed(frames[0])
        return [event for frame in frames for event in feed(frame)]


# ---- an answer that came whole --------------------------------------------------------------------------------------


class _WholeReading:
    def __init__(
        self, opened: Opened, attempt: Attempt, request: MessagesRequest, speech: Speech, request_id: str
    ) -> None:
        self._opened, self._attempt, self._request, self._speech = opened, attempt, request, speech
        self._translation = Translation(attempt, request, request_id)
        self._pieces: list[bytes] = []
        self._size = 0
        self.usage = Usage()
        self.stop_reason: str | None = None

    def feed(self, chunk: bytes) -> Output:
        self._pieces.append(chunk)
        self._size += len(chunk)
        if self._size > _LARGEST:
            return Output(error=_bad(f"the provider's answer is larger than {_LARGEST >> 20} MB"))
        return NOTHING

    def finish(self) -> Output:
        answer = WireAnswer(self._opened.status, self._opened.headers, b"".join(self._pieces))
        relaying = None if self._request.stream else relayed_by(self._attempt)
        if relaying is not None:
            relayed = relaying.relay_answer(answer, self._request, self._speech)
            self.usage, self.stop_reason = relayed.usage, relayed.stop_reason
            return Output(relayed.data if relayed.error is None else b"", relayed.error is None, relayed.error, True)
        events = self._attempt.dialect.decode_answer(answer, self._request, self._speech)
        output = self._translation.finish(events)
        self.usage, self.stop_reason = self._translation.usage, self._translation.stop_reason
        return output


class _NoReading:
    """What came is no answer: a page of HTML, a plain text. Its beginning is told, because it often says why."""

    def __init__(self, opened: Opened) -> None:
        self._type = _content_type(opened) or "no content type"
        self._seen = b""
        self.usage = Usage()
        self.stop_reason: str | None = None

    def feed(self, chunk: bytes) -> Output:
        self._seen += chunk
        return NOTHING if len(self._seen) < _EXCERPT_BYTES else self.finish()

    def finish(self) -> Output:
        said = " ".join(self._seen[:_EXCERPT_BYTES].decode("utf-8", "replace").split())[:_EXCERPT]
        return Output(error=_bad(f"the provider sent no answer but this ({self._type}): {said}"))


def _content_type(opened: Opened) -> str:
    return next((value for name, value in opened.headers if name == "content-type"), "")


def _bad(message: str) -> ApiError:
    return ApiError(ErrorKind.BAD_GATEWAY, message)
