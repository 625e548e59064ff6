"""Which decisions of the rules their expectations try: an example those that it makes, a theorem those that some request
it speaks of makes. Requests that were served try what they did.

A member of a chain after the first is tried by an example alone that says that all before it are down: a theorem is about
the first (rulings R30). What the rules hold and how it is shown is `lang/coverage.py`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from ccr.facts.facts import Facts
from ccr.lang import ast
from ccr.lang.coverage import Choice, Coverage, Kind, Test, Way, tests
from ccr.lang.environment import Phase
from ccr.lang.evaluate import Asking
from ccr.lang.formula import Formula
from ccr.lang.guards import Guarded
from ccr.lang.prove import Found
from ccr.lang.values import Undecided
from ccr.routing.binding import knowing
from ccr.routing.bodies import of_body
from ccr.routing.decide import decide, guards_in_force
from ccr.routing.decision import Decision, Destination, RuleRef
from ccr.routing.effects import Rewrite
from ccr.routing.expectations import Bench
from ccr.routing.guards import Standing, admit
from ccr.routing.prospects import Fixed, Prospect, Prospects
from ccr.routing.scene import Scene
from ccr.routing.snapshot import Snapshot
from ccr.routing.targets import expand

_RESTING = ("down", "limited")
_NOT_RUN, _TO_THE_END = -1, 1 << 30


class Reach(Struct, frozen=True):
    """How far one request gets in a layer. `routed`: a stronger layer has ended, so that a route here means nothing."""

    end: int
    routed: bool

    def gets_to(self, way: Way) -> bool:
        match way.rule.rule.action:
            case ast.Guard():
                return True
            case ast.Route():
                return not self.routed and way.rule.rule.order <= self.end
            case _:
                return way.rule.rule.order <= self.end


class Stage(Protocol):
    """Where an example is decided: by which layers, strongest first."""

    @property
    def snapshot(self) -> Snapshot: ...
    @property
    def names(self) -> Sequence[str]: ...


class Whole(Struct, frozen=True, eq=False):
    """All layers of a world, as served requests meet them."""

    snapshot: Snapshot
    names: Sequence[str]


class Tried:
    """Collects what is tried of some layers. A scratch of one run of the expectations."""

    def __init__(self, prospects: Prospects, layers: Iterable[str]) -> None:
        self._prospects, self._layers = prospects, tuple(layers)
        self._tests = {name: tests(prospects.guards[name], prospects.layers[name].files) for name in self._layers}
        self._tried: set[Choice] = set()

    def coverage(self, files: Iterable[str]) -> Coverage:
        """The sum over what stands in these files."""
        wanted = set(files)
        found = {each for name in self._layers for each in self._choices(name) if each.at.file.name in wanted}
        ordered = sorted(found, key=lambda each: (each.at.file.name, each.at.start, each.at.end, each.kind.value))
        return Coverage(tuple(ordered), frozenset(self._tried))

    # ---- what there is -----------------------------------------------------------------------------------------------

    def _choices(self, name: str) -> Iterator[Choice]:
        layer = self._prospects.layers[name]
        for rule in self._prospects.guards[name].rules:
            if rule.ends:
                yield Choice(Kind.TAKEN, rule.rule.action.span)
            if isinstance(rule.rule.action, ast.Route):
                yield from _members(rule.rule.action.target)
            if isinstance(rule.rule.action, ast.Use) and rule.rule.asked is Phase.REQUEST:
                yield Choice(Kind.FIRED, rule.rule.action.span)
        for test in self._tests[name]:
            yield from (Choice(Kind.TRUE, test.at), Choice(Kind.FALSE, test.at))
        if layer.program.default is not None:
            yield Choice(Kind.TAKEN, layer.program.default.action.span)
            if isinstance(layer.program.default.action, ast.Route):
                yield from _members(layer.program.default.action.target)
        for file in layer.files:
            for each in file.statements:
                if isinstance(each, ast.Alias):
                    yield from _members(each.target)
        yield from (Choice(Kind.FIRED, use.span) for provider in layer.providers for use in _uses(provider.body))

    # ---- theorems ----------------------------------------------------------------------------------------------------

    def theorem(self, bench: Bench, condition: ast.Condition) -> None:
        """What requests do of which a theorem speaks."""
        assumed = self._prospects.guards[bench.layer].read(condition)
        outcomes = self._prospects.of(bench.names)
        for place, outcome in enumerate(outcomes):
            before = [each.condition for each in outcomes[:place]]
            if self._some((assumed, outcome.condition), before):
                self._taken(outcome)
        for name in self._layers:
            if name in bench.names:
                self._by_theorem(name, assumed, self._above(bench, name))

    def _above(self, bench: Bench, name: str) -> list[Formula]:
        """When a stronger layer has routed before this one is asked for a route."""
        stronger = bench.names[: bench.names.index(name)]
        return [each.met for layer in stronger for each in self._prospects.guards[layer].endings]

    def _by_theorem(self, name: str, assumed: Formula, above: list[Formula]) -> None:
        guards, formulas = self._prospects.guards[name], self._prospects.formulas
        for test in self._tests[name]:
            for kind, answer in ((Kind.TRUE, test.holds), (Kind.FALSE, formulas.negate(test.holds))):
                choice = Choice(kind, test.at)
                if choice not in self._tried and any(
                    self._some((assumed, way.matters, answer), self._earlier(name, way.rule, above))
                    for way in test.ways
                ):
                    self._tried.add(choice)
        for rule in guards.rules:
            if isinstance(rule.rule.action, ast.Use) and self._some(
                (assumed, rule.own), self._earlier(name, rule, above)
            ):
                self._tried.add(Choice(Kind.FIRED, rule.rule.action.span))

    def _earlier(self, name: str, rule: Guarded, above: list[Formula]) -> list[Formula]:
        """When the layers have ended before a rule matters; guards matter wherever they stand."""
        if isinstance(rule.rule.action, ast.Guard):
            return []
        met = [each.met for each in self._prospects.guards[name].endings if each.rule.order < rule.rule.order]
        return [*above, *met] if isinstance(rule.rule.action, ast.Route) else met

    def _some(self, all_of: Sequence[Formula], none_of: Sequence[Formula]) -> bool:
        goal = self._prospects.formulas.all(all_of)
        return isinstance(self._prospects.prover.ask(goal, none_of), Found)

    def _taken(self, outcome: Prospect) -> None:
        action = self._action(outcome)
        if action is None:
            return
        self._tried.add(Choice(Kind.TAKEN, action.span))
        if isinstance(action, ast.Route):
            for line in outcome.lines:
                self._uses_of(next((each.destination for each in line.members if isinstance(each, Fixed)), None), None)
            self._sides(action.target, outcome.layer, frozenset())

    def _action(self, outcome: Prospect) -> ast.Action | None:
        if outcome.rule is not None:
            return outcome.rule.rule.action
        default = self._prospects.layers[outcome.layer].program.default if outcome.layer else None
        return default.action if default is not None else None

    def _sides(self, target: ast.Target, layer: str, inside: frozenset[str]) -> None:
        """A theorem holds for every side of a split that stands first."""
        first = target.choices[0]
        for share in first.shares if isinstance(first, ast.Split) else ():
            self._tried.add(Choice(Kind.SIDE, share.ref.span))
        aliases = self._prospects.layers[layer].aliases
        if isinstance(first, ast.ModelRef) and first.text in aliases and first.text not in inside:
            self._sides(aliases[first.text].target, layer, inside | {first.text})

    # ---- examples ----------------------------------------------------------------------------------------------------

    def example(self, stage: Stage, facts: Facts, out: frozenset[str] = frozenset()) -> None:
        """What one request does. Of a request that says too little for a decision, nothing is counted. `out`: targets that
        rested or failed, so that the next one was reached."""
        snapshot, asking = stage.snapshot, Asking(facts)
        decision = decide(snapshot, facts, trace=True)
        standing = guards_in_force(snapshot, facts, asking)
        if isinstance(decision, Undecided) or isinstance(standing, Undecided):
            return
        if decision.rule is not None and decision.rule.action is not None:
            self._tried.add(Choice(Kind.TAKEN, decision.rule.action.span))
        self._tried |= {Choice(Kind.FIRED, each.span) for each in decision.effects if isinstance(each, Rewrite)}
        ends = self._ends(stage, decision)
        for name in self._layers:
            for test in self._tests[name] if name in ends else ():
                self._answered(test, asking, ends[name])
        rule = decision.rule
        if rule is not None and isinstance(rule.action, ast.Route):
            self._walk(rule.action.target, snapshot, facts, rule, standing, out)
        else:
            self._uses_of(decision.chain[0] if decision.chain else None, (snapshot, facts))

    def _ends(self, stage: Stage, decision: Decision) -> Mapping[str, Reach]:
        """How far each layer was run: to the action that ended it."""
        found: dict[str, Reach] = {}
        routed = False
        for name in stage.names:
            ended = {
                each.action for each in decision.looked_at if each.layer == name and each.result and not each.nothing
            }
            run = any(each.layer == name for each in decision.looked_at)
            endings = self._prospects.guards[name].endings
            at = [each.rule.order for each in endings if each.rule.action in ended]
            end = min(at, default=_TO_THE_END if run or not endings else _NOT_RUN)
            found[name] = Reach(end, routed)
            routed = routed or bool(at)
        return found

    def _answered(self, test: Test, asking: Asking, reach: Reach) -> None:
        answer = asking.value(test.holds)
        if answer is not None and any(reach.gets_to(way) and asking.value(way.matters) is True for way in test.ways):
            self._tried.add(Choice(Kind.TRUE if answer else Kind.FALSE, test.at))

    def _walk(
        self,
        target: ast.Target,
        snapshot: Snapshot,
        facts: Facts,
        rule: RuleRef,
        guards: Sequence[Standing],
        out: frozenset[str],
    ) -> None:
        layer = next(each for each in snapshot.policy.layers if each.name == rule.layer)
        walk = _Walk(Scene(snapshot, facts, layer.aliases, personal=rule.layer != "project"), tuple(guards), out)
        walk.go(target, frozenset())
        self._tried |= walk.tried
        for each in walk.reached:
            self._uses_of(each, (snapshot, facts))

    def _uses_of(self, destination: Destination | None, said: tuple[Snapshot, Facts] | None) -> None:
        """The transforms of a provider and its model that fire when it is tried; of a theorem, those without a condition."""
        provider = self._prospects.snapshot.catalog.providers.get(destination.provider) if destination else None
        if destination is None or provider is None:
            return
        model = provider.models.get(destination.model)
        for body in (provider.body, model.body if model is not None else ()):
            if said is None:
                self._tried |= {Choice(Kind.FIRED, each.span) for each in body if isinstance(each, ast.Use)}
                continue
            snapshot, facts = said
            assert snapshot.conditions is not None, "a snapshot is made by workspace.load"
            met = of_body(body, knowing(facts, destination, 1), snapshot.conditions, frozenset())
            for each in () if isinstance(met, Undecided) else met:
                if isinstance(each, Rewrite):
                    self._tried.add(Choice(Kind.FIRED, each.span))


class _Walk:
    """Down a chain as one request goes, as far as what is said to rest leads."""

    def __init__(self, scene: Scene, guards: tuple[Standing, ...], out: frozenset[str]) -> None:
        self._scene, self._guards, self._out = scene, guards, out
        self.tried: set[Choice] = set()
        self.reached: list[Destination] = []

    def go(self, target: ast.Target, inside: frozenset[str]) -> bool:
        """Whether everything here rests or comes to nothing, so that what follows is tried."""
        for place, choice in enumerate(target.choices):
            members = self._members(choice)
            if place and members:
                self.tried.add(Choice(Kind.FALLBACK, choice.span))
            if not self._rests(choice, members, inside):
                return False
        return True

    def _members(self, choice: ast.Choice) -> tuple[Destination, ...]:
        chain = expand(ast.Target((choice,), choice.span), self._scene)
        return () if isinstance(chain, Undecided) else admit(chain.members, self._guards)

    def _rests(self, choice: ast.Choice, members: Sequence[Destination], inside: frozenset[str]) -> bool:
        if isinstance(choice, ast.Split):
            return self._drawn(choice, members, inside)
        alias = self._scene.aliases.get(choice.text) if isinstance(choice, ast.ModelRef) else None
        if alias is not None and alias.name.text not in inside:
            return self.go(alias.target, inside | {alias.name.text})
        self.reached += members[:1]
        return all(self._down(each) for each in members)

    def _drawn(self, split: ast.Split, members: Sequence[Destination], inside: frozenset[str]) -> bool:
        for share in split.shares:
            side = self._members(share.ref)
            if side and list(side) == list(members):
                self.tried.add(Choice(Kind.SIDE, share.ref.span))
                return self._rests(share.ref, side, inside)
        return not members

    def _down(self, destination: Destination) -> bool:
        return str(destination) in self._out or any(
            self._scene.facts.read(f"{destination.provider}.{word}") is True for word in _RESTING
        )


def _members(target: ast.Target) -> Iterator[Choice]:
    """What can be tried of a chain beside the route itself."""
    for place, choice in enumerate(target.choices):
        if place:
            yield Choice(Kind.FALLBACK, choice.span)
        if isinstance(choice, ast.Split):
            yield from (Choice(Kind.SIDE, share.ref.span) for share in choice.shares)


def _uses(body: Iterable[object]) -> Iterator[ast.Use]:
    for each in body:
        if isinstance(each, ast.Use):
            yield each
        elif isinstance(each, ast.When | ast.Model):
            yield from _uses(each.body)
