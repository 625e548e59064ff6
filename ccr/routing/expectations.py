"""What rule files expect of themselves: `expect … when` as a theorem, `for { … }` and `for "file.json"` as examples.

An expectation is judged over its own layer, policy above and config below (rulings R30). The goal is compared with the
first member of the chain after guards, for a split with every side; an alias or a special target as the goal means the
same chain after the same guards; `deny` is any denial. An example is decided as a request would be.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from msgspec import Struct, structs

from ccr.diagnostics.diagnostic import Code, Diagnostic, Severity
from ccr.diagnostics.source import SourceFile, Span
from ccr.facts.facts import Facts, Readers
from ccr.facts.inputs import Inputs
from ccr.lang import ast
from ccr.lang.evaluate import Asking
from ccr.lang.formula import FALSE, TRUE, Formula
from ccr.lang.locations import normal, relative
from ccr.lang.proofs import sample
from ccr.lang.prove import Found
from ccr.lang.testing import Claim, Open, Proved, Refuted, judge
from ccr.lang.values import Undecided, Unknown
from ccr.messages.request import Headers, MessagesRequest
from ccr.routing.decide import decide, guards_in_force
from ccr.routing.decision import Decision, Destination
from ccr.routing.guards import Standing, admit, stand
from ccr.routing.prospects import Fixed, Line, Member, Named, Prospect, Prospects
from ccr.routing.sample import read_sample
from ccr.routing.scene import Scene
from ccr.routing.snapshot import Policy, Snapshot
from ccr.routing.targets import SPECIAL, expand

FAILS = Code(
    "CCR501",
    "expectation-fails",
    Severity.ERROR,
    "`expect TARGET when C` says that every request satisfying C goes there. The note shows one that does not; it can be "
    "pasted into `expect … for` or `ccr explain`. Mend the rules, or say more exactly when it holds.",
)
SAMPLE_FAILS = Code(
    "CCR502",
    "sample-fails",
    Severity.ERROR,
    "`expect TARGET for …` says where one request goes, and it goes elsewhere. What the sample does not say is absent.",
)
INCOMPLETE = Code(
    "CCR503",
    "sample-incomplete",
    Severity.ERROR,
    "The outcome hangs on something the example does not say and that has no zero, such as the time of day, or the "
    "recorded request cannot be read. Add it: `time = 10:00`.",
)
CODES = (FAILS, SAMPLE_FAILS, INCOMPLETE)

_CLOCK = ("time", "weekday", "time.utc", "weekday.utc")
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_NEIGHBOURS = {"policy", "config"}


class Verdict(Struct, frozen=True, eq=False):
    """`holds` None: not settled. `how`: proved (31 steps). `finding`: what is wrong, if anything; `counter`: the sample
    that shows it; `instead`: where that goes; `asks`: what has to be found out before it can be said."""

    expect: ast.Expect
    holds: bool | None
    how: str = ""
    finding: Diagnostic | None = None
    counter: str = ""
    instead: str = ""
    asks: Undecided | None = None


def judged(prospects: Prospects, readers: Readers, files: Mapping[str, SourceFile]) -> Iterator[Verdict]:
    """The verdict on every expectation of every layer, in order. `files`: what rule files mention, by name."""
    for name, layer in prospects.layers.items():
        for expect in layer.expects:
            bench = Bench(prospects, name, readers, files)
            yield bench.judge(expect)


class Bench:
    """Where the expectations of one layer are judged."""

    def __init__(self, prospects: Prospects, layer: str, readers: Readers, files: Mapping[str, SourceFile]) -> None:
        self.prospects, self.layer, self._readers, self._files = prospects, layer, readers, files
        self.names = [each for each in prospects.layers if each == layer or each in _NEIGHBOURS]
        self.snapshot = _only(prospects.snapshot, self.names)

    def judge(self, expect: ast.Expect) -> Verdict:
        if expect.condition is not None:
            return self._theorem(expect, expect.condition)
        facts = self.facts(expect)
        if isinstance(facts, Diagnostic):
            return Verdict(expect, False, finding=facts)
        return self.example(expect, facts)

    # ---- theorems ----------------------------------------------------------------------------------------------------

    def _theorem(self, expect: ast.Expect, condition: ast.Condition) -> Verdict:
        outcomes = self.prospects.of(self.names)
        claims = [Claim(each.condition, self._against(expect.goal, each)) for each in outcomes]
        assumed = self.prospects.guards[self.layer].read(condition)
        match judge(self.prospects.prover, assumed, claims):
            case Proved(steps):
                return Verdict(expect, True, f"proved ({steps} steps)")
            case Open(steps):
                return Verdict(expect, None, f"not decided after {steps} steps")
            case Refuted(place, found):
                return self._refuted(expect, outcomes[place], found)

    def _refuted(self, expect: ast.Expect, outcome: Prospect, found: Found) -> Verdict:
        environment = self.prospects.environment
        facts = self.prospects.facts(found)
        text = sample(facts, environment)
        named = [
            name.removeprefix("target:")
            for name, value in found.values.items()
            if value is True and name.startswith("target:")
        ]
        instead = self._told(outcome, found)
        drawn = any(name.startswith("draw:") for name in found.values)
        if not drawn and not any(":" in name for name, value in found.values.items() if value is True):
            decided = self.example(
                structs.replace(expect, condition=None, sample=ast.Sample((), expect.span)), _sampled(text, self)
            )
            if decided.holds is not False:
                return Verdict(
                    expect, None, "not decided: the counterexample could not be shown on the rules themselves"
                )
            instead = decided.instead or instead
        where = (
            f"{outcome.at.file.name}:{outcome.at.position[0]} " if outcome.at is not None else "no rule takes it: it "
        )
        notes = [f"for {text}\n{where}{instead}"]
        notes += [f"`{name}` may name anything" for name in named]
        notes += ["where a split deals this side"] if drawn else []
        finding = Diagnostic(
            FAILS,
            "this is not always so",
            expect.goal.span if expect.goal is not None else _first_word(expect.span),
            "expected",
            notes=tuple(notes),
            help=f"`ccr explain '{text}'` shows the way",
            witness=_plain(facts),
        )
        return Verdict(expect, False, finding=finding, counter=text, instead=instead)

    def _told(self, outcome: Prospect, found: Found) -> str:
        if not outcome.lines:
            return "denies"
        holds = self.prospects.prover.holds
        for line in outcome.lines:
            if holds(line.drawn, found.values):
                first = next(
                    (each for each in line.members if holds(self.prospects.admitted(each), found.values)), None
                )
                if first is not None:
                    return f"routes to {first.destination if isinstance(first, Fixed) else first.text}"
        return "routes elsewhere"

    def _against(self, goal: ast.Name | None, outcome: Prospect) -> Formula:
        """When an outcome is not what was expected."""
        if goal is None:
            return FALSE if not outcome.lines else TRUE
        if not outcome.lines:
            return TRUE
        formulas = self.prospects.formulas
        wanted = self._chain_of(goal)
        if wanted is not None:
            return self._differ(outcome.lines, wanted)
        standing = self._goal(goal)
        wrong = [
            formulas.all((line.drawn, self.prospects.first(line, [m for m in line.members if not _meets(m, standing)])))
            for line in outcome.lines
        ]
        return formulas.any(wrong)

    def _differ(self, lines: Sequence[Line], wanted: Sequence[Line]) -> Formula:
        """When two chains are not the same after guards; chains with draws are the same only if written the same."""
        formulas = self.prospects.formulas
        if [_keys(line) for line in lines] == [_keys(line) for line in wanted]:
            return FALSE
        if len(lines) > 1 or len(wanted) > 1:
            return TRUE
        own, others = _keys(lines[0]), _keys(wanted[0])
        both = [key for key in own if key in others]
        if both != [key for key in others if key in own]:
            return TRUE
        odd = [each for line in (lines[0], wanted[0]) for each in line.members if _key(each) not in both]
        return formulas.any(self.prospects.admitted(each) for each in odd)

    def _chain_of(self, goal: ast.Name) -> tuple[Line, ...] | None:
        """The chain that an alias or a special target as the goal means; None if the goal is a model or a pattern."""
        aliases = self.prospects.layers[self.layer].aliases
        if goal.text in SPECIAL or (goal.text in aliases and goal.text not in self.snapshot.catalog.providers):
            return self.prospects.lines(_target(goal), self.layer)
        return None

    def _goal(self, goal: ast.Name) -> Standing:
        return stand(ast.Guard(True, (goal,), goal.span), self._scene(None))

    def _scene(self, facts: Facts | None) -> Scene:
        facts = facts or read_sample("{ }", self.prospects.environment).facts
        assert facts is not None, "an empty sample is one"
        return Scene(self.snapshot, facts, self.prospects.layers[self.layer].aliases)

    # ---- examples ----------------------------------------------------------------------------------------------------

    def facts(self, expect: ast.Expect) -> Facts | Diagnostic:
        """The facts of an example, or what is wrong with it."""
        match expect.sample:
            case ast.Sample(span=span):
                read = read_sample(span.text, self.prospects.environment)
                if read.facts is None:
                    first = read.findings[0]
                    return Diagnostic(INCOMPLETE, first.message, span, first.label, help=first.help)
                return read.facts
            case ast.Literal() as path:
                return self._recorded(path)
            case None:
                raise AssertionError("an example has a sample")

    def _recorded(self, path: ast.Literal) -> Facts | Diagnostic:
        name = normal(relative(path.span.file.name, path.text))
        file = self._files.get(name)
        if file is None or file.text is None:
            return Diagnostic(INCOMPLETE, f"there is no file `{path.text}`", path.span, f"looked for {name}")
        request = recorded(file.content)
        if request is None:
            return Diagnostic(
                INCOMPLETE, "this file holds no request", path.span, "a body, or headers and body, as JSON"
            )
        facts = Facts(self._readers, Inputs(request, _EPOCH))
        for each in _CLOCK:
            facts = facts.know(each, Unknown(each))
        return facts

    def example(self, expect: ast.Expect, facts: Facts) -> Verdict:
        """The verdict on one request; with `asks` if something has to be found out first."""
        decision = decide(self.snapshot, facts)
        if isinstance(decision, Undecided):
            return self._unsaid(expect, decision)
        meets = self._meets(expect.goal, decision, facts)
        if isinstance(meets, Undecided):
            return self._unsaid(expect, meets)
        if meets:
            return Verdict(expect, True)
        instead = _outcome(decision)
        place = f"{decision.rule.place} " if decision.rule is not None else "no rule takes it: it "
        finding = Diagnostic(
            SAMPLE_FAILS,
            "this request goes elsewhere",
            expect.goal.span if expect.goal is not None else _first_word(expect.span),
            "expected",
            notes=(f"{place}{instead}",),
            help=f"`ccr explain '{expect.sample.span.text}'` shows the way"
            if isinstance(expect.sample, ast.Sample)
            else "",
        )
        return Verdict(expect, False, finding=finding, instead=instead)

    def _unsaid(self, expect: ast.Expect, asked: Undecided) -> Verdict:
        if asked.question == "tokens":
            return Verdict(expect, None, "tokens have to be counted", asks=asked)
        finding = Diagnostic(
            INCOMPLETE,
            f"where this request goes hangs on `{asked.attribute}`, which it does not say",
            expect.sample.span if expect.sample is not None else expect.span,
            f"say `{asked.attribute}`, too",
        )
        return Verdict(expect, False, finding=finding)

    def _meets(self, goal: ast.Name | None, decision: Decision, facts: Facts) -> bool | Undecided:
        if goal is None:
            return decision.denial is not None
        if not decision.chain:
            return False
        if self._chain_of(goal) is None:
            return self._goal(goal).admits(decision.chain[0])
        chain = expand(_target(goal), self._scene(facts))
        if isinstance(chain, Undecided):
            return chain
        guards = guards_in_force(self.snapshot, facts, Asking(facts))
        # What the decision skipped will not do: it names only members of the chain that was taken.
        return guards if isinstance(guards, Undecided) else _same(admit(chain.members, guards), decision.chain)


def _same(wanted: Sequence[Destination], chain: Sequence[Destination]) -> bool:
    return bool(wanted) and list(wanted) == list(chain)


def recorded(text: str) -> MessagesRequest | None:
    """A recorded request: a body, or an object with headers and body; None if it is neither."""
    try:
        body = json.loads(text)
    except ValueError:
        return None
    headers: Headers = ()
    if isinstance(body, dict) and isinstance(body.get("body"), dict):
        said = body.get("headers")
        pairs = said.items() if isinstance(said, dict) else said if isinstance(said, list) else ()
        headers = tuple((str(name).lower(), str(value)) for name, value in pairs)
        body = body["body"]
    if not isinstance(body, dict):
        return None
    return MessagesRequest(body, json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass"), headers)


def _only(snapshot: Snapshot, names: Sequence[str]) -> Snapshot:
    """The world with these layers alone."""
    layers = tuple(each for each in snapshot.policy.layers if each.name in names)
    policy = Policy(
        tuple(each for each in snapshot.policy.programs if each[0] in names), snapshot.policy.aliases, layers
    )
    return structs.replace(snapshot, policy=policy, settings=structs.replace(snapshot.settings, shipped=False), memo={})


def _target(goal: ast.Name) -> ast.Target:
    return ast.Target((ast.ModelRef(goal.text, goal.span),), goal.span)


def _sampled(text: str, bench: Bench) -> Facts:
    facts = read_sample(text, bench.prospects.environment).facts
    assert facts is not None, f"a witness is a sample: {text}"
    return facts


def _meets(member: Member, standing: Standing) -> bool:
    return isinstance(member, Fixed) and standing.admits(member.destination)


def _key(member: Member) -> object:
    return member.destination if isinstance(member, Fixed) else member.text


def _keys(line: Line) -> list[object]:
    return [_key(member) for member in line.members]


def _outcome(decision: Decision) -> str:
    if decision.denial is not None:
        return f"denies with {decision.denial.status}: {decision.denial.message}"
    return f"routes to {decision.chain[0]}"


def _first_word(span: Span) -> Span:
    """The word `deny` after `expect`."""
    at = span.text.find("deny")
    return Span(span.file, span.start + at, span.start + at + len("deny")) if at >= 0 else span


def _plain(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in facts.items()}


__all__ = ["CODES", "Bench", "Named", "Verdict", "judged", "recorded"]
