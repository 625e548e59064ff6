"""Where a process keeps what it remembers: by itself, in a file with other workers, on a Redis server with other hosts."""

from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, time

from ccr.memory.memory import KINDS, MAPPINGS, ROOMS, Memory
from ccr.memory.shared import SharedStore, Table

SCHEMES = ("redis://", "rediss://", "unix://")
NO_LIBRARY = "`server { state = … }` needs the extra `redis`: pip install 'claude-code-rules[redis]'"


def open_memory(address: str, file: Path | None, say: Callable[[str], None]) -> Memory:
    """`address` of a Redis server, "" for none; `file` for the workers of this host, None for a single process. `say` is
    told when what is shared cannot be reached, and when it is back."""
    if address:
        # Ages are counted by the server; slices of a minute are named by the time of day, which hosts have in common.
        return _shared(partial(_redis, address), time, say)
    if file is not None:
        return _shared(partial(_sqlite, file), monotonic, say)
    return Memory()


def missing(address: str) -> str:
    """What keeps this address from being used, in words; "" if nothing does."""
    if address and not address.startswith(SCHEMES):
        return f"`state` is no address of a Redis server; it begins with one of {', '.join(SCHEMES)}"
    return NO_LIBRARY if address and find_spec("redis") is None else ""


def _shared(table: Callable[[], Table], clock: Callable[[], float], say: Callable[[str], None]) -> Memory:
    return Memory(clock, SharedStore(table, clock, limits=ROOMS, say=say))


# Imported in the thread that uses them: nobody else pays for it.


def _redis(address: str) -> Table:
    from ccr.memory.redis import RedisTable

    return RedisTable(address, kinds=KINDS, mappings=MAPPINGS, limits=ROOMS)


def _sqlite(file: Path) -> Table:
    from ccr.memory.sqlite import SqliteTable

    return SqliteTable(file, kinds=KINDS, limits=ROOMS)
