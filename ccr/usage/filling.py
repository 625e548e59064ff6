"""What of an entry costs to find out: every fact that a rule could ask, and what each rule's condition came to.

Done by the writer of the log after the answer, so that no request waits for it (rulings 1.21). Facts are memoised and
deciding is pure, so asking again gives what was decided. What is the same for many requests, the names of the facts and
the texts of the rules, is made once a snapshot and written once (`Words`, `Book`).
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping
from hashlib import blake2b

import msgspec
from msgspec import Struct, structs

from ccr.diagnostics.veil import veil
from ccr.exchange.record import UsageRecord
from ccr.facts.facts import Facts
from ccr.facts.inputs import Inputs
from ccr.facts.kinds import recognise
from ccr.facts.walk import walk
from ccr.lang.ast import Action, When
from ccr.lang.environment import Phase
from ccr.lang.format import print_statement
from ccr.lang.values import Reading, Value
from ccr.routing.decide import decide
from ccr.routing.decision import Decision, Looked, RuleRef
from ccr.routing.explain import said
from ccr.routing.replay import ByReading, splits
from ccr.routing.requested import caller_credential
from ccr.routing.snapshot import LayerPolicy, Snapshot
from ccr.routing.splits import hash_of_body
from ccr.usage.entry import FULL, Entry

TEXTS = frozenset({"prompt", "system"})
"""Facts that are a person's words: never kept."""
SUMS = ("spend.", "requests.")
YES, NO, OPEN, NOTHING, ABSENT, CHOSEN = "y", "n", "-", "0", ".", "Y"
"""What a rule came to, one letter each: held, did not, was not needed, came to no target, its layer did not run, it won."""
_RESULTS: Mapping[bool | None, str] = {True: YES, False: NO, None: OPEN}
_LONGEST = 500
"""Characters of an error's message that are kept, and"""
_RULE = 300
"""of a rule's text."""
_KEPT = 16
"""Snapshots whose words and books are kept at hand."""


class Words(Struct, frozen=True):
    """The facts that were asked, each with its zero, so that an entry need say only those that are not."""

    id: str = ""
    zeros: Mapping[str, Value] = {}


class Line(Struct, frozen=True):
    """A rule that routes or denies. `names`: the attributes its condition mentions."""

    layer: str
    place: str
    text: str
    names: tuple[str, ...] = ()


Lines = Mapping[int, Line]
"""By the identity of the action, which its snapshot keeps."""


class Book(Struct, frozen=True):
    """The rules of a snapshot, in the order in which they are looked at."""

    id: str = ""
    lines: tuple[Line, ...] = ()


class Filled(Struct, frozen=True):
    """An entry ready to be written. `facts`: those that are not zero; `results`: one letter a line of the book."""

    entry: Entry
    facts: Mapping[str, Reading] = {}
    words: Words = Words()
    book: Book = Book()
    results: str = ""


class Asked(Struct, frozen=True, eq=False):
    """What is asked of every request of one snapshot. `headers`: those that rules name."""

    plain: Words
    with_sums: Words
    headers: tuple[str, ...]
    book: Book
    traces: ByReading[str]
    by_request: bool
    """A split is drawn anew for each request, of a conversation, too."""


class Filling:
    """Used by one thread."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, Asked] = OrderedDict()

    def fill(self, entry: Entry, snapshot: Snapshot, facts: Facts) -> Filled:
        """The entry with what can be found out of `facts`."""
        asked, sums = self._of(snapshot), "spend.today" in facts.inputs.state.values
        words = asked.with_sums if sums else asked.plain
        request, logins, traces = facts.inputs.request, _logins(snapshot, facts), asked.traces
        results = _trace(snapshot, facts) if traces.draws else traces.get(_Known(facts), facts.inputs, logins)
        known = dict(_known(facts, words, asked.headers))
        whole = structs.replace(
            entry,
            record=_without_secrets(entry.record),
            sums=sums,
            logins=logins,
            state=_id(state) if (state := facts.inputs.state.values) else "",
            draw=hash_of_body(request.raw) if asked.by_request or not entry.record.session else "",
            recognised=recognise(walk(facts.inputs)).how,
            body=request.raw if entry.log == FULL else b"",
        )
        return Filled(whole, known, words, asked.book, results)

    def _of(self, snapshot: Snapshot) -> Asked:
        found = self._asked.get(snapshot.id)
        if found is None:
            found = self._asked[snapshot.id] = _asked(snapshot)
            while len(self._asked) > _KEPT:
                self._asked.popitem(last=False)
        return found


# ---- facts ------------------------------------------------------------------------------------------------------------


def _known(facts: Facts, words: Words, headers: tuple[str, ...]) -> Iterator[tuple[str, Reading]]:
    for name in words.zeros:
        if reading := facts.read(name):
            yield name, reading
    yield from ((name, facts.read(name)) for name in headers)
    for name, value in facts.inputs.state.values.items():
        if value and name not in words.zeros:  # of providers, of which any may be declared
            yield name, value
    # What was decided with is known, also where it is zero. Copied: a function in Python that was given up may still read.
    for name, reading in tuple(facts.looked_at.items()):
        if name not in words.zeros and name not in TEXTS and not name.startswith("header."):
            yield name, reading


def _logins(snapshot: Snapshot, facts: Facts) -> tuple[str, ...]:
    """The providers for which the caller brought a login of their own."""
    callers = (each for each in snapshot.catalog.configured if each.auth.scheme == "client")
    request, settings = facts.inputs.request, snapshot.settings
    return tuple(each.name for each in callers if caller_credential(each, request, settings))


def _without_secrets(record: UsageRecord) -> UsageRecord:
    """What a provider says of an error may quote a key."""
    if not any(each.message for each in record.attempts):
        return record
    told = (structs.replace(each, message=veil(each.message)[:_LONGEST]) for each in record.attempts)
    return structs.replace(record, attempts=tuple(told))


# ---- once a snapshot --------------------------------------------------------------------------------------------------


def _asked(snapshot: Snapshot) -> Asked:
    assert snapshot.environment is not None, "a snapshot is made by workspace.load"
    zeros = {
        name: declared.type.zero
        for name, declared in snapshot.environment.attributes.items()
        if declared.phase is Phase.REQUEST and name not in TEXTS
    }
    plain = {name: zero for name, zero in zeros.items() if not _is_sum(name)}
    subjects = {name for layer in snapshot.policy.layers for name in layer.program.attributes}
    headers = tuple(sorted(name for name in subjects if name.startswith("header.")))
    by_request = any(each.by is not None and each.by.text == "request" for each in splits(snapshot))
    lines = tuple(line for layer in snapshot.policy.layers for _, line in _lines(layer, snapshot))
    return Asked(
        Words(_id(plain), plain),
        Words(_id(zeros), zeros),
        headers,
        Book(_id(lines), lines),
        ByReading(snapshot, _trace),
        by_request,
    )


def _is_sum(name: str) -> bool:
    return name == "session.spend" or any(each in name for each in SUMS)


def lines_of(snapshot: Snapshot) -> Lines:
    """What routes or denies in a snapshot."""
    return {id(action): line for layer in snapshot.policy.layers for action, line in _lines(layer, snapshot)}


def _lines(layer: LayerPolicy, snapshot: Snapshot) -> Iterator[tuple[Action, Line]]:
    for rule in layer.program.tree.rules:
        text = said(RuleRef(layer.name, rule.at, rule.action), snapshot)
        if rule.condition is not None and not text.startswith(
            "when"
        ):  # inside a block, whose condition stands above it
            text = " ".join(print_statement(When(rule.condition, (rule.action,), False, rule.at)).split())
        names = tuple(sorted(subject.name for subject in rule.formula.subjects))
        yield rule.action, Line(layer.name, RuleRef(layer.name, rule.at).place, veil(text)[:_RULE], names)
    default = layer.program.default
    if default is not None:
        ref = RuleRef(layer.name, default.span, default.action)
        yield default.action, Line(layer.name, ref.place, veil(said(ref, snapshot))[:_RULE])


def _id(told: object) -> str:
    return blake2b(msgspec.json.encode(told, order="sorted"), digest_size=8).hexdigest()


# ---- what the rules came to -------------------------------------------------------------------------------------------


class _Known:
    """Facts as `ByReading` asks them."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def read(self, inputs: Inputs, name: str) -> Reading:
        return self._facts.read(name)


def _trace(snapshot: Snapshot, facts: Facts) -> str:
    """One letter a line of the book."""
    decided = decide(snapshot, facts, trace=True)
    return _results(snapshot, decided) if isinstance(decided, Decision) else ""


def _results(snapshot: Snapshot, decision: Decision) -> str:
    chosen = decision.rule.action if decision.rule is not None else None
    looked = {id(each.action): each for each in decision.looked_at}
    letters: list[str] = []
    for layer in snapshot.policy.layers:
        actions = [rule.action for rule in layer.program.tree.rules]
        letters += (_letter(looked.get(id(action)), action is chosen) for action in actions)
        if layer.program.default is not None:
            letters.append(CHOSEN if layer.program.default.action is chosen else OPEN)
    return "".join(letters)


def _letter(looked: Looked | None, chosen: bool) -> str:
    if looked is None:
        return ABSENT
    return NOTHING if looked.nothing else CHOSEN if chosen else _RESULTS[looked.result]
