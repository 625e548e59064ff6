"""Where the log is: a file in the ccr home, or a team's PostgreSQL where `server { store = … }` names one."""

from pathlib import Path

from ccr.usage.store import Store

POSTGRES = ("postgresql://", "postgres://")


def open_store(address: str, home: Path, writing: bool = True) -> Store:
    """The store, open. `writing` False: nothing is made or changed. Raises StoreError, also if there is no log yet."""
    # Imported when first needed: neither a start nor a command that asks something else should pay for it.
    from ccr.usage.sqlite import NAME, SqliteStore

    return SqliteStore(home / NAME, writing)
