"""Who needs the service: a file for each client, held by a lock, so that one that was killed needs it no more.

A service that a client started ends itself when nobody holds a lease any more (`service.registered`).
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from ccr.daemon.locks import Lock


class Lease:
    """Held from `__enter__` to `__exit__`, or to the end of the process."""

    def __init__(self, home: Path) -> None:
        self._lock = Lock(_folder(home) / f"{os.getpid()}-{secrets.token_hex(4)}.lock")

    @property
    def handles(self) -> tuple[int, ...]:
        """File descriptors for the client to inherit: it holds the lease on if only we are killed."""
        return self._lock.handles

    def __enter__(self) -> "Lease":
        """Raises OSError where the ccr home cannot be written."""
        while True:
            self._lock.take()
            if self._lock.path.exists():
                return self
            # Somebody looked between the file's making and its locking, and took it for a dead client's.
            self._lock.release()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._lock.release()
        with suppress(OSError):
            self._lock.path.unlink()


def held(home: Path) -> int:
    """How many leases are held now, this process's own too. Files that nobody holds any more are taken away."""
    count = 0
    for path in sorted(_folder(home).glob("*.lock")):
        count += not _free(path)
    return count


def _free(path: Path) -> bool:
    """Whether nobody holds it; then it is taken away."""
    with suppress(OSError), Lock(path) as lock:
        if not lock.take():
            return False
        # Unlinked while it is held: whoever looks at the same moment finds it gone or held, never free.
        path.unlink()
    return True


def _folder(home: Path) -> Path:
    return home / "run" / "clients"
