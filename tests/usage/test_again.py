"""Deciding again from the log: with the rules of then always the same, with others exactly or not at all."""

from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from ccr.lang.values import Undecided
from ccr.routing.decision import Decision
from ccr.routing.snapshot import Snapshot
from ccr.usage.again import decided_again
from ccr.usage.entry import Entry
from ccr.usage.filling import Filling
from ccr.usage.making import Source, make
from ccr.usage.sqlite import SqliteStore
from tests.routing.world import LOGIN, asked, decided, planned, world
from tests.usage.logged import record

RULES = """provider ollama {}
provider deepseek { key = "k" }
provider groq { key = "k" }
alias daily = deepseek/deepseek-chat
when project in "~/vault" only ollama/*
when tools has Bash and header.x-team == web route groq/llama
when kind == title route ollama/qwen3:4b
when turns > 1 or image route (deepseek/a 50%, groq/b 50%)
when spend.today > $8 deny 429 "spent"
when groq.down and effort >= high route daily
when model ~ haiku route last or hint
when time in 09:00..11:00 route groq/early
default route requested or daily
"""
WORLD = world(RULES)


def logged(entry_id: int, tmp_path: Path, snapshot: Snapshot, **request: Any) -> tuple[Entry, Decision]:
    facts = asked(**request)
    then = decided(snapshot, facts)
    entry = make(
        record(entry_id, session=str(facts.read("session"))), Source(snapshot, facts, planned(snapshot, facts))
    )
    store = SqliteStore(tmp_path / f"{entry_id}.db")
    store.write([Filling().fill(entry, snapshot, facts)])
    (read,) = store.read(0, 4e9)
    store.close()
    return read, then


REQUESTS = st.fixed_dictionaries(
    {
        "model": st.sampled_from(["claude-haiku-4-5", "claude-opus-4-5", "daily", "groq,x", "nobody", "gpt-5"]),
        "headers": st.sampled_from([(), LOGIN, (("x-team", "web"),), (("x-ccr-project", "/home/me/vault/a"),), (*LOGIN, ("x-claude-code-session-id", "5e55"))]),
        "state": st.sampled_from([{}, {"groq.down": True}, {"spend.today": 9_000_000}, {"last.model": "groq/z", "last.tokens": 5}]),
        "tools": st.sampled_from([[], [{"name": "Bash"}], [{"name": "Read"}]]),
        "messages": st.sampled_from([
            [{"role": "user", "content": "hello"}],
            [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}],
            [{"role": "user", "content": [{"type": "image", "source": {}}]}],
        ]),
    }
)  # fmt: skip


@given(request=REQUESTS)
@settings(max_examples=30, deadline=None)
def test_the_rules_of_then_decide_the_same_again(request: dict[str, Any], tmp_path_factory: Any) -> None:
    entry, then = logged(1, tmp_path_factory.mktemp("log"), WORLD, **request)
    now = decided_again(entry, WORLD)
    assert isinstance(now, Decision), now
    assert (now.chain, now.denial, now.rule) == (then.chain, then.denial, then.rule)
    assert entry.chain == tuple(map(str, now.chain))


def test_a_split_by_request_is_undecided_where_the_body_was_not_hashed(tmp_path: Path) -> None:
    """Conversations draw by their session, so nobody hashes their bodies."""
    split = world(
        RULES.replace("default route requested", "default route (groq/a 50%, groq/b 50%) by request or requested")
    )
    for number, headers in enumerate(((), (("x-claude-code-session-id", "5e55"),))):
        session = "5e55" if headers else ""
        facts = asked(headers=headers)
        entry = make(record(number, session=session), Source(WORLD, facts, planned(WORLD, facts)))
        filled = Filling().fill(entry, WORLD, facts)
        again = decided_again(structs.replace(filled.entry, facts={**filled.words.zeros, **filled.facts}), split)
        assert isinstance(again, Undecided) is bool(session)


def test_other_rules_decide_exactly_what_they_would_have(tmp_path: Path) -> None:
    entry, _ = logged(1, tmp_path, WORLD, tools=[{"name": "Read"}], system="be brief")
    now = decided_again(entry, world(RULES + "when tools has Read route groq/reader"))
    assert isinstance(now, Decision) and [str(each) for each in now.chain] == ["groq/reader"]


def test_what_was_not_kept_makes_it_undecided_and_never_a_guess(tmp_path: Path) -> None:
    entry, _ = logged(1, tmp_path, WORLD)
    for asks, name in (('prompt ~ "review"', "prompt"), ("header.x-other == a", "header.x-other"), ("session.spend > $1", "session.spend")):  # fmt: skip
        now = decided_again(entry, world(RULES + f"when {asks} and not image route groq/x"))
        assert isinstance(now, Undecided) and now.attribute == name
    told = decided_again(entry, world(RULES + 'when prompt ~ "review" and image route groq/x'))
    assert isinstance(told, Decision), "what is not needed is not asked"
