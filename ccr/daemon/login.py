"""Starting the service at login: by systemd's user units, by launchd, by Windows' Task Scheduler.

What is written is a pure function of where ccr is and what it is to serve; one function runs the system's own program.
Only a file that says it was written by ccr is ever replaced or taken away.
"""

import os
import plistlib
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from subprocess import list2cmdline

from msgspec import Struct

from ccr.daemon.log import log_file
from ccr.daemon.spawn import command

NAME = "ccr"
LABEL = "org.claude-code-rules.ccr"
_MARK = "Written by `ccr start`"
"""In whatever file is ours. Without two hyphens, which no XML comment may hold."""
_PATIENCE = 20.0
_BY = ("--watch", "--kept-by", "start")


class NotDone(Exception):
    """It could not be arranged; the text says why and what to do instead."""


class Unit(Struct, frozen=True):
    """What is to be done on one system. `file` and `text` are None where the system keeps it itself."""

    file: Path | None
    text: bytes
    program: str
    install: tuple[tuple[str, ...], ...]
    remove: tuple[tuple[str, ...], ...]


def install(home: Path, arguments: Sequence[str]) -> str:
    """Arranges it; a line that says what was done. Raises NotDone."""
    unit = _here(home, arguments)
    if unit.file is not None:
        _write(unit.file, unit.text)
    for words in unit.install:
        _run(words)
    return f"starts at each login ({unit.file or f'the task {NAME}'})"


def remove(home: Path) -> str:
    """Undoes it; a line that says what was done, "" if there was nothing. Raises NotDone."""
    unit = _here(home, ())
    if unit.file is not None and not _is_ours(unit.file):
        return ""
    for words in unit.remove:
        if unit.file is None:
            try:
                _run(words)
            except NotDone:
                return ""
        else:
            with suppress(NotDone):
                _run(words)
    if unit.file is not None:
        unit.file.unlink(missing_ok=True)
    return f"starts at login no more ({unit.file or f'the task {NAME}'} is gone)"


def arranged(home: Path) -> Path | None:
    """The file by which it starts at login, where there is one."""
    make = _SYSTEMS.get(_system())
    unit = make(home, [], Path.home()) if make is not None else None
    return unit.file if unit is not None and unit.file is not None and _is_ours(unit.file) else None


# ---- what is written ---------------------------------------------------------------------------------------------------


def systemd(home: Path, words: Sequence[str], person: Path) -> Unit:
    """A user unit (systemd.service(5)). It is the service itself, in the foreground, so systemd sees it end."""
    text = f"""# {_MARK}; `ccr stop --at-login` takes it away.
[Unit]
Description=ccr, a proxy between Claude Code and models
After=network-online.target

[Service]
ExecStart={shlex.join(words).replace("%", "%%")}
Environment={_systemd_quoted(f"CCR_HOME={home}")}
StandardOutput=append:{str(log_file(home)).replace("%", "%%")}
StandardError=inherit
Restart=on-failure
RestartSec=2
TimeoutStopSec=30

[Install]
WantedBy=default.target
"""
    file = person / ".config" / "systemd" / "user" / f"{NAME}.service"
    return Unit(
        file,
        text.encode(),
        "systemctl",
        (("systemctl", "--user", "daemon-reload"), ("systemctl", "--user", "enable", f"{NAME}.service")),
        (("systemctl", "--user", "disable", f"{NAME}.service"),),
    )


def _systemd_quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def launchd(home: Path, words: Sequence[str], person: Path) -> Unit:
    """A launch agent (launchd.plist(5)), loaded at the next login: now the service runs already."""
    log = str(log_file(home))
    known = {
        "Label": LABEL,
        "ProgramArguments": list(words),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "EnvironmentVariables": {"CCR_HOME": str(home)},
        "StandardOutPath": log,
        "StandardErrorPath": log,
        "ExitTimeOut": 30,
    }
    text = plistlib.dumps(known).replace(b"<plist ", f"<!-- {_MARK} for each login. -->\n<plist ".encode(), 1)
    file = person / "Library" / "LaunchAgents" / f"{LABEL}.plist"
    return Unit(file, text, "launchctl", (), ())


def schtasks(home: Path, words: Sequence[str], person: Path) -> Unit:
    """A task of the Task Scheduler (schtasks /create). Windows keeps it; its command is one line of at most 261 characters."""
    line = list2cmdline([_windowless(words[0]), *words[1:]]) if words else ""
    return Unit(
        None,
        b"",
        "schtasks",
        (("schtasks", "/create", "/f", "/tn", NAME, "/sc", "onlogon", "/rl", "limited", "/tr", line),),
        (("schtasks", "/delete", "/f", "/tn", NAME),),
    )


def _windowless(python: str) -> str:
    """Python without a console window."""
    return python[: -len("python.exe")] + "pythonw.exe" if python.lower().endswith("python.exe") else python


_SYSTEMS: dict[str, Callable[[Path, Sequence[str], Path], Unit]] = {
    "linux": systemd,
    "darwin": launchd,
    "win32": schtasks,
}


# ---- doing it ------------------------------------------------------------------------------------------------------------


def _system() -> str:
    return "linux" if sys.platform.startswith("linux") else sys.platform


def _here(home: Path, arguments: Sequence[str]) -> Unit:
    make = _SYSTEMS.get(_system())
    if make is None:
        raise NotDone(f"ccr does not know how {sys.platform} starts programs at login; `ccr start` starts it now")
    unit = make(home, command([*arguments, *_BY]), Path.home())
    if shutil.which(unit.program) is None:
        raise NotDone(f"there is no {unit.program} here, so nothing can start it at login; `ccr start` starts it now")
    return unit


def _write(file: Path, text: bytes) -> None:
    if file.exists() and not _is_ours(file):
        raise NotDone(f"{file} is there and was not written by ccr; it was left alone")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    except OSError as error:
        raise NotDone(f"{file} cannot be written ({error.strerror})") from None


def _is_ours(file: Path) -> bool:
    try:
        return _MARK.encode() in file.read_bytes()
    except OSError:
        return False


def _run(words: Sequence[str]) -> None:
    try:
        done = subprocess.run(
            words,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
            env=dict(os.environ),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise NotDone(f"{shlex.join(words)}: {error}") from None
    if done.returncode:
        raise NotDone(f"{shlex.join(words)}: {(done.stderr or done.stdout).strip()}")
