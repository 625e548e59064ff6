"""Entries for tests of the log, made as a request makes them."""

from typing import Any

from msgspec import structs

from ccr.exchange.record import AttemptRecord, UsageRecord
from ccr.messages.usage import Usage
from ccr.usage.filling import Filled, Filling
from ccr.usage.making import Source, make
from tests.routing.world import asked, planned, world

RULES = """provider ollama {}
provider deepseek { key = "k"; model deepseek-chat = "deepseek-chat" { price_in = $2; price_out = $8; price_cache_read = $0.2 } }
provider openrouter { key = "k" }
when project in "~/vault" deny 451 "not from here"
when tools has Bash and header.x-team == web route openrouter/z-ai/glm-4.6
when session.spend > $8 { tag costly; route ollama/qwen3:4b }
default route deepseek/deepseek-chat
"""
SNAPSHOT = world(RULES)


def record(number: int = 1, **changes: Any) -> UsageRecord:
    """One that went well, unless said otherwise."""
    attempt = AttemptRecord("deepseek/deepseek-chat", "ok", 200, 0.0, 0.4, 1.5, "", "deepseek", "deepseek-chat", "f1")
    made = UsageRecord(
        request_id=f"req_{number:020x}",
        snapshot=SNAPSHOT.id,
        session="s1",
        agent="",
        kind="main",
        model="claude-opus-4-5",
        rule="user.ccr:7",
        target="deepseek/deepseek-chat",
        attempts=(attempt,),
        outcome="ok",
        status=200,
        usage=Usage(1000, 100, 2000, 300),
        first_byte=0.4,
        duration=1.5,
        user="alice",
    )
    return structs.replace(made, **changes)


def filled(
    number: int = 1, at: float | None = None, day: str = "", request: dict[str, Any] | None = None, **changes: Any
) -> Filled:
    """An entry as the writer of the log has it. `request`: what the request was, as `asked` takes it."""
    facts = asked(**(request or {}))
    entry = make(record(number, **changes), Source(SNAPSHOT, facts, planned(SNAPSHOT, facts)))
    entry = structs.replace(entry, at=entry.at if at is None else at, day=day or entry.day)
    return Filling().fill(entry, SNAPSHOT, facts)
