"""What is written so that a system starts the service at login; and that nobody else's file is touched."""

import configparser
import os
import plistlib
import shlex
import sys
from pathlib import Path

import pytest

from ccr.daemon import login

HOME, PERSON = Path("/home/ada/100% mine/.claude-code-router"), Path("/home/ada")
WORDS = ["/usr/bin/python3", "-P", "-m", "ccr", "serve", "--rules", "/home/ada/100% mine/rules"]


def test_systemd_runs_the_service_itself() -> None:
    unit = login.systemd(HOME, WORDS, PERSON)
    assert unit.file == Path("/home/ada/.config/systemd/user/ccr.service")
    read = configparser.ConfigParser(interpolation=None)
    read.optionxform = str  # type: ignore[method-assign,assignment]
    read.read_string(unit.text.decode())
    # systemd reads `%%` as `%`, and quotes as a shell does.
    assert shlex.split(read["Service"]["ExecStart"].replace("%%", "%")) == WORDS
    assert shlex.split(read["Service"]["Environment"].replace("%%", "%")) == [f"CCR_HOME={HOME}"]
    assert read["Install"]["WantedBy"] == "default.target"
    assert ("systemctl", "--user", "enable", "ccr.service") in unit.install


def test_launchd_gets_a_whole_list() -> None:
    unit = login.launchd(HOME, WORDS, PERSON)
    assert unit.file == Path("/home/ada/Library/LaunchAgents/org.claude-code-rules.ccr.plist")
    known = plistlib.loads(unit.text)
    assert known["ProgramArguments"] == WORDS
    assert known["RunAtLoad"] is True
    assert known["EnvironmentVariables"] == {"CCR_HOME": str(HOME)}
    assert known["Label"] == "org.claude-code-rules.ccr"
    assert b"Written by `ccr start`" in unit.text


def test_windows_gets_one_line_without_a_console() -> None:
    words = [r"C:\Program Files\Python\python.exe", "-P", "-m", "ccr", "serve", "--rules", r"C:\my rules"]
    unit = login.schtasks(HOME, words, PERSON)
    assert unit.file is None
    (create,) = unit.install
    assert create[create.index("/tr") + 1] == (
        r'"C:\Program Files\Python\pythonw.exe" -P -m ccr serve --rules "C:\my rules"'
    )
    assert unit.remove == (("schtasks", "/delete", "/f", "/tn", "ccr"),)


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person whose systemctl only notes what it is asked."""
    program = tmp_path / "bin" / "systemctl"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}/usr/bin{os.pathsep}/bin")
    return tmp_path


linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="systemd is of Linux")


@linux
def test_it_is_arranged_and_undone(person: Path) -> None:
    home = person / ".claude-code-router"
    assert login.arranged(home) is None
    assert "starts at each login" in login.install(home, ["--port", "4000"])
    file = person / ".config" / "systemd" / "user" / "ccr.service"
    assert login.arranged(home) == file
    assert "serve --port 4000 --watch --kept-by start" in file.read_text()
    assert "starts at each login" in login.install(home, []), "again, with other words"
    assert "--port" not in file.read_text()
    assert "no more" in login.remove(home)
    assert not file.exists()
    assert login.remove(home) == ""
    assert (person / "asked").read_text().splitlines()[-1] == "--user disable ccr.service"


@linux
def test_a_unit_of_the_persons_own_is_left_alone(person: Path) -> None:
    file = person / ".config" / "systemd" / "user" / "ccr.service"
    file.parent.mkdir(parents=True)
    file.write_text("[Service]\n", encoding="utf-8")
    with pytest.raises(login.NotDone, match="was not written by ccr"):
        login.install(person, [])
    assert login.remove(person) == ""
    assert file.read_text() == "[Service]\n"


@linux
def test_where_no_systemd_is_that_is_said(person: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(login.NotDone, match="no systemctl here"):
        login.install(person, [])


@linux
def test_what_systemd_answers_is_told(person: Path) -> None:
    (person / "bin" / "systemctl").write_text("#!/bin/sh\necho 'Failed to connect to bus' >&2; exit 1\n")
    with pytest.raises(login.NotDone, match="Failed to connect to bus"):
        login.install(person / "h", [])
