"""What Prometheus is told: counters made of entries, and what is so at the moment it asks.

Nothing is counted until somebody has asked for the first time: who does not scrape pays nothing. So counters begin at the first
scrape, and not at the start. Of several workers each counts, and the one that is asked tells of all.
"""

import asyncio
import os
import time
from collections.abc import Callable, Iterable, Iterator, MutableSequence
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

from ccr import __version__
from ccr.exchange.record import UsageRecord
from ccr.facts.health import Health
from ccr.lang import ast
from ccr.lang.flatten import flatten
from ccr.lang.syntax import parse
from ccr.live.live import Change, Live
from ccr.observe import counts
from ccr.observe.board import Board, Counted, flat, together
from ccr.observe.counts import Counts, Gauge, exposition
from ccr.routing.snapshot import Snapshot
from ccr.usage.entry import Entry

_MILLION = 1_000_000
"""Micro-dollars of a dollar."""
_PIN = 0.5
"""Seconds after a request within which other workers may tell of it."""


class Place(Struct, frozen=True):
    """Where one of several workers pins up what it has counted. `number` from 1."""

    board: Board
    number: int


class Metrics:
    """`heard` is where listeners of entries stand; `health` says who rests. `clock`: seconds since the epoch."""

    def __init__(
        self,
        live: Live,
        heard: MutableSequence[Callable[[Entry], None]],
        health: Callable[[], Health],
        clock: Callable[[], float] = time.time,
        place: "Place | None" = None,
    ) -> None:
        self._live, self._heard, self._health, self._clock, self._place = live, heard, health, clock, place
        self._counts = Counts()
        self._tags = frozenset[str]()
        self._counting = self._pinning = False
        self._processor = 0.0
        """Seconds of workers that stood here before this one."""
        if place is not None:
            heard.append(self._wake)

    def text(self) -> str:
        """Everything, as Prometheus reads it."""
        if not self._counting:
            self._begin()
        if self._place is None:
            return exposition(self._counts.rows, (*self._rules(), *self._targets(), *_process(_processor(), _memory())))
        self._place.board.ask()
        self._pin()
        told = self._place.board.all()
        used = _process(sum(each.processor for each in told), sum(each.memory for each in told))
        return exposition(together(told), (*self._rules(), *self._targets(), *used))

    def _begin(self) -> None:
        self._counting = True
        self._tags = plain_tags(self._live.current)
        if self._place is None:
            self._heard.append(self.tell)
        self._live.listen(self._reloaded)
        for result in ("ok", "failed"):
            self._counts.add(counts.RELOADS, (result,), 0)
        if self._place is not None:
            before = self._place.board.get(self._place.number)
            self._processor = before.processor
            self._counts.begin(before.rows)

    # ---- among several workers ----------------------------------------------------------------------------------------

    def _wake(self, entry: Entry) -> None:
        """Counts from the first request on after any of the workers was asked, and pins up soon after each what was counted."""
        if self._place is None or not self._place.board.asked:
            return
        if not self._counting:
            self._begin()
        self.tell(entry)
        if not self._pinning:
            self._pinning = True
            asyncio.get_running_loop().call_later(_PIN, self._pin)

    def _pin(self) -> None:
        self._pinning = False
        if self._place is not None:
            used = self._processor + _processor()
            self._place.board.put(self._place.number, Counted(flat(self._counts.rows), used, _memory()))

    # ---- what is told -------------------------------------------------------------------------------------------------

    def tell(self, entry: Entry) -> None:
        """One request. On the event loop: a few microseconds."""
        record, add, observe = entry.record, self._counts.add, self._counts.observe
        provider, _, model = record.target.partition("/")
        add(counts.REQUESTS, (record.kind, record.outcome, provider, model))
        observe(counts.DURATION, (record.kind,), record.duration)
        # Nobody takes the time of the decision; it is what is left of the whole when the exchange's own is taken away.
        observe(counts.DECISION, (), max(0.0, self._clock() - entry.at - record.duration))
        for attempt in record.attempts:
            add(counts.ATTEMPTS, (attempt.provider, attempt.model, attempt.outcome))
            if attempt.first_byte is not None:
                observe(counts.FIRST_BYTE, (attempt.provider,), attempt.first_byte - attempt.began)
        for kind, amount in _tokens(record):
            add(counts.TOKENS, (provider, model, kind), amount)
        self._money(entry, provider, model)
        for tag in record.tags:
            if tag in self._tags:
                add(counts.TAGGED, (tag,))

    def _money(self, entry: Entry, provider: str, model: str) -> None:
        cost = (entry.cost or 0) / _MILLION
        if cost:
            self._counts.add(counts.COST, (provider, model), cost)
        if entry.asked_cost is not None and entry.cost is not None:
            self._counts.add(counts.ASKED, (), entry.asked_cost / _MILLION)
            self._counts.add(counts.COMPARED, (), cost)
        if entry.record.user:
            self._counts.add(counts.PEOPLE, (entry.record.user,))
            self._counts.add(counts.SPENT, (entry.record.user,), cost)

    def _reloaded(self, change: Change) -> None:
        self._counts.add(counts.RELOADS, ("failed" if change.failure is not None else "ok",))
        self._tags = plain_tags(change.snapshot)

    # ---- what is so now -----------------------------------------------------------------------------------------------

    def _rules(self) -> Iterator[Gauge]:
        live = self._live
        yield Gauge("ccr_build_info", "The version.", {(__version__,): 1}, ("version",))
        yield Gauge(
            "ccr_rules_stale",
            "1 while the rules on disk do not load and older ones are in force.",
            {(): float(live.is_stale)},
        )
        yield Gauge("ccr_rules_loaded_timestamp_seconds", "When the rules in force were loaded.", {(): live.loaded_at})
        yield Gauge("ccr_rules_info", "The rules in force.", {(live.current.id,): 1}, ("snapshot",))

    def _targets(self) -> Iterator[Gauge]:
        """The breakers: who rests, and for how long still. A target that is not told of rests not. No key's fingerprint."""
        resting: dict[tuple[str, ...], float] = {}
        for (provider, model, _), rest in self._health().resting.items():
            place = (provider, model, "limited" if rest.limited else "failing")
            resting[place] = max(rest.seconds, resting.get(place, 0.0))
        help_ = "Seconds for which a target is still left alone; model empty: all of the provider."
        yield Gauge("ccr_target_resting_seconds", help_, resting, ("provider", "model", "why"))


def plain_tags(snapshot: Snapshot) -> frozenset[str]:
    """Tags that stand in the rules as they are, without anything filled in (rulings R26)."""
    return frozenset(_tags(parse(file)[0].statements for file in snapshot.sources if file.name.endswith(".ccr")))


def _tags(files: Iterable[Iterable[object]]) -> Iterator[str]:
    for statements in files:
        for rule in flatten(statements):
            if isinstance(rule.action, ast.Tag) and "{" not in rule.action.name.text:
                yield rule.action.name.text


def _tokens(record: UsageRecord) -> Iterator[tuple[str, int]]:
    usage = record.usage
    if record.target:
        yield from (
            ("input", usage.input),
            ("output", usage.output),
            ("cache_read", usage.cache_read),
            ("cache_write", usage.cache_write),
        )


def _process(processor: float, memory: float) -> Iterator[Gauge]:
    spent = "process_cpu_seconds_total"
    yield Gauge(spent, "Processor time, seconds.", {(): processor}, kind="counter")
    if memory:
        yield Gauge("process_resident_memory_bytes", "Memory, bytes.", {(): memory})


def _processor() -> float:
    return time.process_time()


def _memory() -> float:
    """Bytes; 0 where there is no /proc to say."""
    with suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return float(pages * os.sysconf("SC_PAGE_SIZE"))
    return 0.0
