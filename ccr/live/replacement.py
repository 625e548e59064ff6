"""A person's file written anew: with a copy of what was there, whole or not at all, its mode kept."""

from pathlib import Path

from ccr.live.backups import keep
from ccr.live.files import write_atomic


def overwrite(home: Path, path: Path, text: str) -> Path | None:
    """The copy, if there was something to copy; a new file is 0600. Raises OSError: then all is as it was."""
    copy = keep(home, path)
    mode = path.stat().st_mode & 0o777 if copy is not None else 0o600
    write_atomic(path, text.encode("utf-8", "surrogateescape"), mode)
    return copy
