"""A project's or session's own `Router`, where claude-code-router keeps it: `<ccr home>/FOLDER/config.json` and
`<ccr home>/FOLDER/SESSION.json`, FOLDER being what the client calls the project's folder among its own.

The session's file comes before the project's. Which folder it is, the client's own files tell; a new session has none
yet, so the folder's name is then made of the project's path as the client makes it. These files are the person's own, in
their own home, and say nothing but where requests go. Nothing is looked at while there is no such folder.
"""

import os
import re
import threading
from pathlib import Path

from ccr.config.read import says_routes
from ccr.diagnostics.source import SourceFile
from ccr.live.files import read
from ccr.live.whereabouts import SESSION_ID, Sessions

_FOLDER = re.compile(r"-|[A-Za-z]--")
"""How the client's name of an absolute path begins: every character but letters and digits became a hyphen."""


class Routers:
    """`home` is the ccr home."""

    def __init__(self, home: Path, sessions: Sessions) -> None:
        self._home, self._sessions = home, sessions
        self._seen: int | None = None
        self._folders: frozenset[str] = frozenset()
        self._lock = threading.Lock()

    @property
    def any(self) -> bool:
        """Whether there is a folder that could hold one; a look at the home's time of change."""
        try:
            seen = os.stat(self._home).st_mtime_ns
        except OSError:
            return False
        with self._lock:
            if seen != self._seen:
                self._seen, self._folders = seen, _folders(self._home)
            return bool(self._folders)

    def find(self, session: str, project: Path | None) -> SourceFile | None:
        """The file that says `Router` for this conversation; None if none does. Reads, so it may wait."""
        names = [self._sessions.folder(session), folder_name(project) if project is not None else ""]
        folder = next((name for name in names if name in self._folders), "")
        if not folder:
            return None
        own = [f"{session}.json"] if SESSION_ID.match(session) else []
        for name in (*own, "config.json"):
            file = read(self._home / folder / name)
            if file.text is not None and says_routes(file):
                return file
        return None


def folder_name(project: Path) -> str:
    """What the client calls the folder of a project."""
    return re.sub(r"[^A-Za-z0-9]", "-", str(project))


def _folders(home: Path) -> frozenset[str]:
    try:
        with os.scandir(home) as entries:
            return frozenset(each.name for each in entries if _FOLDER.match(each.name) and each.is_dir())
    except OSError:
        return frozenset()
