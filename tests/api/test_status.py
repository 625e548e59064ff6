"""What was asked, paid and saved today: from the log, of all workers that write it; of the last requests where nothing is logged."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import fake_upstream as fake
from tests.api.test_events import listening
from tests.api.visiting import Visitor, logged_in
from tests.running import running, write

RULES = """provider shop {{ url = "{url}/v1"; dialect = openai_chat; key = env.SHOP_KEY; models = [cheap]
  model cheap {{ price_in = $1; price_out = $1 }} }}
{more}
default route shop/cheap
"""
TWO = {"worker": 1, "workers": [{}, {}]}


@pytest.fixture(scope="module")
def shop() -> Iterator[fake.FakeUpstream]:
    with fake.in_thread(fake.stream(*fake.openai_events("pong"))) as upstream:
        yield upstream


def until(visitor: Visitor, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """What the status says once that holds: the log is written beside the answers."""
    end = time.monotonic() + 5
    while not holds(said := visitor.get("/status").json) and time.monotonic() < end:
        time.sleep(0.02)
    assert isinstance(said, dict)
    return said


def test_savings_are_of_the_whole_day_and_survive_a_restart(tmp_path: Path, shop: fake.FakeUpstream) -> None:
    write(tmp_path, "rules/10.ccr", RULES.format(url=shop.url, more=""))
    with running(tmp_path, variables={"SHOP_KEY": "k"}) as ccr:
        for _ in range(2):
            assert ccr.ask(stream=True).status == 200
        visitor = logged_in(ccr)
        today = until(visitor, lambda said: said["today"]["logged"] and said["today"]["requests"] == 2)["today"]
    assert 0 < today["saved"] < today["asked"] and abs(today["asked"] - today["saved"] - today["spend"]) < 1e-9
    with running(tmp_path, variables={"SHOP_KEY": "k"}) as ccr:
        again = Visitor(ccr, "", "").ccr.send("POST", "/api/session", {"password": "correct horse battery"})
        visitor = Visitor(ccr, again.headers["set-cookie"].split(";")[0], again.json["seal"])
        said = visitor.get("/status").json
        assert said["today"] == today and said["recent"] == [] and said["workers"] == 1


def test_without_a_log_savings_are_of_the_last_requests_and_that_is_said(
    tmp_path: Path, shop: fake.FakeUpstream
) -> None:
    write(tmp_path, "rules/10.ccr", RULES.format(url=shop.url, more="server { log = off }"))
    with running(tmp_path, variables={"SHOP_KEY": "k"}) as ccr:
        ccr.ask(stream=True)
        today = until(logged_in(ccr), lambda said: said["today"]["requests"] == 1)["today"]
    assert today["logged"] is False and 0 < today["saved"] < today["asked"]


def test_what_another_worker_answered_is_told_too(tmp_path: Path, shop: fake.FakeUpstream) -> None:
    write(tmp_path, "rules/10.ccr", RULES.format(url=shop.url, more=""))
    keys = {"SHOP_KEY": "k"}
    with (
        running(tmp_path, variables=keys, crew=lambda: TWO) as one,
        running(tmp_path, variables=keys, crew=lambda: TWO) as other,
    ):
        visitor = logged_in(one)
        before = other.record(other.ask("before", stream=True)).request_id
        said = until(visitor, lambda said: said["today"]["requests"] == 1)
        assert said["workers"] == 2 and said["recent"][0]["id"] == before and said["today"]["spend"] > 0
        with listening(one.port, visitor.cookie) as stream:
            assert stream.event()[0] == "hello"
            wanted = other.record(other.ask("meanwhile", stream=True)).request_id
            own = one.record(one.ask("own", stream=True)).request_id
            told = [stream.event(), stream.event()]
        assert [name for name, _ in told] == ["request", "request"]
        assert {event["id"] for _, event in told} == {wanted, own}, "each once, and not what was known before"
