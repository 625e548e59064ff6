"""The table of several workers on one host: a SQLite file, which the first of them makes anew.

WAL, so that who reads never waits for who writes; one short transaction for whatever gathered. What is lost when the
machine loses power is what one process would have lost by ending: nothing is synced to the disk.

Times are `time.monotonic`: it is the same clock in every process of a machine (docs.python.org/3/library/time.html:
"always system-wide", read 2026-11-22), and unlike the time of day nobody sets it. It begins anew with the machine,
and so does the file.
"""

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import Any

import msgspec

from ccr.memory.local import LIMIT
from ccr.memory.shared import Change, Drop, Fold, Found, Place, Put, Unreachable
from ccr.memory.store import Addition, Bound, Key

PATIENCE = 2.0
"""Seconds a write waits for the writes of others; each takes well below a millisecond."""

_MAPPINGS = 256
"""Conversations whose notes are not read anew each time."""
_PLAIN = ""
"""The name of a row that is a whole value; others are entries of a mapping."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (
    room TEXT NOT NULL, key TEXT NOT NULL, name TEXT NOT NULL, value, at REAL NOT NULL, ends REAL NOT NULL,
    PRIMARY KEY (room, key, name)
) WITHOUT ROWID
"""
_PUT = """
INSERT INTO kept VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET value = excluded.value, at = excluded.at, ends = excluded.ends
"""
_ADD = """
INSERT INTO kept VALUES (?, ?, '', ?, ?, ?)
ON CONFLICT DO UPDATE SET
    value = CASE WHEN ends > excluded.at THEN value + excluded.value ELSE excluded.value END,
    ends = CASE WHEN ends > excluded.at THEN ends ELSE excluded.ends END,
    at = excluded.at
"""
_READ = "SELECT name, value, at, ends FROM kept WHERE room = ? AND key = ? AND ends > ? AND at > ? ORDER BY at"
_ROOM = "SELECT key, value, ends FROM kept WHERE room = ? AND ends > ? ORDER BY at"
_TOO_MUCH = "SELECT key FROM kept WHERE room = ? GROUP BY key ORDER BY max(at) DESC LIMIT -1 OFFSET ?"

_encode = msgspec.msgpack.Encoder().encode


def make(path: Path) -> None:
    """An empty file for a new crew, the person's own (0600). Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    remove(path)
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    with suppress(sqlite3.Error):
        SqliteTable(path).close()


def remove(path: Path) -> None:
    for each in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        with suppress(OSError):
            each.unlink()


class SqliteTable:
    """`kinds`: of what type the values of a room are, where they are not plain already."""

    def __init__(
        self,
        path: Path,
        *,
        kinds: Mapping[str, Any] | None = None,
        limit: int = LIMIT,
        limits: Mapping[str, int] | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._limit, self._limits, self._clock = limit, limits or {}, clock
        self._decoders = {room: msgspec.msgpack.Decoder(kind) for room, kind in (kinds or {}).items()}
        self._plain = msgspec.msgpack.Decoder()
        self._mappings: dict[Place, tuple[dict[str, Any], float, float]] = {}
        """Mappings as they were read last, up to when, and when they end: only what came since is read."""
        with _reached():
            self._base = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
            for line in ("journal_mode = WAL", "synchronous = OFF", "temp_store = MEMORY", "wal_autocheckpoint = 2000"):
                self._base.execute(f"PRAGMA {line}")
            self._base.execute(_SCHEMA)

    def write(self, changes: Sequence[Change]) -> None:
        with _reached(), self._transaction():
            for change in changes:
                self._apply(change, self._clock())

    def read(self, places: Sequence[Place], rooms: Sequence[str]) -> Found:
        with _reached():
            now = self._clock()
            values = {place: self._value(*place, now) for place in places}
            return Found(values, {room: self._room(room, now) for room in rooms})

    def reserve(self, bounds: Sequence[Bound], additions: Sequence[Addition]) -> tuple[bool, Found]:
        with _reached(), self._transaction():
            places = [(bound.room, key) for bound in bounds for key in bound.keys or ()]
            rooms = [bound.room for bound in bounds if bound.keys is None]
            found = self.read(places, rooms)
            given = all(_sum(found, bound) < bound.limit for bound in bounds)
            if not given:
                return False, found
            now = self._clock()
            for each in additions:
                self._apply(each, now)
            return True, self.read(places, rooms)

    def tidy(self) -> None:
        with _reached(), self._transaction():
            self._base.execute("DELETE FROM kept WHERE ends <= ?", (self._clock(),))
            for room, count in self._base.execute("SELECT room, count(*) FROM kept GROUP BY room").fetchall():
                limit = self._limits.get(room, self._limit)
                if count > limit:
                    gone = self._base.execute(_TOO_MUCH, (room, limit)).fetchall()
                    self._base.executemany(
                        "DELETE FROM kept WHERE room = ? AND key = ?", ((room, key) for (key,) in gone)
                    )

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._base.close()

    # ---- rows -------------------------------------------------------------------------------------------------------

    def _apply(self, change: Change, now: float) -> None:
        match change:
            case Put(room, key, value, ttl):
                self._base.execute(_PUT, (room, _text(key), _PLAIN, _packed(value), now, now + ttl))
            case Addition(room, key, amount, ttl):
                self._base.execute(_ADD, (room, _text(key), amount, now, now + ttl))
            case Fold(room, key, entries, gone, ttl):
                text = _text(key)
                rows = ((room, text, name, _encode(value), now, now + ttl) for name, value in entries.items())
                self._base.executemany(_PUT, rows)
                taken = "DELETE FROM kept WHERE room = ? AND key = ? AND name = ?"
                self._base.executemany(taken, ((room, text, name) for name in gone))
                if gone:
                    self._mappings.pop((room, key), None)
            case Drop(room, key):
                self._base.execute("DELETE FROM kept WHERE room = ? AND key = ?", (room, _text(key)))
                self._mappings.pop((room, key), None)

    def _value(self, room: str, key: Key, now: float) -> tuple[Any, float]:
        known, since, ends = self._mappings.get((room, key), ({}, float("-inf"), now))
        if known and ends <= now:
            known, since = {}, float("-inf")
        rows = self._base.execute(_READ, (room, _text(key), now, since)).fetchall()
        if not rows:
            return (known, ends - now) if known else (None, 0.0)
        if rows[0][0] == _PLAIN:
            _, value, _, ends = rows[0]
            return self._unpacked(room, value), ends - now
        entries = {**known, **{name: self._unpacked(room, value) for name, value, _, _ in rows}}
        self._mappings[room, key] = (entries, rows[-1][2], rows[-1][3])
        if len(self._mappings) > _MAPPINGS:
            del self._mappings[next(iter(self._mappings))]
        return entries, rows[-1][3] - now

    def _room(self, room: str, now: float) -> Mapping[Key, tuple[Any, float]]:
        rows = self._base.execute(_ROOM, (room, now))
        return {tuple(msgspec.json.decode(key)): (self._unpacked(room, value), ends - now) for key, value, ends in rows}

    def _unpacked(self, room: str, value: Any) -> Any:
        return self._decoders.get(room, self._plain).decode(value) if isinstance(value, bytes) else value

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        # IMMEDIATE: one that begins by reading cannot go on to write when another wrote in between.
        self._base.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._base.execute("ROLLBACK")
            raise
        self._base.execute("COMMIT")


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise Unreachable(f"{error}") from error


def _sum(found: Found, bound: Bound) -> int:
    rows: Iterable[tuple[Any, float]]
    if bound.keys is None:
        rows = found.rooms[bound.room].values()
    else:
        rows = (found.values[bound.room, key] for key in bound.keys)
    return sum(value or 0 for value, _ in rows)


def _packed(value: Any) -> Any:
    """A number stays one, so that it can be added to."""
    return value if type(value) is int else _encode(value)


def _text(key: Key) -> str:
    return msgspec.json.encode(key).decode()
