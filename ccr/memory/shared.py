"""The store of several processes: what is known here, and a table elsewhere that has the last word.

Reads and writes are answered from what is known here, at once. What is put goes to the table by a thread of its own, in
the order it was put and together with whatever gathered meanwhile; `refresh` and `reserve` ask the table in the same
thread, so they see everything that was put here before, and the event loop never waits for a file or a network.

A table that cannot be reached stops nothing: what is known here goes on, what is put is kept for later, up to a bound.
It is said once, and once that it is back.
"""

import asyncio
import contextlib
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Protocol, TypeVar

from msgspec import Struct

from ccr.memory.local import LIMIT, Clock, LocalStore
from ccr.memory.store import Addition, Bound, Key

AWAY = 2.0
"""Seconds for which a table that could not be reached is left alone."""
MOST_WAITING = 20_000
"""Changes kept for a table that cannot be reached; older ones are forgotten."""


class Unreachable(Exception):
    """The table cannot be asked now; the text says why."""


class Put(Struct, frozen=True):
    room: str
    key: Key
    value: Any
    ttl: float


class Fold(Struct, frozen=True):
    room: str
    key: Key
    entries: Mapping[str, Any]
    gone: tuple[str, ...]
    ttl: float


class Drop(Struct, frozen=True):
    room: str
    key: Key


Change = Put | Addition | Fold | Drop
Place = tuple[str, Key]


class Found(Struct, frozen=True):
    """What a table has: values with the seconds they have left. A room is there whole."""

    values: Mapping[Place, tuple[Any, float]] = {}
    rooms: Mapping[str, Mapping[Key, tuple[Any, float]]] = {}


class Table(Protocol):
    """Where the truth is. Called from one thread; every method may raise Unreachable."""

    def write(self, changes: Sequence[Change]) -> None: ...

    def read(self, places: Sequence[Place], rooms: Sequence[str]) -> Found: ...

    def reserve(self, bounds: Sequence[Bound], additions: Sequence[Addition]) -> tuple[bool, Found]:
        """Whether all was added, and what the bounds look at, as it is then."""
        ...

    def tidy(self) -> None:
        """Forgets what is too old or too much."""
        ...

    def close(self) -> None: ...


T = TypeVar("T")


class SharedStore:
    """`open_table` is called in the thread that uses the table. `say` is told when it goes away and comes back."""

    is_shared = True

    def __init__(
        self,
        open_table: Callable[[], Table],
        clock: Clock,
        limit: int = LIMIT,
        limits: Mapping[str, int] | None = None,
        say: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._here = LocalStore(clock, limit, limits)
        self._clock, self._open, self._say = clock, open_table, say
        self._table: Table | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ccr-state")
        self._waiting: deque[Change] = deque(maxlen=MOST_WAITING)
        self._is_writing = False
        self._writing: asyncio.Future[None] | None = None
        self._away_until = 0.0
        self._is_away = False
        self._sums: defaultdict[Place, int] = defaultdict(int)
        """What was added here and is not yet in the table."""
        self._newer: defaultdict[Place, int] = defaultdict(int)
        """How often something else was put here that is not yet in the table."""
        self._asked: tuple[dict[Place, None], dict[str, None]] | None = None

    # ---- what is known here -----------------------------------------------------------------------------------------

    def get(self, room: str, key: Key) -> Any:
        if self._asked is not None:
            self._asked[0][room, key] = None
        return self._here.get(room, key)

    def items(self, room: str) -> list[tuple[Key, Any, float]]:
        if self._asked is not None:
            self._asked[1][room] = None
        return self._here.items(room)

    def put(self, room: str, key: Key, value: Any, ttl: float) -> None:
        self._here.put(room, key, value, ttl)
        self._change(Put(room, key, value, ttl))

    def add(self, room: str, key: Key, amount: int, ttl: float) -> int:
        total = self._here.add(room, key, amount, ttl)
        self._change(Addition(room, key, amount, ttl))
        return total

    def fold(self, room: str, key: Key, entries: Mapping[str, Any], gone: Iterable[str], ttl: float) -> None:
        taken = tuple(gone)
        self._here.fold(room, key, entries, taken, ttl)
        self._change(Fold(room, key, entries, taken, ttl))

    def drop(self, room: str, key: Key) -> None:
        self._here.drop(room, key)
        self._change(Drop(room, key))

    # ---- what others put --------------------------------------------------------------------------------------------

    async def refresh(self, ask: Callable[[], object]) -> None:
        with self._noting() as (places, rooms):
            ask()
        wanted, whole = [place for place in places if place[0] not in rooms], list(rooms)
        await self._ask(lambda table: table.read(wanted, whole), self._learn)

    async def reserve(self, bounds: Sequence[Bound], additions: Sequence[Addition]) -> bool:
        answer = await self._ask(lambda table: table.reserve(bounds, additions), lambda answer: self._learn(answer[1]))
        if answer is None:
            given = await self._here.reserve(bounds, additions)
            for each in additions if given else ():
                self._change(each)
            return given
        return answer[0]

    async def settle(self) -> None:
        """Returns when everything put here is in the table, and the table is tidy."""
        await self._ask(lambda table: table.tidy())

    async def close(self) -> None:
        """What is put is written first, if the table can be reached."""
        await self.settle()
        table = self._table
        if table is not None:
            await asyncio.get_running_loop().run_in_executor(self._thread, table.close)
        self._thread.shutdown(wait=False)

    @contextlib.contextmanager
    def _noting(self) -> Iterator[tuple[dict[Place, None], dict[str, None]]]:
        noted: tuple[dict[Place, None], dict[str, None]] = ({}, {})
        self._asked = noted
        try:
            yield noted
        finally:
            self._asked = None

    def _learn(self, found: Found) -> None:
        for (room, key), (value, left) in found.values.items():
            self._take(room, key, value, left)
        for room, rows in found.rooms.items():
            gone = [key for key, _, _ in self._here.items(room) if key not in rows and not self._newer.get((room, key))]
            for key in gone:
                self._take(room, key, None, 0.0)
            for key, (value, left) in rows.items():
                self._take(room, key, value, left)

    def _take(self, room: str, key: Key, value: Any, left: float) -> None:
        """What the table has there, unless something newer was put here since it was asked. None: nothing."""
        if self._newer.get((room, key)):
            return
        more = self._sums.get((room, key), 0)
        if value is None and not more:
            self._here.drop(room, key)
        elif value is None:
            self._here.put(room, key, more, max(left, 1.0))
        else:
            self._here.put(room, key, value + more if more else value, left)

    # ---- to the table and back --------------------------------------------------------------------------------------

    def _change(self, change: Change) -> None:
        if len(self._waiting) == MOST_WAITING:
            self._settled(self._waiting.popleft())
        self._waiting.append(change)
        if isinstance(change, Addition):
            self._sums[change.room, change.key] += change.amount
        else:
            self._newer[change.room, change.key] += 1
        if not self._is_writing and not self._is_resting():
            self._is_writing = True
            # At the end of this turn of the loop, so that what one exchange says goes together.
            asyncio.get_running_loop().call_soon(self._begin)

    def _settled(self, change: Change) -> None:
        place = (change.room, change.key)
        if isinstance(change, Addition):
            self._sums[place] -= change.amount
            if not self._sums[place]:
                del self._sums[place]
        else:
            self._newer[place] -= 1
            if not self._newer[place]:
                del self._newer[place]

    def _begin(self) -> None:
        self._writing = asyncio.ensure_future(self._write())

    async def _write(self) -> None:
        """Writes until nothing waits."""
        try:
            while self._waiting and not self._is_resting():
                await self._ask(lambda _: None)
        finally:
            self._is_writing = False

    async def _ask(self, ask: Callable[[Table], T], learn: Callable[[T], None] | None = None) -> T | None:
        """Writes what waits, then asks; None if the table cannot be reached. What is learnt is learnt in the turn in which
        the answer comes: by the time that whoever asked goes on, a later change may be in the table and settled here."""
        if self._is_resting():
            return None
        changes = list(self._waiting)
        self._waiting.clear()
        job = asyncio.get_running_loop().run_in_executor(self._thread, self._do, changes, ask)
        job.add_done_callback(partial(self._done, changes, learn))
        try:
            # Whoever asks may be cancelled, because a client has left; what others put goes on its way.
            return await asyncio.shield(job)
        except Unreachable:
            return None

    def _done(self, changes: Sequence[Change], learn: Callable[[Any], None] | None, job: "asyncio.Future[Any]") -> None:
        error = None if job.cancelled() else job.exception()
        if isinstance(error, Unreachable):
            room = max(0, MOST_WAITING - len(self._waiting))
            forgotten = len(changes) - room
            for change in changes[: max(0, forgotten)]:
                self._settled(change)
            self._waiting.extendleft(reversed(changes[max(0, forgotten) :]))
            self._went_away(str(error))
            return
        for change in changes:
            self._settled(change)
        if learn is not None and error is None and not job.cancelled():
            learn(job.result())
        self._came_back()

    def _do(self, changes: Sequence[Change], ask: Callable[[Table], T]) -> T:
        """In the thread."""
        if self._table is None:
            self._table = self._open()
        if changes:
            self._table.write(changes)
        return ask(self._table)

    # ---- away and back ----------------------------------------------------------------------------------------------

    def _is_resting(self) -> bool:
        return self._is_away and self._clock() < self._away_until

    def _went_away(self, why: str) -> None:
        self._away_until = self._clock() + AWAY
        if not self._is_away:
            self._is_away = True
            self._say(f"shared state cannot be reached ({why}): this process goes on with what it knows")

    def _came_back(self) -> None:
        if self._is_away:
            self._is_away = False
            self._say("shared state is back")
