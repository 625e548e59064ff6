"""Which decisions of the rules served requests tried: the log read as expectations are (`routing/coverage.py`).

Requests that read the same in all that rules ask try the same, so each such reading is looked at once.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from ccr.diagnostics.source import Span
from ccr.lang.ast import When
from ccr.lang.coverage import Choice, Coverage, Kind
from ccr.lang.values import Undecided
from ccr.routing.catalog import ConfiguredProvider
from ccr.routing.coverage import Tried, Whole
from ccr.routing.prospects import Prospects
from ccr.routing.replay import ByReading, outcome
from ccr.usage.again import Logged, facts_of, inputs_of
from ccr.usage.entry import Entry
from ccr.usage.replaying import Worlds, decided, out_of

_RESTING = (".down", ".limited")


class Traffic:
    """Hears entries. A scratch of one run. `layers`: those whose decisions are counted."""

    def __init__(self, prospects: Prospects, layers: Sequence[str], worlds: Worlds) -> None:
        self._worlds, self._tried = worlds, Tried(prospects, layers)
        self._stage = Whole(prospects.snapshot, tuple(prospects.layers))
        self._deciding = ByReading(prospects.snapshot, outcome)
        self._in_blocks = any(_asks(each) for each in prospects.snapshot.catalog.configured)
        self._seen: set[Any] = set()
        self.requests = self.undecided = self.elsewhere = 0
        """`undecided`: not decidable from the log; `elsewhere`: with rules of their own project or session."""
        self.taken: Counter[Span] = Counter()

    def hear(self, entry: Entry) -> None:
        self.requests += 1
        snapshot, reads = self._stage.snapshot, Logged(entry)
        if self._worlds(entry) is not snapshot:
            self.elsewhere += 1
            return
        found = decided(self._deciding, entry)
        if isinstance(found, Undecided):
            self.undecided += 1
            return
        if found.rule is not None and found.rule.action is not None:
            self.taken[found.rule.action.span] += 1
        key = (self._beside(entry), found, self._deciding.answers(reads, inputs_of(entry, snapshot)))
        if key not in self._seen:
            self._seen.add(key)
            self._tried.example(self._stage, facts_of(entry, snapshot), out_of(entry))

    def _beside(self, entry: Entry) -> Any:
        """What counts beside the rules' own tests: who rested, and whatever conditions of a provider's block ask."""
        down = [name for name in entry.facts if name.endswith(_RESTING) and entry.facts[name] is True]
        return out_of(entry), entry.logins, tuple(down), entry.record.request_id if self._in_blocks else ""

    def coverage(self, files: Iterable[str]) -> Coverage:
        return self._tried.coverage(files)


def _asks(provider: ConfiguredProvider) -> bool:
    bodies = (provider.body, *(model.body for model in provider.models.values()))
    return any(isinstance(each, When) for body in bodies for each in body)


def unneeded(coverage: Coverage) -> list[Choice]:
    """Routes and denials that nobody took."""
    return [each for each in coverage.choices if each.kind is Kind.TAKEN and each not in coverage.tried]
