"""Presets through the API: looked at, asked for what they ask for, merged and kept; an archive from elsewhere is not trusted."""

import base64
import io
import json
import zipfile
from pathlib import Path
from typing import Any

from tests.api.visiting import logged_in
from tests.running import running, write

MANIFEST: dict[str, Any] = {
    "name": "cheap",
    "version": "1.2.0",
    "description": "A cheap one",
    "schema": [{"id": "key", "label": "Key of two", "type": "password"}],
    "Providers": [{"name": "two", "api_base_url": "http://127.0.0.1:9/v1", "api_key": "#{key}", "models": ["n"]}],
    "CUSTOM_ROUTER_PATH": "~/evil.js",
}
CONFIG = '{\n  // mine\n  "LOG": "meta"\n}\n'


def packed(**files: str) -> dict[str, Any]:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in files.items():
            archive.writestr(name.replace("__", "/").replace("_json", ".json"), text)
    return {"data": base64.b64encode(made.getvalue()).decode(), "file": "cheap.zip"}


def test_one_is_looked_at_installed_and_taken_away(tmp_path: Path) -> None:
    path = write(tmp_path, "config.json", CONFIG)
    body = packed(manifest_json=json.dumps(MANIFEST))
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
        seen = visitor.send("POST", "/presets/preview", body).json
        assert (seen["preset"]["name"], seen["added"], seen["left_out"]) == (
            "cheap",
            ["provider two"],
            ["CUSTOM_ROUTER_PATH"],
        )
        assert seen["asks"] == [{"id": "key", "label": "Key of two", "secret": True, "default": "", "needed": True}]
        assert path.read_text() == CONFIG
        assert visitor.send("POST", "/presets", body).json["error"]["message"] == "it asks for Key of two"
        said = visitor.send("POST", "/presets", {**body, "values": {"key": "sk-canary-preset-1"}})
        assert said.json["written"]["live"] and b"canary" not in said.body
        assert "two" in ccr.live.current.catalog.providers and "// mine" in path.read_text()
        assert [each["version"] for each in visitor.get("/presets").json["presets"]] == ["1.2.0"]
        assert visitor.send("POST", "/presets", body).status == 409
        assert visitor.send("DELETE", "/presets/cheap").json["presets"] == []
        assert visitor.send("DELETE", "/presets/..").status == 404
        assert "two" in path.read_text()


def test_what_is_no_preset_is_refused(tmp_path: Path) -> None:
    with running(tmp_path) as ccr:
        visitor = logged_in(ccr)
        for body in (
            {"data": "?", "file": "x.zip"},
            {"data": base64.b64encode(b"nothing").decode(), "file": "x.zip"},
            packed(other_json="{}"),
            packed(manifest_json='{"name": "../../x"}'),
            packed(manifest_json="{}", **{"..__evil_json": "{}"}),
        ):
            answer = visitor.send("POST", "/presets", body)
            assert answer.status == 400, answer.body
    assert not (tmp_path / "config.json").exists() and not (tmp_path / "presets").exists()
