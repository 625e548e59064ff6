"""Settings changed through the API: each where it is said, comments and variables kept, a copy first, policies unmoved."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.api.visiting import Visitor, logged_in
from tests.running import running, write

CONFIG = """{
  // mine
  "APIKEY": "$MY_KEY",
  "API_TIMEOUT_MS": 60000, // a minute
  "LOG": "full"
}
"""
Serving = Callable[..., AbstractContextManager[Visitor]]


@pytest.fixture
def serving(tmp_path: Path) -> Serving:
    @contextmanager
    def begin(**files: str) -> Iterator[Visitor]:
        for name, text in files.items():
            write(tmp_path, {"config": "config.json", "rules": "rules/10.ccr"}[name], text)
        with running(tmp_path, variables={"MY_KEY": "the-proxys-key"}) as ccr:
            yield logged_in(ccr)

    return begin


def values(visitor: Visitor) -> dict[str, str]:
    return {each["name"]: each["value"] for each in visitor.get("/settings").json["options"]}


def test_config_json_is_changed_in_its_place_and_keeps_all_else(serving: Serving, tmp_path: Path) -> None:
    with serving(config=CONFIG, rules="default route demo/m\n") as visitor:
        said = visitor.send("PUT", "/settings", {"values": {"timeout": "2m", "log": "meta", "log_level": "warn"}})
        assert said.status == 200, said.body
        assert (said.json["restart"], said.json["overruled"], said.json["written"]["live"]) == ([], [], True)
        assert values(visitor) | {"timeout": "2m", "log": "meta", "log_level": "warn"} == values(visitor)
    text = (tmp_path / "config.json").read_text()
    assert text == CONFIG.replace("60000", "120000").replace('"full"', '"meta",\n  "LOG_LEVEL": "warn"')
    (copy,) = said.json["written"]["backups"]
    assert (tmp_path / "backups" / copy).read_text() == CONFIG


def test_rules_say_what_config_json_has_no_key_for_and_what_they_said_before(serving: Serving, tmp_path: Path) -> None:
    rules = "server { zone = UTC; log = full } # ours\ndefault route demo/m\n"
    with serving(config=CONFIG, rules=rules) as visitor:
        assert visitor.send("PUT", "/settings", {"values": {"retention": "30d", "log": "off"}}).status == 200
        text = (tmp_path / "rules" / "10.ccr").read_text()
        assert text == "server { zone = UTC; log = off; retention = 30d } # ours\ndefault route demo/m\n"
        assert visitor.send("PUT", "/settings", {"values": {"log": "", "retention": ""}}).status == 200
        text = (tmp_path / "rules" / "10.ccr").read_text()
        assert text == "server { zone = UTC } # ours\ndefault route demo/m\n"
        assert values(visitor)["retention"] == "90d"
    assert (tmp_path / "config.json").read_text() == CONFIG


def test_a_block_of_several_lines_gets_and_loses_one_line(serving: Serving, tmp_path: Path) -> None:
    rules = "server {\n  zone = UTC # ours\n}\ndefault route demo/m\n"
    with serving(rules=rules) as visitor:
        for name, value, inside in (
            ("log", "off", "  zone = UTC # ours\n  log = off\n"),
            ("zone", "Asia/Tokyo", '  zone = "Asia/Tokyo" # ours\n  log = off\n'),
            ("log", "", '  zone = "Asia/Tokyo" # ours\n'),
        ):
            assert visitor.send("PUT", "/settings", {"values": {name: value}}).status == 200
            assert (tmp_path / "rules" / "10.ccr").read_text() == f"server {{\n{inside}}}\ndefault route demo/m\n"


def test_without_any_file_a_new_one_is_made(serving: Serving, tmp_path: Path) -> None:
    with serving() as visitor:
        said = visitor.send("PUT", "/settings", {"values": {"timeout": "90s", "port": "4000"}}).json
        assert said["restart"] == ["port"] and said["written"]["backups"] == []
    assert "timeout = 90s" in (tmp_path / "rules" / "00-settings.ccr").read_text()
    assert not (tmp_path / "config.json").exists()


def test_what_is_no_value_is_refused_and_nothing_is_written(serving: Serving, tmp_path: Path) -> None:
    with serving(config=CONFIG) as visitor:
        for name, value, status in (
            ("timeout", "soon", 400), ("log", "loud", 400), ("host", 'x" }\nuse python', 400), ("key", "x", 404),
            ("zone", "Nowhere/City", 200),
        ):  # fmt: skip
            assert visitor.send("PUT", "/settings", {"values": {name: value}}).status == status, (name, value)
        write(tmp_path, "config.json", "{ broken")
        assert visitor.send("PUT", "/settings", {"values": {"log": "off"}}).json["error"]["kind"] == "fixed"
    assert (tmp_path / "config.json").read_text() == "{ broken"


def test_what_a_stronger_word_says_is_told(serving: Serving, tmp_path: Path) -> None:
    """A `server` option of the rules is stronger than config.json's; both stand, and the rules' is the one that is changed."""
    with serving(config=CONFIG, rules="server { timeout = 5m }\n") as visitor:
        option = next(each for each in visitor.get("/settings").json["options"] if each["name"] == "timeout")
        assert option["place"].endswith("10.ccr:1") and option["value"] == "5m" and not option["fixed"]
        visitor.send("PUT", "/settings", {"values": {"timeout": "7m"}})
        assert values(visitor)["timeout"] == "7m"
    assert json.dumps(60000) in (tmp_path / "config.json").read_text()
