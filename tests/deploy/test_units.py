"""`deploy/systemd` and `deploy/launchd`: what they start can be started, where they let it write is where it writes, and they wait
longer than it takes to end."""

import configparser
import plistlib
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ccr.daemon.login import LABEL
from ccr.daemon.workers import GRACE_SECONDS as CREW_GRACE
from ccr.live.paths import home, places
from ccr.proxy.server import GRACE_SECONDS
from tests.typed import can_be_typed

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "systemd" / "ccr.service"
PLIST = ROOT / "deploy" / "launchd" / f"{LABEL}.plist"
POLICY = "/etc/ccr"


def unit() -> dict[str, list[str]]:
    """Settings of [Service]; one that stands twice has both."""
    found: dict[str, list[str]] = {}
    section = ""
    for line in UNIT.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line
        elif section == "[Service]" and "=" in line and not line.startswith("#"):
            name, _, value = line.partition("=")
            found.setdefault(name, []).append(value)
    return found


def test_the_unit_is_one() -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.read(UNIT)
    assert parser.sections() == ["Unit", "Service", "Install"]


def test_what_systemd_starts_can_be_started() -> None:
    (line,) = unit()["ExecStart"]
    assert line.startswith("/opt/ccr/bin/ccr serve")
    can_be_typed(line)


def test_it_may_write_where_its_home_is(monkeypatch: pytest.MonkeyPatch) -> None:
    name, _, value = unit()["Environment"][0].partition("=")
    monkeypatch.setenv(name, value)
    assert str(home()) == f"/var/lib/{unit()['StateDirectory'][0]}"
    assert unit()["ProtectSystem"] == ["strict"]


@pytest.mark.parametrize("page", [UNIT, PLIST])
def test_rules_lie_where_a_policy_is_looked_for(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "is_dir", lambda _: True)
    assert places().policies == (Path(POLICY),)
    monkeypatch.undo()
    assert f"Rules: {POLICY}/*.ccr" in page.read_text(encoding="utf-8")


def test_both_wait_until_answers_have_ended() -> None:
    longest = max(GRACE_SECONDS, CREW_GRACE)
    assert int(unit()["TimeoutStopSec"][0]) > longest
    assert plistlib.loads(PLIST.read_bytes())["ExitTimeOut"] > longest


def test_a_change_can_be_asked_for() -> None:
    """By the signal that `ccr serve` listens for."""
    assert unit()["ExecReload"] == ["/bin/kill -HUP $MAINPID"]
    assert "SIGHUP" in (ROOT / "ccr" / "cli" / "commands" / "serve.py").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine")
def test_systemd_reads_it_and_finds_it_closed(tmp_path: Path) -> None:
    there = tmp_path / UNIT.name
    there.write_text(re.sub(r"ExecStart=.*", "ExecStart=/bin/true", UNIT.read_text(encoding="utf-8")))
    read = subprocess.run(["systemd-analyze", "verify", there], capture_output=True, text=True, timeout=30, check=False)
    mine = [line for line in read.stderr.splitlines() if UNIT.name in line]
    assert (read.returncode, mine) == (0, [])
    told = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", UNIT],
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    if "unrecognized option" in told.stderr:
        pytest.skip("this systemd-analyze reads no unit that is not loaded")
    assert told.returncode == 0, told.stdout[-300:]


def test_the_daemon_of_macos_starts_the_same() -> None:
    known = plistlib.loads(PLIST.read_bytes())
    assert known["Label"] == LABEL == PLIST.stem
    can_be_typed(" ".join(known["ProgramArguments"]))
    assert " ".join(known["ProgramArguments"]) == unit()["ExecStart"][0]
    place = known["EnvironmentVariables"]["CCR_HOME"]
    assert known["StandardOutPath"] == known["StandardErrorPath"] == f"{place}/ccr.log"
    assert f"-m 700 {place}" in PLIST.read_text(encoding="utf-8")
    assert f"-o {known['UserName']} " in PLIST.read_text(encoding="utf-8")
