"""Options of a service: said anew, kept, looked up; and how moments are told."""

import time
from pathlib import Path

import pytest

from ccr.cli.serving import age, arguments, changed, findings, since, value


def test_options_become_arguments_with_absolute_paths() -> None:
    said = arguments(port=0, host=None, rules=Path("rules"), workers=2)
    assert said == ["--port", "0", "--rules", str(Path("rules").absolute()), "--workers", "2"]


@pytest.mark.parametrize(
    ("before", "more", "after"),
    [
        (["--port", "1", "--quiet"], ["--port", "2"], ["--quiet", "--port", "2"]),
        (["rules", "--quiet"], [], ["rules", "--quiet"]),
        ([], ["--host", "::1"], ["--host", "::1"]),
        (["--quiet", "--port", "1"], ["--host", "h"], ["--quiet", "--port", "1", "--host", "h"]),
    ],
)
def test_what_is_said_anew_comes_in_place_of_the_old(before: list[str], more: list[str], after: list[str]) -> None:
    assert changed(before, more) == after


def test_a_value_is_what_stands_after_its_option() -> None:
    assert value(["--port", "1"], "--port") == "1"
    assert value(["--port"], "--port") is None
    assert value([], "--port") is None


@pytest.mark.parametrize(
    ("seconds", "text"), [(-1, "0 s"), (119, "119 s"), (150, "2 min"), (7300, "2 h"), (200_000, "2 days")]
)
def test_ages(seconds: float, text: str) -> None:
    assert age(seconds) == text


def test_moments() -> None:
    now = time.mktime((2026, 11, 22, 13, 2, 0, 0, 0, -1))
    assert since(now - 60, now) == "13:01 (60 s)"
    assert since(now - 3 * 86_400, now) == "2026-11-19 13:02 (3 days)"


def test_of_a_start_the_findings_are_told() -> None:
    said = "ccr 0.1.0 · http://127.0.0.1:1 · watching\nwarning[CCR306]: no default\n --> rules/10.ccr:1:1\n2026-11-22 13:00:00 info     x"
    assert findings(said) == "warning[CCR306]: no default\n --> rules/10.ccr:1:1"
