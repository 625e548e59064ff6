"""An entry as a row of a table, and back: what is asked for in columns, all else in one column of JSON.

Knows no database: every store writes these columns and reads them again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from ccr.exchange.record import AttemptRecord, UsageRecord
from ccr.lang.values import Bounds, Reading, Unknown
from ccr.messages.usage import Usage
from ccr.usage.entry import Entry, Looked
from ccr.usage.filling import ABSENT, CHOSEN, NO, NOTHING, YES, Book, Filled, Words

COLUMNS = (
    "id", "at", "day", "user", "project", "session", "kind", "model", "rule", "target", "provider", "outcome", "status",
    "input", "output", "cache_read", "cache_write", "cost", "asked_cost", "duration", "first_byte", "snapshot", "words",
    "book", "detail",
)  # fmt: skip
"""Of the table `entries`, in the order of `row`."""


class Detail(Struct, omit_defaults=True):
    """What nobody asks for in a query. Keys may be added, never changed: older rows are read with it."""

    agent: str = ""
    attempts: tuple[AttemptRecord, ...] = ()
    tags: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    edits: tuple[str, ...] = ()
    stop_reason: str = ""
    streamed: bool = False
    duplicate: bool = False
    estimated: bool = False
    web_searches: int = 0
    chain: tuple[str, ...] = ()
    denied: int = 0
    log: str = "meta"
    state: str = ""
    sums: bool = False
    local: bool = False
    logins: tuple[str, ...] = ()
    draw: str = ""
    recognised: str = ""
    results: str = ""
    facts: Mapping[str, Any] = {}


_encode = msgspec.json.Encoder(order="sorted").encode
_decode = msgspec.json.Decoder(Detail).decode


def row(filled: Filled) -> tuple[Any, ...]:
    """The values of COLUMNS."""
    entry, record = filled.entry, filled.entry.record
    usage, key = record.usage, _key(entry)
    return (
        record.request_id, entry.at, key["day"], key["user"], key["project"], key["session"], key["kind"], key["model"],
        key["rule"], key["target"], clean(entry.provider), record.outcome, record.status, *_tokens(usage),
        _money(entry.cost), _money(entry.asked_cost), record.duration, record.first_byte, record.snapshot,
        filled.words.id, filled.book.id, _detailed(filled),
    )  # fmt: skip


def clean(text: str) -> str:
    """The text as every database takes it: clients and providers may send halves of characters, and NUL."""
    return text if text.isprintable() else text.encode("utf-8", "replace").decode().replace("\0", "?")


_MOST_TOKENS, _MOST_MONEY = 10**12, 10**15
"""Providers may say any number; sums of these fit into 64 bits."""


def _tokens(usage: Usage) -> tuple[int, int, int, int]:
    said = (usage.input, usage.output, usage.cache_read, usage.cache_write)
    return tuple(min(each, _MOST_TOKENS) for each in said)  # type: ignore[return-value]


def _money(micro: int | None) -> int | None:
    return min(micro, _MOST_MONEY) if micro is not None else None


def _detailed(filled: Filled) -> bytes:
    detail = _detail(filled)
    try:
        return _encode(detail)
    except (ValueError, OverflowError, msgspec.MsgspecError):
        return _encode(_cleaned(msgspec.to_builtins(detail)))


def _cleaned(value: Any) -> Any:
    """JSON that can be written, whatever was sent."""
    match value:
        case str():
            return clean(value)
        case int() if not isinstance(value, bool):
            return max(-_MOST_MONEY, min(value, _MOST_MONEY))
        case dict():
            return {clean(str(key)): _cleaned(each) for key, each in value.items()}
        case list() | tuple() | set() | frozenset():
            return [_cleaned(each) for each in value]
        case _:
            return value


def _detail(filled: Filled) -> Detail:
    entry, record = filled.entry, filled.entry.record
    return Detail(
        agent=record.agent,
        attempts=record.attempts,
        tags=record.tags,
        skipped=record.skipped,
        edits=record.edits,
        stop_reason=record.stop_reason,
        streamed=record.streamed,
        duplicate=record.duplicate,
        estimated=record.usage.estimated,
        web_searches=record.usage.web_searches,
        chain=entry.chain,
        denied=entry.denied,
        log=entry.log,
        state=entry.state,
        sums=entry.sums,
        local=entry.local,
        logins=entry.logins,
        draw=entry.draw,
        recognised=entry.recognised,
        results=filled.results,
        facts=filled.facts,
    )


def entry(values: Sequence[Any], words: Words, book: Book, body: bytes = b"") -> Entry:
    """The entry of a row."""
    said = dict(zip(COLUMNS, values, strict=True))
    detail = _decode(said["detail"])
    return Entry(
        at=said["at"],
        record=_record(said, detail),
        day=said["day"],
        project=said["project"],
        cost=said["cost"],
        asked_cost=said["asked_cost"],
        chain=detail.chain,
        denied=detail.denied,
        log=detail.log,
        state=detail.state,
        sums=detail.sums,
        local=detail.local,
        logins=detail.logins,
        draw=detail.draw,
        recognised=detail.recognised,
        facts={**words.zeros, **{name: _reading(name, each) for name, each in detail.facts.items()}},
        looked=_looked(book, detail.results),
        body=body,
    )


def _record(said: Mapping[str, Any], detail: Detail) -> UsageRecord:
    return UsageRecord(
        request_id=said["id"],
        snapshot=said["snapshot"],
        session=said["session"],
        agent=detail.agent,
        kind=said["kind"],
        model=said["model"],
        rule=said["rule"],
        target=said["target"],
        attempts=detail.attempts,
        outcome=said["outcome"],
        status=said["status"],
        usage=Usage(
            said["input"], said["output"], said["cache_read"], said["cache_write"], detail.web_searches, detail.estimated
        ),
        first_byte=said["first_byte"],
        duration=said["duration"],
        tags=detail.tags,
        skipped=detail.skipped,
        user=said["user"],
        stop_reason=detail.stop_reason,
        streamed=detail.streamed,
        duplicate=detail.duplicate,
        edits=detail.edits,
    )  # fmt: skip


def _reading(name: str, said: Any) -> Reading:
    match said:
        case list():
            return frozenset(said)
        case {"low": low, "high": high}:
            return Bounds(low, high, said.get("question", name))
        case dict() | None:
            return Unknown(name)
        case _:
            reading: Reading = said
            return reading


_HELD: Mapping[str, bool] = {YES: True, CHOSEN: True, NOTHING: True, NO: False}


def _looked(book: Book, results: str) -> tuple[Looked, ...]:
    """The rules with what they came to; those of layers that did not run are left out."""
    return tuple(
        Looked(line.layer, line.place, line.text, line.names, _HELD.get(letter), letter == NOTHING, letter == CHOSEN)
        for line, letter in zip(book.lines, results, strict=False)
        if letter != ABSENT
    )


# ---- what many rows share ---------------------------------------------------------------------------------------------


def shared(batch: Iterable[Filled]) -> dict[str, bytes]:
    """The words and books of a batch, by id."""
    return {each.id: _encode(each) for filled in batch for each in (filled.words, filled.book) if each.id}


def read_words(said: bytes) -> Words:
    words = msgspec.json.decode(said)
    return Words(words["id"], {name: frozenset() if zero == [] else zero for name, zero in words["zeros"].items()})


def read_book(said: bytes) -> Book:
    return msgspec.json.decode(said, type=Book)


# ---- sums -------------------------------------------------------------------------------------------------------------

MEASURES = (
    "requests", "failed", "input", "output", "cache_read", "cache_write", "cost", "unpriced", "paid", "asked",
    "duration", "waited", "answered",
)  # fmt: skip
"""What is added up. `cost`: micro-dollars, of requests whose price is known; `unpriced`: requests with tokens and no
price; `paid` and `asked`: micro-dollars of those requests of which both what they cost and what they would have cost at
the model asked for are known; `duration`: milliseconds; `waited`: milliseconds to the first content of the `answered`."""
TOTALS = ("name", "day", "value")
DAYS = ("day", "user", "project", "kind", "rule", "target", "model")
SESSIONS = ("day", "user", "project", "session")
"""What the tables of sums are kept by."""
ALONE = ("", "user", "project", "kind", "rule", "target", "model")
"""What `totals` is kept of, one at a time."""


def measures(entry: Entry) -> tuple[int, ...]:
    """Of one request, in the order of MEASURES."""
    record = entry.record
    cost, asked = _money(entry.cost), _money(entry.asked_cost)
    both = cost is not None and asked is not None
    return (
        1, int(record.outcome not in _GOOD), *_tokens(record.usage),
        cost or 0, int(cost is None), (cost or 0) if both else 0, (asked or 0) if both else 0,
        round(record.duration * 1000), round((record.first_byte or 0.0) * 1000), int(record.first_byte is not None),
    )  # fmt: skip


_GOOD = frozenset({"ok", "client_closed"})
"""A person who stops an answer has not met a failure."""


Row = tuple[Any, ...]


class Added(Struct, frozen=True):
    """The rows of the tables of sums that a batch adds: what they are kept by, then the measures."""

    totals: list[Row]
    days: list[Row]
    sessions: list[Row]


def added(batch: Iterable[Filled]) -> Added:
    alike = _Sums()  # requests of one batch are much alike, so they are summed once before they are told apart
    for filled in batch:
        alike.add(tuple(_key(filled.entry).values()), measures(filled.entry))
    totals, days, sessions = _Sums(), _Sums(), _Sums()
    for values, told in alike.kept.items():
        key = dict(zip(KEY, values, strict=True))
        days.add(tuple(key[name] for name in DAYS), told)
        for name in ALONE:
            totals.add((name, key["day"], key[name] if name else ""), told)
        if key["session"]:
            sessions.add(tuple(key[name] for name in SESSIONS), told)
    return Added(totals.rows(), days.rows(), sessions.rows())


KEY = ("day", "user", "project", "session", "kind", "rule", "target", "model")


def _key(entry: Entry) -> dict[str, str]:
    record = entry.record
    said = (
        entry.day, record.user, entry.project, record.session, record.kind, record.rule, record.target, record.model,
    )  # fmt: skip
    return dict(zip(KEY, map(clean, said), strict=True))


class _Sums:
    def __init__(self) -> None:
        self.kept: dict[tuple[str, ...], tuple[int, ...]] = {}

    def add(self, key: tuple[str, ...], told: tuple[int, ...]) -> None:
        before = self.kept.get(key)
        self.kept[key] = told if before is None else tuple(map(int.__add__, before, told))

    def rows(self) -> list[Row]:
        # In the order of the tables' keys, so that two processes that write at a time lock rows in the same order.
        return [(*key, *self.kept[key]) for key in sorted(self.kept)]
