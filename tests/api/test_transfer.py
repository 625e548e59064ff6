"""Export and import through the API: no key goes out, what comes in is shown first and merged, comments and variables stay."""

import json
from pathlib import Path
from typing import Any

from tests.api.visiting import logged_in
from tests.running import running, write

KEY = "sk-canary-transfer-1234"
CONFIG = """{
  // mine
  "APIKEY": "$MY_KEY",
  "LOG": "meta",
  "Providers": [
    { "name": "one", "api_base_url": "http://127.0.0.1:9/v1", "api_key": "THE-KEY", "models": ["m"] } // the first
  ]
}
""".replace("THE-KEY", KEY)
OTHER: dict[str, Any] = {
    "LOG": "off",
    "PORT": 4000,
    "APIKEY": "somebody-elses-key",
    "Providers": [{"name": "two", "api_base_url": "http://127.0.0.1:9/v1", "api_key": "$TWO", "models": ["n"]}],
}


def test_a_part_goes_out_without_keys(tmp_path: Path) -> None:
    write(tmp_path, "config.json", CONFIG)
    with running(tmp_path, variables={"MY_KEY": "x-canary-my-key"}) as ccr:
        visitor = logged_in(ccr)
        whole = visitor.get("/export")
        assert KEY.encode() not in whole.body and b"x-canary" not in whole.body
        assert (
            whole.json["tree"]["Providers"][0]["api_key"] == "$ONE_API_KEY"
            and whole.json["tree"]["APIKEY"] == "$MY_KEY"
        )
        assert whole.json["variables"] == {"ONE_API_KEY": "`api_key` of one"}
        assert list(visitor.get("/export?part=providers").json["tree"]) == ["Providers"]
        assert "Providers" not in visitor.get("/export?part=settings").json["tree"]
        assert visitor.get("/export?part=keys").status == 400


def test_an_import_is_shown_then_merged(tmp_path: Path) -> None:
    path = write(tmp_path, "config.json", CONFIG)
    with running(tmp_path, variables={"MY_KEY": "x-canary-my-key"}) as ccr:
        visitor = logged_in(ccr)
        body = {"text": json.dumps(OTHER), "name": "theirs.json"}
        shown = visitor.send("POST", "/import/preview", body)
        assert (shown.json["added"], shown.json["kept"]) == (["PORT", "provider two"], ["LOG", "APIKEY"])
        assert KEY.encode() not in shown.body and path.read_text() == CONFIG
        replacing = visitor.send("POST", "/import/preview", {**body, "replace": True}).json
        assert replacing["replaced"] == ["LOG"]
        said = visitor.send("POST", "/import", body).json
        assert said["live"] and "two" in ccr.live.current.catalog.providers
        text = path.read_text()
        assert "// mine" in text and "// the first" in text and '"$MY_KEY"' in text and KEY in text
        assert (tmp_path / "backups" / said["backups"][0]).read_text() == CONFIG
        assert visitor.send("POST", "/import", body).json["error"]["kind"] == "nothing"


def test_what_cannot_be_read_or_would_not_load_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, "config.json", CONFIG)
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
        assert visitor.send("POST", "/import/preview", {"text": "{ nothing"}).status == 422
        assert visitor.send("POST", "/import/preview", {"text": "3"}).status == 422
        wrong = {"text": json.dumps({"Providers": [{**OTHER["Providers"][0], "dialect": "morse"}]})}
        shown = visitor.send("POST", "/import/preview", wrong).json
        assert shown["findings"]["findings"], shown
        assert visitor.send("POST", "/import", wrong).status == 422
    assert path.read_text() == CONFIG


def test_without_a_config_json_there_is_nothing_to_export_and_one_is_made(tmp_path: Path) -> None:
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
        assert visitor.get("/export").json["there"] is False
        assert visitor.send("POST", "/import", {"text": json.dumps(OTHER)}).status == 200
    assert "two" in (tmp_path / "config.json").read_text() and "somebody" not in (tmp_path / "config.json").read_text()
