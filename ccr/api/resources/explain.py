"""What the rules do with a request, and why: of a request, of a sample, also under rules that are being edited.

No request is sent and nothing is remembered. It is `ccr explain`, with the rules in force or with a text in their place.
"""

import asyncio
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from ccr.api.findings import Findings, findings_of
from ccr.api.refusal import Refused
from ccr.api.resource import Call, Effect, Operation, Resource
from ccr.api.rulefiles import path_of, with_text
from ccr.facts.facts import Facts
from ccr.facts.inputs import Inputs
from ccr.lang.values import Undecided
from ccr.messages.request import MessagesRequest
from ccr.routing.decide import decide
from ccr.routing.explain import to_json, to_text
from ccr.routing.plan import Plan
from ccr.routing.planning import plan
from ccr.routing.sample import read_sample
from ccr.routing.snapshot import Snapshot
from ccr.routing.workspace import load


class Edited(Struct, frozen=True):
    """A file of the user layer as it is being edited."""

    name: str
    text: str


class Ask(Struct, frozen=True):
    """Either `sample`, such as `{ model = "claude-haiku-4-5", tokens = 70k }`, or `request`, the body of a Messages
    request with its `headers`. `edited`: decide under this text instead of what is in force."""

    sample: str = ""
    request: dict[str, Any] | None = None
    headers: dict[str, str] = {}
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
    `unsaid`, which the sample does not say."""

    explained: Explained | None
    findings: Findings
    unsaid: str | None = None


async def _explain(call: Call) -> Answer:
    snapshot, findings = await asyncio.to_thread(_world, call)
    if snapshot is None:
        return Answer(None, findings)
    facts = _facts(call, snapshot)
    if isinstance(facts, Findings):
        return Answer(None, facts)
    try:
        return Answer(await _told(call, snapshot, facts), findings)
    except KeyError as unknown:
        return Answer(None, findings, str(unknown.args[0]))


def _world(call: Call) -> tuple[Snapshot | None, Findings]:
    """The rules to decide by: those in force, or with the edited text among them."""
    edited, live = call.body.edited, call.parts.live
    if edited is None:
        return live.current, findings_of(())
    sources = with_text(live, path_of(live, edited.name), edited.text)
    loaded = load(sources, live.look(), call.parts.vocabulary, proofs=False)
    return loaded.snapshot, findings_of(loaded.diagnostics)


def _facts(call: Call, snapshot: Snapshot) -> Facts | Findings:
    asked: Ask = call.body
    if asked.request is None:
        assert snapshot.environment is not None, "a snapshot is made by workspace.load"
        if not asked.sample.strip():
            raise Refused(400, "invalid", "say a sample or paste a request")
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
    said = to_json(decision, snapshot, facts, made.skipped)
    return msgspec.convert({**said, "text": to_text(decision, snapshot, facts, made.skipped).rstrip()}, Explained)


RESOURCE = Resource(
    "explain",
    "Try a request: which rules hold, which do not, which were not needed, and where it would go. Nothing is sent.",
    (Operation("POST", "/explain", "What the rules do with a request", _explain, Answer, Ask, effect=Effect.READS),),
)
