"""The stores of the log, empty."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ccr.usage.sqlite import SqliteStore
from ccr.usage.store import Store


@pytest.fixture(params=["sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made = SqliteStore(tmp_path / "usage.db")
    yield made
    made.close()
