"""What is said where no provider answers: the demo, and `--dry-run` (mission: demo provider).

It tells what was decided in the language's own words: which rule, by which facts, what else the rules change, and what
to set to reach a real model.
"""

from collections.abc import Iterator

from ccr.facts.facts import Facts
from ccr.lang.values import Reading
from ccr.providers.spec import ProviderSpec
from ccr.routing.decision import Decision
from ccr.routing.explain import effect_lines, said
from ccr.routing.requested import has_anything, split_name
from ccr.routing.snapshot import Snapshot
from ccr.routing.targets import DEMO
from ccr.routing.wording import say

_AT_ONCE = "a ccr that watches takes it at once"
_LONGEST = 80
"""Characters of a fact's value that are shown."""


def recite(decision: Decision, snapshot: Snapshot, facts: Facts) -> str:
    """The answer, in Markdown as the client shows it."""
    parts = [_opening(snapshot, facts), _decided(decision, snapshot), _facts(snapshot, facts), _changes(decision)]
    if not has_anything(snapshot, facts.inputs.request):
        parts.append(_to_set(decision, snapshot, facts))
    return "\n\n".join(part for part in parts if part)


def _opening(snapshot: Snapshot, facts: Facts) -> str:
    if has_anything(snapshot, facts.inputs.request):
        return "ccr sent this request to nobody; this is what it decided."
    return "ccr is running, and no provider is set up yet. This is what it decided."


def _decided(decision: Decision, snapshot: Snapshot) -> str:
    chain = [str(each) for each in decision.chain if each.provider != DEMO]
    goes = f"The request would go to `{'`, then `'.join(chain)}`." if chain else "No target is named for it."
    if decision.rule is None:
        return f"No rule matched, so the model that was asked for counts. {goes}"
    return f"The rule at {decision.rule.place} matched:\n\n    {said(decision.rule, snapshot)}\n\n{goes}"


def _facts(snapshot: Snapshot, facts: Facts) -> str:
    lines = [f"- {name}: {_value(name, reading, snapshot)}" for name, reading in sorted(facts.looked_at.items())]
    return "Facts that were looked at:\n" + "\n".join(lines) if lines else ""


def _value(name: str, reading: Reading, snapshot: Snapshot) -> str:
    declared = snapshot.environment.attribute(name) if snapshot.environment is not None else None
    text = say(reading, declared.type.kind if declared is not None else None) or '""'
    flat = " ".join(text.split())
    return flat if len(flat) <= _LONGEST else flat[: _LONGEST - 1] + "…"


def _changes(decision: Decision) -> str:
    lines = [f"- {line}" for line in effect_lines(decision.effects)]
    return "On the way it would be changed:\n" + "\n".join(lines) if lines else ""


def _to_set(decision: Decision, snapshot: Snapshot, facts: Facts) -> str:
    names = [*(each.provider for each in decision.chain), split_name(facts.inputs.request.model)[0]]
    wanted = [snapshot.catalog.known.get(name) for name in names]
    named = list(dict.fromkeys(hint for spec in wanted if spec is not None for hint in _hints(spec)))
    if named:
        return "To reach it, " + ", or ".join(named) + "."
    keys = [name for name, spec in snapshot.catalog.known.items() if spec.auth.variables and not spec.local]
    home = snapshot.home or "~/.claude-code-router"
    return (
        "To reach a real model, log in with Claude Code, or run a model on this machine, or keep one key: "
        f"`ccr key set NAME` ({_AT_ONCE}), where NAME is one of {', '.join(keys)}. Then say in `{home}/rules/10-routes.ccr` where requests go: `default route PROVIDER/MODEL`. "
        "`ccr explain` tells what rules do with a request."
    )


def _hints(spec: ProviderSpec) -> Iterator[str]:
    if spec.local:
        yield f"start {spec.name} on this machine ({spec.base_url})"
    elif spec.auth.variables:
        yield f"say `ccr key set {spec.name}` ({_AT_ONCE}), or set {spec.auth.variables[0]} and start ccr again"
