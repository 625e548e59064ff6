"""The log of requests: found by when, where and whose, one told as `ccr explain` tells it, and decided again.

No text is in it unless `log = full` kept what was sent, and then only who asks for it by name gets it. What an edited
rule would have made of a request is decided from what the log kept, exactly or not at all.
"""

import asyncio
from datetime import datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct, structs

from ccr.api.editing import Edited, world
from ccr.api.findings import Findings, findings_of
from ccr.api.logbook import State, asked, state
from ccr.api.parts import Parts
from ccr.api.refusal import Refused
from ccr.api.resource import Call, Effect, Operation, Resource
from ccr.api.told import Told, told
from ccr.lang.values import Undecided
from ccr.routing.decision import Decision
from ccr.routing.explain import one_line
from ccr.usage.again import decided_again
from ccr.usage.entry import Entry
from ccr.usage.recounting import as_json, called, text, value, was_asked
from ccr.usage.store import FILTERS, Store

MOST = 200
"""Rows of one answer."""
SCAN = 3000
"""Entries that a search looks through before it answers what it has."""
_EVER = ("0000-00-00", "9999-99-99")
_CHOICES = ("target", "rule", "kind", "user", "project")
_NAMES = 100
_PATIENCE, _BETWEEN = 1.0, 0.1
"""Seconds for which a request that has just ended is waited for: the log is written a moment later."""


class Wanted(Struct, frozen=True):
    """`since`, `until`: seconds since the epoch, the end not included. `search`: words, all of which an entry holds
    somewhere. What is empty is not asked."""

    since: float = 0.0
    until: float = 1e11
    user: str = ""
    project: str = ""
    session: str = ""
    kind: str = ""
    rule: str = ""
    target: str = ""
    provider: str = ""
    model: str = ""
    outcome: str = ""
    search: str = ""
    limit: int = 50


class Requests(Struct, frozen=True):
    """Newest first. `until`: what to ask for the ones before, null if there are none."""

    state: State
    requests: tuple[Told, ...]
    until: float | None


class Choices(Struct, frozen=True):
    """What there is to filter by, the dearest first; at most a hundred of each."""

    target: tuple[str, ...] = ()
    rule: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    user: tuple[str, ...] = ()
    project: tuple[str, ...] = ()


class Value(Struct, frozen=True):
    name: str
    value: str


class Step(Struct, frozen=True):
    """A rule that was looked at. `result`: true, false or `not needed`. `came_to_nothing`: it held, but its route came to
    no target. `facts`: what its condition read."""

    layer: str
    file: str
    line: int
    text: str
    result: bool | str
    came_to_nothing: bool
    chosen: bool
    facts: tuple[Value, ...]


class Try(Struct, frozen=True):
    """Seconds since the request came. `key`: a fingerprint. `message`: what the provider said where it failed."""

    target: str
    outcome: str
    status: int
    began: float
    first_byte: float | None
    ended: float
    message: str
    key: str


class Tokens(Struct, frozen=True):
    """`estimated`: the provider told nothing and the numbers are ours."""

    input: int
    output: int
    cache_read: int
    cache_write: int
    web_searches: int
    estimated: bool


class Story(Struct, frozen=True):
    """One request. Seconds, dollars; null is unknown. `called`: how people call it. `chain`: the targets the rules gave,
    `skipped` those passed over and why, `edits` what the last target was not told as asked. `body`: bytes of the
    request that are kept. `text`: all of it as `ccr explain` prints it."""

    id: str
    called: str
    at: float
    session: str
    agent: str
    kind: str
    recognised: str
    user: str
    project: str
    model: str
    rule: str
    snapshot: str
    chain: tuple[str, ...]
    denied: int | None
    facts: dict[str, Any]
    looked_at: tuple[Step, ...]
    skipped: tuple[str, ...]
    attempts: tuple[Try, ...]
    target: str
    outcome: str
    status: int
    stop_reason: str
    streamed: bool
    duplicate: bool
    first_content: float | None
    duration: float
    usage: Tokens
    cost: float | None
    asked_cost: float | None
    saved: float | None
    edits: tuple[str, ...]
    tags: tuple[str, ...]
    log: str
    body: int
    text: str


class Kept(Struct, frozen=True):
    """What was sent, where `log = full` kept it."""

    text: str


class AskAgain(Struct, frozen=True):
    """`edited`: decide under this text; else under the rules in force."""

    edited: Edited | None = None


class Again(Struct, frozen=True):
    """`loads` false: the edited rules do not load, `findings` say why. `undecided`: what it hangs on and the log did not
    keep. `before` and `denied_before`: what was decided then."""

    loads: bool
    findings: Findings
    same: bool = False
    undecided: str | None = None
    chain: tuple[str, ...] = ()
    denied: int | None = None
    rule: str | None = None
    rule_text: str = ""
    before: tuple[str, ...] = ()
    denied_before: int | None = None


_Rows = tuple[tuple[Entry, ...], float | None]


# ---- many -------------------------------------------------------------------------------------------------------------


async def _list(call: Call) -> Requests:
    wanted: Wanted = call.query
    most = max(1, min(wanted.limit, MOST))
    nothing: _Rows = ((), None)
    found, until = await asked(call.parts, partial(_found, wanted, most), nothing)
    return Requests(state(call.parts), tuple(told(each) for each in found), until)


def _found(wanted: Wanted, most: int, store: Store) -> _Rows:
    """The entries, and where to go on; of a search as far as it has looked."""
    where = {name: value for name in FILTERS if (value := getattr(wanted, name))}
    words = wanted.search.casefold().split()
    looked = SCAN if words else most + 1
    read = list(store.read(wanted.since, wanted.until, where, looked))
    fitting = [each for each in read if _has(each, words)]
    if len(fitting) > most:
        return tuple(fitting[:most]), fitting[most - 1].at
    return tuple(fitting), read[-1].at if len(read) == looked else None


def _has(entry: Entry, words: list[str]) -> bool:
    if not words:
        return True
    record = entry.record
    parts = (
        record.request_id, record.model, record.rule, record.target, record.kind, record.outcome, record.user,
        record.session, entry.project, *record.tags, *(each.message for each in record.attempts), *entry.chain,
    )  # fmt: skip
    text = " ".join(parts).casefold()
    return all(word.removeprefix("#") in text for word in words)


async def _choices(call: Call) -> Choices:
    def names(store: Store) -> Choices:
        found = {by: tuple(each.key for each in store.sums(*_EVER, by, most=_NAMES) if each.key) for by in _CHOICES}
        return Choices(**found)

    return await asked(call.parts, names, Choices())


# ---- one --------------------------------------------------------------------------------------------------------------


async def _entry(call: Call) -> Entry:
    """Raises Refused where there is none, or several begin so."""
    wanted = "req_" + call.path["id"].removeprefix("#").removeprefix("req_")
    found = await _find(call.parts, wanted)
    until = asyncio.get_running_loop().time() + _PATIENCE
    while not found and _has_just_ended(call.parts, wanted) and asyncio.get_running_loop().time() < until:
        await asyncio.sleep(_BETWEEN)
        found = await _find(call.parts, wanted)
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(409, "several", f"several requests begin with {call.path['id']}: write more of it")
    raise Refused(404, "not_found", f"the log has no request {call.path['id']}")


async def _find(parts: Parts, wanted: str) -> tuple[Entry, ...]:
    nothing: tuple[Entry, ...] = ()
    return await asked(parts, lambda store: store.find(wanted), nothing)


def _has_just_ended(parts: Parts, wanted: str) -> bool:
    return any(each.record.request_id.startswith(wanted) for each in parts.recent)


async def _story(call: Call) -> Story:
    entry, zone = await _entry(call), call.parts.settings().zone
    environment = call.parts.vocabulary.environment
    there = ZoneInfo(zone) if zone else None
    said = as_json(entry)
    steps = [
        {**step, "facts": [Value(name, value(entry, name, environment)) for name in each.names if was_asked(each)]}
        for step, each in zip(said["looked_at"], entry.looked, strict=True)
    ]
    printed = text(entry, environment, lambda at: datetime.fromtimestamp(at, there))
    more = {"looked_at": steps, "called": called(entry), "body": len(entry.body), "text": printed}
    return msgspec.convert(msgspec.to_builtins({**said, **more}), Story)


async def _body(call: Call) -> Kept:
    entry = await _entry(call)
    if not entry.body:
        said = f"what {called(entry)} sent was not kept; `set log = full` keeps it from then on"
        raise Refused(404, "not_kept", said)
    return Kept(entry.body.decode("utf-8", "replace"))


# ---- again ------------------------------------------------------------------------------------------------------------


async def _again(call: Call) -> Again:
    entry = await _entry(call)
    snapshot, findings = await asyncio.to_thread(world, call.parts, call.body.edited)
    if snapshot is None:
        return Again(False, findings)
    decided = await asyncio.to_thread(decided_again, entry, snapshot)
    then = Again(True, findings_of(()), before=entry.chain, denied_before=entry.denied or None)
    if isinstance(decided, Undecided):
        return structs.replace(then, undecided=decided.attribute)
    return structs.replace(then, **_outcome(decided, entry))


def _outcome(decided: Decision, entry: Entry) -> dict[str, Any]:
    status = decided.denial.status if decided.denial is not None else 0
    chain = tuple(map(str, decided.chain))
    return {
        "same": (chain, status) == (entry.chain, entry.denied),
        "chain": chain,
        "denied": status or None,
        "rule": decided.rule.place if decided.rule is not None else None,
        "rule_text": one_line(decided.rule.at) if decided.rule is not None else "",
    }


RESOURCE = Resource(
    "log",
    "Requests that were served, as the log keeps them: never a text, unless `log = full` kept it.",
    (
        Operation("GET", "/log", "Requests, newest first", _list, Requests, query=Wanted),
        Operation("GET", "/log/choices", "What there is to filter by", _choices, Choices),
        Operation("GET", "/log/{id}", "One request's whole story", _story, Story),
        Operation("GET", "/log/{id}/body", "What was sent, where it was kept", _body, Kept),
        Operation("POST", "/log/{id}/again", "What rules make of it now", _again, Again, AskAgain, effect=Effect.READS),
    ),
)
