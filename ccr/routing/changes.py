"""What can change for any request when one set of rules takes another's place: proved, not tried.

Compared are where requests go (routes, denials, defaults, guards; aliases written out), what is changed on the way, the
names clients may ask for, and the providers. What hangs on the client's words or on a draw counts as the same where both
worlds write it the same. `ccr diff` shows it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from msgspec import Struct

from ccr.diagnostics.source import Span
from ccr.lang import ast
from ccr.lang.compare import Case, Change, Interval, changes, intervals
from ccr.lang.format import print_statement, print_target
from ccr.lang.formula import FALSE, TRUE, Formula
from ccr.lang.guards import Guarded
from ccr.lang.prove import Found, Unsettled
from ccr.lang.shadow import is_hidden
from ccr.lang.types import Kind
from ccr.routing.parity import providers
from ccr.routing.prospects import Fixed, Line, Member, Prospect, Prospects
from ccr.routing.wording import say


class Kinds(Struct, frozen=True):
    """Requests of one kind: what became of them, what becomes of them, and one of them (a sample; "" if the search could
    not settle whether there is one)."""

    before: str
    after: str
    sample: str
    where: tuple[str, ...] = ()
    """What is proved of their numbers."""
    given: tuple[str, ...] = ()
    """Targets that have to name something for the sample to show it: `hint`, `requested`, Python's."""


class Changed(Struct, frozen=True):
    """Everything that differs. Nothing: proved equal. `declared`: differences that are no matter of conditions."""

    kinds: tuple[Kinds, ...]
    declared: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.kinds or self.declared)


def compare(old: Prospects, new: Prospects) -> Changed:
    """How the second world differs from the first. Both were made with the same formulas."""
    return Changed(tuple(_merged(chain(_outcomes(old, new), _effects(old, new)))), tuple(_declared(old, new)))


class Denying(Struct, frozen=True):
    """A denial of a layer. `example`: a request that it refuses; None if there is none, "" if that was not settled."""

    at: Span
    example: str | None


def standing_denials(world: Prospects, layer: str) -> Iterator[Denying]:
    """What each denial of a layer refuses in this world, whatever the other layers route (amendments C.10d)."""
    outcomes = world.of(list(world.guards))
    for ending in world.guards[layer].endings if layer in world.guards else ():
        if isinstance(ending.rule.action, ast.Deny):
            answers = [
                world.prover.ask(each.condition, [other.condition for other in outcomes[:place]])
                for place, each in enumerate(outcomes)
                if each.rule is ending
            ]
            found = next((each for each in answers if isinstance(each, Found)), None)
            open_ = any(isinstance(each, Unsettled) for each in answers)
            example = world.example(found) if found is not None else "" if open_ else None
            yield Denying(ending.rule.action.span, example)


def _merged(found: Iterable[Kinds]) -> Iterator[Kinds]:
    """Those that go from the same to the same are one kind, with what holds of all of them."""
    groups: dict[tuple[str, str], list[Kinds]] = {}
    for each in found:
        groups.setdefault((each.before, each.after), []).append(each)
    for (before, after), group in groups.items():
        settled = [each for each in group if each.sample] or group
        yield Kinds(before, after, settled[0].sample, shared(settled), settled[0].given)


# ---- where requests go ------------------------------------------------------------------------------------------------


class _Way(Struct, frozen=True, eq=False):
    """An outcome: the chain of a world, or a denial; `text` as it is written."""

    world: Prospects
    lines: tuple[Line, ...]
    text: str


def _outcomes(old: Prospects, new: Prospects) -> Iterator[Kinds]:
    return (_kinds(change, old) for change in changes(old.prover, _ways(old), _ways(new), _apart))


def _ways(world: Prospects) -> list[Case]:
    found = world.of([layer.name for layer in world.snapshot.policy.layers])
    return [Case(each.condition, _Way(world, each.lines, _text(each, world))) for each in found]


def _text(prospect: Prospect, world: Prospects) -> str:
    if prospect.rule is not None:
        action = prospect.rule.rule.action
        return print_target(action.target) if isinstance(action, ast.Route) else print_statement(action)
    default = world.layers[prospect.layer].program.default if prospect.layer else None
    if default is None:
        return "requested"
    return (
        print_target(default.action.target)
        if isinstance(default.action, ast.Route)
        else print_statement(default.action)
    )


def _apart(before: _Way, after: _Way) -> Formula:
    """When two outcomes are not the same."""
    if not before.lines or not after.lines:
        return FALSE if not before.lines and not after.lines and before.text == after.text else TRUE
    if len(before.lines) != len(after.lines):
        return TRUE
    formulas = before.world.formulas
    return formulas.any(
        _lines_apart(one, other, before.world, after.world)
        for one, other in zip(before.lines, after.lines, strict=True)
    )


def _lines_apart(one: Line, other: Line, old: Prospects, new: Prospects) -> Formula:
    """Chains are the same if those members that are admitted are the same in the same order."""
    formulas = old.formulas
    own, others = {_key(each): each for each in one.members}, {_key(each): each for each in other.members}
    both = [key for key in own if key in others]
    if one.drawn is not other.drawn or both != [key for key in others if key in own]:
        return TRUE
    odd = [old.admitted(own[key]) for key in own if key not in others]
    odd += [new.admitted(others[key]) for key in others if key not in own]
    odd += [_either(old.admitted(own[key]), new.admitted(others[key]), old) for key in both]
    return formulas.all((one.drawn, formulas.any(odd)))


def _either(one: Formula, other: Formula, world: Prospects) -> Formula:
    """One of the two, and not both."""
    formulas = world.formulas
    if one is other:
        return FALSE
    left = formulas.all((one, formulas.negate(other)))
    return formulas.any((left, formulas.all((other, formulas.negate(one)))))


def _key(member: Member) -> str:
    return str(member.destination) if isinstance(member, Fixed) else f"named:{member.text}"


# ---- what is changed on the way ---------------------------------------------------------------------------------------


def _effects(old: Prospects, new: Prospects) -> Iterator[Kinds]:
    """Each field's value, and each drop, use and tag by itself."""
    before, after = _shaping(old), _shaping(new)
    for subject in dict.fromkeys([*before, *after]):
        cases = (
            [*before.get(subject, ()), Case(TRUE, f"no {subject}")],
            [*after.get(subject, ()), Case(TRUE, f"no {subject}")],
        )
        found = changes(old.prover, cases[0], cases[1], lambda one, other: FALSE if one == other else TRUE)
        yield from (_kinds(each, old) for each in found)


def _shaping(world: Prospects) -> Mapping[str, list[Case]]:
    """What decides over a field or a change: the layers strongest first, in each the last that is met."""
    found: dict[str, list[Case]] = {}
    for name in world.guards:
        for rule in reversed(world.guards[name].rules):
            if isinstance(rule.rule.action, ast.Set | ast.Drop | ast.Use | ast.Tag):
                earlier = [each.met for each in world.guards[name].endings if each.rule.order < rule.rule.order]
                stopped = world.formulas.negate(world.formulas.any(earlier))
                case = Case(world.formulas.all((rule.own, stopped)), print_statement(rule.rule.action))
                found.setdefault(_subject(rule), []).append(case)
    return found


def _subject(rule: Guarded) -> str:
    action = rule.rule.action
    if isinstance(action, ast.Set) and action.operator == "=":
        return f"set {action.field.text}"
    if isinstance(action, ast.Use) and isinstance(action.transform, ast.Name):
        return f"use {action.transform.text}"
    return print_statement(action)


# ---- what is declared -------------------------------------------------------------------------------------------------


def _declared(old: Prospects, new: Prospects) -> Iterator[str]:
    yield from (f"{each.what}: {each.before} → {each.after}" for each in providers(old.snapshot, new.snapshot))
    before, after = _aliases(old), _aliases(new)
    for name in dict.fromkeys([*before, *after]):
        if before.get(name) != after.get(name):
            yield f"alias {name}: {before.get(name, 'not there')} → {after.get(name, 'not there')}"
    settings = old.snapshot.settings, new.snapshot.settings
    for field in settings[0].__struct_fields__:
        if getattr(settings[0], field) != getattr(settings[1], field):
            yield f"server: `{field}` differs"
    if _order(old) != _order(new):
        yield "the order in which transformers are used differs"


def _aliases(world: Prospects) -> dict[str, str]:
    return {
        name: print_target(alias.target) for name, alias in world.snapshot.policy.aliases.items() if not is_hidden(name)
    }


def _order(world: Prospects) -> list[str]:
    rules = [rule for name in world.guards for rule in world.guards[name].rules]
    return list(dict.fromkeys(_subject(rule) for rule in rules if isinstance(rule.rule.action, ast.Use)))


# ---- in words ---------------------------------------------------------------------------------------------------------


def _kinds(change: Change, world: Prospects) -> Kinds:
    texts = [
        each.text if isinstance(each, _Way) else str(each) for each in (change.before.outcome, change.after.outcome)
    ]
    before, after = texts if texts[0] != texts[1] else (texts[0], f"{texts[1]}, which means something else")
    if change.found is None:
        return Kinds(before, after, "")
    return Kinds(before, after, world.example(change.found), tuple(_where(change, world)), tuple(_given(change.found)))


def _given(found: Found) -> Iterator[str]:
    for name, value in sorted(found.values.items()):
        kind, colon, text = name.partition(":")
        if colon and value is True and kind in ("target", "python.target"):
            yield text


def _where(change: Change, world: Prospects) -> Iterator[str]:
    for name, interval in sorted(intervals(world.prover, change).items()):
        declared = world.environment.attribute(name)
        if declared is not None and not declared.type.words:
            yield _between(name, interval, declared.type.kind)


def _between(name: str, interval: Interval, kind: Kind) -> str:
    low, high = (None if bound is None else say(_whole(bound), kind) for bound in (interval.low, interval.high))
    if low is None:
        return f"{name} below {high}"
    return f"{name} from {low}" if high is None else f"{name} from {low} to below {high}"


def _whole(bound: float) -> float | int:
    return int(bound) if float(bound).is_integer() else bound


def shared(kinds: Sequence[Kinds]) -> tuple[str, ...]:
    """What holds of all of them."""
    found = [each.where for each in kinds]
    return tuple(word for word in found[0] if all(word in each for each in found)) if found else ()
