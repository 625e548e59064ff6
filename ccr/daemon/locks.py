"""A file that one process holds, and that is free again the moment the process is gone, however it ended.

flock on POSIX, a locked first byte on Windows. The file itself stays; that it is there means nothing.
"""

import os
import sys
import time
from pathlib import Path
from types import TracebackType

_LOOK_AGAIN = 0.05


class Lock:
    """Not held when made. Released by `release`, at the end of a `with`, or with the process."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self, patience: float = 0.0) -> bool:
        """Whether it could be had within `patience` seconds. Raises OSError where the file cannot be made."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        until = time.monotonic() + patience
        while not _try(handle):
            if time.monotonic() >= until:
                os.close(handle)
                return False
            time.sleep(_LOOK_AGAIN)
        self._handle = handle
        return True

    def release(self) -> None:
        if self._handle is not None:
            _free(self._handle)
            os.close(self._handle)
            self._handle = None

    @property
    def handles(self) -> tuple[int, ...]:
        """The file descriptor by which it is held, if it is; a child that inherits it holds it too."""
        return () if self._handle is None else (self._handle,)

    def __enter__(self) -> "Lock":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.release()


if sys.platform == "win32":  # pragma: no cover - not run here
    import msvcrt

    def _try(handle: int) -> bool:
        os.lseek(handle, 0, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _free(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _free(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
