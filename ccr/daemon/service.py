"""The service on this machine: whether it runs and where; starting it, and stopping what was started.

These functions are for every command that needs a running ccr. Two that start at the same moment get the same service:
a lock in the home's run folder lets one go first. Nothing is ever ended but a process that wrote a record here and is
still the same process.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import Popen

from msgspec import Struct, structs

from ccr.daemon import records
from ccr.daemon.ask import ask
from ccr.daemon.control import Control, ask_to_end
from ccr.daemon.leases import Lease, held
from ccr.daemon.locks import Lock
from ccr.daemon.log import log_file
from ccr.daemon.processes import lives
from ccr.daemon.records import CODE, STARTED, TERMINAL, Running
from ccr.daemon.spawn import spawn

__all__ = [
    "CODE",
    "STARTED",
    "TERMINAL",
    "Lease",
    "NotStarted",
    "Running",
    "Started",
    "Stopped",
    "arguments_of",
    "registered",
    "running",
    "start",
    "stop",
]

START_PATIENCE = 20.0
"""Seconds a new service has to answer; it does within one, unless the machine is very busy."""
STOP_PATIENCE = 25.0
"""Seconds; longer than a service lets running answers go on (`proxy.server.GRACE_SECONDS`)."""
_LOOK_AGAIN = 0.05
_LEASES_EVERY = 0.5
_CHILDREN: "list[Popen[bytes]]" = []
"""Services that this process started: remembered, so that nobody calls them forgotten while they run."""
Ticking = Callable[[], None]


class NotStarted(Exception):
    """No service came up; the text is for the person, and ends with what the service said."""


class Started(Struct, frozen=True):
    """`fresh`: it was started now; else it ran before."""

    service: Running
    fresh: bool
    seconds: float = 0.0
    said: str = ""
    """What a fresh one wrote to its log so far."""


class Stopped(Struct, frozen=True):
    """What became of a service that was asked to stop: `ended` in `seconds`; `killed`, because it did not."""

    ended: bool
    seconds: float
    killed: bool = False


def running(home: Path, port: int | None = None) -> Running | None:
    """The service of this home: at that port, else the one that was started in the background, else the one that was
    started last. None if there is none. Its process lives; whether it answers, `ask` says."""
    found = [each for each in records.alive(home) if port is None or each.port == port]
    background = [each for each in found if each.kept_by != TERMINAL]
    return next(iter([*background, *found]), None)


def start(
    home: Path,
    arguments: Sequence[str] = (),
    *,
    kept_by: str = STARTED,
    patience: float = START_PATIENCE,
    ticking: Ticking = lambda: None,
) -> Started:
    """A service that answers: the one that runs, else a new one (`ccr serve ARGUMENTS --watch`), waited for. `ticking` is
    called while that lasts. A service that a client had started is kept by the person once they say so. Raises
    NotStarted, and OSError where the home cannot be written."""
    with Lock(records.folder(home) / "start.lock") as lock:
        if not lock.take(patience):
            raise NotStarted(f"another ccr has been starting or stopping for {patience:.0f} s; try again")
        there = running(home)
        if there is not None:
            return Started(_kept(home, there, kept_by), False)
        began = time.monotonic()
        process, mark = spawn(home, [*arguments, "--watch", "--kept-by", kept_by])
        _CHILDREN.append(process)
        service = _await(home, process, kept_by, mark, patience, ticking)
        return Started(service, True, time.monotonic() - began, said(home, mark))


def stop(service: Running, *, patience: float = STOP_PATIENCE, ticking: Ticking = lambda: None) -> Stopped:
    """Lets it finish the answers that run, at most `patience` seconds, then ends it."""
    began = time.monotonic()
    if not (service.control and ask_to_end(service.control, service.token)):
        _signal(service, signal.SIGTERM)
    if _gone(service, patience, ticking):
        return Stopped(True, time.monotonic() - began)
    _signal(service, getattr(signal, "SIGKILL", signal.SIGTERM))
    return Stopped(_gone(service, 5.0, ticking), time.monotonic() - began, killed=True)


def arguments_of(argv: Sequence[str]) -> list[str]:
    """What the person said to `ccr serve` in a command line; not what `start` adds."""
    words = list(argv[argv.index("serve") + 1 :]) if "serve" in argv else []
    if "--kept-by" in words:
        at = words.index("--kept-by")
        words = [*words[:at], *words[at + 2 :]]
    return [word for word in words if word != "--watch"]


@contextmanager
def registered(home: Path, service: Running, signals: bool = sys.platform != "win32") -> Iterator[None]:
    """The service's own part, for as long as it serves: it can be found, and ends with its last client if one started it.
    Where nothing can be written it runs unknown; a home that was not there is gone again after it, if nothing else is in
    it. Without `signals` it listens for the word to end."""
    made = not home.is_dir()
    control = None if signals else Control(_end_this_process)
    if control is not None:
        service = structs.replace(service, control=control.port, token=control.token)
    with suppress(OSError):
        records.write(home, service)
    if service.kept_by == CODE:
        threading.Thread(target=_end_with_last_client, args=(home, service), name="ccr-leases", daemon=True).start()
    try:
        yield
    finally:
        records.remove(home, service)
        if made:
            with suppress(OSError):
                home.rmdir()
        if control is not None:
            control.close()


# ---- starting -----------------------------------------------------------------------------------------------------------


def _kept(home: Path, there: Running, kept_by: str) -> Running:
    if there.kept_by != CODE or kept_by == CODE:
        return there
    adopted = structs.replace(there, kept_by=kept_by)
    records.write(home, adopted)
    return adopted


def _await(home: Path, process: "Popen[bytes]", kept_by: str, mark: int, patience: float, ticking: Ticking) -> Running:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        # Not by its number: on Windows what is started is a launcher, which starts the Python that serves.
        mine = [each for each in records.alive(home) if each.kept_by == kept_by]
        if mine and _answers(mine[0]):
            return mine[0]
        if process.poll() is not None:
            raise NotStarted(said(home, mark) or f"it ended at once with exit code {process.returncode}")
        ticking()
        time.sleep(_LOOK_AGAIN)
    process.terminate()
    raise NotStarted("\n".join((f"it did not answer within {patience:.0f} s and was ended", said(home, mark))).strip())


def _answers(service: Running) -> bool:
    return ask(service.host, service.port, "/health", scheme=service.scheme) is not None


def said(home: Path, mark: int = 0, most: int = 8000) -> str:
    """The end of what the service wrote to its log after byte `mark`, at most so many bytes."""
    try:
        with log_file(home).open("rb") as log:
            end = log.seek(0, os.SEEK_END)
            log.seek(max(mark if mark <= end else 0, end - most))
            return log.read().decode("utf-8", "replace").strip()
    except OSError:
        return ""


# ---- ending -------------------------------------------------------------------------------------------------------------


def _signal(service: Running, number: int) -> None:
    """Only to the very process that wrote the record. On Windows it ends at once by that."""
    if lives(service.pid, service.born):
        with suppress(OSError):
            os.kill(service.pid, number)


def _gone(service: Running, patience: float, ticking: Ticking) -> bool:
    until = time.monotonic() + patience
    while lives(service.pid, service.born):
        if time.monotonic() >= until:
            return False
        ticking()
        time.sleep(_LOOK_AGAIN)
    return True


def _end_with_last_client(home: Path, service: Running) -> None:
    """Waits until nobody holds a lease, then ends this process. The lock is kept to its end, so that whoever wants a
    service now waits for that and starts another, instead of finding one that is going."""
    lock = Lock(records.folder(home) / "start.lock")
    while True:
        time.sleep(_LEASES_EVERY)
        with suppress(OSError):
            if held(home) or not lock.take():
                continue
            now = next((each for each in records.alive(home) if each.pid == service.pid), service)
            if now.kept_by != CODE:
                lock.release()
                return
            if held(home):
                lock.release()
                continue
            records.remove(home, service)
            _end_this_process()
            return


def _end_this_process() -> None:
    if sys.platform == "win32":
        signal.raise_signal(signal.SIGTERM)
    else:
        os.kill(os.getpid(), signal.SIGTERM)
