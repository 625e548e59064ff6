"""The log in a PostgreSQL that a team shares: `server { store = env.CCR_LOG_URL }`. The one door to asyncpg.

Used by one thread, which waits here for an event loop of its own: whoever writes or asks has nothing else to do. The
migrations in `migrations/postgres` are applied once each, whoever of the team is first; texts compare by their bytes, so
that nothing hangs on the server's language.
"""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from ccr.usage import rows, sql
from ccr.usage.answers import paid_of, sums_of
from ccr.usage.entry import Entry
from ccr.usage.filling import Book, Filled, Words
from ccr.usage.sql import Query
from ccr.usage.store import Paid, StoreError, Sum

T = TypeVar("T")
_MIGRATIONS = Path(__file__).parent / "migrations" / "postgres"
_PATIENCE = 10.0
"""Seconds a connection may take, and"""
_LONGEST = 60.0
"""one statement."""
_GOODBYE = 2.0
"""Seconds for the last words to the server."""
_AT_ONCE = 500
_LOCK = 0x636372
"""Whoever holds it changes the tables."""


class PostgresStore:
    """Opened when made. `writing` False: nothing is made or changed."""

    def __init__(self, address: str, writing: bool = True) -> None:
        self._place = _shown(address)
        self._loop = asyncio.new_event_loop()
        self._shared: dict[str, Any] = {}
        self._told: set[str] = set()
        self._db: Any = None
        try:
            with self._said():
                self._db = self._wait(_connect(address))
                self._wait(self._prepare(writing))
        except StoreError:
            self.close()
            raise

    def close(self) -> None:
        if self._db is not None:
            with suppress(StoreError), self._said():
                self._wait(self._db.close(timeout=_GOODBYE))
            self._db = None
        if not self._loop.is_closed():
            self._wait(asyncio.sleep(0))  # transports end a step later
            self._loop.close()

    def _wait(self, work: Coroutine[Any, Any, T]) -> T:
        return self._loop.run_until_complete(work)

    @contextmanager
    def _said(self) -> Iterator[None]:
        """What goes wrong in words; the address without its password."""
        import asyncpg

        try:
            yield
        except (OSError, TimeoutError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            told = " ".join(str(error).split()) or type(error).__name__
            raise StoreError(f"{self._place}: {told}") from error

    # ---- preparing ----------------------------------------------------------------------------------------------------

    async def _prepare(self, writing: bool) -> None:
        scripts = sorted(_MIGRATIONS.glob("*.sql"))
        if writing:
            async with self._db.transaction():
                await self._db.execute("SELECT pg_advisory_xact_lock($1)", _LOCK)
                await self._db.execute("CREATE TABLE IF NOT EXISTS ccr_log (version BIGINT NOT NULL)")
                done = await self._version()
                for number, script in enumerate(scripts[done:], start=done + 1):
                    await self._db.execute(script.read_text(encoding="utf-8"))
                    await self._db.execute("INSERT INTO ccr_log (version) VALUES ($1)", number)
        elif await self._db.fetchval("SELECT to_regclass('ccr_log')") is None:
            raise StoreError(f"{self._place} holds no log yet")
        if await self._version() > len(scripts):
            raise StoreError(f"{self._place} is written by a newer ccr than this one: update ccr")

    async def _version(self) -> int:
        return int(await self._db.fetchval("SELECT COALESCE(MAX(version), 0) FROM ccr_log"))

    # ---- writing ------------------------------------------------------------------------------------------------------

    def write(self, batch: Sequence[Filled]) -> None:
        new = rows.shared(each for each in batch if self._is_new(each))
        with self._said():
            self._wait(self._write(batch, new))
        self._told |= new.keys()

    async def _write(self, batch: Sequence[Filled], new: Mapping[str, bytes]) -> None:
        added = rows.added(batch)
        bodies = [(each.entry.record.request_id, each.entry.body) for each in batch if each.entry.body]
        async with self._db.transaction():
            for statement, told in (
                (sql.INSERT_SHARED, sorted(new.items())),
                (sql.INSERT, [rows.row(each) for each in batch]),
                (sql.INSERT_BODY, bodies),
                (sql.ADD_TOTALS, added.totals),
                (sql.ADD_DAYS, added.days),
                (sql.ADD_SESSIONS, added.sessions),
            ):
                if told:
                    await self._db.executemany(_numbered(statement), told)

    def _is_new(self, filled: Filled) -> bool:
        return filled.words.id not in self._told or filled.book.id not in self._told

    def tidy(self, before: float, most: int = 5_000) -> int:
        with self._said():
            return self._wait(self._tidy(before, most))

    async def _tidy(self, before: float, most: int) -> int:
        async with self._db.transaction():
            old = [tuple(each) for each in await self._db.fetch(_numbered(sql.OLD), before, most)]
            await self._db.executemany("DELETE FROM bodies WHERE id = $1", old)
            await self._db.executemany("DELETE FROM entries WHERE id = $1", old)
        return len(old)

    # ---- reading ------------------------------------------------------------------------------------------------------

    def read(
        self, since: float, until: float, where: Mapping[str, str] | None = None, limit: int = 0, bodies: bool = False
    ) -> Iterator[Entry]:
        query = sql.entries(since, until, where or {}, limit, bodies)
        with self._said():
            transaction = self._db.transaction(readonly=True)
            self._wait(transaction.start())
            try:
                cursor = self._wait(_await(self._db.cursor(_numbered(query.text), *query.values)))
                while found := self._wait(cursor.fetch(_AT_ONCE)):
                    yield from map(self._entry, found)
            finally:
                self._wait(transaction.rollback())

    def find(self, wanted: str) -> tuple[Entry, ...]:
        with self._said():
            return tuple(map(self._entry, self._ask(sql.newest() if wanted == "last" else sql.beginning(wanted))))

    def sums(self, since: str, until: str, by: str, where: Mapping[str, str] | None = None, most: int = 0) -> list[Sum]:
        with self._said():
            return sums_of(self._ask(sql.sums(since, until, by, where or {}, most)))

    def paid(self, since: str, before: float) -> list[Paid]:
        with self._said():
            return paid_of(self._each(sql.paid(since)), self._each(sql.paid_after(before)))

    def _each(self, queries: Iterable[tuple[str, Query]]) -> list[tuple[str, list[Any]]]:
        return [(whose, self._ask(query)) for whose, query in queries]

    def _ask(self, query: Query) -> list[Any]:
        return list(self._wait(self._db.fetch(_numbered(query.text), *query.values)))

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
            found = self._wait(self._db.fetchval("SELECT data FROM shared WHERE id = $1", key))
            self._shared[key] = read(found) if found else nothing
        return self._shared.get(key, nothing)


async def _connect(address: str) -> Any:
    import asyncpg

    return await asyncpg.connect(address, timeout=_PATIENCE, command_timeout=_LONGEST)


async def _await(waited: Any) -> Any:
    return await waited


def _numbered(text: str) -> str:
    """`?` as PostgreSQL numbers it."""
    first, *others = text.split("?")
    return first + "".join(f"${number}{part}" for number, part in enumerate(others, start=1))


def _shown(address: str) -> str:
    """The address without name and password."""
    parts = urlsplit(address)
    where = parts.netloc.rpartition("@")[2]
    return f"the log at {where or 'PostgreSQL'}{parts.path}"
