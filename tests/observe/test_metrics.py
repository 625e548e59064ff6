"""`/metrics` of a whole ccr: what is counted, behind which key, and what is never a label."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.fake_upstream import JSON, Script, in_thread
from tests.running import Running, running, write

pytest.importorskip("prometheus_client.parser", reason="prometheus-client is not on this machine")
from prometheus_client.parser import text_string_to_metric_families

RULES = """\
provider lab {{ url = "{url}"; dialect = anthropic; auth = none; models = [large, small]; model large {{ price_in = $3; price_out = $15 }} }}
when tools ~ * tag busy
tag greeting
tag "for {{session}}"
default route lab/large or lab/small
"""
ANSWER = b'{"id":"msg_1","type":"message","role":"assistant","model":"large","content":[{"type":"text","text":"hi"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":1000,"output_tokens":200}}'
GOOD = Script(headers=JSON, actions=(ANSWER,))
BUSY = Script(529, JSON, (b'{"type":"error","error":{"type":"overloaded_error","message":"busy"}}',))


def scrape(ccr: Running, **headers: str) -> dict[str, list[tuple[dict[str, str], float]]]:
    answer = ccr.send("GET", "/metrics", headers=headers)
    assert answer.status == 200 and answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    told: dict[str, list[tuple[dict[str, str], float]]] = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        for each in family.samples:
            told.setdefault(each.name, []).append((dict(each.labels), each.value))
    return told


def test_requests_attempts_tokens_and_money_are_counted(tmp_path: Path) -> None:
    with in_thread(GOOD, BUSY, GOOD) as upstream:
        write(tmp_path, "rules/10.ccr", RULES.format(url=upstream.url))
        with running(tmp_path) as ccr:
            assert scrape(ccr)["ccr_reloads_total"] == [({"result": "ok"}, 0), ({"result": "failed"}, 0)]
            for _ in range(2):
                ccr.entry(ccr.ask())
            told = scrape(ccr)
    by_model = {labels["model"]: value for labels, value in told["ccr_requests_total"]}
    assert by_model == {"large": 1, "small": 1}
    attempts = {(labels["model"], labels["outcome"]): value for labels, value in told["ccr_attempts_total"]}
    assert attempts == {("large", "ok"): 1, ("large", "overloaded"): 1, ("small", "ok"): 1}
    tokens = {labels["type"]: value for labels, value in told["ccr_tokens_total"] if labels["model"] == "large"}
    assert tokens == {"input": 1000, "output": 200, "cache_read": 0, "cache_write": 0}
    assert told["ccr_cost_dollars_total"] == [({"provider": "lab", "model": "large"}, 0.006)]
    assert told["ccr_decision_seconds_count"] == [({}, 2)]
    assert 0 < told["ccr_decision_seconds_sum"][0][1] < 5
    assert told["ccr_first_byte_seconds_count"] == [({"provider": "lab"}, 3)]
    assert told["ccr_request_duration_seconds_count"] == [({"kind": "other"}, 2)]


def test_no_label_comes_from_a_request(tmp_path: Path) -> None:
    """Tags that something was filled into are none, nor is a session (rulings R26)."""
    with in_thread(GOOD) as upstream:
        write(tmp_path, "rules/10.ccr", RULES.format(url=upstream.url))
        with running(tmp_path) as ccr:
            scrape(ccr)
            entry = ccr.entry(ccr.ask(headers={"x-claude-code-session-id": "0b8e0e6c-7d3a-4a55-9b0e-111122223333"}))
            assert len(entry.record.tags) == 2
            told = scrape(ccr)
            text = ccr.send("GET", "/metrics").body.decode()
    assert told["ccr_tagged_requests_total"] == [({"tag": "greeting"}, 1)]
    assert "0b8e0e6c" not in text and entry.record.request_id not in text


def test_reloads_and_resting_targets_are_told(tmp_path: Path) -> None:
    with in_thread(BUSY) as upstream:
        write(tmp_path, "rules/10.ccr", RULES.format(url=upstream.url) + "set retries = 0\n")
        with running(tmp_path) as ccr:
            scrape(ccr)
            for _ in range(3):
                ccr.entry(ccr.ask())
            write(tmp_path, "rules/10.ccr", "when oops\n")
            asyncio.run(ccr.live.reload())
            told = scrape(ccr)
    assert {labels["result"]: value for labels, value in told["ccr_reloads_total"]} == {"ok": 0, "failed": 1}
    assert told["ccr_rules_stale"] == [({}, 1)]
    assert all(seconds > 0 and labels["provider"] == "lab" for labels, seconds in told["ccr_target_resting_seconds"])
    assert told["ccr_target_resting_seconds"]


def test_it_stands_behind_the_key(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", "server { key = env.CCR_KEY }\ndefault route demo/m\n")
    with running(tmp_path, variables={"CCR_KEY": "planted-key-for-the-door"}) as ccr:
        assert ccr.send("GET", "/metrics").status == 401
        told = scrape(ccr, authorization="Bearer planted-key-for-the-door")
        assert told["ccr_build_info"][0][1] == 1
        text = ccr.send("GET", "/metrics", headers={"x-api-key": "planted-key-for-the-door"}).body.decode()
        assert "planted" not in text


def test_who_does_not_scrape_pays_nothing(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", "default route demo/m\n")
    with running(tmp_path) as ccr:
        ccr.send("GET", "/health")
        ccr.entry(ccr.ask())
        first: Any = scrape(ccr)
        assert "ccr_requests_total" not in first
        ccr.entry(ccr.ask())
        assert scrape(ccr)["ccr_requests_total"][0][1] == 1


def test_people_are_told_apart_by_their_names(tmp_path: Path) -> None:
    with in_thread(GOOD) as upstream:
        write(tmp_path, "rules/10.ccr", RULES.format(url=upstream.url) + "user ada { key = env.ADA }\n")
        with running(tmp_path, variables={"ADA": "key-of-ada-0123456789"}) as ccr:
            key = {"x-api-key": "key-of-ada-0123456789"}
            ccr.send("GET", "/metrics", headers=key)
            ccr.entry(ccr.ask(headers=key))
            told = scrape(ccr, **key)
    assert told["ccr_user_requests_total"] == [({"user": "ada"}, 1)]
    assert told["ccr_user_cost_dollars_total"] == [({"user": "ada"}, 0.006)]
