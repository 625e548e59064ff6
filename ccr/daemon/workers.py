"""Several processes that serve one address: forked, watched over, told what the parent is told, ended together.

The parent serves nothing. It holds the listening sockets, so that no connection is lost while a worker that died is
started again; it passes on signals and hears what workers have to say. What a worker does, and what its news mean, is
the caller's. A worker is forked, not started anew: it has at once what its parent has loaded, also when the files on
disk are broken by then. So the parent must have no thread and no event loop.
"""

import os
import select
import signal
import socket
import sys
import time
import traceback
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

from msgspec import Struct

RESTARTS = 5
"""Ends of one worker within a minute after which it is not started again."""
_MINUTE = 60.0
_LONGEST_PAUSE = 4.0
GRACE_SECONDS = 23.0
"""How long workers may take to end; each bounds its streams by itself, somewhat sooner."""
_PASSED_ON = ("SIGHUP", "SIGUSR1", "SIGUSR2")
_BACKLOG = 2048


class Post(Struct, frozen=True):
    """What a worker is given. `number` from 1; `alive` can be read from when the parent has died; `news` takes lines."""

    number: int
    listener: socket.socket
    alive: int
    news: int

    def tell(self, line: str) -> None:
        """One line for the parent; one that is gone is not told."""
        with suppress(OSError):
            os.write(self.news, line.replace("\n", " ").encode("utf-8", "replace") + b"\n")


Work = Callable[[Post], None]
Hear = Callable[[int, str], None]
"""A worker's number and a line it told."""


def can_fork() -> bool:
    """Whether this system can have workers; Windows cannot."""
    return hasattr(os, "fork")


def shared(listener: socket.socket, count: int) -> list[socket.socket]:
    """A listener for each worker, at the address of one that is bound.

    On Linux each has a socket of its own, over which the kernel spreads connections evenly; a common one wakes whoever
    slept last, who then takes all that wait. Elsewhere (macOS) SO_REUSEPORT gives everything to one socket, so all take
    from the same.
    """
    if sys.platform != "linux":
        return [listener] * count
    family, address = listener.family, listener.getsockname()
    listener.close()  # bound without SO_REUSEPORT first, so that another program on this port was noticed
    return [_own(family, address) for _ in range(count)]


def _own(family: int, address: object) -> socket.socket:
    own = socket.socket(family, socket.SOCK_STREAM)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    own.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    own.bind(address)  # type: ignore[arg-type]
    return own


class _Worker:
    """One place in the crew: the process that has it now, what it has told, when processes there ended."""

    def __init__(self, number: int, listener: socket.socket) -> None:
        self.number, self.listener = number, listener
        self.pid, self.news, self.heard = 0, -1, b""
        self.ends: deque[float] = deque(maxlen=RESTARTS)
        self.due: float | None = 0.0
        """When it is to be started; None while it runs, and when it was given up."""

    @property
    def is_given_up(self) -> bool:
        return not self.pid and self.due is None


class Crew:
    """`work` is run in each worker, `hear` told its lines, `say` what a person should know. `ready` is called in the
    parent before each fork, so that the worker gets what is newest."""

    def __init__(
        self,
        listeners: Sequence[socket.socket],
        work: Work,
        hear: Hear,
        say: Callable[[str], None],
        ready: Callable[[], None],
    ) -> None:
        self._workers = [_Worker(number, each) for number, each in enumerate(listeners, 1)]
        self._work, self._hear, self._say, self._ready = work, hear, say, ready
        self._signals: deque[int] = deque()
        self._ends: float | None = None
        self._alive, self._parents_end = os.pipe()
        self._wake, self._woken = os.pipe()

    def hold(self) -> int:
        """Runs until told to end, or until no worker can be kept alive. The exit status."""
        for end in (self._wake, self._woken):
            os.set_blocking(end, False)
        old = {number: signal.signal(number, self._note) for number in _signals()}
        woken = signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        try:
            while not self._is_over():
                self._start_due()
                self._wait()
                self._act()
                self._reap()
        finally:
            signal.set_wakeup_fd(woken)
            for number, handler in old.items():
                signal.signal(number, handler)
            for end in (self._alive, self._parents_end, self._wake, self._woken):
                os.close(end)
        return 0 if self._ends is not None else 1

    def _is_over(self) -> bool:
        if self._ends is not None:
            return not any(each.pid for each in self._workers)
        return all(each.is_given_up for each in self._workers)

    # ---- starting ---------------------------------------------------------------------------------------------------

    def _start_due(self) -> None:
        now = time.monotonic()
        for worker in self._workers:
            if self._ends is None and worker.due is not None and worker.due <= now:
                self._ready()
                self._start(worker)

    def _start(self, worker: _Worker) -> None:
        news, told = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            os.close(news)
            self._become(Post(worker.number, worker.listener, self._alive, told))
        os.close(told)
        os.set_blocking(news, False)
        worker.pid, worker.news, worker.heard, worker.due = pid, news, b"", None

    def _become(self, post: Post) -> None:
        """In the child; never returns, because the frames above are the parent's."""
        status = 1
        try:
            # A group of its own: Ctrl-C in a terminal goes to the parent alone, which passes on what it means.
            os.setpgid(0, 0)
            signal.set_wakeup_fd(-1)
            for number in _signals():
                early = signal.SIG_DFL if number in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD) else signal.SIG_IGN
                signal.signal(number, early)
            os.close(self._parents_end)
            for other in self._workers:
                if other.news >= 0:
                    os.close(other.news)
                if other.listener is not post.listener:
                    other.listener.close()
            self._work(post)
            status = 0
        finally:
            if status:
                traceback.print_exc()
            with suppress(OSError, ValueError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(status)

    # ---- waiting ----------------------------------------------------------------------------------------------------

    def _note(self, number: int, _: FrameType | None) -> None:
        self._signals.append(number)

    def _wait(self) -> None:
        """Until a signal, a worker's word, or the time at which something is due."""
        due = [each.due for each in self._workers if each.due is not None and self._ends is None]
        if self._ends is not None:
            due.append(self._ends)
        patience = max(0.0, min(due) - time.monotonic()) if due else None
        news = {each.news: each for each in self._workers if each.news >= 0}
        readable, _, _ = select.select([self._wake, *news], [], [], patience)
        if self._wake in readable:
            with suppress(BlockingIOError):
                os.read(self._wake, 4096)
        for end in readable:
            if end in news:
                self._listen(news[end])

    def _listen(self, worker: _Worker) -> None:
        with suppress(BlockingIOError):
            while data := os.read(worker.news, 65_536):
                *lines, worker.heard = (worker.heard + data).split(b"\n")
                for line in lines:
                    self._hear(worker.number, line.decode("utf-8", "replace"))
            os.close(worker.news)
            worker.news = -1

    # ---- signals and ends -------------------------------------------------------------------------------------------

    def _act(self) -> None:
        while self._signals:
            number = self._signals.popleft()
            if number in (signal.SIGINT, signal.SIGTERM):
                self._stop(number)
            elif number != signal.SIGCHLD:
                self._pass_on(number)
        if self._ends is not None and time.monotonic() >= self._ends:
            self._ends = float("inf")
            self._pass_on(signal.SIGKILL)

    def _stop(self, number: int) -> None:
        """Once: everybody ends in order. Ctrl-C again: running streams are not waited for."""
        if self._ends is not None:
            self._pass_on(number)
            return
        self._ends = time.monotonic() + GRACE_SECONDS
        for worker in self._workers:
            worker.listener.close()
        self._pass_on(signal.SIGTERM)

    def _pass_on(self, number: int) -> None:
        for worker in self._workers:
            if worker.pid:
                with suppress(ProcessLookupError):
                    os.kill(worker.pid, number)

    def _reap(self) -> None:
        for worker in self._workers:
            if worker.pid and (ended := os.waitpid(worker.pid, os.WNOHANG))[0]:
                if worker.news >= 0:
                    self._listen(worker)
                self._ended(worker, os.waitstatus_to_exitcode(ended[1]))

    def _ended(self, worker: _Worker, status: int) -> None:
        pid, worker.pid = worker.pid, 0
        if worker.news >= 0:
            os.close(worker.news)
            worker.news = -1
        if self._ends is not None:
            return
        now = time.monotonic()
        worker.ends.append(now)
        recent = sum(end > now - _MINUTE for end in worker.ends)
        said = f"worker {worker.number} (pid {pid}) ended: {_how(status)}"
        if recent >= RESTARTS:
            if self._is_alone(worker):
                worker.listener.close()
            self._say(f"{said}, {recent} times within a minute; it is not started again")
            return
        pause = 0.0 if recent == 1 else min(0.5 * 2.0 ** (recent - 2), _LONGEST_PAUSE)
        self._say(f"{said}; started again {f'in {pause:g} s' if pause else 'at once'}")
        worker.due = now + pause

    def _is_alone(self, worker: _Worker) -> bool:
        """Whether its listener is its own, so that nobody else would take what the kernel puts there."""
        return sum(each.listener is worker.listener for each in self._workers) == 1


def _signals() -> tuple[int, ...]:
    more = (getattr(signal, name) for name in _PASSED_ON if hasattr(signal, name))
    return (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, *more)


def _how(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    return f"killed by {signal.Signals(-status).name}"
