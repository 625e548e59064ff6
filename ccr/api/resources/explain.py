"""What the rules do with a request, and why: of a request, of a sample, of one in the log, also under rules that are being
edited.

No request is sent and nothing is remembered. It is `ccr explain`, with the rules in force or with a text in their place.
"""

import asyncio
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from ccr.api.editing import Edited, world
from ccr.api.findings import Findings, findings_of
from ccr.api.logbook import asked
from ccr.api.refusal import Refused
from ccr.api.resource import Call, Effect, Operation, Resource
from ccr.facts.facts import Facts
from ccr.facts.inputs import Inputs
from ccr.lang.values import Undecided
from ccr.messages.request import MessagesRequest
from ccr.routing.decide import decide
from ccr.routing.decision import Decision, Skip
from ccr.routing.explain import to_json, to_text
from ccr.routing.plan import Plan
from ccr.routing.planning import plan
from ccr.routing.sample import read_sample
from ccr.routing.snapshot import Snapshot
from ccr.usage.again import facts_of
from ccr.usage.entry import Entry


class Ask(Struct, frozen=True):
    """One of `sample`, such as `{ model = "claude-haiku-4-5", tokens = 70k }`, `request`, the body of a Messages
    request with its `headers`, and `logged`, the id of a request in the log, which is decided by what was known of it then.
    `edited`: decide under this text instead of what is in force."""

    sample: str = ""
    request: dict[str, Any] | None = None
    headers: dict[str, str] = {}
    logged: str = ""
    edited: Edited | None = None


class Rule(Struct, frozen=True):
    file: str
    line: int
    text: str


class Looked(Struct, frozen=True):
    """A rule that was looked at. `result`: true, false, or `not needed`. `came_to_nothing`: it held, but no target of its
    route could take the request."""

    file: str
    line: int
    text: str
    result: bool | str
    came_to_nothing: bool
    facts: dict[str, Any]


class Skipped(Struct, frozen=True):
    target: str
    why: str


class Explained(Struct, frozen=True):
    """`outcome`: route or deny. `text`: all of it as `ccr explain` prints it."""

    outcome: str
    targets: tuple[str, ...]
    status: int | None
    message: str | None
    rule: Rule | None
    facts: dict[str, Any]
    looked_at: tuple[Looked, ...]
    set: dict[str, Any]
    drop: tuple[str, ...]
    use: tuple[str, ...]
    tags: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    guards: tuple[Rule, ...]
    snapshot: str
    text: str


class Answer(Struct, frozen=True):
    """`explained` is null where the edited rules do not load or the sample is wrong, or where the outcome hangs on
    `unsaid`, which the sample does not say or the log does not know."""

    explained: Explained | None
    findings: Findings
    unsaid: str | None = None


async def _explain(call: Call) -> Answer:
    snapshot, findings = await asyncio.to_thread(world, call.parts, call.body.edited)
    if snapshot is None:
        return Answer(None, findings)
    if call.body.logged:
        entry = await _entry(call, call.body.logged)
        return _again(call, snapshot, findings, entry)
    facts = _facts(call, snapshot)
    if isinstance(facts, Findings):
        return Answer(None, facts)
    try:
        return Answer(await _told(call, snapshot, facts), findings)
    except KeyError as unknown:
        return Answer(None, findings, str(unknown.args[0]))


def _facts(call: Call, snapshot: Snapshot) -> Facts | Findings:
    asked: Ask = call.body
    if asked.request is None:
        assert snapshot.environment is not None, "a snapshot is made by workspace.load"
        if not asked.sample.strip():
            raise Refused(400, "invalid", "say a sample, paste a request, or name one of the log")
        read = read_sample(asked.sample, snapshot.environment)
        return read.facts if read.facts is not None else findings_of(read.findings)
    zone = snapshot.settings.zone
    now = datetime.now(ZoneInfo(zone)) if zone else datetime.now().astimezone()
    headers = tuple((name.lower(), value) for name, value in asked.headers.items())
    request = MessagesRequest(asked.request, msgspec.json.encode(asked.request), headers)
    return Facts(call.parts.vocabulary.readers, Inputs(request, now))


async def _told(call: Call, snapshot: Snapshot, facts: Facts) -> Explained:
    """The decision told. Raises KeyError for what is not said."""
    parts = call.parts
    answers = parts.hooks.answers(snapshot)
    decision, facts = await parts.settle(partial(decide, snapshot, trace=True), facts, answers)

    def planned(known: Facts) -> Plan | Undecided:
        return plan(decision, snapshot, known, parts.health(), parts.vocabulary)

    made, facts = await parts.settle(planned, facts, answers)
    return _converted(decision, snapshot, facts, made.skipped)


# ---- from the log -----------------------------------------------------------------------------------------------------


async def _entry(call: Call, id: str) -> Entry:
    """Raises Refused where the log does not have it."""
    nothing: tuple[Entry, ...] = ()
    found = await asked(call.parts, lambda store: store.find(id), nothing)
    if len(found) != 1:
        raise Refused(404, "not_found", f"the log has {'several requests' if found else 'no request'} {id}")
    return found[0]


def _again(call: Call, snapshot: Snapshot, findings: Findings, entry: Entry) -> Answer:
    """Exactly, or not at all: what the log does not know is not guessed, and nobody is asked."""
    facts = facts_of(entry, snapshot)
    decision = decide(snapshot, facts, trace=True)
    if isinstance(decision, Undecided):
        return Answer(None, findings, decision.attribute)
    made = plan(decision, snapshot, facts, call.parts.health(), call.parts.vocabulary)
    if isinstance(made, Undecided):
        return Answer(None, findings, made.attribute)
    return Answer(_converted(decision, snapshot, facts, made.skipped), findings)


def _converted(decision: Decision, snapshot: Snapshot, facts: Facts, skipped: tuple[Skip, ...]) -> Explained:
    said = to_json(decision, snapshot, facts, skipped)
    return msgspec.convert({**said, "text": to_text(decision, snapshot, facts, skipped).rstrip()}, Explained)


RESOURCE = Resource(
    "explain",
    "Try a request: which rules hold, which do not, which were not needed, and where it would go. Nothing is sent.",
    (Operation("POST", "/explain", "What the rules do with a request", _explain, Answer, Ask, effect=Effect.READS),),
)
