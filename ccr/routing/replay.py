"""Decides requests again, each distinct reading of what the rules ask only once.

What a decision reads is noted while it is made, and kept as a tree of readings: a later request that reads the same gets
the same outcome without being decided, since deciding is pure. Of an attribute that rules compare as a number only counts
what the reading says about their tests. So an outcome holds where requests go, not the texts that numbers are filled into.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from msgspec import Struct, structs

from ccr.facts.facts import Facts, Reads
from ccr.facts.inputs import Inputs
from ccr.lang.ast import Alias, Default, Route, Split, Target
from ccr.lang.formula import Subject
from ccr.lang.values import Bounds, Reading, Undecided, Unknown
from ccr.routing.decide import decide
from ccr.routing.decision import RuleRef
from ccr.routing.secret import Secret
from ccr.routing.snapshot import LayerPolicy, Snapshot
from ccr.routing.surroundings import Surroundings

_MOST = 200_000
"""Readings that are kept; the next one empties the memory."""
_UNSET = "key-not-set"
_NAME = re.compile(r"[A-Za-z_]\w*")
_STAND_IN = Secret("stands in for a key that is not set here")


class Outcome(Struct, frozen=True):
    """Where a request goes: `chain` as the log writes it, or the status of a denial. `rule`: None where none matched."""

    chain: tuple[str, ...]
    denied: int
    rule: RuleRef | None


Found = Outcome | Undecided
T = TypeVar("T")


class ByReading(Generic[T]):
    """What `ask` makes of requests of one snapshot, a pure function of their facts, worked out once a distinct reading.
    What is kept is a cache: idempotent, bounded."""

    def __init__(self, snapshot: Snapshot, ask: Callable[[Snapshot, Facts], T]) -> None:
        self.snapshot, self._ask = snapshot, ask
        self.worked = 0
        """Requests for which it had to be worked out, and was not read off."""
        self.draws = any(True for _ in splits(snapshot))
        """A split is anywhere, so that the body's hash can count."""
        self._subjects = _subjects(snapshot)
        self._numbers = {name: each for name, each in self._subjects.items() if each.numeric}
        self._roots: dict[Any, _Node | _End[T]] = {}
        self._kept = 0

    def get(self, reads: Reads, inputs: Inputs, beside: Hashable = ()) -> T:
        """`beside`: what counts beside facts: the logins that callers bring, and what draws a side where `draws`."""
        node = self._roots.get(beside)
        while isinstance(node, _Node):
            node = node.children.get(self._key(node.name, reads.read(inputs, node.name)))
        return node.found if node is not None else self._work(reads, inputs, beside)

    def _key(self, name: str, reading: Reading) -> Any:
        subject = self._numbers.get(name)
        if subject is None:
            return reading
        kind = type(reading) if isinstance(reading, Bounds | Unknown) else None
        return kind, subject.know(subject.plain(reading), subject.atoms[0])

    def answers(self, reads: Reads, inputs: Inputs) -> tuple[Any, ...]:
        """What this request says to every test of the rules: requests that say the same differ in names alone."""
        return tuple(self._said(name, reads.read(inputs, name)) for name in self._subjects)

    def _said(self, name: str, reading: Reading) -> Any:
        subject = self._subjects[name]
        return type(reading), subject.know(subject.plain(reading), subject.atoms[0])

    def _work(self, reads: Reads, inputs: Inputs, beside: Hashable) -> T:
        noting = _Noting(reads)
        plain = structs.replace(inputs, known={}) if inputs.known else inputs  # or they were read and not noted
        found = self._ask(self.snapshot, Facts(noting, plain))
        self.worked += 1
        self._keep(noting, inputs, beside, found)
        return found

    def _keep(self, noting: "_Noting", inputs: Inputs, beside: Hashable, found: T) -> None:
        """Below what is kept already: a node asks for one reading, and all that was read is on the way."""
        self._kept += len(noting.readings) + 1
        if self._kept > _MOST:
            self._roots, self._kept = {}, 0
        holder, at, left = self._roots, beside, dict(noting.readings)
        while isinstance(node := holder.get(at), _Node):
            holder, at = node.children, self._key(node.name, noting.read(inputs, node.name))
            left.pop(node.name, None)
        for name, reading in left.items():
            made = holder[at] = _Node(name)
            holder, at = made.children, self._key(name, reading)
        holder[at] = _End(found)


def outcome(snapshot: Snapshot, facts: Facts) -> Found:
    """Where the request goes."""
    decision = decide(snapshot, facts)
    if isinstance(decision, Undecided):
        return decision
    denied = decision.denial.status if decision.denial is not None else 0
    return Outcome(tuple(map(str, decision.chain)), denied, decision.rule)


class _End(Generic[T]):
    """Nothing more is read."""

    __slots__ = ("found",)

    def __init__(self, found: T) -> None:
        self.found = found


class _Node:
    """Read this next."""

    __slots__ = ("children", "name")

    def __init__(self, name: str) -> None:
        self.name = name
        self.children: dict[Any, Any] = {}


class _Noting:
    """Passes readings on and notes them, in the order in which they were asked for."""

    def __init__(self, reads: Reads) -> None:
        self._reads = reads
        self.readings: dict[str, Reading] = {}

    def read(self, inputs: Inputs, name: str) -> Reading:
        found = self.readings[name] = self._reads.read(inputs, name)
        return found


# ---- what rules hold --------------------------------------------------------------------------------------------------


def _subjects(snapshot: Snapshot) -> dict[str, Subject]:
    """The attributes that rules test."""
    return {
        name: subject
        for layer in snapshot.policy.layers
        for name, subject in layer.program.attributes.items()
        if subject.atoms
    }


def splits(snapshot: Snapshot) -> Iterator[Split]:
    """Every split of the rules and aliases."""
    for target in _targets(snapshot):
        yield from (choice for choice in target.choices if isinstance(choice, Split))


def _targets(snapshot: Snapshot) -> Iterator[Target]:
    for layer in snapshot.policy.layers:
        yield from (rule.action.target for rule in _endings(layer) if isinstance(rule.action, Route))
        yield from _of_aliases(layer.aliases.values())
    yield from _of_aliases(snapshot.policy.aliases.values())


def _endings(layer: LayerPolicy) -> Iterator[Any]:
    yield from layer.program.tree.rules
    default: Default | None = layer.program.default
    if default is not None:
        yield default


def _of_aliases(aliases: Iterable[Alias]) -> Iterator[Target]:
    yield from (each.target for each in aliases)


# ---- the machine that served ------------------------------------------------------------------------------------------


def as_served(surroundings: Surroundings, snapshot: Snapshot, targets: Iterable[str]) -> Surroundings:
    """The surroundings with what the log shows of the machine that served these targets: keys that are not set where
    somebody asks now are stood in for, and models that local servers had are there."""
    served: dict[str, list[str]] = {}
    for target in targets:
        name, _, model = target.partition("/")
        served.setdefault(name, []).append(model)
    catalog, wanted, had = snapshot.catalog, _unset(snapshot, served), dict(surroundings.discovered)
    for name, models in served.items():
        spec, provider = catalog.known.get(name), catalog.providers.get(name)
        if spec is not None and spec.local:
            had.setdefault(name, tuple(models))
        elif spec is not None and (provider is None or not provider.configured):
            wanted += spec.auth.variables[:1]
    missing = {name: _STAND_IN for name in wanted if not surroundings.variables.get(name)}
    return structs.replace(surroundings, variables={**surroundings.variables, **missing}, discovered=had)


def _unset(snapshot: Snapshot, named: Mapping[str, object]) -> list[str]:
    """The variables of declared providers that served and whose keys are not set here."""
    found: list[str] = []
    for each in snapshot.findings:
        if each.code.name != _UNSET:
            continue
        above = [
            (provider.at.start, name)
            for name, provider in snapshot.catalog.providers.items()
            if provider.at is not None and provider.at.file is each.at.file and provider.at.start <= each.at.start
        ]
        if above and max(above)[1] in named:
            found.append(_NAME.findall(each.at.text)[-1])
    return found
