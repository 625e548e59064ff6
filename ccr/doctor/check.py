"""What a check is, and what it finds. A check is a pure function of the `Machine`; it says what to do, and does nothing.

A file `doctor/checks/<name>.py` gives `CHECK`; another package joins by the entry-point group `ccr.doctor.checks`.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any

from msgspec import Struct

from ccr.doctor.machine import Machine


class Level(Enum):
    """How bad it is. OK and NOTE leave the exit code at 0."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class Mend(Struct, frozen=True):
    """What `ccr doctor --fix` may do by itself: give a file another mode, or take it away where `mode` is None."""

    path: str
    mode: int | None = None


class Finding(Struct, frozen=True):
    """`text` says what is; `advice` what to do, "" where nothing needs to be done."""

    level: Level
    text: str
    advice: str = ""
    mend: Mend | None = None


class Check(Struct, frozen=True):
    name: str
    title: str
    """What it looks at, in a few words."""
    look: Callable[[Machine], Iterable[Finding]]


class Examined(Struct, frozen=True):
    """A finding and the check that made it."""

    check: str
    finding: Finding

    @property
    def as_json(self) -> dict[str, Any]:
        found = self.finding
        return {
            "check": self.check,
            "level": found.level.value,
            "text": found.text,
            "advice": found.advice or None,
            "mendable": found.mend is not None,
        }


def ok(text: str) -> Finding:
    return Finding(Level.OK, text)


def note(text: str, advice: str = "") -> Finding:
    return Finding(Level.NOTE, text, advice)


def warning(text: str, advice: str, mend: Mend | None = None) -> Finding:
    return Finding(Level.WARNING, text, advice, mend)


def error(text: str, advice: str, mend: Mend | None = None) -> Finding:
    return Finding(Level.ERROR, text, advice, mend)


def many(number: int, noun: str) -> str:
    """`1 key`, `2 keys`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
