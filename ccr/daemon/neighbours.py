"""The other program that is called `ccr`: npm's claude-code-router, which has the same home, port and command name.

It is recognised by its package.json, above the file that a command leads to or beside npm's shim. It is only told of:
ours never stops, replaces or rewrites what it made (amendments S26).
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from ccr.daemon.processes import born

PACKAGE = "@musistudio/claude-code-router"
_PID_FILE = ".claude-code-router.pid"
_NAMES = ("ccr", "ccr.cmd", "ccr.exe") if os.name == "nt" else ("ccr",)


class Command(Struct, frozen=True):
    """A file that a shell finds when somebody types `ccr`. `npm` is the version of claude-code-router; "" if it is
    something else. `ours`: it starts this program."""

    path: str
    npm: str = ""
    ours: bool = False

    @property
    def words(self) -> str:
        what = f"claude-code-router {self.npm} (npm)" if self.npm else "this ccr" if self.ours else "another program"
        return f"{self.path}: {what}"


def commands(path_variable: str) -> tuple[Command, ...]:
    """Every `ccr` on this PATH, the one that a shell takes first."""
    return tuple(_command(path) for path in _on_path(path_variable))


def npm_pid(home: Path) -> int | None:
    """The process of npm's service, if its pid file names one that lives. It notes no beginning, so the number may by now
    be somebody else's."""
    try:
        pid = int((home / _PID_FILE).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None
    return pid if born(pid) else None


def _on_path(variable: str) -> Iterator[Path]:
    seen = set()
    for folder in variable.split(os.pathsep):
        for name in _NAMES:
            path = Path(folder) / name
            if folder and path not in seen and path.is_file() and (os.name == "nt" or os.access(path, os.X_OK)):
                seen.add(path)
                yield path


def _command(path: Path) -> Command:
    npm = next((version for place in _packages(path) if (version := _version(place))), "")
    return Command(str(path), npm, not npm and _is_ours(path))


def _packages(path: Path) -> Iterator[Path]:
    yield from (folder / "package.json" for folder in path.resolve().parents)
    yield path.parent / "node_modules" / PACKAGE / "package.json"


def _version(package: Path) -> str:
    try:
        said = json.loads(package.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(said.get("version") or "?") if isinstance(said, dict) and said.get("name") == PACKAGE else ""


def _is_ours(path: Path) -> bool:
    """What pip and uv write for an entry point imports it by name, also inside a Windows launcher."""
    try:
        return b"ccr.cli.main" in path.read_bytes()
    except OSError:
        return False
