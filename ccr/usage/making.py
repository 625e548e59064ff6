"""An exchange that has ended becomes an entry. On the hot path: only what lies at hand is put together.

`Source` is what the rest is found out from later, by the writer of the log (`filling.py`). It holds the whole request, so
nobody but that writer may keep it.
"""

from msgspec import Struct

from ccr.exchange.record import UsageRecord
from ccr.facts.facts import Facts
from ccr.routing.effects import Effect, SetField
from ccr.routing.plan import Attempts, Plan
from ccr.routing.prices import asked_for, price, priced
from ccr.routing.snapshot import Snapshot
from ccr.usage.entry import LEVELS, Entry


class Source(Struct, frozen=True, eq=False):
    """The world a request was decided in, the facts as they were known at its end, and what was planned."""

    snapshot: Snapshot
    facts: Facts
    plan: Plan
    local: bool = False


def make(record: UsageRecord, source: Source) -> Entry:
    """The entry, without what costs to find out."""
    snapshot, facts, decision = source.snapshot, source.facts, source.plan.decision
    usage, project = record.usage, facts.read("project")
    return Entry(
        at=facts.inputs.now.timestamp(),
        record=record,
        day=facts.inputs.now.date().isoformat(),
        project=project if isinstance(project, str) else "",
        cost=price(usage, priced(snapshot.catalog, record.target)) if record.target else 0,
        asked_cost=price(usage, asked_for(snapshot, record.model)),
        chain=tuple(map(str, decision.chain)),
        denied=decision.denial.status if decision.denial is not None else 0,
        log=_level(source.plan, snapshot.settings.log),
        local=source.local,
    )


def _level(plan: Plan, otherwise: str) -> str:
    """How much is written down. Where attempts differ, the most private word counts for the whole request."""
    chains = [each.effects for each in plan.attempts] if isinstance(plan, Attempts) else [plan.decision.effects]
    if not any(chains):
        return otherwise
    return min((_said(effects, otherwise) for effects in chains), key=LEVELS.index, default=otherwise)


def _said(effects: tuple[Effect, ...], otherwise: str) -> str:
    words = [str(each.value) for each in effects if isinstance(each, SetField) and each.field == "log"]
    return words[-1] if words else otherwise
