"""Rows that a database gave, as what the protocol promises: shared by the stores."""

from collections.abc import Iterable, Sequence
from typing import Any

from ccr.usage.rows import MEASURES
from ccr.usage.store import Paid, Sum


def sums_of(rows: Iterable[Sequence[Any]]) -> list[Sum]:
    return [Sum(str(row[0]), **dict(zip(MEASURES, map(int, row[1:]), strict=True))) for row in rows]


Told = Iterable[tuple[str, Iterable[Sequence[Any]]]]
"""For each whose: owner, day, requests, cost."""


def paid_of(told: Told, later: Told) -> list[Paid]:
    """What was paid, without what came later; sums that are nothing are left out."""
    found: dict[tuple[str, str, str], list[int]] = {}
    for sign, part in ((1, told), (-1, later)):
        for whose, rows in part:
            for owner, day, requests, cost in rows:
                name = owner.partition("/")[0] if whose == "provider" else owner
                kept = found.setdefault((whose, name, day), [0, 0])
                kept[0] += sign * int(requests)
                kept[1] += sign * int(cost)
    return [
        Paid(whose, owner, day, requests, cost)
        for (whose, owner, day), (requests, cost) in found.items()
        if (owner or not whose) and (requests > 0 or cost > 0)
    ]
