"""What was asked and what it cost, by day, rule, model, target, project, user or kind: `ccr usage`, for the web UI."""

from functools import partial
from typing import Any

import msgspec
from msgspec import Struct

from ccr.api.logbook import State, asked, state
from ccr.api.refusal import Refused
from ccr.api.resource import Call, Operation, Resource
from ccr.usage.queries import PERIODS, Days, Report, ask, period
from ccr.usage.store import BY, FILTERS, Store, Sum
from ccr.usage.telling import values

MOST = 200
"""Rows of one answer."""


class Wanted(Struct, frozen=True):
    """`period`: today, yesterday, week (since Monday), month (since the first) or all. `by`: what is told apart."""

    period: str = "week"
    by: str = "day"
    user: str = ""
    project: str = ""
    rule: str = ""
    target: str = ""
    provider: str = ""
    model: str = ""
    kind: str = ""


class Row(Struct, frozen=True):
    """Tokens, dollars, seconds. `cost` is of the requests whose price is known, `unpriced` counts the others; `saved` and
    `asked_cost` are of those of which also the price of the model asked for is known."""

    key: str
    requests: int
    failed: int
    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    output_tokens: int
    cost: float
    unpriced: int
    asked_cost: float
    saved: float
    seconds: float
    first_content_seconds: float | None


class Unpriced(Struct, frozen=True):
    """A target of which no price is known."""

    target: str
    requests: int


class Usage(Struct, frozen=True):
    """`since`, `until`: days, both included, as `2026-11-22`; `since` null: from the first there is. `total` null: nothing
    was asked. Rows by day in order of days, else the dearest first; `more`: there are more than are told."""

    state: State
    since: str | None
    until: str
    by: str
    total: Row | None
    rows: tuple[Row, ...]
    more: bool
    unpriced: tuple[Unpriced, ...]


async def _usage(call: Call) -> Usage:
    wanted: Wanted = call.query
    if wanted.period not in PERIODS:
        raise Refused(400, "invalid", f"period is one of {', '.join(PERIODS)}")
    if wanted.by not in BY or wanted.by == "session":
        raise Refused(400, "invalid", f"by is one of {', '.join(each for each in BY if each != 'session')}")
    where = {name: value for name in FILTERS if (value := getattr(wanted, name, ""))}
    today = call.parts.now().date()
    days = period(wanted.period, today)
    report = await asked(call.parts, partial(_asked, days, wanted.by, where), Report(days, wanted.by, where, None))
    rows = sorted(report.rows, key=lambda each: each.key) if wanted.by == "day" else report.rows
    return Usage(
        state=state(call.parts),
        since=days.since if days.since > "0001" else None,
        until=min(days.until, today.isoformat()),
        by=wanted.by,
        total=_row(report.total) if report.total is not None else None,
        rows=tuple(_row(each) for each in rows[:MOST]),
        more=len(rows) > MOST,
        unpriced=tuple(Unpriced(each.key, each.unpriced) for each in report.unpriced),
    )


def _asked(days: Days, by: str, where: dict[str, str], store: Store) -> Report:
    return ask(store, days, by, where, MOST)


def _row(each: Sum) -> Row:
    said: dict[str, Any] = {"key": each.key, **values(each)}
    return msgspec.convert(said, Row)


RESOURCE = Resource(
    "usage",
    "What was asked, what it cost and what was saved. What has no known price is counted, never guessed.",
    (Operation("GET", "/usage", "Sums of a time", _usage, Usage, query=Wanted),),
)
