"""What was spent and asked, added up by window: of the proxy, and of each user, project, session and provider.

Days, weeks and months begin in the zone of the `now` handed in. A minute and an hour slide: the share of the one before
that still lies in the window counts as evenly spread, so that every request can afford to ask. Kept by the store; with
one in this process they begin with what was paid before it started, as the log tells it (`before`), but for the last
minute and hour, which begin anew.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Protocol

from msgspec import Struct

from ccr.lang.values import Value
from ccr.memory.local import Clock
from ccr.memory.store import Store

MONTH_AGE = 32 * 24 * 3600.0
_SLIDING = {"minute": 60.0, "hour": 3600.0}
_ASIDE = 500
"""Sums kept aside before they are put into the store."""


class Account(Struct, frozen=True):
    """Whose sums: `prefix` is how the attribute begins (`user.`), `owner` who it is (`alice`)."""

    prefix: str
    owner: str


def accounts(user: str, project: str, session: str, provider: str = "") -> tuple[Account, ...]:
    """Everybody a request is put down to: the proxy, and whoever is known."""
    known = (("user.", user), ("project.", project), ("session.", session), (f"{provider}.", provider))
    return (Account("", ""), *(Account(prefix, owner) for prefix, owner in known if owner))


class Past(Protocol):
    """What was paid on a day, `2026-11-22`, before this process. `whose`: "" for all, or user, project, session, provider;
    `owner` who it is. `cost` in micro-dollars."""

    @property
    def whose(self) -> str: ...
    @property
    def owner(self) -> str: ...
    @property
    def day(self) -> str: ...
    @property
    def requests(self) -> int: ...
    @property
    def cost(self) -> int: ...


Windows = tuple[str, ...]
"""Names of the windows an exchange falls into: three of the calendar, then one for each that slides."""


class Spend:
    """What is added is kept aside, summed by account and window, and put into the store when somebody asks or when much
    has gathered: most people have no rule about money, and a request should not pay for it."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock
        self._aside: dict[tuple[Account, Windows], list[int]] = {}
        self.before: Callable[[], Iterable[Past]] | None = None
        """What was paid before, asked once, when somebody first asks for a sum."""

    def add(self, now: datetime, payers: tuple[Account, ...], cost: int) -> None:
        """One request of `cost` micro-dollars, put down to each."""
        at = self._clock()
        windows = (*_calendar(now).values(), *(str(at // seconds) for seconds in _SLIDING.values()))
        for payer in payers:
            sums = self._aside.setdefault((payer, windows), [0, 0])
            sums[0] += cost
            sums[1] += 1
        if len(self._aside) > _ASIDE:
            self.settle()

    def settle(self) -> None:
        """Puts what was kept aside into the store."""
        aside, self._aside = self._aside, {}
        for (payer, windows), (cost, count) in aside.items():
            key = (payer.prefix, payer.owner)
            if payer.prefix == f"{payer.owner}.":
                self._store.put("paid", (payer.owner,), True, MONTH_AGE)
            for window in (*windows[:3], "ever"):
                self._store.add("spend", (*key, window), cost, MONTH_AGE)
            self._store.add("requests", (*key, windows[0]), count, MONTH_AGE)
            for (name, seconds), here in zip(_SLIDING.items(), windows[3:], strict=True):
                self._store.add("requests", (*key, name, here), count, seconds * 2)

    def sample(self, now: datetime, payers: tuple[Account, ...]) -> dict[str, Value]:
        """The attributes `spend.*` and `requests.*` of these accounts, by full name."""
        self._begin(now)
        self.settle()
        calendar = _calendar(now)
        return dict(pair for payer in payers for pair in self._of(calendar, payer))

    def _begin(self, now: datetime) -> None:
        """Adds what was paid before."""
        before, self.before = self.before, None
        calendar = _calendar(now)
        for past in before() if before is not None else ():
            account = Account(
                f"{past.owner}." if past.whose == "provider" else past.whose and f"{past.whose}.", past.owner
            )
            key = (account.prefix, account.owner)
            if past.whose == "provider":
                self._store.put("paid", (past.owner,), True, MONTH_AGE)
            windows = _calendar_of(date.fromisoformat(past.day)).items()
            for window in (*(each for name, each in windows if each == calendar[name]), "ever"):
                self._store.add("spend", (*key, window), past.cost, MONTH_AGE)
            if past.day == now.date().isoformat():
                self._store.add("requests", (*key, calendar["today"]), past.requests, MONTH_AGE)

    def providers(self) -> frozenset[str]:
        """Providers there are sums of."""
        self.settle()
        return frozenset(key[0] for key, _, _ in self._store.items("paid"))

    def _of(self, calendar: dict[str, str], payer: Account) -> Iterator[tuple[str, Value]]:
        key = (payer.prefix, payer.owner)
        for name, window in calendar.items():
            yield f"{payer.prefix}spend.{name}", self._store.get("spend", (*key, window)) or 0
        yield f"{payer.prefix}requests.today", self._store.get("requests", (*key, calendar["today"])) or 0
        for name, seconds in _SLIDING.items():
            yield f"{payer.prefix}requests.{name}", self._sliding((*key, name), seconds)
        if payer.prefix == "session.":
            yield "session.spend", self._store.get("spend", (*key, "ever")) or 0

    def _sliding(self, key: tuple[str, ...], seconds: float) -> int:
        here, into = divmod(self._clock(), seconds)
        now = self._store.get("requests", (*key, str(here))) or 0
        before = self._store.get("requests", (*key, str(here - 1))) or 0
        return int(now + before * (1 - into / seconds))


def _calendar(now: datetime) -> dict[str, str]:
    return _calendar_of(now.date())


@lru_cache(maxsize=4)
def _calendar_of(day: date) -> dict[str, str]:
    monday = day - timedelta(days=day.weekday())
    return {"today": f"day {day}", "week": f"week {monday}", "month": f"month {day:%Y-%m}"}
