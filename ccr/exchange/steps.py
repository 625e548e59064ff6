"""The steps of an exchange and the replies to them: all that passes between the pure story and the waiting world.

`exchange/flow.py` yields a step, `upstream/driver.py` does it and sends back a reply. Every reply carries `at`, the
seconds since the exchange began, because the story has no clock.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ccr.dialects.wire import WireRequest
from ccr.exchange.failure import Failure
from ccr.exchange.record import UsageRecord
from ccr.messages.request import Headers
from ccr.routing.decision import Destination
from ccr.routing.plan import KeyUse
from ccr.routing.settings import Allowance, Limits
from ccr.transformers.transformer import Stage


class Open(Struct, frozen=True):
    """Send the request; answered by Opened when the head has come, Quiet while it has not, Failed or ClientGone.

    After Quiet the story yields Read, which goes on waiting."""

    wire: WireRequest
    key: KeyUse
    limits: Limits
    provider: str
    proxy: str = ""
    patience: float = 10.0
    """Seconds after which Quiet is answered."""
    caller: Headers = ()
    """The headers the client came with. Only the scheme `client` of `key` looks at them, for the client's credential."""
    allowance: Allowance = Allowance()
    """Before it is sent it waits until the provider's own limits let it; Failed if that takes too long (rulings 2.6)."""
    tokens: int = 0


class Read(Struct, frozen=True):
    """Wait for what comes next, at most `patience` seconds, then Quiet. Answered by Opened if the head is still to come."""

    patience: float


class ReadAll(Struct, frozen=True):
    """Read the whole body of a bad answer, at most `limit` bytes and `patience` seconds.

    Answered by Whole, with what has come by then: half an error text says more than none."""

    limit: int
    patience: float


class SendHead(Struct, frozen=True):
    status: int
    headers: Headers


class SendBody(Struct, frozen=True):
    """A piece of the body; `last` ends the answer."""

    data: bytes
    last: bool = False


class Close(Struct, frozen=True):
    """Shut the upstream's connection, now."""


class Wait(Struct, frozen=True):
    """Before trying again in place; the driver draws a point in [base, base + spread] seconds."""

    base: float
    spread: float


class Ask(Struct, frozen=True):
    """Let somebody outside change a value before it goes to this target; answered by Answered (rulings 2.6).

    `question` is `python.use:FILE:NAME`, `value` the body of a request, `options` what the rule gives along, and Changed
    answers, who works on a copy of the body; or it is `pdf.text`, `value` files in base64, or `picture.text`, `value`
    blocks with pictures and `by` in `options` who is to look at them, and Texts answers."""

    question: str
    value: Any
    target: Destination
    options: Mapping[str, Any] = {}


class Remember(Struct, frozen=True):
    """Keep something for a later request of this session (a Note of the decoder, what answered last)."""

    key: str
    value: Any


class Record(Struct, frozen=True):
    record: UsageRecord


Step = Open | Read | ReadAll | SendHead | SendBody | Close | Wait | Ask | Remember | Record


class Opened(Struct, frozen=True):
    status: int
    headers: Headers
    at: float


class Chunk(Struct, frozen=True, gc=False):
    data: bytes
    at: float


class Whole(Struct, frozen=True):
    data: bytes
    at: float


class Ended(Struct, frozen=True):
    """The upstream's body ended properly."""

    at: float


class Changed(Struct, frozen=True):
    """A body as somebody wants it. `stage` is shown the events of the answer to it, if anybody wants to change those."""

    body: Mapping[str, Any]
    stage: Stage | None = None


class Text(Struct, frozen=True):
    """What a file says, or what is `wrong` with it, in words. `again`: it is worth asking once more another time."""

    text: str = ""
    pages: int = 0
    wrong: str = ""
    again: bool = False


class Texts(Struct, frozen=True):
    """One for each file that was asked about, in order."""

    texts: tuple[Text, ...]


class Answered(Struct, frozen=True):
    """What was made of the value of an Ask; None for no opinion."""

    value: Changed | Texts | None
    at: float


class Quiet(Struct, frozen=True):
    """Nothing came within the patience."""

    at: float


class Failed(Struct, frozen=True):
    failure: Failure
    at: float


class ClientGone(Struct, frozen=True):
    at: float


class Done(Struct, frozen=True):
    """The step was carried out and there is nothing to tell."""

    at: float


class Stopped(Struct, frozen=True):
    """The proxy is shutting down: say so to the client and end."""

    at: float


Reply = Opened | Chunk | Whole | Ended | Quiet | Failed | ClientGone | Done | Answered | Stopped
