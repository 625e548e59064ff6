"""Where the log is: a file in the ccr home, or a team's PostgreSQL where `server { store = … }` names one."""

from importlib.util import find_spec
from pathlib import Path

from ccr.usage.store import Store, StoreError

NAME = "usage.db"
POSTGRES = ("postgresql://", "postgres://")


def exists(address: str, home: Path) -> bool:
    """Whether there can be a log to read, without opening it."""
    return bool(address) or (home / NAME).exists()


def open_store(address: str, home: Path, writing: bool = True) -> Store:
    """The store, open. `writing` False: nothing is made or changed. Raises StoreError, also if there is no log yet."""
    # Imported when first needed: neither a start nor a command that asks something else should pay for it.
    if address:
        return _postgres(address, writing)
    from ccr.usage.sqlite import SqliteStore

    return SqliteStore(home / NAME, writing)


def _postgres(address: str, writing: bool) -> Store:
    if not address.startswith(POSTGRES):
        raise StoreError(
            "`server { store = … }` is no address of a PostgreSQL: postgresql://name:password@host/database"
        )
    if find_spec("asyncpg") is None:
        raise StoreError('a log in PostgreSQL needs asyncpg: pip install "claude-code-rules[postgres]"')
    from ccr.usage.postgres import PostgresStore

    return PostgresStore(address, writing)
