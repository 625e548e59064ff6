"""What a conversation did lately, as the status line asks for it."""

from pathlib import Path

import pytest
from msgspec import structs

from ccr.exchange.record import UsageRecord
from ccr.messages.usage import Usage
from ccr.usage.entry import Entry
from ccr.usage.lately import Lately
from tests.fake_upstream import anthropic_message, in_thread, whole
from tests.running import running, write

RECORD = UsageRecord(
    request_id="r", snapshot="s", session="one", agent="", kind="main", model="m", rule="rules/10.ccr:3", target="up/m1",
    attempts=(), outcome="ok", status=200, usage=Usage(input=900, cache_read=100, output=50), first_byte=0.5, duration=3.0,
)  # fmt: skip


def entry(cost: int | None = 1_000_000, asked: int | None = 3_000_000, **changes: object) -> Entry:
    return Entry(0.0, structs.replace(RECORD, **changes), cost=cost, asked_cost=asked)


def test_the_last_answer_and_the_sums() -> None:
    lately = Lately()
    lately.hear(entry())
    lately.hear(entry(kind="title", target="up/small", rule="rules/10.ccr:1", cost=None))
    assert lately.of("", "one") == {
        "requests": 2, "cost": 1.0, "saved": 2.0, "target": "up/m1", "rule": "rules/10.ccr:3", "kind": "main", "outcome": "ok",
        "input": 1000, "output": 50, "first_byte": 0.5, "speed": 20.0,
    }  # fmt: skip


def test_nobody_is_told_of_anothers() -> None:
    lately = Lately()
    lately.hear(entry(user="alice"))
    assert lately.of("bob", "one") == lately.of("", "one") == {}


def test_the_oldest_are_forgotten() -> None:
    lately = Lately(most=2)
    for session in ("a", "b", "a", "c", ""):
        lately.hear(entry(session=session))
    assert [bool(lately.of("", session)) for session in ("a", "b", "c")] == [True, False, True]


@pytest.mark.parametrize("key", ["", "k-of-the-proxy"])
def test_the_proxy_tells_who_may_ask(tmp_path: Path, key: str) -> None:
    server = f'server {{ key = "{key}" }}\n' if key else ""
    session = {"x-claude-code-session-id": "8d5f2a7e-0000-4000-8000-000000000001"} | ({"x-api-key": key} if key else {})
    with in_thread(whole(anthropic_message("hello"))) as upstream:
        rule = f'provider up {{ url = "{upstream.url}"; key = "k"; dialect = anthropic }}\ndefault route up/m1\n'
        write(tmp_path, "rules/10.ccr", server + rule)
        with running(tmp_path) as ccr:
            ccr.record(ccr.ask(headers=session))
            path = f"/health/session/{session['x-claude-code-session-id']}"
            told, stranger = ccr.send("GET", path, headers=session), ccr.send("GET", path)
    assert (told.json["target"], told.json["requests"], told.json["input"]) == ("up/m1", 1, 11)
    assert stranger.status == (401 if key else 200)
