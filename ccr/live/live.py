"""The running world: the current Snapshot, the last failed load, and the one door by which it changes.

File watcher, signal and (later) the API end in `reload()`: sources are read and loaded whole, in a thread, and on
success one attribute is swapped. A request takes `current` once and keeps it to its end. On errors the running
snapshot stays, and everybody who listens is told.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from ccr.diagnostics.diagnostic import Diagnostic
from ccr.facts.facts import Facts
from ccr.live.files import SHIPPED, is_being_written, read_sources
from ccr.live.paths import Places, placed
from ccr.live.projects import Projects
from ccr.live.surroundings import look
from ccr.routing.snapshot import Loaded, Snapshot
from ccr.routing.surroundings import Sources, Surroundings
from ccr.routing.vocabulary import Vocabulary
from ccr.routing.workspace import load

_LOOKS, _BETWEEN_LOOKS = 10, 0.1
"""How often, and after how many seconds, a file is read again that is being written."""
_log = logging.getLogger("ccr.live")


class Failure(Struct, frozen=True):
    """A load that failed: what was wrong and when (seconds since the epoch). `fault`: a mistake of ours, in words."""

    diagnostics: tuple[Diagnostic, ...]
    at: float
    fault: str = ""


class Change(Struct, frozen=True):
    """What a reload did: `snapshot` is the one now running, `previous` the one before, `failure` why it stayed.

    `seconds` is how long the load took."""

    snapshot: Snapshot
    previous: Snapshot | None
    failure: Failure | None
    seconds: float


Listener = Callable[[Change], None]


class Live:
    """Made with a first snapshot; `reload` is the only way to another."""

    def __init__(
        self,
        places: Places,
        vocabulary: Vocabulary,
        first: Snapshot,
        discovered: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    ) -> None:
        self.places, self._vocabulary = places, vocabulary
        self.current, self._read = first, first.sources
        self.started_at = self.loaded_at = time.time()
        self.last_failure: Failure | None = None
        self.discovered = discovered
        self._listeners: list[Listener] = []
        self._projects = Projects(places.home, vocabulary, self._notice)
        self.notices: list[Callable[[str], None]] = []
        self._lock = asyncio.Lock()

    @property
    def is_stale(self) -> bool:
        """The sources on disk do not load, and older rules are in force."""
        return self.last_failure is not None

    @property
    def watched(self) -> tuple[Path, ...]:
        """The folders in which a change can matter, existing ones only: where sources are looked for, and where those
        stand that were read last or were missing then."""
        named = {placed(file.name).parent for file in self._read if not file.name.startswith(SHIPPED)}
        return tuple(sorted(folder for folder in {*self.places.watched, *named} if folder.is_dir()))

    def listen(self, listener: Listener) -> None:
        """Have a function told of every change and every failure, on the event loop. `notices` are told lines for a person,
        from any thread."""
        self._listeners.append(listener)

    async def own(self, running: Snapshot, facts: Facts) -> Snapshot:
        """The world for one request of somebody at this machine: with the rules of its project and session."""
        return await self._projects.own(running, facts)

    def passed(self, project: str) -> None:
        """A request of somebody at this machine came from there: whether rules lie there that do not run."""
        if project:
            asyncio.get_running_loop().run_in_executor(None, self._projects.notice, project)

    def _notice(self, line: str) -> None:
        for each in self.notices:
            each(line)

    async def discover(self, found: Mapping[str, tuple[str, ...]]) -> None:
        """What local servers say they have: one more source."""
        if dict(found) != dict(self.discovered):
            self.discovered = found
            await self.reload()

    async def reload(self) -> Change | None:
        """Loads everything anew. None if the world is as it was and no failure stood."""
        async with self._lock:
            began = time.perf_counter()
            return self._settle(await self._load_aside(), time.perf_counter() - began)

    def follow(self) -> Change | None:
        """`reload`, for a process without an event loop: one that serves nothing and is there to fork others."""
        began = time.perf_counter()
        return self._settle(self._load_whole(), time.perf_counter() - began)

    async def prove(self) -> tuple[Diagnostic, ...]:
        """What proofs say of the rules in force, which were loaded without so that nobody waited for them (rulings 1.19).
        One that fails stands in `last_failure`, and the rules stay in force."""
        async with self._lock:
            loaded = await self._load_aside()
            if isinstance(loaded, Failure) or loaded.snapshot is None:
                self._settle(loaded, 0.0)
            return loaded.diagnostics

    async def _load_aside(self) -> "Loaded | Failure":
        return await asyncio.to_thread(self._load_whole)

    def _load_whole(self) -> "Loaded | Failure":
        """A fault of ours there must not stop a server that serves."""
        try:
            return self._load()
        except Exception as error:  # noqa: BLE001 - whatever it is: it is logged and told, and the old rules serve on
            _log.exception("loading failed")
            return Failure((), time.time(), f"a mistake in ccr itself ({type(error).__name__}); its log says more")

    def look(self) -> Surroundings:
        """What loading may know of the machine, as it is now."""
        return look(self.places.home, self.discovered)

    def _load(self) -> Loaded:
        sources = self._read_whole()
        self._read = sources.files
        return load(sources, self.look(), self._vocabulary)

    def _read_whole(self) -> Sources:
        """The sources, read again while one of them looks as if somebody were writing it: a rule file that is empty for a
        moment loads well, and has no guards."""
        before = {file.name: file.text for file in self._read}
        sources = read_sources(self.places)
        for _ in range(_LOOKS):
            if not any(is_being_written(file, before.get(file.name)) for file in sources.files):
                break
            time.sleep(_BETWEEN_LOOKS)
            sources = read_sources(self.places)
        return sources

    def _settle(self, loaded: "Loaded | Failure", seconds: float) -> Change | None:
        previous, fresh = self.current, None if isinstance(loaded, Failure) else loaded.snapshot
        if fresh is None:
            failed = loaded if isinstance(loaded, Failure) else Failure(loaded.diagnostics, time.time())
            self.last_failure = failed
            return self._tell(Change(previous, None, self.last_failure, seconds))
        if fresh.id == previous.id and self.last_failure is None:
            return None
        self.last_failure = None
        if fresh.id != previous.id:
            self.current, self.loaded_at = fresh, time.time()
        return self._tell(Change(fresh, previous, None, seconds))

    def _tell(self, change: Change) -> Change:
        for listener in self._listeners:
            listener(change)
        return change
