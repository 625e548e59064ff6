"""Where the log is kept: a file on this machine (`sqlite.py`) or a team's PostgreSQL (`postgres.py`), one protocol.

Everything here waits for a disk or a network, so nothing here is called from the event loop. What goes wrong out there
is a `StoreError` whose words are for a person.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from ccr.usage.entry import Entry
from ccr.usage.filling import Filled


class StoreError(Exception):
    """The log cannot be written or read; says why, and what to do."""


class NothingYet(StoreError):
    """There is a place for the log and nothing in it: its first request is just being written."""


FILTERS = ("user", "project", "session", "kind", "rule", "target", "provider", "model", "outcome")
"""Columns that `read` and `sums` can be narrowed by, each to one value."""
BY = ("day", "user", "project", "session", "kind", "rule", "target", "model")
"""What sums can be told by."""


class Sum(Struct, frozen=True):
    """Sums of the requests that have `key` in common. `asked` and `paid` as in `rows.MEASURES`; money in micro-dollars."""

    key: str
    requests: int = 0
    failed: int = 0
    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    cost: int = 0
    unpriced: int = 0
    paid: int = 0
    asked: int = 0
    duration: int = 0
    waited: int = 0
    answered: int = 0

    @property
    def saved(self) -> int:
        """Of the requests of which it is known."""
        return self.asked - self.paid


class Paid(Struct, frozen=True):
    """`whose`: "" for all, or user, project, session, provider; `owner` who it is. `cost` in micro-dollars."""

    whose: str
    owner: str
    day: str
    requests: int
    cost: int


class Store(Protocol):
    def write(self, batch: Sequence[Filled]) -> None:
        """All of the batch, or nothing."""
        ...

    def read(
        self, since: float, until: float, where: Mapping[str, str] | None = None, limit: int = 0, bodies: bool = False
    ) -> Iterator[Entry]:
        """The entries of a time (seconds since the epoch, the end not included), oldest first. `where`: values of FILTERS.
        With a limit the newest so many, newest first. `bodies`: with the requests' bodies, where they were kept."""
        ...

    def find(self, wanted: str) -> tuple[Entry, ...]:
        """The entries whose id begins so; `last`: the newest. At most a few, newest first, with bodies."""
        ...

    def sums(self, since: str, until: str, by: str, where: Mapping[str, str] | None = None, most: int = 0) -> list[Sum]:
        """Sums of the days from `since` to `until`, both included (`2026-11-22`), by one of BY, the dearest first, at most
        so many; `by` empty: one sum of all, none if there was nothing."""
        ...

    def paid(self, since: str, before: float) -> list[Paid]:
        """What was asked and paid on each day since one, without requests that came at `before` (seconds since the epoch)
        or later: the sums that budgets begin with."""
        ...

    def tidy(self, before: float, most: int = 5_000) -> int:
        """Forgets entries from before a time, at most so many; their sums stay. How many it were."""
        ...

    def close(self) -> None: ...
