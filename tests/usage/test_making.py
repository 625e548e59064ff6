"""An exchange that has ended becomes an entry: what it cost, what was decided, and how much may be written down."""

from typing import Any

import pytest

from ccr.exchange.record import UsageRecord
from ccr.lang.values import Unknown
from ccr.messages.usage import Usage
from ccr.usage.entry import Entry
from ccr.usage.making import Source, make
from tests.routing.world import NOON, asked, planned, world

RULES = 'provider ollama {}\nprovider deepseek { key = "k" }\n'


def made(rules: str, target: str, usage: Usage = Usage(input=1_000_000), **request: Any) -> Entry:  # noqa: B008
    snapshot, facts = world(RULES + rules), asked(**request)
    record = UsageRecord(
        "req_1", snapshot.id, "", "", "main", facts.inputs.request.model, "user.ccr:3", target, (), "ok", 200, usage, None, 1.0
    )  # fmt: skip
    return make(record, Source(snapshot, facts, planned(snapshot, facts), local=True))


def test_what_it_cost_and_what_was_saved() -> None:
    entry = made("default route deepseek/deepseek-chat", "ollama/qwen3:4b", model="claude-opus-4-5")
    assert (entry.cost, entry.asked_cost, entry.saved) == (0, 5_000_000, 5_000_000)
    assert entry.at == NOON.timestamp() and entry.local


def test_a_price_that_nobody_knows_is_said_so() -> None:
    entry = made("default route deepseek/deepseek-chat", "deepseek/of-tomorrow", model="mine")
    assert (entry.cost, entry.asked_cost, entry.saved) == (None, None, None)


def test_a_request_that_reached_nobody_costs_nothing() -> None:
    entry = made('default deny 429 "not today"', "", Usage())
    assert (entry.cost, entry.denied, entry.chain) == (0, 429, ())


def test_what_was_decided_stands_in_it() -> None:
    entry = made("default route deepseek/deepseek-chat or ollama/qwen3:4b", "ollama/qwen3:4b")
    assert entry.chain == ("deepseek/deepseek-chat", "ollama/qwen3:4b")


@pytest.mark.parametrize(
    ("rules", "level"),
    [
        ("", "meta"),
        ("server { log = full }", "full"),
        ("server { log = full }\nset log = off", "off"),
        ("when stream set log = off", "meta"),
        ("when not stream set log = full", "full"),
        ("when target.provider == ollama set log = off", "off"),
    ],
)
def test_how_much_may_be_written_down(rules: str, level: str) -> None:
    """What hangs on a target holds for the whole request as soon as one that is planned says so: nobody's privacy hangs
    on who answers in the end."""
    entry = made(f"{rules}\ndefault route deepseek/deepseek-chat or ollama/qwen3:4b", "ollama/qwen3:4b")
    assert entry.log == level


def test_what_the_log_does_not_hold_is_unknown_and_never_a_guess() -> None:
    record = made("default route ollama/qwen3:4b", "ollama/qwen3:4b").record
    entry = Entry(0.0, record, facts={"turns": 3})
    assert entry.read("turns") == 3
    assert entry.read("groq.down") == 0
    for name in ("prompt", "header.x-team", "groq.spend.today", "spend.today", "of.tomorrow", "python:a.py:f"):
        assert entry.read(name) == Unknown(name)
    assert Entry(0.0, record, sums=True).read("groq.spend.today") == 0
