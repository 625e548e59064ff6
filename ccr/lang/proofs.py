"""What a check of logic looks at: one layer's rules, the prover, and the words for what it shows.

A file in `lang/lints/` gives `LINT`; its docstring is the manual page of its code. It finds what the language can find by
itself; what needs to know models and providers is in `routing/lints/`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from msgspec import Struct

from ccr.diagnostics.diagnostic import Code, Diagnostic
from ccr.diagnostics.source import Span
from ccr.lang import ast
from ccr.lang.environment import Environment
from ccr.lang.formula import FALSE, Formula
from ccr.lang.guards import Guarded, Guards
from ccr.lang.literals import duration
from ccr.lang.prove import Answer, Found, Never, Prover
from ccr.lang.types import Kind
from ccr.lang.values import Value


class Proof(Struct, frozen=True, eq=False):
    """One layer under proof; `files` have their imports spliced."""

    guards: Guards
    prover: Prover
    environment: Environment
    files: tuple[ast.File, ...] = ()

    def reached(self, ending: Guarded) -> Answer:
        """Whether a request gets to a route or denial and satisfies its condition."""
        return self.prover.ask(ending.own, self.earlier(ending))

    def earlier(self, rule: Guarded) -> list[Formula]:
        """When the layer has ended before a rule."""
        return [each.met for each in self.guards.endings if each.rule.order < rule.rule.order]

    def possible(self, condition: Formula) -> bool:
        """Whether any request satisfies a condition; what was not settled counts as possible."""
        return condition is not FALSE and not isinstance(self.prover.ask(condition), Never)

    def smallest(self, needed: Sequence[int], holds: Callable[[Sequence[int]], bool]) -> list[int]:
        """A smallest part of the places that is still enough, found by leaving out one after the other."""
        kept = list(needed)
        for place in needed:
            fewer = [each for each in kept if each != place]
            if holds(fewer):
                kept = fewer
        return kept


class Lint(Struct, frozen=True):
    code: Code
    check: Callable[[Proof], Iterator[Diagnostic]]


def place_of(rule: Guarded) -> Span:
    """What a person would point at: the condition nearest to the action, else the action."""
    return rule.conditions[-1].span if rule.conditions else rule.rule.action.span


def conjuncts(conditions: Sequence[ast.Condition]) -> list[ast.Condition]:
    """The parts that all have to hold, `and` taken apart."""
    parts: list[ast.Condition] = []
    for condition in conditions:
        parts += conjuncts(condition.parts) if isinstance(condition, ast.And) else [condition]
    return parts


# ---- witnesses -------------------------------------------------------------------------------------------------------

_BARE = re.compile(r"[A-Za-z]+")
_SAID = frozenset({Kind.TIME})
"""Kinds whose zero is no absence."""


def witness(found: Found, environment: Environment) -> dict[str, Value]:
    """The facts of a request that was found, without what a sample need not say."""
    return {
        name: value for name, value in found.values.items() if ":" not in name and _is_said(name, value, environment)
    }


def _is_said(name: str, value: Value, environment: Environment) -> bool:
    declared = environment.attribute(name)
    if declared is None:
        return False
    if declared.type.kind in _SAID or (declared.cost.name == "COUNT"):
        return True
    return value != environment.absent.get(name, declared.type.zero)


def sample(facts: Mapping[str, Value], environment: Environment) -> str:
    """Facts as an `expect … for` takes them: `{ model = "claude-haiku-4-5", tokens = 2000 }`."""
    said = [_fact(name, facts[name], environment) for name in sorted(facts)]
    return f"{{ {', '.join(said)} }}" if said else "{ }"


def _fact(name: str, value: Value, environment: Environment) -> str:
    if value is True:
        return name
    declared = environment.attribute(name)
    return f"{name} = {literal(value, declared.type.kind if declared else Kind.STRING)}"


def literal(value: Value, kind: Kind) -> str:
    """A value as a rule file writes it."""
    match value:
        case bool():
            return "true" if value else "false"
        case frozenset():
            return f"[{', '.join(_text(each) for each in sorted(value))}]"
        case str():
            return _text(value)
        case _:
            return _NUMBERS.get(kind, str)(value)


def _text(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return value if _BARE.fullmatch(value) else f'"{escaped}"'


def _money(micro: float) -> str:
    whole, part = divmod(int(micro), 1_000_000)
    return f"${whole}" + (f".{part:06d}".rstrip("0") if part else "")


_NUMBERS: Mapping[Kind, Callable[[float], str]] = {
    Kind.MONEY: _money,
    Kind.TIME: lambda minutes: f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}",
    Kind.DURATION: lambda milliseconds: duration(int(milliseconds)),
    Kind.PERCENT: lambda share: f"{share:.15f}".rstrip("0").rstrip(".") + "%",
}
