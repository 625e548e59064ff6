"""Conditions as formulas over atoms: each test made once, equal formulas one object.

An atom is one test of one attribute. A `Subject` is an attribute with all atoms the rules hold of it: one reading
answers them together, as two bit masks (which are known, which are true), so bounds of a number answer some of them
and a value answers all. Which facts are read, and when, is known to `evaluate.py`.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any

from ccr.lang.environment import Cost, Phase
from ccr.lang.operators import NUMERIC
from ccr.lang.types import Kind, Type
from ccr.lang.values import Bounds, Reading, Unknown

Known = tuple[int, int]
"""Bit masks over a subject's atoms: known ones, and of those the true ones."""

_LONG = 512
"""Texts longer than this (characters) are tested atom by atom, and not kept: a prompt is neither cheap nor ours."""
_MEMO = 2_048
"""How many values of an attribute are remembered before the memory is emptied: more than a team has people or folders,
since a new value is held against every test of the attribute (nine hundred take 40 µs)."""


class Sort(Enum):
    TRUE = "true"
    FALSE = "false"
    ATOM = "atom"
    NOT = "not"
    AND = "and"
    OR = "or"


class Formula:
    """Compared by identity: `Formulas` makes each only once. `parts` go from cheap to dear."""

    __slots__ = ("atom", "cost", "number", "parts", "phase", "sort", "subjects")

    def __init__(
        self, sort: Sort, parts: "tuple[Formula, ...]" = (), atom: "Atom | None" = None, number: int = 0
    ) -> None:
        self.sort, self.parts, self.atom, self.number = sort, parts, atom, number
        self.cost: Cost = atom.subject.cost if atom else max((part.cost for part in parts), default=Cost.FREE)
        self.phase: Phase = atom.subject.phase if atom else max((part.phase for part in parts), default=Phase.REQUEST)
        self.subjects: frozenset[Subject] = (
            frozenset({atom.subject}) if atom else frozenset().union(*(part.subjects for part in parts))
        )


TRUE, FALSE = Formula(Sort.TRUE), Formula(Sort.FALSE)


class Atom:
    """`test` says what it means on a value. `bound`: it asks whether a number is at least that. `key` says which test it
    is, so that the prover knows more of it than yes and no."""

    __slots__ = ("bit", "bound", "key", "number", "subject", "test")

    def __init__(
        self, subject: "Subject", number: int, test: Callable[[Any], bool], bound: float | None, key: object = None
    ) -> None:
        self.subject, self.number, self.test, self.bound, self.key = subject, number, test, bound, key
        self.bit = 1 << len(subject.atoms)


class Subject:
    """One attribute and every atom about it. The memory of values is a cache: idempotent, bounded."""

    __slots__ = (
        "_bounds",
        "_memo",
        "_prefix",
        "_ranks",
        "_zero",
        "atoms",
        "cost",
        "name",
        "number",
        "numeric",
        "phase",
        "type",
    )

    def __init__(self, name: str, type: Type, cost: Cost, phase: Phase, number: int) -> None:
        self.name, self.type, self.cost, self.phase, self.number = name, type, cost, phase, number
        self.numeric = type.kind in NUMERIC or type.kind in (Kind.TIME, Kind.ORDERED)
        self._zero = type.zero
        self.atoms: list[Atom] = []
        self._memo: dict[Any, Known] = {}
        self._bounds: list[float] | None = None
        self._prefix: list[int] = []
        self._ranks: Mapping[str, int] = {word: rank for rank, word in enumerate(type.words)}

    def add(self, number: int, test: Callable[[Any], bool], bound: float | None, key: object = None) -> Atom:
        atom = Atom(self, number, test, bound, key)
        self.atoms.append(atom)
        self._memo, self._bounds = {}, None
        return atom

    def plain(self, reading: Reading) -> Reading:
        """The reading as this type has it; what is of another type reads as absent, so that nothing can raise."""
        match reading:
            case Unknown():
                return reading
            case Bounds():
                return reading if self.numeric else self._zero
            case str() if self.type.kind is Kind.ORDERED:
                return reading if reading in self._ranks else self._zero
            case bool():
                return reading if self.type.kind is Kind.BOOL else self._zero
            case int() | float() if self.numeric and self.type.kind is not Kind.ORDERED:
                return reading
            case _:
                return reading if isinstance(reading, type(self._zero)) else self._zero

    def know(self, reading: Reading, wanted: Atom) -> Known:
        """What a reading says about the atoms; of a long text only about the one wanted."""
        if self.numeric:
            return self._by_bounds(reading)
        if isinstance(reading, (Unknown, Bounds)):
            return 0, 0
        if isinstance(reading, str) and len(reading) > _LONG:
            return wanted.bit, wanted.bit if wanted.test(reading) else 0
        found = self._memo.get(reading)
        if found is None:
            if len(self._memo) >= _MEMO:
                self._memo = {}
            bits = sum(atom.bit for atom in self.atoms if atom.test(reading))
            found = self._memo[reading] = (1 << len(self.atoms)) - 1, bits
        return found

    def _by_bounds(self, reading: Reading) -> Known:
        if isinstance(reading, Unknown):
            return 0, 0
        if self._bounds is None:
            self._order()
        bounds = self._bounds or []
        if isinstance(reading, Bounds):
            true, maybe = (
                self._prefix[bisect_right(bounds, reading.low)],
                self._prefix[bisect_right(bounds, reading.high)],
            )
            return true | (self._prefix[-1] & ~maybe), true
        number: Any = self._ranks[reading] if isinstance(reading, str) else reading
        return self._prefix[-1], self._prefix[bisect_right(bounds, number)]

    def _order(self) -> None:
        ordered = sorted((atom for atom in self.atoms if atom.bound is not None), key=lambda atom: atom.bound or 0)
        prefix, bits = [0], 0
        for atom in ordered:
            bits |= atom.bit
            prefix.append(bits)
        self._prefix, self._bounds = prefix, [atom.bound or 0 for atom in ordered]


class Formulas:
    """Makes subjects, atoms and formulas, each only once. One for all layers, so that they share what was tested."""

    def __init__(self) -> None:
        self._subjects: dict[str, Subject] = {}
        self._atoms: dict[tuple[object, ...], Formula] = {}
        self._made: dict[tuple[object, ...], Formula] = {}
        self._count = 0

    def subject(self, name: str, type: Type, cost: Cost = Cost.FREE, phase: Phase = Phase.REQUEST) -> Subject:
        found = self._subjects.get(name)
        if found is None:
            found = self._subjects[name] = Subject(name, type, cost, phase, len(self._subjects))
        return found

    def test(self, subject: Subject, key: object, test: Callable[[Any], bool]) -> Formula:
        """The atom that a key stands for; `test` is used when it is new."""
        return self._atom(subject, key, test, None)

    def at_least(self, subject: Subject, bound: float) -> Formula:
        return self._atom(subject, bound, lambda value: bool(value >= bound), bound)

    def _atom(self, subject: Subject, key: object, test: Callable[[Any], bool], bound: float | None) -> Formula:
        found = self._atoms.get((subject, key))
        if found is None:
            self._count += 1
            atom = subject.add(self._count, test, bound, key)
            found = self._atoms[subject, key] = Formula(Sort.ATOM, (), atom, self._count)
        return found

    def negate(self, part: Formula) -> Formula:
        match part.sort:
            case Sort.TRUE:
                return FALSE
            case Sort.FALSE:
                return TRUE
            case Sort.NOT:
                return part.parts[0]
            case _:
                return self._make(Sort.NOT, (part,))

    def all(self, parts: Iterable[Formula]) -> Formula:
        return self._join(Sort.AND, parts, TRUE, FALSE)

    def any(self, parts: Iterable[Formula]) -> Formula:
        return self._join(Sort.OR, parts, FALSE, TRUE)

    def _join(self, sort: Sort, parts: Iterable[Formula], neutral: Formula, ruling: Formula) -> Formula:
        kept: dict[Formula, None] = {}
        for part in parts:
            for piece in part.parts if part.sort is sort else (part,):
                if piece is ruling or self.negate(piece) in kept:
                    return ruling
                if piece is not neutral:
                    kept[piece] = None
        ordered = tuple(sorted(kept, key=lambda part: part.cost))
        return neutral if not ordered else ordered[0] if len(ordered) == 1 else self._make(sort, ordered)

    def _make(self, sort: Sort, parts: tuple[Formula, ...]) -> Formula:
        key = (sort, *(part for part in parts))
        found = self._made.get(key)
        if found is None:
            self._count += 1
            found = self._made[key] = Formula(sort, parts, None, self._count)
        return found

    @property
    def size(self) -> int:
        return len(self._made)

    def forget(self) -> None:
        """Empties the memory of compound formulas; those in use stay right, new ones are merely not shared with them."""
        self._made = {}


def simplify(formulas: Formulas, formula: Formula, knowledge: Mapping[Subject, Known]) -> Formula:
    """The formula with every atom replaced that the knowledge decides."""
    return _simplified(formulas, formula, knowledge, {})


def _simplified(
    formulas: Formulas, formula: Formula, knowledge: Mapping[Subject, Known], done: dict[Formula, Formula]
) -> Formula:
    if formula.subjects.isdisjoint(knowledge):
        return formula
    found = done.get(formula)
    if found is not None:
        return found
    if formula.atom is not None:
        known, true = knowledge[formula.atom.subject]
        bit = formula.atom.bit
        result = formula if not known & bit else TRUE if true & bit else FALSE
    elif formula.sort is Sort.NOT:
        result = formulas.negate(_simplified(formulas, formula.parts[0], knowledge, done))
    else:
        parts = (_simplified(formulas, part, knowledge, done) for part in formula.parts)
        result = formulas.all(parts) if formula.sort is Sort.AND else formulas.any(parts)
    done[formula] = result
    return result


def cheapest(formula: Formula) -> Atom:
    """The atom to test first: of the cheapest class, then the first one written."""
    return min(atoms(formula), key=lambda atom: (atom.subject.cost, atom.number))


def atoms(formula: Formula) -> Iterable[Atom]:
    """The atoms of a formula; one that occurs twice may come twice."""
    if formula.atom is not None:
        yield formula.atom
    for part in formula.parts:
        yield from atoms(part)
