"""Sums by window and by whoever pays, and what an answer costs."""

from datetime import UTC, datetime, timedelta

from ccr.memory.local import LocalStore
from ccr.memory.spend import Spend, accounts

SUNDAY = datetime(2026, 11, 29, 23, 0, tzinfo=UTC)


class World:
    def __init__(self) -> None:
        self.now = 100_000.0
        self.spend = Spend(LocalStore(lambda: self.now), lambda: self.now)


def test_money_by_day_week_and_month() -> None:
    world, everybody = World(), accounts("", "", "")
    world.spend.add(SUNDAY, everybody, 5)
    world.spend.add(SUNDAY + timedelta(hours=2), everybody, 7)
    monday = world.spend.sample(SUNDAY + timedelta(hours=3), everybody)
    assert (monday["spend.today"], monday["spend.week"], monday["spend.month"]) == (7, 7, 12)
    december = world.spend.sample(SUNDAY + timedelta(days=2), everybody)
    assert (december["spend.today"], december["spend.week"], december["spend.month"]) == (0, 7, 0)


def test_each_payer_has_its_own_sums() -> None:
    world = World()
    world.spend.add(SUNDAY, accounts("ann", "~/work", "s1", "groq"), 10)
    world.spend.add(SUNDAY, accounts("bob", "~/work", "s2", "groq"), 1)
    seen = world.spend.sample(SUNDAY, accounts("ann", "~/work", "s1", "groq"))
    assert [seen[f"{of}spend.today"] for of in ("", "user.", "project.", "groq.")] == [11, 10, 11, 11]
    assert seen["session.spend"] == 10
    assert seen["user.requests.today"] == 1 and seen["groq.requests.today"] == 2
    assert world.spend.providers() == {"groq"}


def test_requests_of_the_last_minute_and_hour_slide() -> None:
    world, everybody = World(), accounts("", "", "")
    world.now = 120_000.0
    for _ in range(6):
        world.spend.add(SUNDAY, everybody, 0)
    world.now += 59
    assert world.spend.sample(SUNDAY, everybody)["requests.minute"] == 6
    world.now += 31
    seen = world.spend.sample(SUNDAY, everybody)
    assert (seen["requests.minute"], seen["requests.hour"]) == (3, 6)
    world.now += 30
    assert world.spend.sample(SUNDAY, everybody)["requests.minute"] == 0
    world.now += 7200
    seen = world.spend.sample(SUNDAY, everybody)
    assert (seen["requests.hour"], seen["requests.today"]) == (0, 6)


def test_a_session_may_last_longer_than_a_day() -> None:
    world = World()
    for day in range(2):
        world.spend.add(SUNDAY + timedelta(days=day), accounts("", "", "s1"), 3)
    assert world.spend.sample(SUNDAY + timedelta(days=2), accounts("", "", "s1"))["session.spend"] == 6
