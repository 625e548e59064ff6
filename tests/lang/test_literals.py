"""Literals: exact suffixes, and for what is nearly one a mistake that says what to write."""

import pytest

from ccr.lang import types
from ccr.lang.ast import Form
from ccr.lang.findings import BAD_RANGE, UNKNOWN_VALUE, WRONG_UNIT, Mistake
from ccr.lang.literals import duration, value_of
from tests.lang.world import lit

N, M, C, P, S, W = Form.NUMBER, Form.MONEY, Form.CLOCK, Form.PERCENT, Form.STRING, Form.WORD
EFFORT = types.ordered("none", "low", "high")

GOOD = [
    ("60000", N, types.INT, 60_000), ("60_000", N, types.INT, 60_000), ("60k", N, types.INT, 60_000),
    ("1.5M", N, types.INT, 1_500_000), ("512", N, types.SIZE, 512), ("300KB", N, types.SIZE, 300_000),
    ("5MB", N, types.SIZE, 5_000_000), ("1MiB", N, types.SIZE, 1_048_576), ("2KiB", N, types.SIZE, 2_048),
    ("500ms", N, types.DURATION, 500), ("30s", N, types.DURATION, 30_000), ("5m", N, types.DURATION, 300_000),
    ("2h", N, types.DURATION, 7_200_000), ("7d", N, types.DURATION, 604_800_000), ("0.5s", N, types.DURATION, 500),
    ("$5", M, types.MONEY, 5_000_000), ("$0.25", M, types.MONEY, 250_000), ("$1_000", M, types.MONEY, 10**9),
    ("22:00", C, types.TIME, 1_320), ("0:05", C, types.TIME, 5), ("80%", P, types.PERCENT, 80.0),
    ("12.5%", P, types.PERCENT, 12.5), ("0.2", N, types.NUMBER, 0.2), ("true", W, types.BOOL, True),
    ("false", W, types.BOOL, False), ("alice", W, types.STRING, "alice"), ("a b", S, types.STRING, "a b"),
    ("a/b", Form.MODEL, types.STRING, "a/b"), ("~/x", S, types.PATH, "~/x"), ("low", W, EFFORT, "low"),
    ("high", S, EFFORT, "high"), ("Bash", W, types.SET, frozenset({"Bash"})),
]  # fmt: skip

BAD = [
    ("60K", N, types.INT, WRONG_UNIT, "60k"), ("1m", N, types.INT, WRONG_UNIT, "1M"), ("5s", N, types.INT, WRONG_UNIT, None),
    ("5mb", N, types.SIZE, WRONG_UNIT, "5MB"), ("5M", N, types.SIZE, WRONG_UNIT, "5MB"), ("5kib", N, types.SIZE, WRONG_UNIT, "5KiB"),
    ("1.0005k", N, types.INT, WRONG_UNIT, None), ("60_", N, types.INT, WRONG_UNIT, "60"), ("6__0", N, types.INT, WRONG_UNIT, "6_0"),
    ("60_k", N, types.INT, WRONG_UNIT, "60k"), ("300", N, types.DURATION, WRONG_UNIT, "300s"), ("5S", N, types.DURATION, WRONG_UNIT, "5s"),
    ("0.1ms", N, types.DURATION, WRONG_UNIT, None), ("5", N, types.MONEY, WRONG_UNIT, "$5"), ("$0.0000001", M, types.MONEY, WRONG_UNIT, None),
    ("$5", M, types.INT, WRONG_UNIT, None), ("60k", S, types.INT, WRONG_UNIT, "60k"), ("80", N, types.PERCENT, WRONG_UNIT, "80%"),
    ("25:00", C, types.TIME, BAD_RANGE, None), ("24:00", C, types.TIME, BAD_RANGE, "00:00"), ("22", N, types.TIME, WRONG_UNIT, None),
    ("yes", W, types.BOOL, WRONG_UNIT, "true"), ("5", N, types.BOOL, WRONG_UNIT, None), ("5", N, types.STRING, WRONG_UNIT, '"5"'),
    ("hgih", W, EFFORT, UNKNOWN_VALUE, None), ("0.2s", N, types.NUMBER, WRONG_UNIT, None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "form", "type", "value"), GOOD)
def test_a_literal_has_the_value_of_its_type(text, form, type, value):
    found = value_of(lit(text, form), type)
    assert found == value and found.__class__ is value.__class__


@pytest.mark.parametrize(("text", "form", "type", "code", "replacement"), BAD)
def test_what_is_nearly_a_literal_is_a_mistake_that_says_what_to_write(text, form, type, code, replacement):
    found = value_of(lit(text, form), type)
    assert isinstance(found, Mistake)
    assert (found.code, found.replacement) == (code, replacement)
    assert found.what


def test_midnight_as_24_00_only_ends_a_range():
    assert value_of(lit("24:00", C), types.TIME, ends=True) == 1_440


def test_every_replacement_is_right_itself():
    for text, _, type, _, replacement in BAD:
        if replacement is not None:
            new = {"$": M, '"': S}.get(
                replacement[0], P if replacement.endswith("%") else C if ":" in replacement else N
            )
            new = W if replacement in ("true", "false") else new
            assert not isinstance(value_of(lit(replacement.strip('"'), new), type), Mistake), text


@pytest.mark.parametrize(
    ("milliseconds", "text"),
    [
        (0, "0ms"),
        (1, "1ms"),
        (1500, "1500ms"),
        (30_000, "30s"),
        (90_000, "90s"),
        (600_000, "10m"),
        (7_200_000, "2h"),
        (86_400_000, "1d"),
    ],
)
def test_a_duration_as_a_person_writes_it(milliseconds: int, text: str) -> None:
    assert duration(milliseconds) == text
    assert value_of(lit(text, Form.NUMBER), types.DURATION) == milliseconds
