"""Claude Code's own settings files: what of them would lead past the proxy, and what is said over them for one run.

A file whose `env` names a variable wins over the process's environment (anthropics/claude-code#8500), so for what it
names otherwise `--settings FILE` is put before the person's arguments, which is stronger than all files but a managed
one. The file is 0600, in the ccr home, and gone when the client is. The person's own files are only read.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from msgspec import Struct

_MANAGED = {
    "darwin": ("/Library/Application Support/ClaudeCode/managed-settings.json",),
    "win32": (r"C:\Program Files\ClaudeCode\managed-settings.json", r"C:\ProgramData\ClaudeCode\managed-settings.json"),
    "linux": ("/etc/claude-code/managed-settings.json",),
}
"""https://docs.anthropic.com/en/docs/claude-code/settings, read 2026-11-22."""
FLAG = "--settings"
STATUS_LINE = "statusLine"


class SettingsFile(Struct, frozen=True):
    """A file of settings as it was read; `managed`: nothing that `ccr` says is stronger."""

    path: str
    content: Mapping[str, Any]
    managed: bool = False

    @property
    def variables(self) -> Mapping[str, str]:
        said = self.content.get("env")
        return {str(name): str(value) for name, value in said.items()} if isinstance(said, Mapping) else {}


class Clash(Struct, frozen=True):
    """A variable that a settings file sets to something else than Claude Code needs here."""

    path: str
    name: str
    managed: bool = False


def settings_folder(environment: Mapping[str, str]) -> Path:
    """Where Claude Code keeps its settings and login."""
    named = environment.get("CLAUDE_CONFIG_DIR", "")
    return Path(named).expanduser() if named else _person(environment) / ".claude"


def _person(environment: Mapping[str, str]) -> Path:
    return Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())


def settings_files(environment: Mapping[str, str], project: Path) -> tuple[SettingsFile, ...]:
    """Those there are, strongest first. What cannot be read as JSON is Claude Code's to complain of."""
    managed = [(Path(path), True) for path in _MANAGED.get(sys.platform, ())]
    own = [project / ".claude" / "settings.local.json", project / ".claude" / "settings.json"]
    mine = dict.fromkeys((*own, settings_folder(environment) / "settings.json"))  # in the home folder they are one
    places = [*managed, *((path, False) for path in mine)]
    found = ((path, read_object(path), managed) for path, managed in places)
    return tuple(SettingsFile(str(path), said, managed) for path, said, managed in found if said)


def read_object(path: Path) -> Mapping[str, Any]:
    """The JSON object in a file; empty if there is none to be had."""
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def clashes(
    files: Sequence[SettingsFile], wanted: Mapping[str, str], unwanted: Sequence[str] = ()
) -> tuple[Clash, ...]:
    """The variables that files set otherwise than `wanted`, or set at all where they are `unwanted`. What the person set
    there for taste (a timeout, a flag) is theirs: `wanted` holds only what leads to the proxy."""
    return tuple(
        Clash(file.path, name, file.managed)
        for file in files
        for name, value in file.variables.items()
        if value and ((name in wanted and value != wanted[name]) or name in unwanted)
    )


def has_status_line(files: Sequence[SettingsFile]) -> bool:
    return any(STATUS_LINE in file.content for file in files)


def says_settings(arguments: Sequence[str]) -> bool:
    """Whether the person gives settings of their own."""
    return any(each == FLAG or each.startswith(f"{FLAG}=") for each in arguments)


def overriding(
    found: Sequence[Clash], wanted: Mapping[str, str], status_line: Sequence[str] | None
) -> Mapping[str, Any]:
    """What `--settings` has to say: the variables that files set otherwise (to nothing, where they are not wanted), and
    the status line's command. Empty if nothing."""
    variables = {clash.name: wanted.get(clash.name, "") for clash in found if not clash.managed}
    said: dict[str, Any] = {"env": variables} if variables else {}
    if status_line is not None:
        said[STATUS_LINE] = {"type": "command", "command": shell_line(status_line), "padding": 0}
    return said


def shell_line(words: Sequence[str]) -> str:
    """One line for the shell that Claude Code runs the status line with (on Windows Git's bash)."""
    return " ".join(word if _plain(word) else "'" + word.replace("'", "'\\''") + "'" for word in words)


def _plain(word: str) -> bool:
    return bool(word) and all(char.isalnum() or char in "-_./:=@%+," for char in word)


@contextmanager
def written(home: Path, said: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The words to put before the person's arguments, for as long as the block runs; none for nothing said. Raises
    OSError where the ccr home cannot be written."""
    folder = home / "run" / "settings"
    _sweep(folder)
    if not said:
        yield ()
        return
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{os.getpid()}.json"
    with suppress(FileNotFoundError):
        path.unlink()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(said, file)
    try:
        yield (FLAG, str(path))
    finally:
        for remove in (path.unlink, folder.rmdir):
            with suppress(OSError):
                remove()


def _sweep(folder: Path) -> None:
    """Takes away what a killed client left."""
    for path in folder.glob("*.json"):
        if path.stem.isdigit() and not _there(int(path.stem)):
            with suppress(OSError):
                path.unlink()


def _there(pid: int) -> bool:
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
