"""A decision told: to a person as lines, to a program as JSON (README decision 15).

Each rule's condition came to yes, to no, or was not needed; nothing is told that was not looked at.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ccr.diagnostics.source import Span
from ccr.diagnostics.veil import keylike, veil
from ccr.facts.facts import Facts
from ccr.lang.ast import PythonRef, Route, When
from ccr.lang.environment import Cost
from ccr.lang.format import print_statement
from ccr.lang.locations import python_place
from ccr.lang.tree import Rule
from ccr.lang.values import Bounds, Reading
from ccr.messages.tokens import size_bounds
from ccr.routing.decision import Decision, Looked, RuleRef, Skip
from ccr.routing.effects import DropField, Effect, Rewrite, SetField, Tagged
from ccr.routing.snapshot import Snapshot
from ccr.routing.wording import plain, say
from ccr.routing.workspace import CONFIG

_WORDS: Mapping[bool | None, str] = {True: "YES", False: "no", None: "not needed"}
_COSTS = {Cost.FREE: "free", Cost.STATE: "state", Cost.SCAN: "scanned", Cost.EXTERNAL: "asked"}
_WIDEST = 64
"""Columns of a rule's text that are shown."""


def one_line(span: Span) -> str:
    """A statement as written, on one line."""
    return " ".join(span.text.split())


def said(rule: RuleRef | Looked, snapshot: Snapshot) -> str:
    """A rule as written, on one line; of config.json the rule that it means, because its own words do not say it."""
    if rule.layer != CONFIG:
        return one_line(rule.at)
    found = _rule_of(rule, snapshot)
    whole = When(found.condition, (found.action,), False, rule.at) if found and found.condition else rule.action
    return f"{'' if found else 'default '}{' '.join(print_statement(whole).split())}"


def _rule_of(told: RuleRef | Looked, snapshot: Snapshot) -> Rule | None:
    """The compiled rule; None for a default."""
    layers = (layer for layer in snapshot.policy.layers if layer.name == told.layer)
    return next((rule for layer in layers for rule in layer.program.rules if rule.action is told.action), None)


def place(span: Span) -> str:
    return f"{span.file.name}:{span.position[0]}"


# ---- for programs -------------------------------------------------------------------------------------------------


def to_json(decision: Decision, snapshot: Snapshot, facts: Facts, skipped: Iterable[Skip] = ()) -> dict[str, Any]:
    """Keys as README decision 15 lists them. `skipped`: those passed over while planning."""
    passed = (*decision.skipped, *(each for each in skipped if each not in decision.skipped))
    return {
        "outcome": "deny" if decision.denial else "route",
        "targets": [str(each) for each in decision.chain],
        "status": decision.denial.status if decision.denial else None,
        "message": decision.denial.message if decision.denial else None,
        "rule": _rule(decision.rule.at, said(decision.rule, snapshot)) if decision.rule else None,
        "facts": {name: plain(reading) for name, reading in facts.looked_at.items()},
        "looked_at": [_looked(each, snapshot, facts) for each in decision.looked_at],
        "set": {each.field: _set(each) for each in decision.effects if isinstance(each, SetField)},
        "drop": [_drop(each) for each in decision.effects if isinstance(each, DropField)],
        "use": [each.name for each in decision.effects if isinstance(each, Rewrite)],
        "tags": [each.name for each in decision.effects if isinstance(each, Tagged)],
        "skipped": [{"target": each.target, "why": each.why} for each in passed],
        "guards": [_rule(span, one_line(span)) for span in decision.guards],
        "snapshot": snapshot.id,
    }


def _rule(at: Span, text: str) -> dict[str, Any]:
    return {"file": at.file.name, "line": at.position[0], "text": text}


def _looked(looked: Looked, snapshot: Snapshot, facts: Facts) -> dict[str, Any]:
    known = _facts_of(looked, snapshot, facts)
    result = "not needed" if looked.result is None else looked.result
    return {
        **_rule(looked.at, said(looked, snapshot)),
        "result": result,
        "came_to_nothing": looked.nothing,
        "facts": {name: plain(value) for name, value in known.items()},
    }


def _facts_of(looked: Looked, snapshot: Snapshot, facts: Facts) -> Mapping[str, Reading]:
    """What was read of the attributes that the rule's condition mentions, and what its functions in Python named."""
    rule = _rule_of(looked, snapshot)
    names = {subject.name for subject in rule.formula.subjects} if rule is not None else set()
    choices = looked.action.target.choices if isinstance(looked.action, Route) else ()
    names |= {f"python.target:{python_place(each)}" for each in choices if isinstance(each, PythonRef)}
    return {name: facts.looked_at[name] for name in sorted(names) if name in facts.looked_at}


# ---- for people ---------------------------------------------------------------------------------------------------


def to_text(decision: Decision, snapshot: Snapshot, facts: Facts, skipped: Iterable[Skip] = ()) -> str:
    """The decision as a person reads it, line by line."""
    return "\n".join(_lines(decision, snapshot, facts, tuple(skipped))) + "\n"


def _lines(decision: Decision, snapshot: Snapshot, facts: Facts, skipped: tuple[Skip, ...]) -> Iterator[str]:
    yield f"{facts.inputs.request.model or 'no model'}  →  {_outcome(decision)}   (rules {snapshot.id})"
    yield ""
    yield from _rules(decision, snapshot, facts)
    yield from (f"    {line}" for line in effect_lines(decision.effects))
    yield ""
    for span in decision.guards:
        yield f"  guard       {one_line(span)}  ({place(span)})"
    for each in (*decision.skipped, *(each for each in skipped if each not in decision.skipped)):
        yield f"  skipped     {each.target}: {each.why}"
    yield f"  looked at   {_count(facts, snapshot)}"


def _outcome(decision: Decision) -> str:
    if decision.denial is not None:
        return f"denied, {decision.denial.status}: {decision.denial.message}"
    return ", then ".join(str(each) for each in decision.chain)


def _rules(decision: Decision, snapshot: Snapshot, facts: Facts) -> Iterator[str]:
    places = [place(each.at) for each in decision.looked_at]
    width = max((len(each) for each in places), default=0)
    texts = [_cut(said(each, snapshot)) for each in decision.looked_at]
    widest = max((len(each) for each in texts), default=0)
    for looked, where, text in zip(decision.looked_at, places, texts, strict=True):
        mark = "▶" if decision.rule is not None and looked.action is decision.rule.action else " "
        told = "   ".join(_told(*fact, snapshot, facts) for fact in _facts_of(looked, snapshot, facts).items())
        word = "no target" if looked.nothing else _WORDS[looked.result]
        yield f"{mark} {where:<{width}}  {text:<{widest}}  {word:<10}  {told}".rstrip()
    if decision.rule is not None and not any(each.action is decision.rule.action for each in decision.looked_at):
        yield f"▶ {decision.rule.place}  {said(decision.rule, snapshot)}"
    if decision.rule is None:
        yield "▶ no rule matched: the model that was asked for counts"


def _told(name: str, reading: Reading, snapshot: Snapshot, facts: Facts) -> str:
    declared = snapshot.environment.attribute(name) if snapshot.environment is not None else None
    value = say(reading, declared.type.kind if declared is not None else None)
    return f"{name}: {_cut(' '.join(value.split())) or chr(34) * 2}{_how(reading, facts)}"


def _how(reading: Reading, facts: Facts) -> str:
    """How far a number was found out: by the size of the body alone, or by counting a part of it."""
    if not isinstance(reading, Bounds):
        return ""
    request = facts.inputs.request
    by_size = reading.high == size_bounds(request, False).high
    return f", by size ({len(request.raw):,} bytes)" if by_size else ", counted in part"


def _count(facts: Facts, snapshot: Snapshot) -> str:
    """`9 facts: 5 free, 2 state, 2 scanned; tokens bounded, not counted`."""
    assert snapshot.environment is not None, "a snapshot is made by workspace.load"
    declared = (snapshot.environment.attribute(name) for name in facts.looked_at)
    costs = Counter(each.cost if each is not None else Cost.EXTERNAL for each in declared)
    number = costs.total() - costs[Cost.COUNT]
    parts = ", ".join(f"{costs[cost]} {word}" for cost, word in _COSTS.items() if costs[cost])
    said = f"{number} fact{'' if number == 1 else 's'}: {parts}" if number else "no fact"
    tokens = facts.looked_at.get("tokens")
    if tokens is None:
        return said
    return f"{said}; tokens {'bounded, not counted' if isinstance(tokens, Bounds) else 'counted'}"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


# ---- effects ------------------------------------------------------------------------------------------------------


def effect_lines(effects: Iterable[Effect]) -> Iterator[str]:
    """Effects as a rule file would say them."""
    for each in effects:
        match each:
            case SetField(field, value, _, add):
                written = one_line(each.span).partition("=")[2].strip() or str(value)
                yield _cut(veil(f"set {field} {'+=' if add else '='} {written}"))
            case DropField():
                yield f"drop {_drop(each)}"
            case Rewrite(name):
                yield f"use {name}"
            case Tagged(name):
                yield f"tag {name}"


def _set(each: SetField) -> Any:
    """The value; stars for a key that a header carries."""
    return "***" if isinstance(each.value, str) and keylike(each.field) else plain(each.value)


def _drop(drop: DropField) -> str:
    if drop.exact:
        return f"{drop.field} has {drop.exact}"
    return f"{drop.field} {'!~' if drop.negated else '~'} {drop.pattern}" if drop.pattern else drop.field
