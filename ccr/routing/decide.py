"""Policy x facts -> Decision: which chain, or which denial, and what else the rules change (language §6).

Layers run separately, strongest first. A `deny` of any layer holds (amendments C.10d); else the first layer that
routes wins, else the defaults, a policy's last (rulings 1.16), else what the client asked for, else a refusal that says
what to write. A route of which targets or guards leave nothing is none, and its layer goes on (rulings 1.17).
Whatever depends on something unknown makes the outcome `Undecided`; asking again with more facts is the caller's loop.
"""

from collections.abc import Iterator
from functools import cached_property

from msgspec import Struct

from ccr.facts.facts import Facts
from ccr.lang import evaluate
from ccr.lang.ast import Default, Deny, Route
from ccr.lang.environment import Environment, Phase
from ccr.lang.evaluate import Asking, Ending, Stands
from ccr.lang.trace import Look
from ccr.lang.values import Undecided
from ccr.routing.decision import Decision, Denial, Destination, Looked, RuleRef, Skip
from ccr.routing.effects import Effect
from ccr.routing.guards import Standing, admit, stand
from ccr.routing.interpolate import interpolate
from ccr.routing.layers import effects_of, merge
from ccr.routing.refusals import nobody_serves, nothing_admitted
from ccr.routing.requested import has_anything, named_alias
from ccr.routing.scene import Scene
from ccr.routing.snapshot import LayerPolicy, Snapshot
from ccr.routing.targets import DEMO, SPECIAL, Chain, expand, is_fixed

_STRANGER = "project"
"""The layer that comes with somebody's repository: a target of it that one does not have is none (amendments S24)."""
_LAST_DEFAULT = "policy"
_DENIED = 403


def decide(snapshot: Snapshot, facts: Facts, trace: bool = False) -> Decision | Undecided:
    """What becomes of this request. Never raises, whatever the facts."""
    reader = Asking(facts)
    guards = guards_in_force(snapshot, facts, reader)
    if isinstance(guards, Undecided):
        return guards
    run = _Run(snapshot, facts, reader, guards, [] if trace else None)
    endings = run.endings()
    if isinstance(endings, Undecided):
        return endings
    outcome = run.outcome(endings)
    if isinstance(outcome, Undecided):
        return outcome
    effects = () if outcome.denial else run.effects(endings)
    if isinstance(effects, Undecided):
        return effects
    return Decision(
        chain=outcome.chain,
        denial=outcome.denial,
        rule=outcome.rule,
        effects=effects,
        guards=tuple(guard.guard.span for guard in guards),
        skipped=tuple(run.excluded.values()),
        looked_at=run.looked_at(),
    )


class Outcome(Struct, frozen=True):
    """Exactly one of `chain` and `denial`."""

    rule: RuleRef | None
    chain: tuple[Destination, ...] = ()
    denial: Denial | None = None


Endings = dict[str, Ending | None]
"""How each layer ended that was run, by its name."""


def guards_in_force(snapshot: Snapshot, facts: Facts, reader: Asking) -> tuple[Standing, ...] | Undecided:
    """The guards of all layers whose conditions hold."""
    standing: list[Standing] = []
    for layer in snapshot.policy.layers:
        if not layer.program.guards:
            continue
        found = evaluate.guards(layer.program, reader)
        if isinstance(found, Undecided):
            return found
        standing.extend(stand(guard, _scene(snapshot, facts, layer)) for guard in found)
    return tuple(standing)


def _scene(snapshot: Snapshot, facts: Facts, layer: LayerPolicy) -> Scene:
    return Scene(snapshot, facts, layer.aliases, personal=layer.name != _STRANGER)


class _Run:
    """One request on its way through the layers. What it keeps is scratch for this one call of `decide`."""

    def __init__(
        self,
        snapshot: Snapshot,
        facts: Facts,
        reader: Asking,
        guards: tuple[Standing, ...],
        trace: list[tuple[str, list[Look]]] | None,
    ) -> None:
        self.snapshot, self.facts, self.guards, self.trace = snapshot, facts, guards, trace
        self.reader = reader
        self.excluded: dict[str, Skip] = {}
        self._chains: dict[int, Chain] = {}  # by the route itself: several may stand at one place of config.json

    # ---- layers ---------------------------------------------------------------------------------------------------

    def endings(self) -> Endings | Undecided:
        """Runs every layer that can still matter: until one routes, then those that deny or shape."""
        found: Endings = {}
        routed = False
        for layer in self.snapshot.policy.layers:
            if routed and not layer.denies and not layer.shapes:
                continue
            ending = evaluate.route(layer.program, self.reader, self._stands(layer), self._looks(layer))
            if isinstance(ending, Undecided):
                return ending
            found[layer.name] = ending
            routed = routed or ending is not None
        return found

    def _looks(self, layer: LayerPolicy) -> list[Look] | None:
        """Where it is noted what is looked at in this layer, if anybody wants to know."""
        if self.trace is None:
            return None
        self.trace.append((layer.name, []))
        return self.trace[-1][1]

    def _stands(self, layer: LayerPolicy) -> Stands:
        def stands(route: Route) -> bool | Undecided:
            chain = self.chain(route, layer)
            return chain if isinstance(chain, Undecided) else chain.stands

        return stands

    def chain(self, route: Route, layer: LayerPolicy) -> Chain | Undecided:
        """The route's chain after guards; what they keep out is noted with the guard."""
        if id(route) in self._chains:
            return self._chains[id(route)]
        whole = self._expanded(route, layer)
        if isinstance(whole, Undecided):
            return whole
        if self.guards or whole.refusal:
            refusal = whole.refusal if self._anything else ""  # somebody who has nothing gets the demo (rulings 1.4)
            whole = Chain(self._admitted(whole.members), refusal)
        return self._chains.setdefault(id(route), whole)

    def _expanded(self, route: Route, layer: LayerPolicy) -> Chain | Undecided:
        """The chain before guards; what no request changes is worked out once."""
        memo, key = self.snapshot.memo, ("chain", layer.name, id(route))
        known: Chain | bool | None = memo.get(key)
        if isinstance(known, Chain):
            return known
        chain = expand(route.target, _scene(self.snapshot, self.facts, layer))
        if known is None:
            memo[key] = chain if is_fixed(route.target, layer.aliases) else False
        return chain

    @cached_property
    def _anything(self) -> bool:
        return has_anything(self.snapshot, self.facts.inputs.request)

    def _admitted(self, members: tuple[Destination, ...]) -> tuple[Destination, ...]:
        for member in members:
            against = next((guard for guard in self.guards if not guard.admits(member)), None)
            if against is not None:
                self.excluded.setdefault(str(member), Skip(str(member), f"guard {_place(against)}"))
        return admit(members, self.guards)

    # ---- outcome --------------------------------------------------------------------------------------------------

    def outcome(self, endings: Endings) -> Outcome | Undecided:
        ended = list(self._ended(endings))
        for layer, ending in ended:
            if isinstance(ending.action, Deny):
                return self._denied(ending.action, RuleRef(layer.name, ending.at, ending.action))
        for layer, ending in ended:
            if isinstance(ending.action, Route):
                return self._routed(ending.action, layer, RuleRef(layer.name, ending.at, ending.action))
        return self._by_default()

    def _ended(self, endings: Endings) -> Iterator[tuple[LayerPolicy, Ending]]:
        for layer in self.snapshot.policy.layers:
            ending = endings.get(layer.name)
            if ending is not None:
                yield layer, ending

    def _routed(self, route: Route, layer: LayerPolicy, rule: RuleRef) -> Outcome | Undecided:
        chain = self.chain(route, layer)
        if isinstance(chain, Undecided):
            return chain
        return Outcome(rule, chain.members) if chain.members else Outcome(rule, denial=Denial(_DENIED, chain.refusal))

    def _denied(self, deny: Deny, rule: RuleRef) -> Outcome | Undecided:
        status = int(deny.status.text) if deny.status is not None else _DENIED
        text = deny.text.text if deny.text is not None else f"denied by {rule.place}"
        said = interpolate(text, self.facts, _environment(self.snapshot), Phase.REQUEST)
        return said if isinstance(said, Undecided) else Outcome(rule, denial=Denial(status, said))

    def _by_default(self) -> Outcome | Undecided:
        if self._asks_for_alias():
            asked = self._requested()
            if isinstance(asked, Undecided) or asked.chain:
                return asked
        for layer, default in self._defaults():
            rule = RuleRef(layer.name, default.span, default.action)
            if isinstance(default.action, Deny):
                return self._denied(default.action, rule)
            chain = self.chain(default.action, layer)
            if isinstance(chain, Undecided):
                return chain
            if chain.stands:
                return self._routed(default.action, layer, rule)
        return self._requested()

    def _asks_for_alias(self) -> bool:
        """Whether the client named an alias. Like the shipped rules for `provider,model`, it comes before any default;
        the language has no condition to say it there (amendments C.10g, S1)."""
        scene = Scene(self.snapshot, self.facts, self.snapshot.policy.aliases)
        if not scene.aliases:
            return False
        return self.snapshot.settings.shipped and named_alias(scene, str(self.facts.read("model"))) is not None

    def _defaults(self) -> list[tuple[LayerPolicy, Default]]:
        """A policy's default is asked last, or it would silence everybody's (rulings 1.16)."""
        found = [
            (each, each.program.default) for each in self.snapshot.policy.layers if each.program.default is not None
        ]
        return sorted(found, key=lambda each: each[0].name == _LAST_DEFAULT) if len(found) > 1 else found

    def _requested(self) -> Outcome | Undecided:
        scene = Scene(self.snapshot, self.facts, self.snapshot.policy.aliases)
        chain = SPECIAL["requested"](scene, frozenset())
        if isinstance(chain, Undecided):
            return chain
        members = self._admitted(chain.members)
        if members:
            return Outcome(None, members)
        if self.excluded:
            return Outcome(None, denial=Denial(_DENIED, nothing_admitted(self.guards, tuple(self.excluded.values()))))
        if chain.refusal and self._anything:
            return Outcome(None, denial=Denial(_DENIED, chain.refusal))
        return self._nobody(str(self.facts.read("model")), scene)

    def _nobody(self, name: str, scene: Scene) -> Outcome:
        if not self._anything:
            return Outcome(None, (Destination(DEMO, name, name),))
        return Outcome(None, denial=Denial(_DENIED, nobody_serves(name, scene)))

    def looked_at(self) -> tuple[Looked, ...]:
        """The rules that were looked at, if a trace was asked for."""
        empty = {route for route, chain in self._chains.items() if not chain.stands}
        return tuple(
            Looked(each.at, each.result, id(each.action) in empty, layer, each.action)
            for layer, looks in self.trace or ()
            for each in looks
        )

    # ---- effects --------------------------------------------------------------------------------------------------

    def effects(self, endings: Endings) -> tuple[Effect, ...] | Undecided:
        merged: list[tuple[Effect, ...]] = []
        for layer in self.snapshot.policy.layers:
            if not layer.shapes:
                continue
            met = evaluate.effects(layer.program, self.reader, endings.get(layer.name))
            if isinstance(met, Undecided):
                return met
            merged.append(effects_of(met, _environment(self.snapshot), layer.lets))
        return merge(merged) if merged else ()


def _environment(snapshot: Snapshot) -> Environment:
    assert snapshot.environment is not None, "a snapshot is made by workspace.load"
    return snapshot.environment


def _place(standing: Standing) -> str:
    return f"{standing.guard.span.text.strip()} ({standing.guard.span.file.name}:{standing.guard.span.position[0]})"
