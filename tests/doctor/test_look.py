"""What is gathered of a machine holds no secret, and what is mended is only what was said."""

import os
from pathlib import Path

import msgspec
import pytest

from ccr.doctor.check import Mend
from ccr.doctor.examine import do, examine
from ccr.doctor.look import look
from ccr.live.paths import places

SECRET = "sk-or-v1-very-secret-0123456789"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in list(os.environ):
        if name.upper().endswith(("_PROXY", "_API_KEY", "_TOKEN")) or name.startswith(
            ("ANTHROPIC_", "CLAUDE_", "CCR_")
        ):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.chdir(tmp_path)
    place = tmp_path / ".claude-code-router"
    place.mkdir()
    return place


def test_no_secret_is_in_what_is_known_or_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENROUTER_API_KEY", f'"{SECRET}"')
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", SECRET)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", f"https://ada:{SECRET}@example.org")
    monkeypatch.setenv("HTTPS_PROXY", f"http://ada:{SECRET}@example.org:8080")
    monkeypatch.setenv("MY_ZAI_KEY", "")
    config = home / "config.json"
    config.write_text(
        f'{{"Providers": [{{"name": "p", "api_key": "{SECRET}", "models": ["m"]}}], "APIKEY": "{SECRET}"}}'
    )
    (home / "rules").mkdir()
    (home / "rules" / "10.ccr").write_text("provider zai { key = env.MY_ZAI_KEY }\n", encoding="utf-8")
    machine = look(places(), offline=True)
    said = repr([each.as_json for each in examine(machine)])
    assert SECRET not in repr(machine)
    assert SECRET not in msgspec.json.encode(machine).decode()
    assert SECRET not in said
    assert "the variable OPENROUTER_API_KEY has quotes" in said
    assert "the variable MY_ZAI_KEY is set and empty" in said


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="a user that modes hold back")
def test_a_home_that_cannot_be_written(home: Path) -> None:
    home.chmod(0o500)
    try:
        assert "ermission" in look(places(), offline=True).home_problem
    finally:
        home.chmod(0o700)


def test_looking_leaves_nothing_behind(home: Path) -> None:
    look(places(), offline=True)
    assert list(home.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_mending_sets_a_mode_or_takes_a_record_away(home: Path) -> None:
    file = home / "config.json"
    file.write_text("{}")
    file.chmod(0o644)
    assert "600" in do(Mend(str(file), 0o600))
    assert file.stat().st_mode & 0o777 == 0o600
    do(Mend(str(file)))
    assert not file.exists()
    do(Mend(str(file)))
