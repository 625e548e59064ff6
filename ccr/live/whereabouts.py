"""Where a request of this machine takes place, when it does not say so: asked of the disk, and only if a rule asks.

The client keeps a file for each session, `projects/FOLDER/SESSION.jsonl` in its own folder, and writes its working
directory into the lines as `cwd`; the first one is where it was started (amendments C.9). The repository is the remote of
the project's own git (C.7). Both are paths of this machine, so only its own callers bring them (`Inputs.local`), and a
session's id is a safe name before it becomes one of a file (rulings R42).
"""

import asyncio
import json
import os
import re
import stat
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path

from ccr.facts.facts import Facts
from ccr.facts.paths import normal_path
from ccr.lang.values import Reading, Undecided

SESSION_ID = re.compile(r"[A-Za-z0-9-]{1,64}\Z")
"""What a session's id has to be before it becomes a file's name (rulings R42)."""
HEAD = 262_144
"""Bytes of a session's file that are looked at; its first lines are a summary and the first prompt."""
_KEPT, _FRESH = 1000, 60.0
"""Answers kept, and seconds after which a repository is asked for again."""


def client_folder(environment: Mapping[str, str]) -> Path:
    """Where the client keeps its sessions."""
    return Path(environment.get("CLAUDE_CONFIG_DIR") or "~/.claude").expanduser() / "projects"


class Sessions:
    """Directories of sessions, by their ids. What was found is kept; what was not is looked for again: the file of a
    new session comes after its first request."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: OrderedDict[str, str] = OrderedDict()
        self._folders: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def directory(self, session: str) -> str:
        """The working directory, in rules' spelling, "" if nothing tells."""
        if not SESSION_ID.match(session):
            return ""
        with self._lock:
            found = self._found.get(session) or normal_path(_told(self._folder, session))
            if found:
                self._found[session] = found
                while len(self._found) > _KEPT:
                    self._found.popitem(last=False)
            return found

    def folder(self, session: str) -> str:
        """The name of the folder that holds the session's file, "" if none does yet."""
        if not SESSION_ID.match(session):
            return ""
        with self._lock:
            found = self._folders.get(session) or next(
                (each.name for each in _places(self._folder) if (each / f"{session}.jsonl").is_file()), ""
            )
            if found:
                self._folders[session] = found
                while len(self._folders) > _KEPT:
                    self._folders.popitem(last=False)
            return found


def _told(folder: Path, session: str) -> str:
    for place in _places(folder):
        head = _head(place / f"{session}.jsonl")
        if head:
            return _directory(head)
    return ""


def _places(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []


def _head(path: Path) -> bytes:
    """The beginning of a plain file; nothing of anything else."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return b""
    with os.fdopen(handle, "rb") as file:
        return file.read(HEAD) if stat.S_ISREG(os.fstat(handle).st_mode) else b""


def _directory(head: bytes) -> str:
    for line in head.split(b"\n"):
        if b'"cwd"' in line:
            try:
                said = json.loads(line)
            except ValueError:
                continue
            told = said.get("cwd") if isinstance(said, dict) else None
            if isinstance(told, str) and told:
                return told
    return ""


class Whereabouts:
    """Answers to the questions `project` and `repo`. `repository` names a folder's repository, "" if there is none; it may
    wait and is called in a thread."""

    def __init__(
        self, sessions: Sessions, repository: Callable[[Path], str], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._sessions, self._repository, self._clock = sessions, repository, clock
        self._repositories: OrderedDict[str, tuple[float, str]] = OrderedDict()

    async def project(self, facts: Facts, asked: Undecided) -> Reading:
        return await asyncio.to_thread(self._sessions.directory, str(facts.read("session")))

    async def repo(self, facts: Facts, asked: Undecided) -> Reading:
        told = facts.read("project")
        project = told if isinstance(told, str) else str(await self.project(facts, asked))
        if not project:
            return ""
        kept = self._repositories.get(project)
        if kept is None or self._clock() - kept[0] > _FRESH:
            kept = self._clock(), await asyncio.to_thread(self._named, project)
            self._repositories[project] = kept
            while len(self._repositories) > _KEPT:
                self._repositories.popitem(last=False)
        return kept[1]

    def _named(self, project: str) -> str:
        place = Path(project).expanduser()
        return self._repository(place) if place.is_absolute() and place.is_dir() else ""
