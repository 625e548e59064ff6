"""The test bench: the road of a client's request, to the rules' target or to a chosen one; stopping ends it; words for what fails."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests import fake_upstream as fake
from tests.api.visiting import Visitor, logged_in
from tests.running import Answer, running, write

RULES = """provider shop {{ url = "{url}/v1"; dialect = openai_chat; key = env.SHOP_KEY
  models = [good, slow, broke, locked]
  model good {{ price_in = $1; price_out = $2 }} }}
when prompt ~ "secret" deny 451 "no secrets"
default route demo/m
"""


def choose(received: fake.Received) -> fake.Script:
    match received.json["model"]:
        case "locked":
            return fake.whole({"error": {"message": "Incorrect API key provided"}}, status=401)
        case "slow":
            return fake.stream(*fake.openai_events("first")[:2], fake.Silence())
        case _:
            return fake.stream(*fake.openai_events("pong"))


@pytest.fixture(scope="module")
def shop() -> Iterator[fake.FakeUpstream]:
    with fake.in_thread(choose=choose) as upstream:
        yield upstream


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory, shop: fake.FakeUpstream) -> Iterator[Visitor]:
    home = tmp_path_factory.mktemp("home")
    write(home, "rules/10.ccr", RULES.format(url=shop.url))
    with running(home, variables={"SHOP_KEY": "sk-canary-bench-1234"}) as ccr:
        yield logged_in(ccr)


def ended(answer: Answer) -> dict[str, Any]:
    assert answer.status == 200, answer.body
    last: dict[str, Any] = answer.events[-1]
    return last


def test_a_chosen_target_answers_with_its_tokens_times_and_cost(visitor: Visitor, shop: fake.FakeUpstream) -> None:
    before = len(visitor.ccr.entries)
    answer = visitor.send(
        "POST", "/bench", {"prompt": "ping", "target": "shop/good", "system": "short", "temperature": 0.5}
    )
    assert "".join(each["text"] for each in answer.events[:-1]) == "pong"
    said = ended(answer)
    assert (said["told"]["target"], said["told"]["rule"], said["message"]) == ("shop/good", "test bench:1", "")
    assert said["told"]["output"] > 0 and said["told"]["first_byte"] > 0 and said["told"]["cost"] > 0
    sent = shop.requests[-1].json
    assert sent["temperature"] == 0.5 and sent["messages"][0]["content"] == "short"
    assert len(visitor.ccr.entries) == before + 1, "it is in the log and in the costs"


def test_without_a_target_the_rules_choose(visitor: Visitor) -> None:
    said = ended(visitor.send("POST", "/bench", {"prompt": "ping"}))
    assert (said["told"]["target"], said["told"]["rule"].rpartition("/")[2]) == ("demo/m", "10.ccr:5")
    denied = ended(visitor.send("POST", "/bench", {"prompt": "a secret"}))
    assert denied["message"] == "no secrets" and denied["told"]["status"] == 451


def test_what_fails_is_said_with_what_to_do_and_without_the_key(visitor: Visitor) -> None:
    answer = visitor.send("POST", "/bench", {"prompt": "ping", "target": "shop/locked"})
    said = ended(answer)
    assert "Incorrect API key" in said["message"] and said["advice"].startswith(
        "the key is not taken: check `key` of shop"
    )
    assert b"sk-canary-bench" not in answer.body


def test_what_cannot_be_tried_is_refused(visitor: Visitor) -> None:
    for body, status in (
        ({"prompt": " "}, 400),
        ({"prompt": "x", "max_tokens": 0}, 400),
        ({"prompt": "x", "target": "nobody/m"}, 404),
        ({"prompt": "x", "target": "shop/m\nuse x"}, 404),
    ):
        assert visitor.send("POST", "/bench", body).status == status, body
    odd = ended(visitor.send("POST", "/bench", {"prompt": "x", "target": 'shop/a"b\\c'}))
    assert odd["told"]["target"] == 'shop/a"b\\c', "quotes in a name lead nowhere else"


def test_who_leaves_stops_it(visitor: Visitor, shop: fake.FakeUpstream) -> None:
    from http.client import HTTPConnection

    connection = HTTPConnection("127.0.0.1", visitor.ccr.port, timeout=10)
    body = json.dumps({"prompt": "ping", "target": "shop/slow"})
    connection.request("POST", "/api/bench", body, visitor.headers(**{"content-type": "application/json"}))
    answer = connection.getresponse()
    while b"first" not in answer.readline():
        pass
    before = len(visitor.ccr.entries)
    answer.close()
    connection.close()
    until = time.monotonic() + 5
    while len(visitor.ccr.entries) == before and time.monotonic() < until:
        time.sleep(0.01)
    assert visitor.ccr.entries[-1].record.outcome == "client_closed"
