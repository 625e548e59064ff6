"""The Claude Codes of a machine through the API: found with their versions; only one of those can be chosen."""

import sys
from pathlib import Path

import pytest

from tests.api.visiting import logged_in
from tests.running import running


def put(path: Path, version: str) -> Path:
    path.parent.mkdir(parents=True)
    path.write_text(f"#!{sys.executable}\nprint('{version} (Claude Code)')\n")
    path.chmod(0o755)
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="a script with a first line of its own is no program on Windows")
def test_one_of_those_that_were_found_is_chosen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = put(tmp_path / "a" / "claude", "9.0.1"), put(tmp_path / "b" / "claude", "9.0.2")
    stranger = put(tmp_path / "c" / "claude", "6.6.6")
    monkeypatch.setenv("PATH", f"{first.parent}:{second.parent}")
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.delenv("CLAUDE_PATH", raising=False)
    with running(tmp_path / "home") as ccr:
        visitor = logged_in(ccr)
        found = visitor.get("/claude").json["executables"]
        told = [(each["path"], each["version"], each["started"], each["chosen"]) for each in found]
        assert told[:2] == [(str(first), "9.0.1", True, False), (str(second), "9.0.2", False, False)]
        now = visitor.send("PUT", "/claude", {"path": str(second)}).json["executables"]
        assert (now[0]["path"], now[0]["started"], now[0]["chosen"]) == (str(second), True, True)
        assert visitor.send("PUT", "/claude", {"path": str(stranger)}).status == 404
        assert visitor.send("PUT", "/claude", {"path": ""}).json["executables"][0]["path"] == str(first)
