"""`POST /v1/messages`: body, facts, decision, plan, drive; nothing else.

A feature is a step, an effect, a field of an attempt or an answer to a question; an `if` about one here is a room
missing below.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from msgspec import Struct

from ccr.exchange.context import Context
from ccr.exchange.failure import Failure
from ccr.exchange.flow import exchange
from ccr.exchange.record import UsageRecord
from ccr.exchange.steps import Ask, Open
from ccr.facts.facts import Facts
from ccr.facts.inputs import Inputs
from ccr.lang.values import Undecided
from ccr.memory.memory import Memory
from ccr.memory.sessions import Who
from ccr.messages.errors import ApiError
from ccr.messages.request import Headers, MessagesRequest
from ccr.proxy.auth import Caller
from ccr.proxy.body import ClientLeft, Receive, parse, read_body
from ccr.proxy.decision import Answers, settle
from ccr.proxy.duplicates import GIVEN_UP, Duplicates
from ccr.proxy.respond import AsgiSink, Send, send_error
from ccr.routing.conditions import at_answer
from ccr.routing.decide import decide
from ccr.routing.plan import Plan
from ccr.routing.planning import plan
from ccr.routing.snapshot import Snapshot
from ccr.routing.vocabulary import Vocabulary
from ccr.upstream.client import Client
from ccr.upstream.driver import drive
from ccr.usage.entry import Entry
from ccr.usage.making import Source, make


class World(Protocol):
    """The running world, of which a request takes `current` once, with what is its own."""

    @property
    def current(self) -> Snapshot: ...

    @property
    def is_stale(self) -> bool: ...

    async def own(self, running: Snapshot, facts: Facts) -> Snapshot: ...

    def passed(self, project: str) -> None: ...


class Parts(Struct, frozen=True, eq=False):
    """What a request needs, joined in `app.py`. `clock` gives the time in a zone; `tell` hears every entry, `keep` of it
    what it was made from, for the log; `change` is asked what Python makes of a request."""

    world: World
    vocabulary: Vocabulary
    client: Client
    memory: Memory
    answers: Callable[[Snapshot], Answers]
    change: Callable[[Snapshot, Facts, Ask], Awaitable[Any]]
    clock: Callable[[str], datetime]
    tell: Callable[[Entry], None]
    keep: Callable[[Entry, Source], None]
    missed: Callable[[], None]
    """Told when nobody serves what was asked for: a local server may have something new."""
    duplicates: Duplicates
    dry_run: bool = False


async def answer(parts: Parts, headers: Headers, caller: Caller, receive: Receive, send: Send, request_id: str) -> None:
    """One exchange, from the client's first byte to its last."""
    try:
        raw = await read_body(receive, headers)
    except ClientLeft:
        return
    request = raw if isinstance(raw, ApiError) else parse(raw, headers)
    if isinstance(request, ApiError):
        await send_error(send, request, request_id)
        return
    snapshot, facts = await _world(parts, request, caller)
    sink = AsgiSink(receive, send)
    try:
        with parts.duplicates.enter(_who(facts), request.raw, sink.leave) as running:
            made, facts = await _plan(parts, snapshot, facts)
            context = _context(parts, snapshot, facts, request_id, repeats=running.repeats)
            story, kept = exchange(made, request, context), _Kept(parts, Source(snapshot, facts, made, caller.local))
            change = partial(parts.change, snapshot, facts)
            await drive(story, parts.client, sink, kept, request_id=request_id, answer=change)
        if running.given_up:
            await sink.refuse(GIVEN_UP, request_id)
    finally:
        sink.close()


async def _world(parts: Parts, request: MessagesRequest, caller: Caller) -> tuple[Snapshot, Facts]:
    """The world this request is decided in and the facts in it. Paths of another machine mean nothing here, so only who
    is at this one brings rules of a project (amendments S24)."""
    running = parts.world.current
    facts = _facts(parts, running, request, caller)
    if parts.memory.is_shared:
        await _refresh(parts, running, facts)
        facts = _facts(parts, running, request, caller)
    own = await parts.world.own(running, facts) if caller.local else running
    return own, facts if own is running else _facts(parts, own, request, caller)


async def _refresh(parts: Parts, snapshot: Snapshot, facts: Facts) -> None:
    """What other workers remember of this conversation."""
    now, kind, allowances = facts.inputs.now, str(facts.read("kind")), snapshot.catalog.allowances
    await parts.memory.refresh(now, _who(facts), kind, snapshot.asked, allowances, _place(facts, snapshot))


def _facts(parts: Parts, snapshot: Snapshot, request: MessagesRequest, caller: Caller) -> Facts:
    """The facts, none of them computed yet but those by which the state is sampled."""
    bare = Facts(parts.vocabulary.readers, Inputs(request, parts.clock(snapshot.settings.zone), user=caller.user))
    known = {name: bare.read(name) for name in ("kind", "session", "agent.id")}
    place = _place(bare, snapshot)
    state = parts.memory.sample(bare.inputs.now, _who(bare), str(known["kind"]), place, snapshot.asked)
    told = bare.inputs
    inputs = Inputs(request, told.now, state, caller.user, known, told.memo, local=caller.local)
    return Facts(parts.vocabulary.readers, inputs)


def _place(facts: Facts, snapshot: Snapshot) -> str:
    """The project as this request tells it, if rules ask for sums of projects: a conversation's first request has nothing
    that it was known by before."""
    asked = any(name.startswith("project.") for name in snapshot.asked or ())
    return str(facts.read("project")) if asked else ""


async def _plan(parts: Parts, snapshot: Snapshot, facts: Facts) -> tuple[Plan, Facts]:
    answers = parts.answers(snapshot)
    decision, facts = await settle(partial(decide, snapshot), facts, answers)
    health = parts.memory.health(str(facts.read("kind")), snapshot.catalog.allowances)

    def planned(known: Facts) -> Plan | Undecided:
        return plan(decision, snapshot, known, health, parts.vocabulary, dry_run=parts.dry_run)

    settled: tuple[Plan, Facts] = await settle(planned, facts, answers)
    if decision.denial is not None and decision.rule is None:
        parts.missed()
    return settled


def _context(parts: Parts, snapshot: Snapshot, facts: Facts, request_id: str, *, repeats: bool) -> Context:
    who = _who(facts)
    return Context(
        request_id=request_id,
        seed=request_id.removeprefix("req_"),
        snapshot=snapshot.id,
        session=who.session,
        agent=who.agent,
        kind=str(facts.read("kind")),
        user=who.user,
        limits=snapshot.settings.limits,
        recall=parts.memory.recall(who),
        headers=(("x-ccr-rules", "stale"),) if parts.world.is_stale else (),
        holds=at_answer(snapshot.conditions, facts) if snapshot.conditions is not None else _never,
        duplicate=repeats,
    )


def _never(*_: object) -> bool:
    return False


def _who(facts: Facts) -> Who:
    return Who(facts.inputs.user, str(facts.read("session")), str(facts.read("agent.id")))


class _Kept:
    """What the exchange says is to be kept, for whom."""

    def __init__(self, parts: Parts, source: Source) -> None:
        self._parts, self._source = parts, source

    async def take(self, step: Open) -> Callable[[], None] | Failure:
        return await self._parts.memory.take(step)

    def begin(self, provider: str) -> None:
        self._parts.memory.begin(provider)

    def told(self, provider: str, headers: Headers) -> None:
        self._parts.memory.told(provider, headers)

    def end(self, provider: str) -> None:
        self._parts.memory.end(provider)

    def remember(self, key: str, value: Any) -> None:
        self._parts.memory.remember(_who(self._source.facts), key, value)

    def record(self, record: UsageRecord) -> None:
        entry, parts = make(record, self._source), self._parts
        parts.memory.record(self._source.facts.inputs.now, record, entry.cost or 0, entry.project)
        parts.tell(entry)
        parts.keep(entry, self._source)
        if self._source.local:
            parts.world.passed(entry.project)
