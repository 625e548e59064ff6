"""A stronger layer takes every request that this rule could.

    # of the policy
    when user != "" route corp/large
    # of the user
    when image and user == ada route gemini/gemini-2.5-flash

Layers are asked one after the other, policy, session, project, user, config.json, so the user's rule is never asked for a
route. Leave it out, or say in the stronger layer what it should not take. A `default` is asked only after the rules of
all layers: one that config.json's rules stand before is told with what they take.
"""

import re
from collections.abc import Iterator, Sequence

from ccr.diagnostics.diagnostic import Code, Diagnostic, Label, Severity
from ccr.diagnostics.source import Span
from ccr.lang.guards import Guarded
from ccr.lang.prove import Found, Never
from ccr.routing.lint import Lint
from ccr.routing.prospects import Named, Prospect, Prospects
from ccr.routing.reach import WRITTEN

CODE = Code("CCR313", "never-applies", Severity.WARNING, __doc__)

_TOLD = 2
"""Stronger rules that are shown."""
_KEY = re.compile(r'"(\w+)"\s*:\s*\Z')


def prove(prospects: Prospects) -> Iterator[Diagnostic]:
    names = [name for name in prospects.guards if name != "shipped"]
    outcomes = prospects.of(names)
    for place, each in enumerate(outcomes):
        if each.layer in WRITTEN and each.layer != names[0] and each.rule is not None and each.lines:
            yield from _hidden(prospects, outcomes, place)
        if each.layer in WRITTEN and each.rule is None and each.at is not None and each.layer != "policy":
            yield from _default(prospects, outcomes, place)


def _hidden(prospects: Prospects, outcomes: Sequence[Prospect], place: int) -> Iterator[Diagnostic]:
    here, earlier = outcomes[place], outcomes[:place]
    answer = prospects.prover.ask(here.condition, [each.condition for each in earlier])
    if not isinstance(answer, Never):
        return
    own = [each.condition for each in earlier if each.layer == here.layer]
    if isinstance(prospects.prover.ask(here.condition, own), Never):
        return  # its own layer hides it, which is told as that
    takers = [earlier[at] for at in sorted(answer.used) if earlier[at].layer != here.layer]
    labels = tuple(Label(each.at, f"the {each.layer} takes them") for each in takers[:_TOLD] if each.at is not None)
    assert here.rule is not None, "only rules are asked for"
    in_project = any(each.layer == "project" for each in takers)
    yield Diagnostic(
        CODE,
        f"this rule never applies{' in this project' if in_project else ''}: a stronger layer takes every request it could",
        _own_place(here.rule),
        "",
        labels,
        severity=Severity.NOTE if in_project or here.layer == "project" else None,
    )


def _own_place(rule: Guarded) -> Span:
    """Its condition; in a block, where others share that, what it does."""
    own = rule.conditions and rule.conditions[-1].span.start >= rule.rule.at.start
    return rule.conditions[-1].span if own else rule.rule.action.span


def _default(prospects: Prospects, outcomes: Sequence[Prospect], place: int) -> Iterator[Diagnostic]:
    """What config.json's rules take that no rule of the layers people write takes, and what is left for this default
    (amendments C.10h)."""
    here, earlier = outcomes[place], outcomes[:place]
    takers = [(each, taken) for at, each in enumerate(earlier) if (taken := _taken(prospects, earlier, at)) is not None]
    if not takers or here.at is None:
        return
    reaches = prospects.prover.ask(here.condition, [each.condition for each in earlier])
    told = ", ".join(_place(each.at) for each, _ in takers if each.at is not None)
    notes = [f"{_place(each.at)} takes for example {prospects.example(taken)}" for each, taken in takers if each.at]
    if isinstance(reaches, Found):
        notes.append(f"this default gets for example {prospects.example(reaches)}")
    yield Diagnostic(
        CODE,
        f"this default gets only what is left by {told}",
        here.at,
        "asked after the rules of all layers",
        notes=tuple(notes),
        severity=Severity.NOTE,
    )


def _taken(prospects: Prospects, outcomes: Sequence[Prospect], place: int) -> Found | None:
    """A request that this outcome takes, if its rule stands in config.json and names a target by itself: what the client
    names by `provider,model` it means to get."""
    each = outcomes[place]
    named = all(isinstance(member, Named) for line in each.lines for member in line.members)
    if each.layer in WRITTEN or each.rule is None or each.at is None or named:
        return None
    answer = prospects.prover.ask(each.condition, [other.condition for other in outcomes[:place]])
    return answer if isinstance(answer, Found) else None


def _place(at: Span) -> str:
    """A rule of config.json by its line and its key."""
    named = _KEY.search(at.file.content[: at.start])
    return f"{at.file.name}:{at.position[0]} `{named[1] if named else at.text.partition(chr(10))[0]}`"


LINT = Lint(CODE, prove=prove)
