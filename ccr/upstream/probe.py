"""Makes one small real request of a target and keeps what came: the same story and driver as for a client's request.

No rule is asked: the chain is the one target. What a provider's own block says is done, nobody's rest is heeded, and
nothing is remembered. Waiting, keys and failures are the driver's and the client's.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec import Struct, structs

from ccr.exchange.context import Context
from ccr.exchange.failure import Failure
from ccr.exchange.flow import exchange
from ccr.exchange.record import AttemptRecord, UsageRecord
from ccr.exchange.steps import Open
from ccr.facts.facts import Facts
from ccr.facts.health import Health
from ccr.lang.values import Undecided
from ccr.messages.errors import ErrorKind
from ccr.messages.request import Headers, MessagesRequest
from ccr.messages.sse import SseDecoder
from ccr.messages.usage import Usage
from ccr.routing.catalog import ConfiguredProvider
from ccr.routing.decision import Decision, Destination
from ccr.routing.plan import Attempt, Attempts, Plan
from ccr.routing.planning import plan
from ccr.routing.settings import Limits
from ccr.routing.snapshot import Snapshot
from ccr.routing.vocabulary import Vocabulary
from ccr.upstream.client import Client
from ccr.upstream.driver import drive

PATIENCE = 60.0
"""Seconds a test waits for the first byte, and between two pieces; a person is watching."""
_PROMPT = "Answer with the one word: pong"
_MOST = 512
"""Tokens of output: enough for a model that thinks first, and cheap."""
_VERSION = ("anthropic-version", "2023-06-01")


class Probed(Struct, frozen=True):
    """What came of it. `outcome`: ok, or the word of the last attempt's ErrorKind; `status`: the provider's own, 0 if it
    said nothing; times in seconds since the request was begun."""

    target: str
    outcome: str
    status: int
    message: str
    first_byte: float | None
    seconds: float
    usage: Usage
    text: str
    attempts: tuple[AttemptRecord, ...]

    @property
    def kind(self) -> ErrorKind | None:
        """What went wrong; None if nothing did."""
        return next((kind for kind in ErrorKind if kind.value == self.outcome), None)


def cheapest(provider: ConfiguredProvider) -> str | None:
    """The model to try where nobody names one: what a local server has, else the one with the lowest known price."""
    if provider.installed:
        return provider.installed[0]
    priced = [(each.spec.price_in, name) for name, each in provider.models.items()]
    known = [(price, name) for price, name in priced if price is not None]
    return min(known)[1] if known else next((name for _, name in priced), None)


def small_request(model: str) -> MessagesRequest:
    """A streamed request of a few words."""
    said = {
        "model": model,
        "max_tokens": _MOST,
        "stream": True,
        "messages": [{"role": "user", "content": _PROMPT}],
    }
    return MessagesRequest(said, msgspec.json.encode(said), (_VERSION, ("content-type", "application/json")))


def plan_for(destination: Destination, snapshot: Snapshot, facts: Facts, vocabulary: Vocabulary) -> Plan | Undecided:
    """The plan for one target, whatever rests."""
    return plan(Decision((destination,), None, None, ()), snapshot, facts, Health(), vocabulary)


async def probe(made: Attempts, request: MessagesRequest, client: Client, request_id: str) -> Probed:
    """Carries the plan out. A cancellation from outside ends it and is passed on."""
    record, text = await collect(
        made, request, client, Context(request_id, request_id.removeprefix("req_"), kind="probe")
    )
    return _told(record, text)


async def collect(
    made: Attempts, request: MessagesRequest, client: Client, context: Context
) -> tuple[UsageRecord, str]:
    """The plan carried out with a person's patience: its record, and the text of the answer."""
    patient = structs.replace(made, attempts=tuple(_patient(each) for each in made.attempts))
    context = structs.replace(context, limits=patient.attempts[0].limits)
    sink, kept = _Sink(), _Kept()
    await drive(exchange(patient, request, context), client, sink, kept, request_id=context.request_id)
    if kept.written is None:
        raise AssertionError("an exchange ends with a record")
    return kept.written, _text(bytes(sink.body))


def _patient(attempt: Attempt) -> Attempt:
    limits: Limits = attempt.limits
    less = {name: min(getattr(limits, name), PATIENCE) for name in ("first_byte", "idle")}
    return structs.replace(attempt, limits=structs.replace(limits, **less))


def _told(record: UsageRecord, text: str) -> Probed:
    last = record.attempts[-1]
    return Probed(
        target=last.target,
        outcome="ok" if record.outcome == "ok" else last.outcome,
        status=last.status,
        message=last.message,
        first_byte=last.first_byte,
        seconds=record.duration,
        usage=record.usage,
        text=text,
        attempts=record.attempts,
    )


def _text(body: bytes) -> str:
    """The text of the frames that a client would have got; what is no frame of ours has none."""
    decoder = SseDecoder()
    return "".join(_piece(frame.data) for frame in (*decoder.feed(body), *decoder.finish())).strip()


def _piece(data: bytes) -> str:
    try:
        event: Any = msgspec.json.decode(data)
    except msgspec.DecodeError:
        return ""
    delta = event.get("delta") if isinstance(event, dict) else None
    text = delta.get("text") if isinstance(delta, dict) else None
    return text if isinstance(text, str) else ""


class _Sink:
    """A client that stays and takes everything."""

    def __init__(self) -> None:
        self.gone: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.body = bytearray()

    async def send_head(self, status: int, headers: Headers) -> None:
        pass

    async def send_body(self, data: bytes, last: bool) -> None:
        self.body += data


class _Kept:
    """A memory that keeps the record alone."""

    def __init__(self) -> None:
        self.written: UsageRecord | None = None

    async def take(self, step: Open) -> Callable[[], None] | Failure:
        return _nothing

    def begin(self, provider: str) -> None:
        pass

    def told(self, provider: str, headers: Headers) -> None:
        pass

    def end(self, provider: str) -> None:
        pass

    def remember(self, key: str, value: Any) -> None:
        pass

    def record(self, record: UsageRecord) -> None:
        self.written = record


def _nothing() -> None:
    """A turn that needs no giving back."""
