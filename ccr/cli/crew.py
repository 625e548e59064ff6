"""`ccr serve --workers N`: what the parent of several serving processes does with what they tell it.

Each worker watches the sources and reloads by itself. The parent loads them too, whenever a worker says that something
is different: so one process speaks for all, and a worker that is started again has the last good rules, also while the
files on disk are broken.
"""

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from hashlib import blake2b
from mmap import mmap
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

from ccr.cli import terminal
from ccr.daemon.workers import Crew, Post, shared
from ccr.diagnostics.render_text import render
from ccr.live.live import Change, Live
from ccr.proxy.server import Background

Tell = Callable[[], Mapping[str, Any]]


class Serve(Protocol):
    """Serves in this process until it is told to end. `told` says for `/health` how the workers stand; `started` is to be
    called when it listens, `waits` with the number of answers that its end waits for."""

    def __call__(
        self, post: Post, *, told: Tell, started: Callable[[], None], waits: Callable[[int], None]
    ) -> None: ...


_SAME_NOTICE = 30.0
"""Seconds after which a notice that was said is said again."""
_BOARD = 16_384
"""Bytes that all workers can read, where the parent writes what they told."""


def hold(
    count: int,
    listener: socket.socket,
    live: Live,
    serve: Serve,
    banner: Callable[[], str],
    changed: Callable[[Change], None],
) -> int:
    """Runs so many workers until a signal ends them. `changed` is told once of each change. The exit status."""
    parent = _Parent(count, live, banner, changed)

    def work(post: Post) -> None:
        live.listen(lambda _: post.tell(f"rules {standing(live)}"))
        live.notices[:] = [lambda line: post.tell(f"notice {line}")]
        serve(
            post,
            told=partial(parent.told, post.number),
            started=lambda: post.tell(f"up {standing(live)}"),
            waits=lambda count: post.tell(f"waits {count}"),
        )
        terminal.end()

    crew = Crew(shared(listener, count), work, parent.hear, terminal.noticed_now, parent.follow)
    return crew.hold()


@contextmanager
def state_file(home: Path, port: int) -> Iterator[Path]:
    """A new file for what the workers remember together, gone at the end. Beside the home where there is none, since
    starting makes no home, or where it cannot be written."""
    from ccr.memory.sqlite import make, remove  # a single process needs no SQLite

    with ExitStack() as stack:
        try:
            file = home / "run" / f"state-{port}.sqlite"
            if not home.is_dir():
                raise FileNotFoundError(home)
            make(file)
        except OSError:
            file = Path(stack.enter_context(TemporaryDirectory(prefix="ccr-"))) / "state.sqlite"
            make(file)
        try:
            yield file
        finally:
            remove(file)


def standing(live: Live) -> str:
    """The rules in force, and what keeps newer ones from being: the same in two processes that stand alike."""
    failure = live.last_failure
    if failure is None:
        return live.current.id
    text = failure.fault or render(failure.diagnostics)
    return f"{live.current.id}!{blake2b(text.encode('utf-8', 'replace'), digest_size=6).hexdigest()}"


def orphaned(post: Post) -> Background:
    """Ends this worker when its parent has died."""

    async def watch() -> None:
        import asyncio

        loop, died = asyncio.get_running_loop(), asyncio.Event()
        loop.add_reader(post.alive, died.set)
        try:
            await died.wait()
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            loop.remove_reader(post.alive)

    return watch


class _Parent:
    """What the workers have told, and what a person was told of it."""

    def __init__(self, count: int, live: Live, banner: Callable[[], str], changed: Callable[[Change], None]) -> None:
        self._count, self._live, self._banner, self._changed = count, live, banner, changed
        self._told: dict[int, str] = {}
        self._noticed: dict[str, float] = {}
        self._started = self._unsettled = False
        self._board = mmap(-1, _BOARD)

    def told(self, number: int) -> Mapping[str, Any]:
        """In a worker: which it is, and what all of them run, as far as they have told."""
        try:
            told = json.loads(self._board[:].rstrip(b"\0"))
        except ValueError:
            told = []  # nothing yet, or the parent is writing
        return {"worker": number, "workers": told}

    def hear(self, number: int, line: str) -> None:
        word, _, rest = line.partition(" ")
        if word == "notice":
            self._notice(rest)
        elif word == "waits":
            terminal.say_now(f"worker {number}: {terminal.waiting(int(rest))}")
        elif word in ("up", "rules"):
            self._told[number] = rest
            self._write()
            if rest != standing(self._live):
                self.follow()
            self._sum_up()

    def _notice(self, line: str) -> None:
        """Once, though each worker may have noticed it."""
        now = time.monotonic()
        if now > self._noticed.get(line, 0.0) + _SAME_NOTICE:
            terminal.noticed_now(line)
        self._noticed[line] = now

    def _write(self) -> None:
        told = [(number, *said.partition("!")) for number, said in sorted(self._told.items())]
        rows = [
            {"worker": number, "snapshot": name, "rules": "stale" if bad else "live"} for number, name, bad, _ in told
        ]
        data = json.dumps(rows).encode()
        self._board[:] = data.ljust(_BOARD, b"\0")

    def follow(self) -> None:
        """Loads what the workers have loaded, or may have."""
        before = standing(self._live)
        change = self._live.follow() if self._started else None
        if change is not None and standing(self._live) != before:
            self._say(change)

    def _say(self, change: Change) -> None:
        self._changed(change)
        self._unsettled = change.failure is None

    def _sum_up(self) -> None:
        """The banner once all serve; after a change, that all have it."""
        alike = len(self._told) == self._count and set(self._told.values()) == {standing(self._live)}
        if not self._started and len(self._told) == self._count:
            self._started = True
            terminal.say_now(self._banner())
        elif self._unsettled and alike:
            self._unsettled = False
            terminal.say_now(f"{time.strftime('%H:%M:%S')}  in all {self._count} workers")
