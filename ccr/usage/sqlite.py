"""The log in a file on this machine, for its owner alone.

WAL, so that questions never wait for the writer; what was committed survives the death of the process. Several processes
may write the same file. Migrations are the numbered files in `migrations/sqlite`, applied once each. Deleted pages are
given back in small steps, so that nothing ever stops for a VACUUM.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ccr.usage import rows, sql
from ccr.usage.answers import paid_of, sums_of
from ccr.usage.entry import Entry
from ccr.usage.filling import Book, Filled, Words
from ccr.usage.sql import Query
from ccr.usage.store import NothingYet, Paid, StoreError, Sum

_MIGRATIONS = Path(__file__).parent / "migrations" / "sqlite"
_PATIENCE = 10.0
"""Seconds a writer waits for another process that writes."""
_PAGES = 2_000
"""Free pages given back to the disk at a time: 8 MB."""
_AT_ONCE = 500


class SqliteStore:
    """Opened when made; used by one thread. `writing` False: an existing file is read, nothing is made or changed."""

    def __init__(self, path: Path, writing: bool = True) -> None:
        self._path = path
        with _said(path):
            if writing:
                _make(path)
            mode = "rw" if writing else "ro"
            self._db = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}", uri=True, timeout=_PATIENCE, isolation_level=None, check_same_thread=False
            )  # fmt: skip
        try:
            with _said(path):
                self._prepare(writing)
        except StoreError:
            self._db.close()
            raise
        self._shared: dict[str, Any] = {}
        self._told: set[str] = set()

    def close(self) -> None:
        self._db.close()

    # ---- preparing ----------------------------------------------------------------------------------------------------

    def _prepare(self, writing: bool) -> None:
        if writing:
            if self._version() == 0:
                self._db.execute("PRAGMA auto_vacuum = INCREMENTAL")
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._migrate()
        elif self._version() == 0:
            raise NothingYet(f"{self._path} holds no log yet")
        if self._version() > len(_scripts()):
            raise StoreError(
                f"{self._path} was written by a newer ccr than this one: update ccr, or move the file away"
            )

    def _version(self) -> int:
        return int(self._db.execute("PRAGMA user_version").fetchone()[0])

    def _migrate(self) -> None:
        scripts = _scripts()
        if self._version() >= len(scripts):
            return
        with self._transaction():
            for number, script in enumerate(scripts, start=1):
                if number > self._version():  # asked inside: another process may have been first
                    for statement in _statements(script.read_text(encoding="utf-8")):
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {number}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK") if self._db.in_transaction else None
            raise
        self._db.execute("COMMIT")

    # ---- writing ------------------------------------------------------------------------------------------------------

    def write(self, batch: Sequence[Filled]) -> None:
        new = rows.shared(each for each in batch if self._is_new(each))
        bodies = [(each.entry.record.request_id, each.entry.body) for each in batch if each.entry.body]
        with _said(self._path), self._transaction():
            self._db.executemany(sql.INSERT_SHARED, list(new.items()))
            self._db.executemany(sql.INSERT, [rows.row(each) for each in batch])
            self._db.executemany(sql.INSERT_BODY, bodies)
            added = rows.added(batch)
            self._db.executemany(sql.ADD_TOTALS, added.totals)
            self._db.executemany(sql.ADD_DAYS, added.days)
            self._db.executemany(sql.ADD_SESSIONS, added.sessions)
        self._told |= new.keys()

    def _is_new(self, filled: Filled) -> bool:
        return filled.words.id not in self._told or filled.book.id not in self._told

    def tidy(self, before: float, most: int = 5_000) -> int:
        with _said(self._path):
            with self._transaction():
                old = self._db.execute(sql.OLD, (before, most)).fetchall()
                self._db.executemany("DELETE FROM bodies WHERE id = ?", old)
                self._db.executemany("DELETE FROM entries WHERE id = ?", old)
            self._db.executescript(f"PRAGMA incremental_vacuum({_PAGES})")  # `execute` gives back one page only
        return len(old)

    # ---- reading ------------------------------------------------------------------------------------------------------

    def read(
        self, since: float, until: float, where: Mapping[str, str] | None = None, limit: int = 0, bodies: bool = False
    ) -> Iterator[Entry]:
        with _said(self._path):
            cursor = self._ask(sql.entries(since, until, where or {}, limit, bodies))
            while found := cursor.fetchmany(_AT_ONCE):
                yield from map(self._entry, found)

    def find(self, wanted: str) -> tuple[Entry, ...]:
        with _said(self._path):
            found = self._ask(sql.newest() if wanted == "last" else sql.beginning(wanted)).fetchall()
            return tuple(map(self._entry, found))

    def sums(self, since: str, until: str, by: str, where: Mapping[str, str] | None = None, most: int = 0) -> list[Sum]:
        with _said(self._path):
            return sums_of(self._ask(sql.sums(since, until, by, where or {}, most)).fetchall())

    def paid(self, since: str, before: float) -> list[Paid]:
        with _said(self._path):
            return paid_of(self._each(sql.paid(since)), self._each(sql.paid_after(before)))

    def _each(self, queries: Iterable[tuple[str, Query]]) -> list[tuple[str, list[Any]]]:
        return [(whose, self._ask(query).fetchall()) for whose, query in queries]

    def _ask(self, query: Query) -> sqlite3.Cursor:
        return self._db.execute(query.text, query.values)

    def _entry(self, values: Sequence[Any]) -> Entry:
        *told, body = values
        words, book = told[-3], told[-2]
        return rows.entry(told, self._words(words), self._book(book), body or b"")

    def _words(self, key: str) -> Words:
        found: Words = self._shared_with(key, rows.read_words, Words())
        return found

    def _book(self, key: str) -> Book:
        found: Book = self._shared_with(key, rows.read_book, Book())
        return found

    def _shared_with(self, key: str, read: Any, nothing: Any) -> Any:
        if key and key not in self._shared:
            found = self._db.execute("SELECT data FROM shared WHERE id = ?", (key,)).fetchone()
            self._shared[key] = read(found[0]) if found else nothing
        return self._shared.get(key, nothing)


def _make(path: Path) -> None:
    """The file, readable by its owner alone, before SQLite makes it readable by everybody."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))


def _scripts() -> list[Path]:
    return sorted(_MIGRATIONS.glob("*.sql"))


def _statements(script: str) -> Iterator[str]:
    kept = ""
    for line in script.splitlines(keepends=True):
        kept += line
        if sqlite3.complete_statement(kept):
            yield kept
            kept = ""


_WORDS = (
    ("database or disk is full", "the disk is full"),
    ("not a database", "it is no database: move it away, and a new one is made"),
    ("malformed", "it is damaged: move it away, and a new one is made"),
    ("readonly", "it cannot be written to: its owner or its permissions forbid it"),
    ("unable to open", "it cannot be opened: its folder or its permissions forbid it"),
    ("locked", "another process keeps it locked"),
)
"""What SQLite says, and what a person is told."""


@contextmanager
def _said(path: Path) -> Iterator[None]:
    """Faults of the disk in words."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        told = str(error)
        why = next((words for mark, words in _WORDS if mark in told), getattr(error, "strerror", None) or told)
        raise StoreError(f"{path}: {why}") from error
