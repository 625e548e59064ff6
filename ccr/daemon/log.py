"""The file in which a background service writes what it says: how a line of it looks, and reading it again.

An entry begins with day, clock and level; what a finding shows of a rule file stands in the lines below it. A log that
became too large is put aside, so an older one, `service.log.1`, may be there.
"""

import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct

LEVELS = ("debug", "info", "warning", "error")
_HEAD = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) (debug|info|warning|error) {1,6}")
_CLOCK = re.compile(r"^\d\d:\d\d:\d\d  ")
FORM = "%Y-%m-%d %H:%M:%S"
_WIDTH = max(map(len, LEVELS))
LARGEST = 5 * 1024 * 1024
"""Bytes. A larger log is put aside, and the one that was put aside before goes."""


class Entry(Struct, frozen=True):
    """`at` is seconds since the epoch, 0 for lines before the first head."""

    at: float
    level: str
    text: str
    """As it stands in the file, all its lines."""


def log_file(home: Path) -> Path:
    return home / "logs" / "service.log"


def put_aside(path: Path) -> None:
    """Makes room for a new log; where that cannot be done, the old one grows on."""
    with suppress(OSError):
        if path.stat().st_size > LARGEST:
            os.replace(path, path.with_suffix(".log.1"))


def turn(path: Path, outputs: tuple[int, ...] = (1, 2)) -> None:
    """Lets this process write to a new log when the old one is too large, or was put aside by another process."""
    with suppress(OSError):
        put_aside(path)
        if not path.exists() or not os.path.samestat(os.fstat(outputs[0]), path.stat()):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            for each in outputs:
                os.dup2(handle, each)
            os.close(handle)


def line(text: str, level: str, now: float) -> str:
    """An entry, for the file; a clock in front of the text becomes that of the entry."""
    return f"{time.strftime(FORM, time.localtime(now))} {level:{_WIDTH}}  {_CLOCK.sub('', text)}"


def begins(text: str) -> bool:
    """Whether a line begins an entry."""
    return _HEAD.match(text) is not None


def entries(lines: Iterable[str]) -> Iterator[Entry]:
    """Lines of a log, put together again."""
    at, level, held = 0.0, "info", list[str]()
    for each in lines:
        head = _HEAD.match(each)
        if head is not None:
            if held:
                yield Entry(at, level, "\n".join(held))
            at, level, held = _moment(head[1]), head[2], []
        held.append(each.rstrip("\n"))
    if held:
        yield Entry(at, level, "\n".join(held))


def _moment(text: str) -> float:
    try:
        return time.mktime(time.strptime(text, FORM))
    except (ValueError, OverflowError):
        return 0.0


def past(home: Path) -> Iterator[str]:
    """Every line there is, oldest first."""
    newest = log_file(home)
    for path in (newest.with_suffix(".log.1"), newest):
        if path.exists():
            with path.open(encoding="utf-8", errors="replace") as stream:
                yield from stream


def coming(home: Path, patience: float) -> Iterator[str]:
    """Whole lines that are written from now on, also to a log that is begun anew; "" each time when for `patience` seconds
    there was none. Never ends."""
    path, place, left = log_file(home), -1, b""
    while True:
        new, place = _after(path, place)
        *whole, left = (left + new).split(b"\n")
        for each in whole:
            yield each.decode("utf-8", "replace") + "\n"
        if not whole:
            yield ""
            time.sleep(patience)


def _after(path: Path, place: int) -> tuple[bytes, int]:
    """What stands after a place of the file, and the next place; place -1 is the end as it is now."""
    try:
        with path.open("rb") as stream:
            end = stream.seek(0, os.SEEK_END)
            if place < 0:
                return b"", end
            stream.seek(place if place <= end else 0)
            return (data := stream.read()), stream.tell() if data else min(place, end)
    except OSError:
        return b"", 0
