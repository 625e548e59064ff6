"""Money as a condition: a budget that is crossed changes the route, the record says why, and a restart forgets nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccr.usage.opening import NAME
from ccr.usage.sqlite import SqliteStore
from tests.fake_upstream import FakeUpstream, anthropic_message, in_thread, whole
from tests.running import Running, running, write

DEAR = {**anthropic_message("hi"), "usage": {"input_tokens": 100_000, "output_tokens": 0}}
"""A dollar at $10 for a million tokens."""
RULES = """provider up {{
  url = "{url}"; dialect = anthropic; key = "k"
  model dear = "dear" {{ price_in = $10; price_out = $10 }}
  model cheap = "cheap" {{ price_in = $0.10; price_out = $0.10 }}
}}
{rules}
default route up/dear
"""


@pytest.fixture
def upstream() -> Iterator[FakeUpstream]:
    with in_thread(whole(DEAR)) as made:
        yield made


def home(tmp_path: Path, upstream: FakeUpstream, rules: str) -> Path:
    write(tmp_path, "rules/10.ccr", RULES.format(url=upstream.url, rules=rules))
    return tmp_path


def targets(ccr: Running, times: int, session: str = "5e551011-0000-4000-8000-000000000001") -> list[str]:
    answers = [ccr.ask(f"turn {turn}", headers={"x-claude-code-session-id": session}) for turn in range(times)]
    return [ccr.record(each).target for each in answers]


def test_crossing_a_budget_in_mid_session_changes_the_route_and_the_record_says_why(
    tmp_path: Path, upstream: FakeUpstream
) -> None:
    rules = "when session.spend > $2.50 { tag costly; route up/cheap }"
    with running(home(tmp_path, upstream, rules)) as ccr:
        assert targets(ccr, 5) == ["up/dear"] * 3 + ["up/cheap"] * 2
        assert targets(ccr, 1, "5e551011-0000-4000-8000-000000000002") == ["up/dear"], "another session has its own"
    store = SqliteStore(tmp_path / NAME, writing=False)
    entries = list(store.read(0, 4e9))
    store.close()
    crossed, chosen = entries[3], [each for each in entries[3].looked if each.chosen]
    assert (crossed.read("session.spend"), crossed.record.tags) == (3_000_000, ("costly",))
    assert [(each.place.rpartition("/")[2], each.names, each.result) for each in chosen] == [
        ("10.ccr:6", ("session.spend",), True)
    ]
    assert (entries[2].read("session.spend"), crossed.cost, entries[2].cost) == (2_000_000, 10_000, 1_000_000)


@pytest.mark.parametrize("name", ["spend.today", "spend.week", "spend.month", "up.spend.today", "session.spend", "project.spend.month"])  # fmt: skip
def test_a_budget_survives_a_restart(tmp_path: Path, upstream: FakeUpstream, name: str) -> None:
    where = home(tmp_path, upstream, f"when {name} >= $2 route up/cheap")
    headers = {"x-claude-code-session-id": "5e551011-0000-4000-8000-000000000001", "x-ccr-project": "/home/a/work"}
    with running(where) as ccr:
        before = [ccr.record(ccr.ask(headers=headers)).target for _ in range(2)]
    with running(where) as ccr:
        after = ccr.record(ccr.ask(headers=headers)).target
    assert (before, after) == (["up/dear", "up/dear"], "up/cheap")


def test_requests_of_today_survive_a_restart_too(tmp_path: Path, upstream: FakeUpstream) -> None:
    where = home(tmp_path, upstream, 'when requests.today >= 3 deny 429 "enough for today"')
    with running(where) as ccr:
        assert [ccr.ask().status for _ in range(2)] == [200, 200]
    with running(where) as ccr:
        assert [ccr.ask().status for _ in range(3)] == [200, 429, 429]


def test_a_limit_for_a_person_is_a_rule(tmp_path: Path, upstream: FakeUpstream) -> None:
    people = 'user ann { key = "sk-ann" }\nuser bob { key = "sk-bob" }\n'
    where = home(tmp_path, upstream, people + 'when user.spend.today >= $1 deny 429 "your day is spent"')
    with running(where) as ccr:
        asked = [ccr.ask(headers={"x-api-key": f"sk-{name}"}) for name in ("ann", "ann", "bob")]
    assert [each.status for each in asked] == [200, 429, 200]
    assert asked[1].headers["x-should-retry"] == "false"


def test_where_nothing_is_logged_sums_begin_anew(tmp_path: Path, upstream: FakeUpstream) -> None:
    where = home(tmp_path, upstream, "server { log = off }\nwhen spend.today >= $1 route up/cheap")
    for _ in range(2):
        with running(where) as ccr:
            assert targets(ccr, 2) == ["up/dear", "up/cheap"]
    assert not (tmp_path / NAME).exists()


def test_a_log_that_cannot_be_read_is_said_and_requests_are_served(tmp_path: Path, upstream: FakeUpstream) -> None:
    where = home(tmp_path, upstream, "when spend.today >= $1 route up/cheap")
    (where / NAME).write_bytes(b"no database at all " * 100)
    with running(where) as ccr:
        said: list[str] = []
        ccr.live.notices.append(said.append)
        assert targets(ccr, 2) == ["up/dear", "up/cheap"]
