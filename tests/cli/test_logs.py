"""Moments as people write them."""

import time

import pytest

from ccr.cli.commands.logs import moment

NOW = time.mktime((2026, 11, 22, 13, 2, 7, 0, 0, -1))


@pytest.mark.parametrize(
    ("text", "before"),
    [
        ("10m", 600),
        ("2h", 7200),
        ("1.5 h", 5400),
        ("1d", 86_400),
        ("30s", 30),
        ("13:00", 127),
        ("13:02:00", 7),
        ("2026-11-22 13:00", 127),
        ("2026-11-22T13:00", 127),
        ("2026-11-22", 13 * 3600 + 127),
    ],
)
def test_moments(text: str, before: float) -> None:
    found = moment(text, NOW)
    assert found is not None
    assert NOW - found == before


@pytest.mark.parametrize("text", ["", "yesterday", "10", "25:00", "2026-13-01", "m"])
def test_what_is_none(text: str) -> None:
    assert moment(text, NOW) is None
