"""Three failures within a minute switch a function off for half a minute."""

from ccr.hooks.breaker import FAILURES, REST, WINDOW, Breaker


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_it_opens_at_the_third_failure_and_closes_by_itself() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    assert [breaker.failed("f") for _ in range(FAILURES)] == [False, False, True]
    assert breaker.is_open("f") and not breaker.is_open("g")
    clock.now += REST
    assert not breaker.is_open("f")
    assert not breaker.failed("f")


def test_failures_far_apart_do_not_count_together() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(10):
        assert not breaker.failed("f")
        clock.now += WINDOW / 2 + 1


def test_it_can_be_opened_at_once() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.trip("f")
    assert breaker.is_open("f") and not breaker.is_open("g")
    clock.now += REST
    assert not breaker.is_open("f") and not breaker.failed("f")
