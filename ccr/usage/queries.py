"""What people ask of the log: a time, by what, of whom; and the answer as one value, for people and programs."""

from collections.abc import Mapping
from datetime import date, timedelta

from msgspec import Struct

from ccr.usage.store import Store, Sum

PERIODS = ("today", "yesterday", "week", "month", "all")
_FIRST, _LAST = "0000-00-00", "9999-99-99"


class Days(Struct, frozen=True):
    """Both days included, as `2026-11-22`. `words`: how a person calls them."""

    since: str
    until: str
    words: str


class Report(Struct, frozen=True):
    """`total` is None where there was nothing; `unpriced`: targets of which no price is known, those asked most first."""

    days: Days
    by: str
    where: Mapping[str, str]
    total: Sum | None
    rows: tuple[Sum, ...] = ()
    unpriced: tuple[Sum, ...] = ()


def period(name: str, today: date) -> Days:
    """Weeks begin on Monday, months on the first (rulings R34)."""
    match name:
        case "yesterday":
            day = (today - timedelta(days=1)).isoformat()
            return Days(day, day, "yesterday")
        case "week":
            return Days((today - timedelta(days=today.weekday())).isoformat(), today.isoformat(), "this week")
        case "month":
            return Days(today.replace(day=1).isoformat(), today.isoformat(), "this month")
        case "all":
            return Days(_FIRST, _LAST, "all time")
        case _:
            return Days(today.isoformat(), today.isoformat(), "today")


def between(since: date | None, until: date | None, today: date) -> Days:
    """The days from one to another; without an end until today, without a beginning from the first one there is."""
    last = until or today
    words = f"{since} to {last}" if since is not None else f"until {last}"
    return Days(since.isoformat() if since is not None else _FIRST, last.isoformat(), words)


def ask(store: Store, days: Days, by: str, where: Mapping[str, str], most: int = 0) -> Report:
    """The answer; `by` empty: the total alone. `most` rows, one more if there are more; 0: all."""
    found = store.sums(days.since, days.until, "", where)
    total = found[0] if found else None
    if total is None:
        return Report(days, by, where, None)
    rows = store.sums(days.since, days.until, by, where, most + 1 if most else 0) if by else []
    targets = store.sums(days.since, days.until, "target", where) if total.unpriced else []
    unpriced = sorted((each for each in targets if each.unpriced), key=lambda each: -each.unpriced)
    return Report(days, by, where, total, tuple(rows), tuple(unpriced))
