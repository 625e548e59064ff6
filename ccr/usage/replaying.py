"""What would have changed: the requests of the log decided by other rules, and what that would have cost.

A request is the same if it would have gone down the same chain, or been denied with the same status. Cost is what the log
knows of tokens at the price of the target it would have gone to: its first that did not rest and did not fail then. How
lucky the cache is nobody knows, so it is an interval: at the lower end as much is read from it as then, at the upper end
the first request of a conversation on a target it was not on reads nothing from it. Money is in micro-dollars.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field, structs

from ccr.lang.values import Undecided
from ccr.messages.usage import Usage
from ccr.providers.spec import ModelSpec
from ccr.routing.prices import price, priced
from ccr.routing.replay import ByReading, Found, Outcome, outcome
from ccr.routing.snapshot import Snapshot
from ccr.routing.targets import DEMO
from ccr.usage.again import Logged, inputs_of
from ccr.usage.entry import Entry
from ccr.usage.filling import Lines, lines_of

GROUPS = ("rule", "target", "user", "project", "session")
"""What changes can be told apart by, beside from where to where."""
_OK = "ok"


class Cost(Struct, frozen=True):
    """`low` to `high`; None where no price is known."""

    low: int
    high: int


class Change(Struct, frozen=True):
    """A request that would have gone elsewhere. `cost`: what it would cost, None if that is not known."""

    entry: Entry
    outcome: Outcome
    target: str
    """The first of the chain that would have been there; "" for a denial."""
    cost: Cost | None


class Row(Struct):
    """Changed requests that have something in common. `then` and `cost` are of those of which both are known; `unpriced`
    counts the others. `example` is the id of the newest."""

    count: int = 0
    input: int = 0
    then: int = 0
    low: int = 0
    high: int = 0
    unpriced: int = 0
    example: str = ""

    def add(self, change: Change) -> None:
        entry = change.entry
        self.count += 1
        self.input += entry.record.usage.prompt
        self.example = entry.record.request_id
        if entry.cost is None or change.cost is None:
            self.unpriced += 1
            return
        self.then += entry.cost
        self.low += change.cost.low
        self.high += change.cost.high


class Taken(Struct):
    """How often a rule decided: then, and now. `place` as the rules of now have it, or those of then if it is gone."""

    place: str
    then: int = 0
    now: int = 0


class Result(Struct):
    """`cost`: of all requests that could be decided, then; `undecided`: by the attribute it hangs on."""

    requests: int = 0
    same: int = 0
    cost: int = 0
    undecided: Counter[str] = field(default_factory=Counter)
    rows: dict[tuple[str, ...], Row] = {}
    total: Row = field(default_factory=Row)
    rules: dict[str, Taken] = {}
    decided: int = 0
    """Distinct readings that had to be decided."""

    @property
    def changed(self) -> int:
        return self.total.count

    @property
    def share(self) -> float:
        """Changed ones of those that could be decided."""
        return self.changed / max(self.same + self.changed, 1)

    @property
    def dearer(self) -> float | None:
        """By what share of what all requests cost, at the upper end; None where something became of nothing."""
        more = self.total.high - self.total.then
        return more / self.cost if self.cost else (None if more > 0 else 0.0)


Worlds = Callable[[Entry], Snapshot]
"""By whose rules a request is decided: those of its own project and session come on top."""


class Replay:
    """Hears entries, oldest first. A scratch of one run."""

    def __init__(self, worlds: Worlds, by: str = "") -> None:
        self._worlds, self._by = worlds, by
        self._deciding: dict[int, ByReading[Found]] = {}
        self._lines: dict[int, Lines] = {}
        self._warm: set[tuple[str, str, str]] = set()
        self.result = Result()

    def hear(self, entry: Entry) -> Change | None:
        """Decides it; gives the change, if there is one."""
        snapshot, result = self._worlds(entry), self.result
        found = self._decide(snapshot, entry)
        result.requests += 1
        if isinstance(found, Undecided):
            result.undecided[found.attribute] += 1
            return None
        result.cost += entry.cost or 0
        self._count(snapshot, entry, found)
        same = (found.chain, found.denied) == (entry.chain, entry.denied)
        target = entry.record.target if same else _served(found, entry)
        cold = self._is_cold(entry, target)
        if same:
            result.same += 1
            return None
        change = Change(entry, found, target, _cost(snapshot, target, entry.record.usage, cold))
        result.rows.setdefault(self._group(change), Row()).add(change)
        result.total.add(change)
        return change

    def _decide(self, snapshot: Snapshot, entry: Entry) -> Found:
        deciding = self._deciding.get(id(snapshot))
        if deciding is None:
            deciding = self._deciding[id(snapshot)] = ByReading(snapshot, outcome)
            self._lines[id(snapshot)] = lines_of(snapshot)
        before = deciding.worked
        found = decided(deciding, entry)
        self.result.decided += deciding.worked - before
        return found

    def _is_cold(self, entry: Entry, target: str) -> bool:
        """Whether this conversation was not on that target yet."""
        record = entry.record
        key = (record.session or record.request_id, record.agent, target)
        if key in self._warm:
            return False
        if record.session:
            self._warm.add(key)
        return True

    # ---- rules ---------------------------------------------------------------------------------------------------------

    def _count(self, snapshot: Snapshot, entry: Entry, found: Outcome) -> None:
        """A rule is known by its text: lines move (language: replay aligns by content)."""
        before = entry.record.rule
        chosen = next((each for each in entry.looked if each.chosen), None)
        text = chosen.text if chosen is not None else ""
        now = self._lines[id(snapshot)].get(id(found.rule.action)) if found.rule is not None else None
        if before:
            self._taken(text or before, before).then += 1
        if now is not None:
            taken = self._taken(now.text, now.place)
            taken.place = now.place
            taken.now += 1

    def _taken(self, text: str, place: str) -> Taken:
        return self.result.rules.setdefault(text, Taken(place))

    # ---- rows ----------------------------------------------------------------------------------------------------------

    def _group(self, change: Change) -> tuple[str, ...]:
        record = change.entry.record
        told: Mapping[str, str] = {
            "rule": record.rule, "target": record.target, "user": record.user, "project": change.entry.project,
            "session": record.session,
        }  # fmt: skip
        return (told[self._by],) if self._by else (then(change.entry), now(change.outcome))


def then(entry: Entry) -> str:
    return f"denied, {entry.denied}" if entry.denied else " or ".join(entry.chain)


def now(outcome: Outcome) -> str:
    return f"denied, {outcome.denied}" if outcome.denied else " or ".join(outcome.chain)


def replay(entries: Iterable[Entry], worlds: Worlds, by: str = "") -> Result:
    """All of them."""
    run = Replay(worlds, by)
    for each in entries:
        run.hear(each)
    return run.result


def decided(deciding: ByReading[Found], entry: Entry) -> Found:
    """What the rules make of a request of the log."""
    beside = entry.logins, entry.draw if deciding.draws else None
    return deciding.get(Logged(entry), inputs_of(entry, deciding.snapshot), beside)


# ---- two worlds -------------------------------------------------------------------------------------------------------


class Moved(Struct):
    """How many of so many requests go elsewhere by one world than by another, and from where to where."""

    requests: int = 0
    undecided: int = 0
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def count(self) -> int:
        return sum(self.pairs.values())


def moved(entries: Iterable[Entry], old: Snapshot, new: Snapshot) -> Moved:
    """Both worlds over the same requests, without the rules of their own projects."""
    before, after, found = ByReading(old, outcome), ByReading(new, outcome), Moved()
    for entry in entries:
        one, other = decided(before, entry), decided(after, entry)
        found.requests += 1
        if isinstance(one, Undecided) or isinstance(other, Undecided):
            found.undecided += 1
        elif (one.chain, one.denied) != (other.chain, other.denied):
            found.pairs[now(one), now(other)] += 1
    return found


# ---- cost -------------------------------------------------------------------------------------------------------------


def _served(found: Outcome, entry: Entry) -> str:
    """The first of the chain that neither rested nor failed then, as far as the log knows."""
    if not found.chain:
        return ""
    out = out_of(entry)
    return next((each for each in found.chain if each not in out), found.chain[0])


def out_of(entry: Entry) -> frozenset[str]:
    """The targets that were passed over or failed."""
    record = entry.record
    passed = (each.partition(": ")[0] for each in record.skipped)
    return frozenset((*passed, *(each.target for each in record.attempts if each.outcome != _OK)))


def _cost(snapshot: Snapshot, target: str, usage: Usage, cold: bool) -> Cost | None:
    if not target or target.startswith(f"{DEMO}/"):
        return Cost(0, 0)
    spec = priced(snapshot.catalog, target)
    low = price(usage, spec)
    if low is None:
        return None
    high = max(low, *(_known(each, spec) for each in _uncached(usage))) if cold and usage.cache_read else low
    return Cost(low, high)


def _uncached(usage: Usage) -> tuple[Usage, Usage]:
    """Nothing is read from a cache: it is ordinary input, or is written to one."""
    read = usage.cache_read
    return (
        structs.replace(usage, input=usage.input + read, cache_read=0),
        structs.replace(usage, cache_write=usage.cache_write + read, cache_read=0),
    )


def _known(usage: Usage, spec: ModelSpec | None) -> int:
    return price(usage, spec) or 0
