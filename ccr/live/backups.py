"""Copies of what is about to be overwritten, in `backups/` of the ccr home, the newest kept.

A copy is called `YYYYMMDD-HHMMSS-NAME`, its own time in it; mode 0600, because a config.json or a rule file may hold keys.
"""

import re
import time
from pathlib import Path

from msgspec import Struct

from ccr.live.files import write_atomic

FOLDER = "backups"
KEPT = 50
"""Copies of one file, the newest."""
_COPY = re.compile(r"(?P<when>(?P<time>\d{8}-\d{6})(?:\.(?P<number>\d+))?)-(?P<name>[^/\\]+)")


class Backup(Struct, frozen=True):
    """`name` is the file it was made of; `id` the copy's own; `when` as in its name, local time."""

    id: str
    name: str
    when: str
    size: int


def keep(home: Path, path: Path) -> Path | None:
    """Copies a file before it is overwritten. None if there is nothing yet. Raises OSError: then nothing may be written."""
    if not path.is_file():
        return None
    stamp = time.strftime("%Y%m%d-%H%M%S")
    same = [match for _, match in _copies(home) if match["time"] == stamp and match["name"] == path.name]
    # Above the highest number there is: a lower one that has become free would count as older.
    number = max((int(match["number"] or 1) for match in same), default=0) + 1
    copy = home / FOLDER / f"{stamp}{f'.{number}' if number > 1 else ''}-{path.name}"
    write_atomic(copy, path.read_bytes())
    for old in [each for each in kept(home) if each.name == path.name][KEPT:]:
        (home / FOLDER / old.id).unlink(missing_ok=True)
    return copy


def kept(home: Path) -> tuple[Backup, ...]:
    """All copies, the newest first."""
    return tuple(Backup(path.name, found["name"], found["when"], path.stat().st_size) for path, found in _copies(home))


def _copies(home: Path) -> list[tuple[Path, re.Match[str]]]:
    folder = home / FOLDER
    files = folder.iterdir() if folder.is_dir() else iter(())
    found = [(path, match) for path in files if path.is_file() and (match := _COPY.fullmatch(path.name))]
    return sorted(found, key=lambda each: (each[1]["time"], int(each[1]["number"] or 1)), reverse=True)
