"""An exchange that has ended, as a line for people: which rule, which target, how fast, how many tokens, what it cost."""

from msgspec import Struct

from ccr.usage.entry import Entry

MICRO = 1_000_000
"""Micro-dollars of a dollar."""


class Told(Struct, frozen=True):
    """Seconds, tokens, dollars. `at`: when the request came, seconds since the epoch. `cost` and `saved` are null where a
    price is not known. `tried`: targets that were asked before the last one. `message`: why it failed."""

    id: str
    at: float
    kind: str
    model: str
    rule: str
    target: str
    outcome: str
    status: int
    first_byte: float | None
    duration: float
    input: int
    output: int
    cached: int
    cost: float | None
    saved: float | None
    tried: tuple[str, ...]
    user: str
    session: str
    project: str
    tags: tuple[str, ...]
    message: str


def told(entry: Entry) -> Told:
    record = entry.record
    last = record.attempts[-1] if record.attempts else None
    return Told(
        id=record.request_id,
        at=entry.at,
        kind=record.kind,
        model=record.model,
        rule=record.rule,
        target=record.target,
        outcome=record.outcome,
        status=record.status,
        first_byte=record.first_byte,
        duration=record.duration,
        input=record.usage.prompt,
        output=record.usage.output,
        cached=record.usage.cache_read,
        cost=dollars(entry.cost),
        saved=dollars(entry.saved) if record.target else None,
        tried=tuple(each.target for each in record.attempts[:-1]),
        user=record.user,
        session=record.session,
        project=entry.project,
        tags=record.tags,
        message="" if record.outcome == "ok" or last is None else last.message,
    )


def dollars(micro: int | None) -> float | None:
    return None if micro is None else micro / MICRO
