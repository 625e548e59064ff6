"""How long `ccr usage` takes over a large log: every question is to be answered within 300 ms, whatever the log holds.

`make bench` asks a million requests of fifty people in ninety days (CCR_RECORDS); the ordinary run, a fiftieth of that.
"""

import os
import random
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from ccr.usage.filling import Filled
from ccr.usage.opening import NAME
from ccr.usage.queries import PERIODS, ask, period
from ccr.usage.sqlite import SqliteStore
from ccr.usage.store import BY, Store
from tests.usage.logged import filled

RECORDS = int(os.environ.get("CCR_RECORDS", "20000"))
LIMIT = 0.3
LAST = date(2026, 11, 22)
KINDS = ("main", "agent", "title", "compact", "search")
WEIGHTS = (60, 25, 10, 3, 2)
WHERE: tuple[dict[str, str], ...] = ({}, {"user": "user7"}, {"project": "~/work/p3"}, {"session": "s0"})


def requests() -> Iterator[Filled]:
    """Conversations of people in their projects: rules decide the target, now and then the next one serves."""
    dice, number, base = random.Random(1), 0, filled(1)
    while number < RECORDS:
        user, day = f"user{dice.randrange(50)}", LAST - timedelta(days=dice.randrange(90))
        project, model, session = f"~/work/p{dice.randrange(40)}", f"claude-{dice.randrange(3)}", f"s{number}"
        at = time.mktime(day.timetuple())
        for _ in range(dice.randrange(1, 60)):
            rule = dice.choices(range(30), [1 / (each + 1) for each in range(30)])[0]
            served = (rule if dice.random() < 0.97 else rule + 1) % 12
            record = structs.replace(
                base.entry.record,
                request_id=f"req_{number:020x}",
                user=user,
                session=session,
                kind=dice.choices(KINDS, WEIGHTS)[0],
                model=model,
                rule=f"rules/12-team.ccr:{rule}",
                target=f"p{served}/m{served}",
            )
            entry = structs.replace(
                base.entry, record=record, project=project, day=day.isoformat(), at=at + number % 86_400
            )
            yield structs.replace(base, entry=entry)
            number += 1


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path = tmp_path_factory.mktemp("log") / NAME
    made, batch, began, count = SqliteStore(path), list[Filled](), time.perf_counter(), 0
    for each in requests():
        batch.append(each)
        if len(batch) == 5000:
            made.write(batch)
            count, batch = count + len(batch), []
    made.write(batch)
    took, size = time.perf_counter() - began, _size(path)
    print(f"\n{count + len(batch):,} requests written in {took:.0f} s, {size / 1e6:,.0f} MB")
    yield made
    made.close()


def _size(path: Path) -> int:
    return sum(each.stat().st_size for each in path.parent.iterdir())


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("where", WHERE, ids=lambda where: "-".join(where) or "all")
def test_every_question_is_answered_within_300_ms(store: Store, where: dict[str, str]) -> None:
    slowest = (0.0, "")
    for name in PERIODS:
        for by in BY:
            took = min(_timed(store, name, by, where) for _ in range(3))
            slowest = max(slowest, (took, f"{name} by {by}"))
    print(
        f"{'-'.join(where) or 'all'}: {len(PERIODS) * len(BY)} questions, the slowest {slowest[0] * 1000:.1f} ms ({slowest[1]})"
    )
    assert slowest[0] < LIMIT, slowest


def _timed(store: Store, name: str, by: str, where: dict[str, str]) -> float:
    """As the command asks for a screen of rows."""
    began = time.perf_counter()
    ask(store, period(name, LAST), by, where, most=20)
    return time.perf_counter() - began


@pytest.mark.timeout(120)
def test_budgets_begin_soon(store: Store) -> None:
    """Whoever asks for a sum right after the start waits for this."""
    began = time.perf_counter()
    paid = store.paid((LAST - timedelta(days=31)).isoformat(), time.time())
    took = time.perf_counter() - began
    print(f"{len(paid):,} sums of 31 days read in {took * 1000:.0f} ms")
    assert paid and took < 2.0
