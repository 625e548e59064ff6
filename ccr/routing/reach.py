"""Which requests get to which chains: the prospects of a world with what is known of their models.

What the checks with the catalogue have in common: they ask whether a request with some property gets to a chain whose
models cannot serve it, and only of chains that people wrote and whose members are all known.
"""

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from ccr.diagnostics.source import Span
from ccr.lang import ast
from ccr.lang.formula import Formula
from ccr.lang.prove import Answer
from ccr.providers.spec import ModelSpec
from ccr.routing.catalog import ConfiguredModel, ConfiguredProvider
from ccr.routing.effects import DESCRIBES
from ccr.routing.prospects import Fixed, Line, Prospect, Prospects

WRITTEN = ("policy", "session", "project", "user")
"""Layers that people write in the language."""
_DAY = re.compile(r"(\d{4}-\d{2})-\d{2}")


class Reached(Struct, frozen=True, eq=False):
    """One chain, drawn one way. `earlier`: when a request has gone elsewhere before."""

    prospect: Prospect
    line: Line
    condition: Formula
    earlier: tuple[Formula, ...]

    def ask(self, prospects: Prospects, *also: Formula, others: Sequence[Formula] = ()) -> Answer:
        """A request that gets here and has these properties too, and none of the others."""
        goal = prospects.formulas.all((self.condition, *also))
        return prospects.prover.ask(goal, [*self.earlier, *others])

    @property
    def fixed(self) -> tuple[Fixed, ...]:
        """The members; empty if one of them is named by somebody else."""
        members = tuple(each for each in self.line.members if isinstance(each, Fixed))
        return members if len(members) == len(self.line.members) else ()


def reached(prospects: Prospects) -> Iterator[Reached]:
    """Every chain that people wrote, in the order in which requests get there."""
    outcomes = prospects.of(tuple(prospects.layers))
    for at, prospect in enumerate(outcomes):
        if prospect.layer not in WRITTEN:
            continue
        earlier = tuple(each.condition for each in outcomes[:at])
        for line in prospect.lines:
            condition = prospects.formulas.all((prospect.condition, line.drawn))
            yield Reached(prospect, line, condition, earlier)


def provider_of(prospects: Prospects, member: Fixed) -> ConfiguredProvider | None:
    return prospects.snapshot.catalog.providers.get(member.destination.provider)


def model_of(prospects: Prospects, member: Fixed) -> ConfiguredModel | None:
    provider = provider_of(prospects, member)
    return provider.models.get(member.destination.model) if provider is not None else None


def facts_of(prospects: Prospects, member: Fixed) -> ModelSpec:
    model = model_of(prospects, member)
    return model.spec if model is not None else ModelSpec()


def source(prospects: Prospects, member: Fixed, fact: str) -> str:
    """Where a fact comes from: `catalogue 2025-11`, or the person's own file."""
    model = model_of(prospects, member)
    if model is None or fact in model.declared:
        return "as declared"
    day = _DAY.search(model.spec.source)
    return f"catalogue {day[1]}" if day else "catalogue"


def is_own(prospects: Prospects, member: Fixed, fact: str) -> bool:
    """Whether a fact stands in the person's own file: then a finding is an error (rulings 1.6)."""
    model = model_of(prospects, member)
    return model is not None and fact in model.declared


def condition_of(prospect: Prospect) -> Span | None:
    """The condition nearest to the route."""
    rule = prospect.rule
    return rule.conditions[-1].span if rule is not None and rule.conditions else None


def actions(prospects: Prospects, layer: str, before: Prospect) -> Iterator[tuple[ast.Action, Formula]]:
    """What a layer does above a route, with the condition of each."""
    order = before.rule.rule.order if before.rule is not None and before.layer == layer else None
    for rule in prospects.guards[layer].rules:
        if not rule.ends and (order is None or rule.rule.order < order):
            yield rule.rule.action, rule.own


def drops_of(prospects: Prospects, field: str, before: Prospect) -> list[Formula]:
    """When the rules take a field out of requests that get to a route, or put its pictures into words."""
    return [
        own
        for layer in prospects.guards
        for action, own in actions(prospects, layer, before)
        if (isinstance(action, ast.Drop) and action.field.text == field)
        or (isinstance(action, ast.Use) and field == "images" and _names(action.transform, DESCRIBES))
    ]


def _names(transform: ast.Name | ast.PythonRef, name: str) -> bool:
    return isinstance(transform, ast.Name) and transform.text == name
