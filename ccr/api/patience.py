"""How often a wrong password may be said, of one address and of all together: guessing is slow, forgetting is not punished."""

from collections.abc import Callable

from ccr.api.refusal import Refused

TRIES = 5
"""Wrong passwords before one has to wait,"""
FIRST_WAIT, LONGEST_WAIT = 2.0, 300.0
"""seconds; each further one doubles it."""


class Patience:
    """Counts wrong passwords, of each address and of all together, and makes guessing slow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._wrong: dict[str, tuple[int, float]] = {}

    def ask(self, client: str) -> None:
        """Raises Refused while somebody has to wait."""
        now = self._clock()
        wait = max(self._until(client, TRIES), self._until("", TRIES * 10)) - now
        if wait > 0:
            refused = Refused(429, "too_many", f"too many wrong passwords: wait {wait:.0f} s", seconds=round(wait))
            refused.headers = (("retry-after", str(max(1, round(wait)))),)
            raise refused

    def failed(self, client: str) -> None:
        now = self._clock()
        self._wrong = {name: each for name, each in self._wrong.items() if each[1] > now - 3600}
        for name in (client, ""):
            self._wrong[name] = (self._wrong.get(name, (0, now))[0] + 1, now)

    def succeeded(self, client: str) -> None:
        self._wrong.pop(client, None)

    def _until(self, name: str, tries: int) -> float:
        count, last = self._wrong.get(name, (0, 0.0))
        beyond = count - tries
        return last + min(FIRST_WAIT * 2.0 ** min(beyond, 10), LONGEST_WAIT) if beyond >= 0 else 0.0
