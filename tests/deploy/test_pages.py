"""What `docs/teams.md`, `docs/install.md` and `docs/windows.md` say of Claude Code's settings, of files and of a gateway is so."""

import json
import re
from pathlib import Path

from ccr.launcher.environment import Wishes, changes
from ccr.launcher.settings import _MANAGED
from tests.house.markdown import blocks
from tests.running import running, write

ROOT = Path(__file__).parents[2]
TEAMS = ROOT / "docs" / "teams.md"
KEY = "hello world"
"""Whose hash stands in the page."""


def rules() -> str:
    return next(block.text for block in blocks(TEAMS) if block.language == "ccr" and "user alice" in block.text)


def settings() -> list[dict[str, dict[str, str]]]:
    return [json.loads(block.text) for block in blocks(TEAMS) if block.language == "json"]


def test_a_gateway_knows_who_shows_the_key_of_the_page(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", rules().replace("openrouter/anthropic/claude-sonnet-4.5", "demo/m"))
    with running(tmp_path) as ccr:
        assert ccr.ask().status == 401
        told = {"authorization": f"Bearer {KEY}", "x-ccr-repo": "github.com/acme/payments"}
        answer = ccr.ask(headers=told)
        assert answer.status == 200, answer.body
        assert answer.headers["x-ccr-target"] == "demo/m"
        assert ccr.record(answer).user == "alice"
        for repo in ("github.com/acme/vault", ""):
            told = {"x-api-key": KEY, "x-ccr-repo": repo}
            assert ccr.ask(headers=told).status == 403, "what must stay in the house does"
        health = ccr.send("GET", "/health", headers={"x-ccr-key": KEY}).json
    assert re.fullmatch(r"[0-9a-f]+", health["snapshot"]) and health["rules"] == "live"


def test_settings_for_people_set_what_ccr_code_sets() -> None:
    """But for what only a launcher can know."""
    made = changes({}, Wishes("https://ccr.example.com", key="k")).to_set
    first, helped = settings()
    assert len(first["env"]) == 3
    for each in (first, helped):
        assert set(each["env"]) <= set(made)
        flags = {name: value for name, value in each["env"].items() if name.startswith("CLAUDE_CODE_")}
        assert flags == {name: made[name] for name in flags}
    assert "apiKeyHelper" in helped and "ANTHROPIC_AUTH_TOKEN" not in helped["env"]


def test_managed_settings_are_where_the_page_says() -> None:
    text = TEAMS.read_text(encoding="utf-8")
    for system in ("linux", "darwin"):
        assert all(f"`{path}`" in text for path in _MANAGED[system])


def test_headers_of_the_page_are_read() -> None:
    code = "".join(path.read_text() for path in (ROOT / "ccr").rglob("*.py"))
    named = set(re.findall(r"x-ccr-[a-z]+", TEAMS.read_text(encoding="utf-8")))
    assert {"x-ccr-key", "x-ccr-repo", "x-ccr-profile"} <= named
    assert not [name for name in named if f'"{name}"' not in code]


def test_files_that_are_named_are_made_by_the_script() -> None:
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    script = (ROOT / "install.sh").read_text(encoding="utf-8")
    assert "`~/.local/share/ccr/env`" in page and "/.local/share}/ccr" in script and "VENV=$SHARE/env" in script
    assert "`~/.local/bin/ccr`" in page and "BIN=$HOME/.local/bin" in script
    for option in set(re.findall(r"\./install\.sh (--\w+)", page)):
        assert f"{option} " in script or f"{option})" in script or f"{option} |" in script
    for option in set(re.findall(r"\./uninstall\.sh (--\w+)", page)):
        assert f"{option})" in (ROOT / "uninstall.sh").read_text(encoding="utf-8")


def test_scripts_of_the_windows_page_are_there() -> None:
    page = (ROOT / "docs" / "windows.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\.\\(\w+\.ps1)", page))
    assert named == {"run.ps1", "install.ps1", "uninstall.ps1"}
    assert all((ROOT / name).is_file() for name in named)
