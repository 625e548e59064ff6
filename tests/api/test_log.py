"""The log over the API: found, told whole, decided again; sums; and nothing where nothing is kept."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.api.visiting import Visitor, logged_in
from tests.fake_upstream import anthropic_message, in_thread, whole
from tests.running import Answer, running, write

RULES = """provider good {{ url = "{url}"; dialect = anthropic; key = "sk-good-SECRET"
  model m = "m" {{ price_in = $2; price_out = $8 }} }}
provider bad {{ url = "{url}/bad"; dialect = anthropic; key = "sk-bad-SECRET" }}
when model ~ opus route bad/b or good/m
when model ~ haiku deny 403 "not haiku"
when model ~ sonnet {{ set log = full; route good/free }}
default route good/m
"""
MODELS = ("claude-opus-4-5", "claude-haiku-4-5", "claude-sonnet-4-5")


class Logged:
    def __init__(self, visitor: Visitor, answers: list[Answer], rules: str) -> None:
        self.visitor, self.answers, self.rules = visitor, answers, rules

    def id(self, number: int) -> str:
        return self.answers[number].headers["request-id"]

    def list(self, query: str = "") -> Any:
        return self.visitor.get(f"/log?{query}").json


@pytest.fixture(scope="module")
def logged(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Logged]:
    """Three requests: one that fell back, one denied, one of which everything is kept."""
    home = tmp_path_factory.mktemp("home")
    broken = whole({"type": "error", "error": {"type": "api_error", "message": "out of order"}}, status=500)
    with in_thread(broken, whole(anthropic_message("hi"))) as upstream:
        rules = RULES.format(url=upstream.url)
        write(home, "rules/10.ccr", rules)
        with running(home) as ccr:
            found = Logged(logged_in(ccr), [ccr.ask("my own words", model=model) for model in MODELS], rules)
            until = time.monotonic() + 5
            while len(found.list()["requests"]) < len(MODELS) and time.monotonic() < until:
                time.sleep(0.05)
            yield found


def test_requests_are_found_newest_first_and_on(logged: Logged) -> None:
    said = logged.list()
    assert [each["model"] for each in said["requests"]] == list(reversed(MODELS)) and said["until"] is None
    assert said["state"]["begun"] and said["state"]["level"] == "meta"
    first = logged.list("limit=2")
    assert len(first["requests"]) == 2
    rest = logged.list(f"limit=2&until={first['until']!r}")
    assert [each["id"] for each in rest["requests"]] == [logged.id(0)]


@pytest.mark.parametrize(
    ("query", "models"),
    [
        ("target=good/m", ["claude-opus-4-5"]),
        ("outcome=denied", ["claude-haiku-4-5"]),
        ("provider=good&model=claude-sonnet-4-5", ["claude-sonnet-4-5"]),
        ("search=ORDER+opus", ["claude-opus-4-5"]),
        ("search=nothing+such", []),
        ("since=9999999999", []),
        ("user=nobody", []),
    ],
)
def test_they_are_filtered_and_searched(logged: Logged, query: str, models: list[str]) -> None:
    assert [each["model"] for each in logged.list(query)["requests"]] == models


def test_what_there_is_to_filter_by(logged: Logged) -> None:
    said = logged.visitor.get("/log/choices").json
    assert {"good/m", "good/free"} <= set(said["target"]) and len(said["rule"]) == 3 and said["kind"]


def test_a_story_is_told_whole_and_without_a_text(logged: Logged) -> None:
    answer = logged.visitor.get(f"/log/{logged.id(0)}")
    said = answer.json
    steps = [(each["line"], each["result"], each["chosen"]) for each in said["looked_at"]]
    assert steps[0] == (4, True, True) and said["looked_at"][0]["facts"] == [
        {"name": "model", "value": "claude-opus-4-5"}
    ]
    assert [each["target"] for each in said["attempts"]] == ["bad/b", "good/m"]
    assert said["attempts"][0]["message"].startswith("out of order") and said["cost"] is not None and said["body"] == 0
    assert "my own words" not in answer.body.decode() and "SECRET" not in answer.body.decode()
    assert logged.visitor.get(f"/log/{said['called'][1:]}").json["id"] == said["id"]
    assert logged.visitor.get(f"/log/{logged.id(0)}/body").status == 404


def test_what_was_sent_is_told_only_where_it_was_kept(logged: Logged) -> None:
    answer = logged.visitor.get(f"/log/{logged.id(2)}")
    assert answer.json["body"] and "my own words" not in answer.body.decode()
    assert "my own words" in logged.visitor.get(f"/log/{logged.id(2)}/body").json["text"]


def test_it_is_decided_again(logged: Logged) -> None:
    def again(number: int, text: str | None) -> Any:
        body = {} if text is None else {"edited": {"name": "10.ccr", "text": text}}
        return logged.visitor.send("POST", f"/log/{logged.id(number)}/again", body).json

    assert again(0, None)["same"]
    other = again(0, logged.rules.replace("bad/b or good/m", "good/m"))
    assert (other["same"], other["chain"], other["before"]) == (False, ["good/m"], ["bad/b", "good/m"])
    assert other["rule"].endswith("10.ccr:4") and other["rule_text"] == "when model ~ opus route good/m"
    assert again(1, "default route demo/m\n")["denied_before"] == 403
    assert again(0, "when prompt ~ x route demo/a\n" + logged.rules)["undecided"] == "prompt"
    broken = again(0, "when toknes > 1 route demo/a\n")
    assert not broken["loads"] and broken["findings"]["findings"][0]["code"] == "CCR101"


def test_what_is_not_there_is_said(logged: Logged) -> None:
    assert logged.visitor.get("/log/req_ffffffffffffffffffff").status == 404
    assert logged.visitor.get("/log/req_").status == 409


def test_sums_by_everything(logged: Logged) -> None:
    for by in ("day", "rule", "model", "target", "project", "user", "kind"):
        said = logged.visitor.get(f"/usage?period=today&by={by}").json
        assert said["total"]["requests"] == 3 and sum(each["requests"] for each in said["rows"]) == 3, by
    targets = logged.visitor.get("/usage?by=target&period=month").json
    assert targets["unpriced"] == [{"target": "good/free", "requests": 1}] and targets["total"]["unpriced"] == 1
    assert logged.visitor.get("/usage?provider=good&by=target").json["total"]["requests"] == 2
    assert logged.visitor.get("/usage?by=moon").status == logged.visitor.get("/usage?period=aeon").status == 400


def test_where_nothing_is_logged_that_is_said(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", "server { log = off }\ndefault route demo/m\n")
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
        ccr.ask()
        said = visitor.get("/log").json
        assert (said["state"]["level"], said["state"]["begun"], said["requests"]) == ("off", False, [])
        assert visitor.get("/usage").json["total"] is None and visitor.get("/log/choices").json["target"] == []
