"""What of a layer its expectations have tried, counted in decisions and not in lines.

A decision is a route or denial that is taken, a test of a condition that holds where it matters and one that fails where
it matters, a member of a chain that the members before it lead to, a side of a split that is drawn, a transform that
fires. A test matters to a request that gets to its rule, if the rule's condition would come out otherwise with the
test's answer turned round. Who tries what is told by the host; here decisions are found, and painted beside the text.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from enum import Enum

from msgspec import Struct

from ccr.diagnostics.source import SourceFile, Span
from ccr.lang import ast
from ccr.lang.environment import Phase
from ccr.lang.flatten import Leaf, leaves
from ccr.lang.formula import FALSE, TRUE, Formula
from ccr.lang.guards import Guarded, Guards


class Kind(Enum):
    """The value is what is said of a decision that nothing tried."""

    TAKEN = "never taken"
    TRUE = "never true"
    FALSE = "never false"
    FALLBACK = "never reached"
    SIDE = "never drawn"
    FIRED = "never fired"


class Choice(Struct, frozen=True):
    """One decision: its kind and where it is written."""

    kind: Kind
    at: Span

    @property
    def line(self) -> int:
        return self.at.position[0]

    @property
    def text(self) -> str:
        return " ".join(self.at.text.split())


class Way(Struct, frozen=True, eq=False):
    """A test matters to requests that get to this rule and satisfy `matters`."""

    rule: Guarded
    matters: Formula


class Test(Struct, frozen=True, eq=False):
    """A single test as it is written, a let's name being one; `holds` is what it asks, `ways` where it matters."""

    at: Span
    holds: Formula
    ways: tuple[Way, ...]


def tests(guards: Guards, files: Iterable[ast.File]) -> tuple[Test, ...]:
    """Every test in the conditions of a layer's rules, and in the lets that these use. What only an answer tells, no
    expectation can say, so it is not counted."""
    found: dict[Span, Test] = {}
    for rule in guards.rules:
        if rule.rule.asked is Phase.REQUEST:
            for condition in rule.conditions:
                for leaf in leaves(condition):
                    way = Way(rule, _in_rule(guards, rule, condition, leaf))
                    before = found[leaf.span].ways if leaf.span in found else ()
                    found[leaf.span] = Test(leaf.span, guards.read(leaf), (*before, way))
    in_rules = [
        (leaf, found[leaf.span])
        for rule in guards.rules
        for condition in rule.conditions
        for leaf in leaves(condition)
        if leaf.span in found
    ]
    lets = {each.name.text: each for file in files for each in file.statements if isinstance(each, ast.Let)}
    for test in _in_lets(guards, in_rules, lets):
        found[test.at] = test
    return tuple(found.values())


def _in_rule(guards: Guards, rule: Guarded, condition: ast.Condition, leaf: Leaf) -> Formula:
    others = [guards.read(each) for each in rule.conditions if each is not condition]
    return guards.conditions.formulas.all([*others, turning(guards, condition, leaf)])


def _in_lets(guards: Guards, used: Iterable[tuple[Leaf, Test]], lets: Mapping[str, ast.Let]) -> Iterator[Test]:
    """The tests of lets, each let once, with the ways of all that use it; a let may use others."""
    formulas = guards.conditions.formulas
    ways: dict[str, dict[int, Way]] = {}
    waiting = [(leaf, test.ways) for leaf, test in used]
    order: list[str] = []
    while waiting:
        leaf, through = waiting.pop()
        name = leaf.name.text if isinstance(leaf, ast.Truth) else ""
        if name not in lets:
            continue
        known = ways.setdefault(name, {})
        fresh = [each for each in through if id(each) not in known]
        if not fresh:
            continue
        known.update((id(each), each) for each in fresh)
        order.append(name)
        for inner in leaves(lets[name].condition):
            turns = turning(guards, lets[name].condition, inner)
            waiting.append((inner, tuple(Way(way.rule, formulas.all((way.matters, turns))) for way in fresh)))
    for name in dict.fromkeys(order):
        for inner in leaves(lets[name].condition):
            turns = turning(guards, lets[name].condition, inner)
            through = tuple(Way(way.rule, formulas.all((way.matters, turns))) for way in ways[name].values())
            yield Test(inner.span, guards.read(inner), through)


def turning(guards: Guards, condition: ast.Condition, leaf: Leaf) -> Formula:
    """When a condition comes out otherwise with the answer of one of its tests turned round."""
    formulas = guards.conditions.formulas
    one, other = (_answered(guards, condition, leaf, answer) for answer in (TRUE, FALSE))
    differ = (formulas.all((one, formulas.negate(other))), formulas.all((other, formulas.negate(one))))
    return formulas.any(differ)


def _answered(guards: Guards, condition: ast.Condition, leaf: Leaf, answer: Formula) -> Formula:
    formulas = guards.conditions.formulas
    match condition:
        case ast.Or(parts=parts):
            return formulas.any([_answered(guards, part, leaf, answer) for part in parts])
        case ast.And(parts=parts):
            return formulas.all([_answered(guards, part, leaf, answer) for part in parts])
        case ast.Not(part=part):
            return formulas.negate(_answered(guards, part, leaf, answer))
        case _:
            return answer if condition is leaf else guards.read(condition)


# ---- the sum ---------------------------------------------------------------------------------------------------------


class Coverage(Struct, frozen=True, eq=False):
    """All decisions of some files, in the order of the text, and those that were tried."""

    choices: tuple[Choice, ...]
    tried: Collection[Choice]

    @property
    def permille(self) -> int:
        """Tried decisions of a thousand, rounded down; of none at all, all."""
        return len(self.done) * 1000 // len(self.choices) if self.choices else 1000

    @property
    def done(self) -> tuple[Choice, ...]:
        return tuple(each for each in self.choices if each in self.tried)


class Beside(Struct, frozen=True):
    """A line of a rule file and what stands beside it. `tried` False: what the line does, nothing has tried."""

    file: SourceFile
    line: int
    tried: bool
    missing: tuple[str, ...]


def margin(coverage: Coverage) -> Iterator[Beside]:
    """The lines that hold a decision, in order."""
    lines: dict[tuple[str, int], list[Choice]] = {}
    for each in coverage.choices:
        lines.setdefault((each.at.file.name, each.line), []).append(each)
    for (_, line), choices in lines.items():
        open_ = [each for each in choices if each not in coverage.tried]
        untaken = [each for each in open_ if each.kind is Kind.TAKEN]
        taking = any(each.kind is Kind.TAKEN for each in choices)
        tried = not untaken if taking else len(open_) < len(choices)
        yield Beside(choices[0].at.file, line, tried, tuple(_said(open_, untaken, choices)))


def _said(open_: Sequence[Choice], untaken: Sequence[Choice], choices: Sequence[Choice]) -> Iterator[str]:
    """What is missing, in words. Of a line that is never taken only that is said: the rest follows."""
    if untaken:
        several = sum(each.kind is Kind.TAKEN for each in choices) > 1
        yield from (f"`{each.text}` {each.kind.value}" if several else each.kind.value for each in untaken)
        return
    neither = {each.at for each in open_ if each.kind is Kind.TRUE} & {
        each.at for each in open_ if each.kind is Kind.FALSE
    }
    for each in open_:
        if each.at in neither:
            if each.kind is Kind.TRUE:
                yield f"{each.text} never mattered"
        else:
            yield f"{each.text} {each.kind.value}"
