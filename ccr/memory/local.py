"""The store in this process: dictionaries, oldest first, with a bound for each room. Used from one event loop."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from ccr.memory.store import Addition, Bound, Key

Clock = Callable[[], float]
"""Seconds that never go back (time.monotonic)."""

LIMIT = 10_000


class LocalStore:
    """`limits` holds the bounds of rooms that need another than `limit`."""

    is_shared = False

    def __init__(self, clock: Clock, limit: int = LIMIT, limits: Mapping[str, int] | None = None) -> None:
        self._clock, self._limit, self._limits = clock, limit, limits or {}
        self._rooms: defaultdict[str, OrderedDict[Key, tuple[Any, float]]] = defaultdict(OrderedDict)

    def get(self, room: str, key: Key) -> Any:
        found = self._rooms[room].get(key)
        if found is None:
            return None
        value, ends = found
        if ends > self._clock():
            return value
        del self._rooms[room][key]
        return None

    def put(self, room: str, key: Key, value: Any, ttl: float) -> None:
        self._keep(room, key, value, self._clock() + ttl)

    def add(self, room: str, key: Key, amount: int, ttl: float) -> int:
        now = self._clock()
        value, ends = self._rooms[room].get(key, (0, 0.0))
        total = int(value) + amount if ends > now else amount
        self._keep(room, key, total, ends if ends > now else now + ttl)
        return total

    def fold(self, room: str, key: Key, entries: Mapping[str, Any], gone: Iterable[str], ttl: float) -> None:
        known: Mapping[str, Any] = self.get(room, key) or {}
        taken = frozenset(gone)
        # A new mapping: the one before may be in the hands of a request that is being answered.
        self.put(room, key, {**{name: each for name, each in known.items() if name not in taken}, **entries}, ttl)

    def drop(self, room: str, key: Key) -> None:
        self._rooms[room].pop(key, None)

    def items(self, room: str) -> list[tuple[Key, Any, float]]:
        now = self._clock()
        return [(key, value, ends - now) for key, (value, ends) in self._rooms[room].items() if ends > now]

    async def refresh(self, ask: Callable[[], object]) -> None:
        """Everything is here already."""

    async def reserve(self, bounds: Sequence[Bound], additions: Sequence[Addition]) -> bool:
        if not all(self.holds(bound) for bound in bounds):
            return False
        for each in additions:
            self.add(each.room, each.key, each.amount, each.ttl)
        return True

    def holds(self, bound: Bound) -> bool:
        """Whether the sum is below the limit, as far as it is known here."""
        if bound.keys is None:
            total = sum(value for _, value, _ in self.items(bound.room))
        else:
            total = sum(self.get(bound.room, key) or 0 for key in bound.keys)
        return int(total) < bound.limit

    def _keep(self, room: str, key: Key, value: Any, ends: float) -> None:
        kept = self._rooms[room]
        kept[key] = (value, ends)
        kept.move_to_end(key)
        if len(kept) > self._limits.get(room, self._limit):
            kept.popitem(last=False)
