"""Starts `ccr serve` as a process of its own, which outlives the terminal and writes what it says to a file.

Python is started so that nothing in the working directory can stand in for a module (`-P`). That is the run folder: a service
must not keep the folder of a terminal from being taken away, and findings should name files from the person's home.
"""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import ccr
from ccr.daemon.log import line, log_file, put_aside
from ccr.daemon.records import folder

_DETACHED_PROCESS, _NEW_PROCESS_GROUP, _NO_WINDOW = 0x0008, 0x0200, 0x08000000
"""Creation flags of CreateProcess: no console, no Ctrl-C of ours, no window."""


def command(arguments: Sequence[str], python: str | None = None) -> list[str]:
    """What runs `ccr serve` with these arguments."""
    return [python or sys.executable, "-P", "-m", "ccr", "serve", *arguments]


def detached(platform: str) -> Mapping[str, Any]:
    """How a process is made that does not end with this one."""
    if platform == "win32":
        return {"creationflags": _DETACHED_PROCESS | _NEW_PROCESS_GROUP | _NO_WINDOW, "close_fds": True}
    return {"start_new_session": True, "close_fds": True}


def spawn(home: Path, arguments: Sequence[str]) -> "tuple[subprocess.Popen[bytes], int]":
    """The process, and the place in its log where it begins to speak. Raises OSError where the home cannot be written or no process can be made."""
    path = log_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    put_aside(path)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
        log.write((line(f"ccr serve {shlex.join(arguments)}", "info", time.time()) + "\n").encode())
        log.flush()
        process = subprocess.Popen(
            command(arguments),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=folder(home),
            env=_environment(),
            **detached(sys.platform),
        )
        return process, log.tell()


def _environment() -> dict[str, str]:
    """That of this process. A ccr that runs from a checkout without being installed is found by its folder."""
    place = str(Path(ccr.__file__).parents[1])
    before = os.environ.get("PYTHONPATH", "")
    found = (
        before if place in sys.path[1:] and not before else os.pathsep.join(part for part in (place, before) if part)
    )
    return {**os.environ, "PYTHONUTF8": "1", **({"PYTHONPATH": found} if found else {})}
