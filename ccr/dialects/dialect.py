"""The contract of a dialect: how a wire protocol says what Anthropic Messages says.

A dialect is sans-I/O and blind: it knows neither the vendors who speak it (their quirks arrive as a `Profile`) nor the
rules. A drop-in folder `dialects/builtin/<name>/` gives one `DIALECT`.
"""

from typing import Protocol, runtime_checkable

from msgspec import Struct

from ccr.dialects.profile import Profile
from ccr.dialects.wire import WireAnswer, WireRequest
from ccr.messages.errors import ApiError
from ccr.messages.events import Event
from ccr.messages.request import MessagesRequest
from ccr.messages.runs import Runs
from ccr.messages.sse import Frame
from ccr.messages.usage import Usage


class Speech(Struct, frozen=True):
    """Who is spoken to, in the dialect's own terms: what an encoder needs besides the request.

    `recall` gives back what an earlier answer asked to be remembered (Note), by its key: reasoning by tool call id,
    thought signatures. It is a plain mapping, sampled before the request.
    """

    url: str
    """Whole endpoint or base, as configured; the dialect completes it."""
    model: str
    """The name on the wire."""
    profile: Profile
    seed: str
    """Unique per exchange; tool and message ids are made from it (`toolu_<seed><n>`)."""
    recall: "dict[str, object] | None" = None


class StreamDecoder(Protocol):
    """One streamed answer. Frames in, events out; `finish` when the provider's bytes have ended. One that has `runs` says
    by it which events may be taken together (`runs_of`)."""

    def feed(self, frame: Frame) -> list[Event]: ...

    def finish(self) -> list[Event]: ...


def runs_of(reader: object) -> Runs | None:
    """Which events a StreamDecoder or a Relay lets be taken together; None if it wants to see each."""
    runs: Runs | None = getattr(reader, "runs", None)
    return runs


class Dialect(Protocol):
    name: str

    def encode_request(self, request: MessagesRequest, speech: Speech) -> WireRequest:
        """The request as this protocol says it. Never raises for what a client can send; what cannot be said is left out."""
        ...

    def takes_files(self, profile: Profile) -> bool:
        """Whether documents go as files to who speaks so; else only their text can be said."""
        ...

    def stream_decoder(self, request: MessagesRequest, speech: Speech) -> StreamDecoder:
        """A decoder for the answer to this request (whose tool names it may have to restore)."""
        ...

    def decode_answer(self, answer: WireAnswer, request: MessagesRequest, speech: Speech) -> list[Event]:
        """A whole answer with a good status, as the events it would have streamed. What is no answer is an ErrorEvent."""
        ...

    def decode_error(self, answer: WireAnswer) -> ApiError:
        """An answer with a bad status, or an error object inside a good one."""
        ...


class Relayed(Struct, frozen=True, gc=False):
    """What a relay makes of one frame. `data` leaves as it is; on an `error` it is empty and the caller decides:
    before the first content another target may be tried, after it the caller writes the error event itself."""

    data: bytes
    speaking: bool = False
    """The answer's first content has begun with this frame or before it (`content_block_start`)."""
    error: ApiError | None = None


class Relay(Protocol):
    """A streamed answer that already speaks Anthropic: frames leave with the bytes they came with.

    Only the model's name in `message_start` is replaced. `usage`, `stop_reason`, `message_id` are read on the side and grow as
    frames come. `finish` gives what is missing at the very end (`message_stop` after a told stop reason), or the error that
    the answer broke off (acceptance A5c).
    """

    usage: Usage
    stop_reason: str | None
    message_id: str

    def feed(self, frame: Frame) -> Relayed: ...

    def finish(self) -> Relayed: ...


class RelayedAnswer(Struct, frozen=True):
    """A whole answer, relayed: its bytes with the model's name replaced, or the error it turned out to be."""

    data: bytes
    usage: Usage
    stop_reason: str | None = None
    error: ApiError | None = None


@runtime_checkable
class Explaining(Protocol):
    """What a dialect also offers when its errors tell a request's parts by number: the same error with their names."""

    def explain(self, error: ApiError, request: MessagesRequest) -> ApiError: ...


@runtime_checkable
class Relaying(Protocol):
    """What a dialect also offers when no translation is needed. A caller that must see or change events (a transformer
    of answers is in use) takes `stream_decoder` and `decode_answer` instead."""

    def relay(self, request: MessagesRequest, speech: Speech) -> Relay: ...

    def relay_answer(self, answer: WireAnswer, request: MessagesRequest, speech: Speech) -> RelayedAnswer: ...
