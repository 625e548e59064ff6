"""How it goes: what runs, what was asked today, what it cost, and whether the last change of the rules failed."""

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import partial

from msgspec import Struct, structs

from ccr import __version__
from ccr.api.findings import Findings, findings_of
from ccr.api.logbook import asked, newest
from ccr.api.parts import Parts
from ccr.api.refusal import Refused
from ccr.api.resource import Call, Operation, Resource
from ccr.api.told import MICRO, Told, told
from ccr.usage.entry import Entry
from ccr.usage.queries import ask, period
from ccr.usage.store import Store, Sum

RECENT = 100
"""Requests that a page begins with."""


class Failure(Struct, frozen=True):
    """The sources do not load. `at` in seconds since the epoch; `fault`: a mistake of ccr itself, in words."""

    at: float
    fault: str
    findings: Findings


class Today(Struct, frozen=True):
    """Since midnight in the zone of the settings. Dollars; `asked`: what the models that were asked for would have cost, and
    `saved` against that, of the requests of which both prices are known, null where there are none. `logged`: it is
    from the log; else `saved` is of the last requests alone, because nothing is logged."""

    requests: int
    spend: float
    week: float
    month: float
    saved: float | None
    asked: float
    logged: bool


class Status(Struct, frozen=True):
    """`uptime` and `age` (of the rules in force) in seconds. `rules`: live, or stale while a failed load stands. `workers`:
    how many serve; where it is more than one, `today` and `recent` are those of all of them, from the log."""

    version: str
    pid: int
    uptime: float
    snapshot: str
    age: float
    rules: str
    sources: tuple[str, ...]
    providers: int
    workers: int
    findings: dict[str, int]
    failure: Failure | None
    today: Today
    recent: tuple[Told, ...]


async def _status(call: Call) -> Status:
    live = call.parts.live
    snapshot, failed, now = live.current, live.last_failure, time.time()
    return Status(
        version=__version__,
        pid=os.getpid(),
        uptime=now - live.started_at,
        snapshot=snapshot.id,
        age=now - live.loaded_at,
        rules="stale" if failed else "live",
        sources=tuple(file.name for file in snapshot.sources),
        providers=len(snapshot.catalog.configured),
        workers=call.parts.workers(),
        findings=findings_of(snapshot.findings).summary,
        failure=Failure(failed.at, failed.fault, findings_of(failed.diagnostics)) if failed else None,
        today=await _today(call.parts),
        recent=tuple(told(each) for each in await _recent(call.parts)),
    )


async def _recent(parts: Parts) -> Sequence[Entry]:
    """The newest first."""
    entries: tuple[Entry, ...] = ()
    if parts.workers() > 1:
        with suppress(Refused):
            entries = await newest(parts, RECENT)
    return entries or tuple(reversed(parts.recent))


async def _today(parts: Parts) -> Today:
    found: dict[str, Sum] = {}
    with suppress(Refused):  # the page of the log says why it cannot be read
        found = await asked(parts, partial(_sums, parts.now().date()), found)
    day = found.get("today")
    if day is None:
        return _remembered(parts)
    if parts.workers() > 1:
        paid = {name: each.cost / MICRO for name, each in found.items()}
        return _with_saved(Today(day.requests, paid["today"], paid["week"], paid["month"], None, 0.0, True), day)
    return _with_saved(_remembered(parts), day)


def _sums(today: date, store: Store) -> dict[str, Sum]:
    """What all requests of a time come to, by its name; without what had none."""
    reports = {name: ask(store, period(name, today), "", {}).total for name in ("today", "week", "month")}
    return {name: total for name, total in reports.items() if total is not None}


def _with_saved(today: Today, day: Sum) -> Today:
    saved = day.saved / MICRO if day.asked else None
    return structs.replace(today, saved=saved, asked=day.asked / MICRO, logged=True)


def _remembered(parts: Parts) -> Today:
    """What this process knows: the sums that budgets go by, and savings of the last requests."""
    sums = parts.spend()
    midnight = parts.now().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    known = [each for each in parts.recent if each.at >= midnight and each.record.target and each.saved is not None]

    def money(name: str) -> float:
        value = sums.get(name, 0)
        return value / MICRO if isinstance(value, int) else 0.0

    requests = sums.get("requests.today", 0)
    return Today(
        requests=requests if isinstance(requests, int) else 0,
        spend=money("spend.today"),
        week=money("spend.week"),
        month=money("spend.month"),
        saved=sum(each.saved or 0 for each in known) / MICRO if known else None,
        asked=sum(each.asked_cost or 0 for each in known) / MICRO,
        logged=False,
    )


RESOURCE = Resource(
    "status",
    "What runs and how it goes; `/events` tells what changes.",
    (Operation("GET", "/status", "How it goes", _status, Status),),
)
