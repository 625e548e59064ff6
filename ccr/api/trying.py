"""One small real request of a model, planned as the proxy plans but for no rule and nobody's rest."""

import secrets
from datetime import datetime
from typing import Any

from ccr.api.parts import Parts
from ccr.facts.facts import Facts
from ccr.facts.inputs import Inputs
from ccr.lang.values import Undecided
from ccr.routing.catalog import ConfiguredProvider
from ccr.routing.models import locate
from ccr.routing.plan import Attempts, Plan
from ccr.routing.snapshot import Snapshot
from ccr.upstream.probe import plan_for, probe, small_request
from ccr.upstream.tried import as_json, not_tried


async def planned(parts: Parts, snapshot: Snapshot, provider: ConfiguredProvider, model: str) -> tuple[Plan, Facts]:
    """The plan for that one target. Raises KeyError for what only a request of Claude Code tells."""
    now: datetime = parts.now()
    facts = Facts(parts.vocabulary.readers, Inputs(small_request(model), now))
    destination = locate(provider, model).destination

    def ask(known: Facts) -> Plan | Undecided:
        return plan_for(destination, snapshot, known, parts.vocabulary)

    made, facts = await parts.settle(ask, facts, parts.hooks.answers(snapshot))
    return made, facts


async def tried(parts: Parts, provider: ConfiguredProvider, model: str) -> dict[str, Any]:
    """How it went, as `tried.as_json` tells it; also why nothing was sent."""
    try:
        made, facts = await planned(parts, parts.snapshot, provider, model)
    except KeyError as unknown:
        why = f"its block asks for `{unknown.args[0]}`, which only a request of Claude Code tells"
        return _not(provider, model, why)
    if not isinstance(made, Attempts):
        return _not(provider, model, not_tried(made, provider))
    found = await probe(made, facts.inputs.request, parts.client, f"req_{secrets.token_hex(10)}")
    return as_json(found, provider)


def _not(provider: ConfiguredProvider, model: str, why: str) -> dict[str, Any]:
    return {
        "ok": False, "target": f"{provider.name}/{model}", "outcome": "not tried", "status": None, "message": why,
        "first_byte": None, "seconds": 0.0, "tokens": {"input": 0, "output": 0}, "text": "", "mend": None, "attempts": [],
    }  # fmt: skip
