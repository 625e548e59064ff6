"""Claude Code's settings files against what the proxy needs (amendments S6)."""

import json
import os
import stat
from pathlib import Path

import pytest

from ccr.launcher import settings
from ccr.launcher.settings import Clash, SettingsFile

WANTED = {"ANTHROPIC_BASE_URL": "http://127.0.0.1:3456", "ANTHROPIC_AUTH_TOKEN": "ccr"}


def test_a_file_that_leads_elsewhere_is_overruled() -> None:
    variables = {"ANTHROPIC_BASE_URL": "https://gateway.corp", "API_TIMEOUT_MS": "5", "ANTHROPIC_API_KEY": "k"}
    files = (SettingsFile("/me/settings.json", {"env": variables}),)
    found = settings.clashes(files, WANTED, ("ANTHROPIC_API_KEY",))
    assert [each.name for each in found] == ["ANTHROPIC_BASE_URL", "ANTHROPIC_API_KEY"]
    assert settings.overriding(found, WANTED, None) == {
        "env": {"ANTHROPIC_BASE_URL": "http://127.0.0.1:3456", "ANTHROPIC_API_KEY": ""}
    }


def test_a_managed_file_cannot_be() -> None:
    files = (SettingsFile("/etc/m.json", {"env": {"ANTHROPIC_BASE_URL": "https://corp"}}, managed=True),)
    found = settings.clashes(files, WANTED)
    assert found == (Clash("/etc/m.json", "ANTHROPIC_BASE_URL", True),)
    assert settings.overriding(found, WANTED, None) == {}


def test_files_are_read_strongest_first_and_broken_ones_are_none(tmp_path: Path) -> None:
    project = tmp_path / "project"
    for folder, name, text in (
        (project, "settings.local.json", '{"a": 1}'),
        (project, "settings.json", "{broken"),
        (tmp_path, "settings.json", '{"statusLine": {"type": "command", "command": "mine"}}'),
    ):
        (folder / ".claude").mkdir(parents=True, exist_ok=True)
        (folder / ".claude" / name).write_text(text)
    files = [each for each in settings.settings_files({"HOME": str(tmp_path)}, project) if not each.managed]
    assert [Path(each.path).name for each in files] == ["settings.local.json", "settings.json"]
    assert settings.has_status_line(files)
    assert not settings.has_status_line(files[:1])


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_the_file_is_secret_and_gone_afterwards(tmp_path: Path) -> None:
    folder = tmp_path / "run" / "settings"
    folder.mkdir(parents=True)
    left = folder / "4194304.json"
    left.write_text("{}")
    with settings.written(tmp_path, {"env": {"X": "y"}}) as (flag, path):
        assert (flag, json.loads(Path(path).read_text())) == ("--settings", {"env": {"X": "y"}})
        assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
        assert not left.exists()
    assert not folder.exists()


def test_nothing_to_say_is_no_file(tmp_path: Path) -> None:
    with settings.written(tmp_path, {}) as words:
        assert words == ()
    assert not (tmp_path / "run").exists()


def test_a_line_for_the_shell() -> None:
    assert (
        settings.shell_line(["/opt/my tools/ccr", "statusline", "it's"]) == "'/opt/my tools/ccr' statusline 'it'\\''s'"
    )


@pytest.mark.parametrize(
    ("arguments", "said"), [(["--settings", "x"], True), (["--settings=x"], True), (["-p", "x"], False)]
)
def test_whether_the_person_gives_settings(arguments: list[str], said: bool) -> None:
    assert settings.says_settings(arguments) is said
