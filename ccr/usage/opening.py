"""Where the log is: a file in the ccr home, or a team's PostgreSQL where `server { store = … }` names one."""

from pathlib import Path

from ccr.usage.store import Store

NAME = "usage.db"
POSTGRES = ("postgresql://", "postgres://")


def exists(address: str, home: Path) -> bool:
    """Whether there can be a log to read, without opening it."""
    return bool(address) or (home / NAME).exists()


def open_store(address: str, home: Path, writing: bool = True) -> Store:
    """The store, open. `writing` False: nothing is made or changed. Raises StoreError, also if there is no log yet."""
    # Imported when first needed: neither a start nor a command that asks something else should pay for it.
    from ccr.usage.sqlite import SqliteStore

    return SqliteStore(home / NAME, writing)
