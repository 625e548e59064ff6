"""The rules of one request's own project and session, put into the running world; and their `Router` of config.json.

A project is found by the fact `project`, a session's rules by the fact `session`. Nothing is read, and the facts are not
asked, while no project is trusted and no session has rules; a path that a request names is opened only if it is trusted
(rulings R42). The running world with such a layer in it is a Snapshot of its own, made by the same front door from the
sources of the running one, and kept while both stay as they are.
"""

import asyncio
import os
import shlex
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import structs

from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.facts.facts import Facts
from ccr.lang.values import Reading, Unknown
from ccr.live.files import layer_files, read
from ccr.live.paths import shown
from ccr.live.routers import Routers
from ccr.live.trust import FOLDER, Contents, Trusted, Unreadable, listed, nearest, read_contents, signature
from ccr.live.whereabouts import SESSION_ID, Sessions, client_folder
from ccr.routing.snapshot import Snapshot
from ccr.routing.surroundings import LayerSources, Sources
from ccr.routing.vocabulary import Vocabulary
from ccr.routing.workspace import load

KEPT = 32
"""Worlds kept, the ones used last."""
_TOLD = 1000
"""Folders of which it is remembered that they were told of."""

_World = tuple[str, str, str, str]
"""The running snapshot, the session's text, the project with its hash, and the text of their own `Router`."""


class Projects:
    """`tell` hears what a person should know, a line at a time; it may be called from any thread."""

    def __init__(self, home: Path, vocabulary: Vocabulary, tell: Callable[[str], None]) -> None:
        self._sessions, self._vocabulary, self._tell = home / "sessions", vocabulary, tell
        self._trusted, self._whereabouts = Trusted(home), Sessions(client_folder(os.environ))
        self._routers = Routers(home, self._whereabouts)
        self._worlds: OrderedDict[_World, Snapshot] = OrderedDict()
        self._contents: OrderedDict[Path, tuple[tuple[object, ...], Contents]] = OrderedDict()
        self._told: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._lock = threading.Lock()

    async def own(self, running: Snapshot, facts: Facts) -> Snapshot:
        """The world for this request: the running one, with the rules of its session and project if there are any."""
        routed = self._routers.any
        session = str(facts.read("session")) if routed or self._sessions.is_dir() else ""
        trusted = self._trusted.projects()
        place = _path(await self._directory(facts)) if trusted or routed else None
        router = await asyncio.to_thread(self._routers.find, session, place) if routed else None
        if place is not None and not any(listed(each) in trusted for each in (place, *place.parents)):
            place = None
        if not session and place is None and router is None:
            return running
        return await asyncio.to_thread(self._made, running, session, place, trusted, router)

    async def _directory(self, facts: Facts) -> Reading:
        """Where the request takes place; asked of the disk if it does not say so."""
        told = facts.read("project")
        if not isinstance(told, Unknown):
            return told
        return await asyncio.to_thread(self._whereabouts.directory, str(facts.read("session")))

    def notice(self, project: str) -> None:
        """Says once that rules lie in the working directory and do not run. Looks, and reads no rule."""
        place = _path(project)
        found = nearest(place) if place is not None else None
        if found is None or not layer_files(found / FOLDER):
            return
        trusted = self._trusted.projects().get(listed(found))
        try:
            contents = self._read(found) if trusted is not None else None
        except Unreadable as unreadable:
            self._say_once(str(found), str(unreadable), f"not loaded: {unreadable}")
            return
        if contents is not None and contents.hash == trusted:
            return
        state = "has changed, so it is new and not trusted" if contents is not None else "is new and not trusted"
        rules = shown(layer_files(found / FOLDER)[0])
        more = f"{rules} {state} · `ccr trust {_typed(found)}` shows it and asks"
        self._say_once(str(found), contents.hash if contents is not None else "", more)

    # ---- making a world -------------------------------------------------------------------------------------------

    def _made(
        self,
        running: Snapshot,
        session: str,
        place: Path | None,
        trusted: Mapping[str, str],
        router: SourceFile | None,
    ) -> Snapshot:
        contents = self._trusted_contents(place, trusted) if place is not None else None
        own = self._session_layer(session)
        if contents is None and own is None and router is None:
            return running
        whose = f"{contents.project}\n{contents.hash}" if contents is not None else ""
        routes = f"{router.name}\n{router.content}" if router is not None else ""
        key = (running.id, f"{session}\n{own.files[0].content}" if own is not None else "", whose, routes)
        with self._lock:
            if key not in self._worlds:
                layers = [own] if own is not None else []
                layers += [contents.layer] if contents is not None else []
                self._worlds[key] = self._load(running, layers, router)
            self._worlds.move_to_end(key)
            while len(self._worlds) > KEPT:
                self._worlds.popitem(last=False)
            return self._worlds[key]

    def _load(self, running: Snapshot, layers: list[LayerSources], router: SourceFile | None) -> Snapshot:
        """The running world with these layers; without them if they cannot be loaded, which is told."""
        assert running.origin is not None, "a snapshot is made by workspace.load"
        assert running.surroundings is not None, "a snapshot is made by workspace.load"
        sources = structs.replace(with_layers(running.origin, layers), router=router)
        loaded = load(sources, running.surroundings, self._vocabulary)
        own = [*(file for layer in layers for file in (*layer.files, *layer.mentioned)), *([router] if router else [])]
        names = {file.name for file in own}
        wrong = [each for each in loaded.diagnostics if each.at.file.name in names and each.level is Severity.ERROR]
        if wrong:
            self._tell(_not_in_force(wrong))
        elif loaded.snapshot is None:
            self._tell(printable(f"{own[0].name} does not go with your own rules, so it is not in force"))
        return loaded.snapshot or running

    def _trusted_contents(self, place: Path, trusted: Mapping[str, str]) -> Contents | None:
        """The nearest project's folder, if it is as it was trusted."""
        found = nearest(place)
        if found is None or listed(found) not in trusted:
            return None
        try:
            contents = self._read(found)
        except Unreadable:
            return None
        return contents if contents.hash == trusted[listed(found)] else None

    def _read(self, project: Path) -> Contents:
        """The folder as it is now, read again only if something in it changed."""
        seen = signature(project)
        kept = self._contents.get(project)
        if kept is not None and kept[0] == seen:
            return kept[1]
        contents = read_contents(project)
        self._contents[project] = (seen, contents)
        while len(self._contents) > KEPT:
            self._contents.popitem(last=False)
        return contents

    def _session_layer(self, session: str) -> LayerSources | None:
        path = self._sessions / f"{session}.ccr"
        return LayerSources("session", (read(path),)) if SESSION_ID.match(session) and path.is_file() else None

    def _say_once(self, project: str, what: str, line: str) -> None:
        with self._lock:  # requests are looked at by several threads
            if (project, what) in self._told:
                return
            self._told[(project, what)] = None
            while len(self._told) > _TOLD:
                self._told.popitem(last=False)
        self._tell(printable(line))


def with_layers(sources: Sources, layers: list[LayerSources]) -> Sources:
    """Sources with a session's and a project's layer, in their place below the policies."""
    at = sum(layer.name == "policy" for layer in sources.layers)
    return structs.replace(sources, layers=(*sources.layers[:at], *layers, *sources.layers[at:]))


def printable(text: str) -> str:
    """Text of somebody else's as a terminal may show it: what moves the cursor or turns the writing round is spelled out."""
    return "".join(
        char if char == "\n" or char.isprintable() else char.encode("unicode_escape").decode() for char in text
    )


def _typed(path: Path) -> str:
    """A directory as it can be typed in any shell, whatever folder it stands in."""
    inside = path.relative_to(Path.home()).as_posix() if path.is_relative_to(Path.home()) else ""
    return f"~/{inside}" if inside and shlex.quote(inside) == inside else shlex.quote(str(path))


def _not_in_force(findings: list[Diagnostic]) -> str:
    name = findings[0].at.file.name
    return printable(f"{name} has errors, so these rules are not in force:\n{render(findings)}".rstrip())


def _path(project: object) -> Path | None:
    """The directory a request told, on this machine; None for what is no absolute path."""
    if not isinstance(project, str) or not project or "\0" in project:
        return None
    try:
        path = Path(project).expanduser()
    except RuntimeError:
        return None
    return path if path.is_absolute() else None
