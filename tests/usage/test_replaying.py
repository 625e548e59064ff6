"""Replay over a real store: the running rules change nothing, ever; other rules are counted, with what they cost."""

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from ccr.exchange.record import AttemptRecord
from ccr.messages.usage import Usage
from ccr.routing.snapshot import Snapshot
from ccr.usage import differences
from ccr.usage.entry import Entry
from ccr.usage.filling import Filled, Filling
from ccr.usage.making import Source, make
from ccr.usage.replaying import Result, replay
from ccr.usage.sqlite import SqliteStore
from tests.routing.world import asked, decided, planned, world
from tests.usage.logged import record
from tests.usage.test_again import REQUESTS, WORLD

PRICES = """provider deepseek { key = "k"; model chat { price_in = $2; price_out = $8; price_cache_read = $0.2 } }
provider zai { key = "k"; model glm { price_in = $1; price_out = $2; price_cache_read = $0.1 } }
provider strange { key = "k"; url = "http://x/v1" }
"""
THEN = world(PRICES + "when turns > 9 route zai/glm\ndefault route deepseek/chat")


def filled(number: int, snapshot: Snapshot, request: dict[str, Any], **changes: Any) -> Filled:
    facts = asked(**request)
    decision = decided(snapshot, facts)
    rule = decision.rule.place if decision.rule is not None else ""
    served = str(decision.chain[0]) if decision.chain else ""
    told = {"session": str(facts.read("session")), "rule": rule, "target": served, "attempts": (), **changes}
    entry = make(record(number, **told), Source(snapshot, facts, planned(snapshot, facts)))
    return Filling().fill(structs.replace(entry, at=1e9 + number), snapshot, facts)


def stored(tmp_path: Path, batch: list[Filled]) -> list[Entry]:
    store = SqliteStore(tmp_path / "usage.db")
    store.write(batch)
    found = list(store.read(0, 4e9))
    store.close()
    return found


@given(requests=st.lists(REQUESTS, min_size=1, max_size=12))
@settings(max_examples=25, deadline=None)
def test_the_running_rules_change_nothing_ever(requests: list[dict[str, Any]], tmp_path_factory: Any) -> None:
    entries = stored(
        tmp_path_factory.mktemp("log"), [filled(number, WORLD, each) for number, each in enumerate(requests)]
    )
    result = replay(entries, lambda entry: WORLD)
    assert (result.requests, result.same, result.changed) == (len(requests), len(requests), 0)
    assert not result.undecided and all(each.then == each.now for each in result.rules.values())
    assert differences.text(result).count("\n") == 0, "nothing moved, so one line says all"


def test_a_split_drawn_for_each_request_is_drawn_the_same_again(tmp_path: Path) -> None:
    """Also of a conversation, whose session draws nothing then."""
    split = world(PRICES + "default route (deepseek/chat 50%, zai/glm 50%) by request")
    session = {"headers": (("x-claude-code-session-id", "5e55"),)}
    requests = [{**session, "messages": [{"role": "user", "content": f"word {number}"}]} for number in range(12)]
    entries = stored(tmp_path, [filled(number, split, each) for number, each in enumerate(requests)])
    assert {each.chain for each in entries} == {("deepseek/chat",), ("zai/glm",)}
    assert replay(entries, lambda entry: split).same == 12


def changed(tmp_path: Path, batch: list[Filled], rules: str, by: str = "") -> Result:
    new = world(PRICES + rules)
    return replay(stored(tmp_path, batch), lambda entry: new, by)


def test_the_cache_may_be_lucky_or_not(tmp_path: Path) -> None:
    """Of one conversation only the first request on a new target pays for what was in the cache of the old one."""
    usage = Usage(1_000, 100, 9_000, 0)
    session = {"headers": (("x-claude-code-session-id", "5e55"),)}
    batch = [filled(number, THEN, session, usage=usage) for number in range(3)]
    result = changed(tmp_path, batch, "default route zai/glm")
    (row,) = result.rows.values()
    lucky, not_lucky = 1_000 + 200 + 900, 10_000 + 200
    assert (row.count, row.low, row.high) == (3, 3 * lucky, 2 * lucky + not_lucky)
    assert row.then == 3 * (2_000 + 800 + 1_800) and row.input == 30_000
    assert result.dearer == (row.high - row.then) / row.then


def test_somebody_who_returns_to_a_target_may_be_lucky(tmp_path: Path) -> None:
    turns = [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}] * 10 + [{"role": "user", "content": "c"}]  # fmt: skip
    headers = (("x-claude-code-session-id", "5e55"),)
    batch = [
        filled(1, THEN, {"headers": headers, "messages": turns}, usage=Usage(10, 10, 1_000, 0)),
        filled(2, THEN, {"headers": headers}, usage=Usage(10, 10, 1_000, 0)),
    ]
    result = changed(tmp_path, batch, "default route zai/glm")
    (row,) = result.rows.values()
    assert (row.count, row.low) == (1, row.high), "the conversation was on zai/glm before"


def test_who_failed_then_is_not_counted_upon(tmp_path: Path) -> None:
    broken = (AttemptRecord("zai/glm", "overloaded", 529, 0.0, None, 0.1), AttemptRecord("deepseek/chat", "ok", 200, 0.1, 0.2, 0.3))  # fmt: skip
    before = world(PRICES + "default route zai/glm or deepseek/chat")
    batch = [filled(1, before, {}, attempts=broken, target="deepseek/chat", usage=Usage(1_000, 0))]
    result = changed(tmp_path, batch, "default route zai/glm or deepseek/chat or strange/x")
    (row,) = result.rows.values()
    assert (row.then, row.low, row.high) == (2_000, 2_000, 2_000)


def test_what_has_no_price_is_counted_and_not_guessed(tmp_path: Path) -> None:
    batch = [filled(1, THEN, {}), filled(2, THEN, {})]
    result = changed(tmp_path, batch, "default route strange/x")
    assert (result.total.count, result.total.unpriced, result.total.low) == (2, 2, 0)
    assert "unknown" in differences.text(result) and "+ 2 requests whose cost is not known" in differences.text(result)


def test_what_the_log_cannot_decide_is_named(tmp_path: Path) -> None:
    result = changed(
        tmp_path, [filled(1, THEN, {})], 'when prompt ~ "review" route zai/glm\ndefault route deepseek/chat'
    )
    assert (result.same, result.changed, dict(result.undecided)) == (0, 0, {"prompt": 1})
    assert "1 not decidable from the log (the prompt's text is not kept: 1)" in differences.summary(result)


def test_rules_are_known_by_their_text_when_lines_move(tmp_path: Path) -> None:
    batch = [
        filled(number, THEN, {"model": model}) for number, model in enumerate(("claude-opus-4-5", "gpt-5", "gpt-5"))
    ]
    result = changed(tmp_path, batch, "\n# a comment more\nwhen model ~ opus deny 403\ndefault route deepseek/chat")
    told = {text: (each.then, each.now) for text, each in result.rules.items()}
    assert told == {"default route deepseek/chat": (3, 2), "when model ~ opus deny 403": (0, 1)}
    assert result.rules["default route deepseek/chat"].place == "user.ccr:7", "where it stands now"
    (row,) = result.rows.items()
    assert row[0] == ("deepseek/chat", "denied, 403") and row[1].high == 0


def test_told_apart_by_what_people_ask(tmp_path: Path) -> None:
    batch = [filled(number, THEN, {}, user=user) for number, user in enumerate(("alice", "bob", "bob"))]
    result = changed(tmp_path, batch, "default route zai/glm", by="user")
    assert {key: row.count for key, row in result.rows.items()} == {("alice",): 1, ("bob",): 2}
