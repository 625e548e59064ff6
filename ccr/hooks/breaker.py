"""Switches a function off for a while that fails again and again, so that it holds up nobody (language §8)."""

from collections import defaultdict, deque
from collections.abc import Callable

FAILURES = 3
"""That many failures within"""
WINDOW = 60.0
"""seconds switch it off for"""
REST = 30.0
"""seconds."""


class Breaker:
    """`clock` gives seconds that never go back. Used from one event loop."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failures: defaultdict[str, deque[float]] = defaultdict(lambda: deque(maxlen=FAILURES))
        self._until: dict[str, float] = {}

    def is_open(self, name: str) -> bool:
        """Whether it is switched off now."""
        return self._until.get(name, 0.0) > self._clock()

    def failed(self, name: str) -> bool:
        """Notes a failure; True if this one switches it off."""
        now, seen = self._clock(), self._failures[name]
        seen.append(now)
        if len(seen) < FAILURES or now - seen[0] > WINDOW:
            return False
        self.trip(name)
        return True

    def trip(self, name: str) -> None:
        """Switches it off at once."""
        self._until[name] = self._clock() + REST
        self._failures[name].clear()
