"""The stores of the log, empty: every test of `store` runs with SQLite, and with PostgreSQL where one is installed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccr.usage.opening import NAME, open_store
from ccr.usage.sqlite import SqliteStore
from ccr.usage.store import Store
from tests.usage import servers


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The folder of a running server's socket."""
    if why := servers.missing():
        pytest.skip(why)
    with servers.postgres() as folder:
        yield folder


@pytest.fixture
def database(postgres: str, tmp_path: Path) -> str:
    """The address of an empty database."""
    return servers.create(postgres, "t" + tmp_path.name.replace("-", "_").lower()[-40:])


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        made: Store = SqliteStore(tmp_path / NAME)
    else:
        made = open_store(request.getfixturevalue("database"), tmp_path)
    yield made
    made.close()
