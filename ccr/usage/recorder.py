"""Writes the log: entries are put down by the event loop and written by one thread, in batches, a moment later.

What a request's facts are is read at once where that is little, since they lie at hand: left to the thread it costs three
times as much (measured: 0.3 ms and more for a request of 290 KB, against 0.1 ms), as two threads of Python wait for each
other and the request has to be kept meanwhile. Large requests are left to the thread.

Nothing here ever holds up a request: its answer has gone when its entry is put down. What waits is bounded: when too many bytes of requests wait, entries are kept
without their facts, and when too many entries wait, the newest are left out; both are counted. A log that cannot be
written is said once, tried again now and then, and said again when it can.

What a killed process loses is what waited: at most the last quarter of a second, if the disk keeps up.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

from msgspec import Struct

from ccr.usage.entry import OFF, Entry
from ccr.usage.filling import Filled, Filling
from ccr.usage.making import Source
from ccr.usage.store import Store, StoreError

GATHER = 0.25
"""Seconds in which entries gather before they are written."""
_SOON = 0.02
"""Seconds after which the facts of large ones are read: these should not be held for long."""
AT_ONCE = 1_000_000
"""Bytes of a request whose facts are read on the event loop: under half a millisecond."""
MOST = 10_000
"""Entries that may wait, before and after they were filled."""
MOST_BYTES = 64_000_000
"""Of requests that may wait for their facts to be read."""
_BATCH = 500
_BREATH = 0.0002
"""Seconds the thread steps aside: reading facts is Python, and the event loop wants its turn. After each"""
_TURN = 0.0005
"""seconds of work, or where many wait of ten times as much: a busy loop gives the turn back only after milliseconds, and the
thread must not fall behind for good."""
_MANY = 100
_AGAIN = (1.0, 5.0, 30.0)
"""Seconds until a store that failed is tried again: the first time, the second, ever after."""
_TIDY = 3600.0
_LAST = 5.0
"""Seconds a stop waits for what is still to be written."""


class Trouble(Struct):
    """What keeps the log from being written. `lost`: entries that are missing in it."""

    said: str = ""
    failures: int = 0
    until: float = 0.0
    lost: int = 0


class Recorder:
    """`open` gives the store, when the first entry is to be written; `say` is told lines for a person, from the thread;
    `retention` gives the seconds entries are kept, 0 for ever."""

    def __init__(
        self, open: Callable[[], Store], say: Callable[[str], None], retention: Callable[[], float] = lambda: 0.0
    ) -> None:
        self._open, self._say, self._retention = open, say, retention
        self._waiting: deque[Filled | tuple[Entry, Source]] = deque()
        self._bytes = 0
        self._wake, self._closing = threading.Event(), False
        self._thread: threading.Thread | None = None
        self._at_once, self._filling, self._filled = Filling(), Filling(), list[Filled]()
        self._store: Store | None = None
        self._trouble = Trouble()
        self._tidy_at = self._turn = 0.0
        self.dropped = 0
        """Entries left out because too many waited."""

    # ---- on the event loop ------------------------------------------------------------------------------------------------

    def keep(self, entry: Entry, source: Source) -> None:
        """Puts an entry down, unless nothing is to be written of it."""
        if entry.log == OFF:
            return
        if len(self._waiting) >= MOST:
            self.dropped += 1
            return
        self._waiting.append(self._taken(entry, source))
        if self._thread is None or not self._thread.is_alive():
            self._begin()
        if not self._wake.is_set():
            self._wake.set()

    def _taken(self, entry: Entry, source: Source) -> "Filled | tuple[Entry, Source]":
        size = len(source.facts.inputs.request.raw)
        if size <= AT_ONCE:
            return self._at_once.fill(entry, source.snapshot, source.facts)
        if self._bytes + size > MOST_BYTES:
            return Filled(entry)
        self._bytes += size
        return entry, source

    def _begin(self) -> None:
        self._thread = threading.Thread(target=self._run, name="ccr-log", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Writes what waits, within a bounded time, and ends."""
        self._closing = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join(_LAST)
            left = len(self._waiting) + len(self._filled)
            if left:
                self._say(f"log: {_requests(left)} could not be written before the end")

    # ---- in the thread ----------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._closing:
                self._wake.wait(self._until_next())
                self._gather()
                self._wake.clear()
                self._take()
                self._tidy()
            self._take(hurry=True)
        finally:
            if self._store is not None:
                self._store.close()
                self._store = None

    def _gather(self) -> None:
        until = time.monotonic() + GATHER
        while not self._closing and time.monotonic() < until and len(self._filled) < _BATCH:
            time.sleep(_SOON)
            self._turn = time.monotonic()
            while self._waiting and len(self._filled) < _BATCH:
                self._fill_next(hurry=False)

    def _until_next(self) -> float | None:
        """Seconds until something is to be done although nothing comes; None: never."""
        return max(0.0, self._trouble.until - time.monotonic()) if self._filled else None

    def _take(self, hurry: bool = False) -> None:
        """Fills and writes what waits."""
        while self._waiting or self._filled:
            until = time.monotonic() + GATHER
            while self._waiting and len(self._filled) < _BATCH and time.monotonic() < until:
                self._fill_next(hurry)
            if not self._write(hurry):
                return

    def _fill_next(self, hurry: bool) -> None:
        waiting = self._waiting.popleft()
        if isinstance(waiting, Filled):
            self._filled.append(waiting)
            return
        entry, source = waiting
        self._bytes -= len(source.facts.inputs.request.raw)
        self._filled.append(self._filling.fill(entry, source.snapshot, source.facts))
        if hurry:
            return
        now = time.monotonic()
        if now - self._turn > (_TURN if len(self._waiting) < _MANY else 10 * _TURN):
            time.sleep(_BREATH)
            self._turn = time.monotonic()

    def _write(self, hurry: bool) -> bool:
        """Writes what is filled. False if it cannot be written now."""
        if not hurry and time.monotonic() < self._trouble.until:
            return self._spill()
        try:
            store = self._store = self._store or self._open()
            store.write(self._filled)
        except StoreError as error:
            self._failed(error)
            return self._spill()
        self._filled = []
        self._well()
        return True

    def _spill(self) -> bool:
        """While the store fails, entries go on being filled, since a request takes more room; too many are let go."""
        while self._waiting and len(self._filled) < MOST:
            self._fill_next(hurry=False)
        over = len(self._filled) - MOST // 2
        if len(self._filled) >= MOST:
            self._trouble.lost += over
            del self._filled[:over]
        return False

    def _failed(self, error: StoreError) -> None:
        if self._store is not None:
            self._store.close()
            self._store = None
        trouble = self._trouble
        trouble.until = time.monotonic() + _AGAIN[min(trouble.failures, len(_AGAIN) - 1)]
        trouble.failures += 1
        if str(error) != trouble.said:
            trouble.said = str(error)
            self._say(f"log: {error}; requests are served as before, and it is tried again")

    def _well(self) -> None:
        lost = self._trouble.lost + self.dropped
        if self._trouble.said or lost:
            missing = f"; {_requests(lost)} missing in it" if lost else ""
            self._say(
                f"log: it is written again{missing}" if self._trouble.said else f"log: {_requests(lost)} left out"
            )
            self._trouble, self.dropped = Trouble(), 0

    def _tidy(self) -> None:
        """Now and then, forgets what is older than people want to keep."""
        seconds = self._retention()
        if not seconds or self._store is None or time.monotonic() < self._tidy_at:
            return
        self._tidy_at = time.monotonic() + _TIDY
        try:
            while self._store.tidy(time.time() - seconds, _BATCH) == _BATCH and not self._closing:
                time.sleep(GATHER)
        except StoreError as error:
            self._failed(error)


def _requests(number: int) -> str:
    return f"{number:,} request{'' if number == 1 else 's'}"
