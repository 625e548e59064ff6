"""What a running service writes down of itself, for the commands that look for it: one file for each port in `run/`.

A record is believed only as long as the very process that wrote it lives. Nothing in it is secret but the word by which
a service is asked to stop, so the files are 0600.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import msgspec
from msgspec import Struct

from ccr.daemon.processes import lives

TERMINAL, STARTED, CODE = "terminal", "start", "code"
"""Who keeps a service: the terminal it runs in (or what else ran `ccr serve`), a person who said `ccr start`, or `ccr code`,
with whose last client it ends."""
_EVERY = ("0.0.0.0", "::", "")


class Running(Struct, frozen=True):
    """A service. `since` is seconds since the epoch; `born` is `processes.born` of its process."""

    pid: int
    born: str
    host: str
    port: int
    version: str
    snapshot: str
    """The one it started with."""
    since: float
    kept_by: str = TERMINAL
    arguments: tuple[str, ...] = ()
    """What `ccr serve` was called with, by which another can be started that is the same."""
    log: str = ""
    """The file that it writes what it says to; "" if it has a terminal."""
    control: int = 0
    """The port at which it is asked to end, where there are no signals."""
    token: str = ""
    """Whoever shows it there may end the service."""
    scheme: str = "http"

    @property
    def reach(self) -> str:
        """The address at which it is reached from this machine."""
        return "127.0.0.1" if self.host in _EVERY else self.host

    @property
    def url(self) -> str:
        named = f"[{self.reach}]" if ":" in self.reach else self.reach
        return f"{self.scheme}://{named}:{self.port}"


def folder(home: Path) -> Path:
    return home / "run"


def file_of(home: Path, port: int) -> Path:
    return folder(home) / f"{port}.json"


def records(home: Path) -> Iterator[tuple[Path, Running]]:
    """All records, also of services that are gone; a file that nobody can read is none."""
    for path in sorted(folder(home).glob("*.json")):
        with suppress(OSError, msgspec.DecodeError):
            yield path, msgspec.json.decode(path.read_bytes(), type=Running)


def stale(home: Path) -> list[Path]:
    """Records whose process is gone."""
    return [path for path, record in records(home) if not lives(record.pid, record.born)]


def alive(home: Path) -> list[Running]:
    """Services whose process lives, the one that was started last first."""
    found = [record for _, record in records(home) if lives(record.pid, record.born)]
    return sorted(found, key=lambda record: record.since, reverse=True)


def write(home: Path, record: Running) -> Path:
    """Whole or not at all; raises OSError where the home cannot be written."""
    path = file_of(home, record.port)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(record)) + b"\n")
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
    return path


def remove(home: Path, record: Running) -> None:
    """Takes a record away if it is still that of the same service, and the folder when nothing is left in it."""
    path = file_of(home, record.port)
    with suppress(OSError, msgspec.DecodeError):
        if msgspec.json.decode(path.read_bytes(), type=Running).pid == record.pid:
            path.unlink()
    with suppress(OSError):
        path.parent.rmdir()
