"""The log file: JSON, a line for each request and for what went wrong, in files that take turns.

In the form of claude-code-router (`level` as a number, `time` in milliseconds, `msg`), so what reads its files reads these. A new
file begins each day and at 50 MB; the newest nine stay. Every line of a request has its id. No text of a conversation is
in it, and what looks like a key is stars, also in what a provider said of one.
"""

import json
import logging
import os
import re
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

from ccr.diagnostics.veil import veil
from ccr.observe.aside import BREATH, Aside
from ccr.usage.entry import OFF, Entry

LEVELS = {"trace": 10, "debug": 20, "info": 30, "warn": 40, "error": 50, "fatal": 60}
LARGEST = 50_000_000
"""Bytes of one file."""
OLDEST = 86_400.0
"""Seconds that one file is written to."""
KEPT = 9
_STRIDE = 8
"""Lines after which the thread steps aside."""
_NAME = re.compile(r"ccr-\d{14}(?:_\d+)?\.log")
_KEYS = re.compile(
    r"(?i)\b(?:sk|pk|rk|gsk|xai|nvapi|hf|ghp|gho|glpat|csk|fw|r8|AIza|ya29|tgp|pplx|eyJ)[-_.]?[A-Za-z0-9][\w.\-]{10,}"
    r"|(?<=bearer )[\w.\-+/=]{6,}|\b[A-Za-z0-9+/_\-]{32,}={0,2}"
)
"""What begins as keys do, what follows `Bearer`, and any long run of letters and digits."""
_IDS = re.compile(r"(\b(?:req|msg|toolu)_[0-9a-f]{8,32}\b|\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)")
_SHORT = 200
"""Characters of texts that are remembered."""
_FINE = re.compile(r"[\w./-]*[a-z]/[\w./-]*")
"""Our own ids, sessions' ids, and paths are no keys."""


_Said = tuple[str, Mapping[str, Any]]
"""A level and what is said at it."""
_Line = tuple[float, Entry | _Said]
"""When, and what."""


class Journal:
    """`level` gives the smallest level that is written, a word of LEVELS, or "" for no file at all."""

    def __init__(
        self,
        folder: Path,
        level: Callable[[], str],
        clock: Callable[[], float] = time.time,
        largest: int = LARGEST,
    ) -> None:
        self._folder, self._level, self._clock, self._largest = folder, level, clock, largest
        self._aside = Aside[_Line]("ccr-journal", self._write, forgives=(OSError,))
        self._file: TextIO | None = None
        self._began = 0.0
        self._ear = Ear(self)

    def begin(self) -> None:
        """Hears also what ccr says of its own troubles. Opens nothing."""
        logging.getLogger("ccr").addHandler(self._ear)

    def close(self) -> None:
        logging.getLogger("ccr").removeHandler(self._ear)
        self._aside.close()
        if self._file is not None:
            self._file.close()
            self._file = None

    @property
    def dropped(self) -> int:
        """Lines that are missing, because too many waited or the disk did not take them."""
        return self._aside.dropped

    # ---- what is told -----------------------------------------------------------------------------------------------

    def tell(self, entry: Entry) -> None:
        """One request. On the event loop: it is only put down."""
        if entry.log != OFF and self._least:
            self._aside.put((self._clock(), entry))

    def say(self, level: str, said: Mapping[str, Any]) -> None:
        """One line. `said` has a `msg`."""
        if 0 < self._least <= LEVELS[level]:
            self._aside.put((self._clock(), (level, said)))

    @property
    def _least(self) -> int:
        return LEVELS.get(self._level(), 0)

    # ---- on the thread ----------------------------------------------------------------------------------------------

    def _write(self, things: list["_Line"]) -> None:
        for number, (at, thing) in enumerate(things, start=1):
            for level, said in _requests(thing) if isinstance(thing, Entry) else (thing,):
                if LEVELS[level] >= self._least:
                    line = {"level": LEVELS[level], "time": int(at * 1000), "pid": os.getpid(), **hidden(said)}
                    self._open(at).write(json.dumps(line, ensure_ascii=False) + "\n")
            if not number % _STRIDE:
                time.sleep(BREATH)
        if self._file is not None:
            self._file.flush()

    def _open(self, now: float) -> TextIO:
        if self._file is not None and (self._file.tell() >= self._largest or now - self._began >= OLDEST):
            self._file.close()
            self._file = None
        if self._file is None:
            self._began, self._file = now, _new(self._folder, now)
            _clear(self._folder)
        return self._file


def _new(folder: Path, now: float) -> TextIO:
    """A file that was not there, for its owner only."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = f"ccr-{time.strftime('%Y%m%d%H%M%S', time.localtime(now))}"
    for number in range(10_000):
        path = folder / f"{stem}{f'_{number}' if number else ''}.log"
        try:
            return os.fdopen(
                os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", errors="replace"
            )
        except FileExistsError:
            continue
    raise FileExistsError(stem)


def _clear(folder: Path) -> None:
    """All but the newest go; files of other names are somebody else's."""
    ours = sorted(
        (path for path in folder.iterdir() if _NAME.fullmatch(path.name)), key=lambda path: path.stat().st_mtime_ns
    )
    for path in ours[:-KEPT]:
        path.unlink(missing_ok=True)


class Ear(logging.Handler):
    """Lines of ccr's own loggers."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def emit(self, record: logging.LogRecord) -> None:
        said: dict[str, Any] = {"name": record.name, "msg": record.getMessage()}
        if record.exc_info and record.exc_info[0] is not None:
            said["err"] = {
                "type": record.exc_info[0].__name__,
                "stack": "".join(traceback.format_exception(*record.exc_info)),
            }
        self._journal.say(_level(record.levelno), said)


def _level(number: int) -> str:
    """Our word for a level of Python's."""
    table = ((logging.CRITICAL, "fatal"), (logging.ERROR, "error"), (logging.WARNING, "warn"), (logging.INFO, "info"))
    return next((word for least, word in table if number >= least), "debug")


# ---- what a line says ---------------------------------------------------------------------------------------------------

_WARNED = frozenset({"error", "truncated"})


def _requests(entry: Entry) -> Iterator[_Said]:
    """The line of a request, and at `debug` one for each attempt."""
    record = entry.record
    for attempt in record.attempts:
        yield "debug", {
            "msg": "attempt", "reqId": record.request_id, "target": attempt.target, "outcome": attempt.outcome,
            "statusCode": attempt.status, "began": attempt.began, "firstByte": attempt.first_byte, "ended": attempt.ended,
            "said": attempt.message,
        }  # fmt: skip
    usage = record.usage
    yield "warn" if record.outcome in _WARNED else "info", {
        "msg": "request completed", "reqId": record.request_id, "outcome": record.outcome, "statusCode": record.status,
        "responseTime": round(record.duration * 1000, 1), "kind": record.kind, "model": record.model, "target": record.target,
        "rule": record.rule, "snapshot": record.snapshot, "session": record.session, "user": record.user,
        "project": entry.project, "attempts": len(record.attempts), "tags": list(record.tags),
        "usage": {
            "input": usage.input, "output": usage.output, "cacheRead": usage.cache_read, "cacheWrite": usage.cache_write,
        },
        "cost": None if entry.cost is None else entry.cost / 1_000_000,
    }  # fmt: skip


def hidden(value: Any) -> Any:
    """The same without what looks like a key."""
    match value:
        case str():
            return _veiled(value) if len(value) <= _SHORT else _without_keys(value)
        case Mapping():
            return {name: hidden(each) for name, each in value.items()}
        case list():
            return [hidden(each) for each in value]
        case _:
            return value


def _without_keys(text: str) -> str:
    return "".join(part if at % 2 else _starred(part) for at, part in enumerate(_IDS.split(text)))


_veiled = lru_cache(2_000)(_without_keys)
"""Models, targets, rules and people are the same in many lines."""


def _starred(text: str) -> str:
    return _KEYS.sub(lambda found: found[0] if _FINE.fullmatch(found[0]) else "*" * len(found[0]), veil(text))
