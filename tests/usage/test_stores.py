"""What every store of the log promises, in SQLite and, where one is installed, in PostgreSQL."""

from msgspec import structs

from ccr.lang.values import Bounds, Unknown
from ccr.messages.usage import Usage
from ccr.usage.entry import Looked
from ccr.usage.store import Paid, Store
from tests.usage.logged import filled, record

FOREVER = (0.0, 4e9)
ALWAYS = ("0000-01-01", "9999-12-31")


def test_an_entry_is_read_as_it_was_written(store: Store) -> None:
    written = filled(request={"headers": (("x-team", "web"),), "tools": [{"name": "Bash"}], "user": "alice"})
    store.write([written])
    (read,) = store.read(*FOREVER)
    assert structs.replace(read, facts={}, looked=()) == written.entry
    assert {name: read.facts[name] for name in written.facts} == written.facts
    assert read.read("tools") == frozenset({"Bash"}) and read.read("tools.count") == 1
    assert read.read("image") is False and read.read("header.x-team") == "web"
    assert isinstance(read.read("tokens"), Bounds)


def test_every_fact_a_rule_could_ask_is_kept_but_no_text(store: Store) -> None:
    store.write([filled(request={"system": "You are secret", "headers": (("x-other", "mine"),)})])
    (read,) = store.read(*FOREVER)
    for name in ("prompt", "system", "header.x-other", "spend.today"):
        assert read.read(name) == Unknown(name)
    assert len(read.facts) > 30 and "secret" not in str(read.facts)


def test_what_was_sampled_is_known_and_sums_that_were_not_are_not_guessed(store: Store) -> None:
    store.write([filled(request={"state": {"spend.today": 5, "session.spend": 9_000_000, "groq.down": True}})])
    (read,) = store.read(*FOREVER)
    assert (read.read("session.spend"), read.read("groq.down"), read.read("zai.spend.today")) == (9_000_000, True, 0)
    assert read.looked[-2] == Looked(
        "user", "user.ccr:6", "when session.spend > $8 route ollama/qwen3:4b", ("session.spend",), True, chosen=True
    )  # fmt: skip


def test_the_rules_that_were_looked_at_are_told_with_what_they_came_to(store: Store) -> None:
    store.write([filled()])
    (read,) = store.read(*FOREVER)
    assert [(each.place, each.result, each.chosen) for each in read.looked if each.layer == "user"] == [
        ("user.ccr:4", False, False),
        ("user.ccr:5", False, False),
        ("user.ccr:6", False, False),
        ("user.ccr:7", True, True),
    ]


def test_a_body_is_kept_only_where_all_was_asked_for(store: Store) -> None:
    whole = filled(2)
    store.write([filled(1), structs.replace(whole, entry=structs.replace(whole.entry, log="full", body=b'{"a":1}'))])
    assert [each.body for each in store.read(*FOREVER, bodies=True)] == [b"", b'{"a":1}']
    assert [each.body for each in store.read(*FOREVER)] == [b"", b""]
    assert store.find("last")[0].body == b'{"a":1}'


def test_entries_are_found_by_time_by_what_they_are_and_by_their_ids(store: Store) -> None:
    store.write([filled(number, at=100.0 + number, user="bob" if number % 2 else "alice") for number in range(1, 21)])
    assert [each.at for each in store.read(105.0, 108.0)] == [105.0, 106.0, 107.0]
    assert [each.at for each in store.read(*FOREVER, where={"user": "bob"}, limit=2)] == [119.0, 117.0]
    (newest,) = store.find("last")
    assert newest.at == 120.0
    assert [each.record.request_id for each in store.find("req_0000000000000000001")] == [
        f"req_{number:020x}" for number in (20, 19, 18, 17, 16)
    ][: len(store.find("req_0000000000000000001"))]
    assert store.find("req_f") == () and store.find("'; drop table entries; --") == ()


def test_sums_are_told_by_everything_that_people_ask(store: Store) -> None:
    store.write([
        filled(1, day="2026-11-20", user="alice", kind="main"),
        filled(2, day="2026-11-21", user="bob", kind="title", session="s2", target="ollama/qwen3:4b", outcome="error"),
        filled(3, day="2026-11-22", user="bob", session="", target="elsewhere/unknown"),
    ])  # fmt: skip
    (total,) = store.sums(*ALWAYS, by="")
    assert (total.requests, total.failed, total.unpriced, total.input, total.output) == (3, 1, 1, 3000, 300)
    assert {each.key: each.requests for each in store.sums(*ALWAYS, by="user")} == {"alice": 1, "bob": 2}
    assert [each.key for each in store.sums(*ALWAYS, by="day")] == ["2026-11-20", "2026-11-21", "2026-11-22"]
    assert {each.key for each in store.sums(*ALWAYS, by="session")} == {"s1", "s2"}
    assert {each.key for each in store.sums(*ALWAYS, by="target", where={"user": "bob"})} == {
        "ollama/qwen3:4b",
        "elsewhere/unknown",
    }
    assert [each.requests for each in store.sums("2026-11-21", "2026-11-21", by="")] == [1]
    assert store.sums("2020-01-01", "2020-12-31", by="") == []


def test_every_question_has_the_same_answer_from_sums_and_from_the_entries(store: Store) -> None:
    """Which table answers hangs on the question; what is answered must not."""
    for number in range(40):
        store.write([
            filled(number, day=f"2026-11-{1 + number % 9:02d}", user=("a", "b")[number % 2], kind=("main", "title")[number % 3 % 2],
                   session=f"s{number % 5}", first_byte=None if number % 7 == 0 else 0.25,
                   target=("deepseek/deepseek-chat", "ollama/q", "x/y")[number % 3])
        ])  # fmt: skip
    for by in ("", "user", "kind", "target", "day", "rule", "model", "project"):
        quick = store.sums("2026-11-02", "2026-11-08", by=by)
        slow = store.sums("2026-11-02", "2026-11-08", by=by, where={"outcome": "ok"})
        assert {each.key: each for each in quick} == {each.key: each for each in slow}, by
    sessions = {each.key: each for each in store.sums(*ALWAYS, by="session")}
    assert sessions == {each.key: each for each in store.sums(*ALWAYS, by="session", where={"outcome": "ok"})}
    (of_provider,) = store.sums(*ALWAYS, by="", where={"provider": "ollama"})
    assert of_provider.requests == 13


def test_budgets_begin_with_what_was_paid_before_the_start(store: Store) -> None:
    store.write([
        filled(1, at=100.0, day="2026-11-21"),
        filled(2, at=200.0, day="2026-11-22"),
        filled(3, at=300.0, day="2026-11-22", user="", session=""),
    ])  # fmt: skip
    cost = filled().entry.cost
    assert cost
    assert set(store.paid("2026-11-22", 250.0)) == {
        Paid("", "", "2026-11-22", 1, cost),
        Paid("user", "alice", "2026-11-22", 1, cost),
        Paid("provider", "deepseek", "2026-11-22", 1, cost),
        Paid("session", "s1", "2026-11-22", 1, cost),
    }


def test_what_is_old_is_forgotten_and_its_sums_stay(store: Store) -> None:
    whole = filled(1, at=100.0)
    store.write([structs.replace(whole, entry=structs.replace(whole.entry, body=b"{}")), filled(2, at=200.0)])
    assert store.tidy(150.0) == 1
    assert [each.at for each in store.read(*FOREVER)] == [200.0]
    assert [each.requests for each in store.sums(*ALWAYS, by="")] == [2]
    assert store.tidy(150.0) == 0


def test_an_entry_without_facts_is_one_whose_facts_nobody_knows(store: Store) -> None:
    """When too much waits, facts are left out first; money never."""
    store.write([structs.replace(filled(), facts={}, words=filled().words.__class__(), results="")])
    (read,) = store.read(*FOREVER)
    assert read.cost == filled().entry.cost and read.read("image") == Unknown("image") and read.looked == ()


def test_numbers_as_large_as_they_come(store: Store) -> None:
    store.write([filled(usage=Usage(10**12, 10**12, 10**12, 10**12))])
    (total,) = store.sums(*ALWAYS, by="")
    assert total.output == 10**12 and total.cost > 10**12


def test_whatever_clients_and_providers_send_can_be_written(store: Store) -> None:
    """Half a character, NUL, numbers beyond 64 bits: one such request must not stop the log."""
    odd = "claude-\ud800\0é"
    request = {"model": odd, "max_tokens": 10**40, "tools": [{"name": odd}], "headers": (("x-team", "é\udfff"),)}
    attempt = structs.replace(record().attempts[0], message=odd)
    store.write([filled(1, request=request, model=odd, user=odd, usage=Usage(10**30, 1), attempts=(attempt,))])
    store.write([filled(2)])
    first, second = sorted(store.read(*FOREVER), key=lambda each: each.record.request_id)
    assert (first.record.model, first.record.usage.input) == ("claude-??é", 10**12)
    assert first.read("tools") == frozenset({"claude-??é"}) and second.record.model == "claude-opus-4-5"
    assert next(each.key for each in store.sums(*ALWAYS, by="model", where={})) == "claude-??é"
