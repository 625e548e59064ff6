"""The routing over the API: cards, what a change would write and do, and that it is saved by who saw what is there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.visiting import Visitor, logged_in
from tests.running import running, write

RULES = """provider local { url = "http://127.0.0.1:9/v1"; dialect = openai_chat; key = "sk-canary-0123456789"; models = [big, small] }
alias quick = local/small
when kind == title and model ~ opus route local/big
default route quick
"""


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    write(tmp_path, "rules/20.ccr", RULES)
    with running(tmp_path) as ccr:
        yield logged_in(ccr)


def test_cards_tell_their_models_and_where_such_requests_go(visitor: Visitor) -> None:
    said = visitor.get("/routing").json
    found = {each["name"]: each for each in said["cards"]}
    assert [each["name"] for each in said["cards"]] == [
        "image",
        "longContext",
        "background",
        "webSearch",
        "think",
        "default",
    ]
    assert found["default"]["targets"] == ["quick"] and found["default"]["above"] is False
    assert found["think"]["targets"] == [] and found["think"]["goes"]["targets"] == ["local/small"]
    assert {"quick", "local/big", "local/small"} <= {each["target"] for each in said["models"]}


def test_a_change_is_shown_before_it_is_made(visitor: Visitor, tmp_path: Path) -> None:
    wish = {"name": "longContext", "targets": ["local/big", "quick"], "threshold": 70_000}
    said = visitor.send("POST", "/routing/compare", {"cards": [wish]}).json
    (writes,) = said["writes"]
    assert "+when tokens > 70k   route local/big or quick" in writes["lines"]
    assert said["difference"]["equal"] is False and said["findings"]["summary"].get("errors", 0) == 0
    after = {each["name"]: each for each in said["cards"]}
    assert after["longContext"]["goes"]["targets"][0] == "local/big" and after["longContext"]["above"] is False
    assert (tmp_path / "rules" / "20.ccr").read_text() == RULES


def test_it_is_saved_with_a_copy_and_is_in_force(visitor: Visitor, tmp_path: Path) -> None:
    seen = visitor.get("/routing").json["version"]
    wish = {"name": "longContext", "targets": ["local/big"], "threshold": 70_000}
    saved = visitor.send("PUT", "/routing", {"cards": [wish], "seen": seen}).json
    assert saved["live"] is True and len(saved["backups"]) == 1
    assert (tmp_path / "backups").iterdir().__next__().read_text() == RULES
    explained = visitor.send("POST", "/explain", {"sample": "{ tokens = 70001 }"}).json["explained"]
    assert explained["targets"] == ["local/big"]
    late = visitor.send("PUT", "/routing", {"cards": [], "seen": seen})
    assert late.status == 412 and late.json["error"]["version"] == saved["version"]


def test_a_rule_above_that_takes_what_a_card_says_is_named(visitor: Visitor, tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", "when kind == main and tokens > 20k route local/small\n")
    wish = {"name": "longContext", "targets": ["local/big"], "threshold": 70_000}
    said = visitor.send("POST", "/routing/compare", {"cards": [wish]}).json
    after = {each["name"]: each for each in said["cards"]}["longContext"]
    assert after["above"] is True and after["goes"]["rule"].endswith("10.ccr:1")
    seen = visitor.get("/routing").json["version"]
    visitor.send("PUT", "/routing", {"cards": [wish], "seen": seen})
    now = {each["name"]: each for each in visitor.get("/routing").json["cards"]}["longContext"]
    assert now["targets"] == ["local/big"] and now["above"] is True


@pytest.mark.parametrize(
    "wish",
    [
        {"name": "nothing", "targets": ["local/big"]},
        {"name": "default", "targets": [" "]},
        {"name": "default", "targets": ["local/big\nwhen agent route x/y"]},
        {"name": "default", "targets": ["local/big"], "threshold": 5},
        {"name": "longContext", "targets": ["local/big"], "threshold": 0},
    ],
)
def test_what_is_no_card_is_refused(visitor: Visitor, tmp_path: Path, wish: dict[str, object]) -> None:
    seen = visitor.get("/routing").json["version"]
    assert visitor.send("PUT", "/routing", {"cards": [wish], "seen": seen}).status == 400
    assert (tmp_path / "rules" / "20.ccr").read_text() == RULES


def test_what_would_not_load_is_not_saved(visitor: Visitor, tmp_path: Path) -> None:
    seen = visitor.get("/routing").json["version"]
    wish = {"name": "think", "targets": ["nobody"]}
    refused = visitor.send("PUT", "/routing", {"cards": [wish], "seen": seen})
    assert refused.status == 422 and "nobody" in refused.json["error"]["findings"]["text"]
    assert (tmp_path / "rules" / "20.ccr").read_text() == RULES


def test_no_key_is_in_what_is_shown(visitor: Visitor) -> None:
    wish = {"name": "think", "targets": ["local/big"]}
    said = visitor.send("POST", "/routing/compare", {"cards": [wish]})
    assert b"canary" not in said.body and b"canary" not in visitor.get("/routing").body
