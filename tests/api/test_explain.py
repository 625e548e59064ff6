"""Trying a request: the same as `ccr explain`, also under rules that are being edited; nothing is sent."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.visiting import Visitor, logged_in
from tests.running import request, running, write

RULES = "when tokens > 60k route demo/long\nwhen time in 9:00..17:00 and agent route demo/day\ndefault route demo/m\n"


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    write(tmp_path, "rules/10.ccr", RULES)
    with running(tmp_path) as ccr:
        yield logged_in(ccr)


def test_a_sample_is_told_rule_by_rule(visitor: Visitor) -> None:
    said = visitor.send("POST", "/explain", {"sample": "{ tokens = 70k }"}).json["explained"]
    assert (said["outcome"], said["targets"]) == ("route", ["demo/long"])
    assert said["looked_at"][0]["result"] is True and said["facts"] == {"tokens": 70000}
    assert "demo/long" in said["text"]


def test_a_request_is_counted_and_nothing_is_sent(visitor: Visitor) -> None:
    said = visitor.send("POST", "/explain", {"request": request("hello")}).json["explained"]
    assert said["targets"] == ["demo/m"] and said["looked_at"][0]["result"] is False
    assert visitor.ccr.records == []


def test_it_is_decided_under_edited_rules(visitor: Visitor) -> None:
    edited = {"name": "10.ccr", "text": RULES.replace("60k", "90k")}
    said = visitor.send("POST", "/explain", {"sample": "{ tokens = 70k }", "edited": edited}).json
    assert said["explained"]["targets"] == ["demo/m"]
    broken = {"name": "10.ccr", "text": "when toknes > 1 route demo/x\n"}
    said = visitor.send("POST", "/explain", {"sample": "{ tokens = 70k }", "edited": broken}).json
    assert said["explained"] is None and said["findings"]["findings"][0]["code"] == "CCR101"


def test_a_wrong_sample_is_found_and_what_is_unsaid_is_named(visitor: Visitor) -> None:
    wrong = visitor.send("POST", "/explain", {"sample": "{ toknes = 1 }"}).json
    assert wrong["explained"] is None and wrong["findings"]["findings"]
    unsaid = visitor.send("POST", "/explain", {"sample": "{ tokens = 2k, agent = true }"}).json
    assert unsaid["explained"] is None and unsaid["unsaid"]
    assert visitor.send("POST", "/explain", {}).status == 400


def test_a_request_of_the_log_is_decided_by_what_was_known_then(visitor: Visitor) -> None:
    id = visitor.ccr.ask("hello").headers["request-id"]
    said = wait(lambda: visitor.send("POST", "/explain", {"logged": id}).json.get("explained"))
    results = [each["result"] for each in said["looked_at"]]
    assert said["targets"] == ["demo/m"] and results == [False, False, False, True]
    edited = {"name": "10.ccr", "text": "when prompt ~ hello route demo/x\n" + RULES}
    said = visitor.send("POST", "/explain", {"logged": id, "edited": edited}).json
    assert said["explained"] is None and said["unsaid"] == "prompt"
    assert visitor.send("POST", "/explain", {"logged": "req_0000"}).status == 404


def wait(ask: Callable[[], Any]) -> Any:
    """The log is written a moment after an answer has ended."""
    until = time.monotonic() + 5
    while not (found := ask()) and time.monotonic() < until:
        time.sleep(0.02)
    return found
