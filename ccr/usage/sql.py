"""The questions to the log in SQL that SQLite and PostgreSQL both understand. `?` stands for a value.

Which table answers is decided here: sums of days or of sessions where they hold what is asked, else the entries, which
are few where a session narrows them.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from ccr.usage.rows import ALONE, COLUMNS, DAYS, MEASURES, SESSIONS, TOTALS

FOUND = 20
"""Entries that an id's beginning finds at most."""


class Query(Struct, frozen=True):
    text: str
    values: tuple[Any, ...] = ()


def _quoted(names: Sequence[str], of: str = "") -> str:
    return ", ".join(f'{of}"{name}"' for name in names)


def _marks(number: int) -> str:
    return ", ".join("?" * number)


INSERT = f"INSERT INTO entries ({_quoted(COLUMNS)}) VALUES ({_marks(len(COLUMNS))}) ON CONFLICT (id) DO NOTHING"
INSERT_BODY = "INSERT INTO bodies (id, body) VALUES (?, ?) ON CONFLICT (id) DO NOTHING"
INSERT_SHARED = "INSERT INTO shared (id, data) VALUES (?, ?) ON CONFLICT (id) DO NOTHING"


def add_to(table: str, by: Sequence[str]) -> str:
    """Adds a row of sums to what is there."""
    added = ", ".join(f"{name} = {table}.{name} + excluded.{name}" for name in MEASURES)
    return (
        f"INSERT INTO {table} ({_quoted((*by, *MEASURES))}) VALUES ({_marks(len(by) + len(MEASURES))}) "
        f"ON CONFLICT ({_quoted(by)}) DO UPDATE SET {added}"
    )


ADD_TOTALS, ADD_DAYS, ADD_SESSIONS = add_to("totals", TOTALS), add_to("days", DAYS), add_to("sessions", SESSIONS)


# ---- entries ----------------------------------------------------------------------------------------------------------


def entries(since: float, until: float, where: Mapping[str, str], limit: int, bodies: bool) -> Query:
    """The entries of a time, oldest first; with a limit the newest, newest first."""
    body = "b.body" if bodies else "NULL"
    join = " LEFT JOIN bodies b ON b.id = e.id" if bodies else ""
    tests = "".join(f' AND e."{name}" = ?' for name in where)
    order = f"ORDER BY e.at DESC, e.seq DESC LIMIT {int(limit)}" if limit else "ORDER BY e.at, e.seq"
    text = f"SELECT {_quoted(COLUMNS, 'e.')}, {body} FROM entries e{join} WHERE e.at >= ? AND e.at < ?{tests} {order}"
    return Query(text, (since, until, *where.values()))


def beginning(wanted: str) -> Query:
    """The entries whose id begins so, newest first."""
    return _few("WHERE e.id >= ? AND e.id < ?", (wanted, wanted + "\x7f"), FOUND)


def newest() -> Query:
    return _few("", (), 1)


def _few(where: str, values: tuple[Any, ...], limit: int) -> Query:
    text = f"SELECT {_quoted(COLUMNS, 'e.')}, b.body FROM entries e LEFT JOIN bodies b ON b.id = e.id {where}"
    return Query(f"{text} ORDER BY e.at DESC, e.seq DESC LIMIT {limit}", values)


# ---- sums -------------------------------------------------------------------------------------------------------------

_GOOD = "('ok', 'client_closed')"
_BOTH = "cost IS NOT NULL AND asked_cost IS NOT NULL"
_OF_ENTRIES = {
    "requests": "COUNT(*)",
    "failed": f"SUM(CASE WHEN outcome IN {_GOOD} THEN 0 ELSE 1 END)",
    "cost": "COALESCE(SUM(cost), 0)",
    "unpriced": "SUM(CASE WHEN cost IS NULL THEN 1 ELSE 0 END)",
    "paid": f"SUM(CASE WHEN {_BOTH} THEN cost ELSE 0 END)",
    "asked": f"SUM(CASE WHEN {_BOTH} THEN asked_cost ELSE 0 END)",
    "duration": "SUM(ROUND(duration * 1000))",
    "waited": "COALESCE(SUM(ROUND(first_byte * 1000)), 0)",
    "answered": "COUNT(first_byte)",
}
"""Measures that the table of entries does not hold as they are."""


def sums(since: str, until: str, by: str, where: Mapping[str, str], most: int) -> Query:
    """`key` and MEASURES, the dearest first; `most` 0: all."""
    table = _table(by, where)
    tests, values = ["day >= ?", "day <= ?"], [since, until]
    if table == "totals":
        tests.append("name = ?")
        values.append("" if by == "day" else by)
    for name, value in where.items():
        if name == "provider" and table != "entries":
            tests.append("(target >= ? AND target < ?)")
            values += [f"{value}/", f"{value}0"]  # "0" comes after "/"
        else:
            tests.append(f'"{name}" = ?')
            values.append(value)
    column = "value" if table == "totals" and by != "day" else by
    key = f'"{column}"' if by else "''"
    told = ", ".join(f"CAST({_measure(name, table)} AS BIGINT) AS {name}" for name in MEASURES)
    group = f"GROUP BY {key}" if by else "HAVING COUNT(*) > 0"
    order = "ORDER BY 1" if by == "day" else "ORDER BY cost DESC, requests DESC, 1"
    limit = f" LIMIT {int(most)}" if most else ""
    return Query(f"SELECT {key}, {told} FROM {table} WHERE {' AND '.join(tests)} {group} {order}{limit}", tuple(values))


def _table(by: str, where: Mapping[str, str]) -> str:
    asked = {each for each in (by, *where) if each}
    if not where and by in (*ALONE, "day"):
        return "totals"
    if asked <= {*DAYS, "provider"}:
        return "days"
    return "sessions" if asked <= set(SESSIONS) and "session" not in where else "entries"


def _measure(name: str, table: str) -> str:
    return _OF_ENTRIES.get(name, f"SUM({name})") if table == "entries" else f"SUM({name})"


_OWNERS = {
    "": ("CAST('' AS TEXT)", "totals", ""),
    "user": ('"user"', "totals", "user"),
    "project": ("project", "totals", "project"),
    "provider": ("target", "totals", "target"),
    "session": ("session", "sessions", ""),
}
"""For each whose: its column in `entries`, the table of its sums, and its name there."""


def paid(since: str) -> list[tuple[str, Query]]:
    """For each whose: owner, day, requests, cost. Of providers the owner is the whole target."""
    return [(whose, _paid(column, table, name, since)) for whose, (column, table, name) in _OWNERS.items()]


def _paid(column: str, table: str, name: str, since: str) -> Query:
    owner, test, values = ("value", " AND name = ?", (since, name)) if table == "totals" else (column, "", (since,))
    told = f"{owner}, day, CAST(SUM(requests) AS BIGINT), CAST(SUM(cost) AS BIGINT)"
    return Query(f"SELECT {told} FROM {table} WHERE day >= ?{test} GROUP BY 1, 2", values)


def paid_after(before: float) -> list[tuple[str, Query]]:
    """The same of the requests that came at a time or later: what is to be taken off."""
    return [
        (
            whose,
            Query(
                f"SELECT {column}, day, COUNT(*), CAST(COALESCE(SUM(cost), 0) AS BIGINT) FROM entries "
                f"WHERE at >= ? GROUP BY 1, 2",
                (before,),
            ),
        )
        for whose, (column, _, _) in _OWNERS.items()
    ]


OLD = "SELECT id FROM entries WHERE at < ? ORDER BY at LIMIT ?"
