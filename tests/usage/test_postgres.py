"""The log in a PostgreSQL that several share."""

import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from ccr.cli.main import group
from ccr.usage.opening import NAME, open_store
from ccr.usage.store import StoreError
from tests.running import running, write
from tests.usage import servers
from tests.usage.logged import filled

asyncpg = pytest.importorskip("asyncpg", reason="asyncpg is not installed")


def test_several_processes_write_at_a_time(database: str, tmp_path: Path) -> None:
    """The first of them makes the tables; nobody waits for another for ever."""
    failed: list[BaseException] = []

    def write_some(index: int) -> None:
        try:
            store = open_store(database, tmp_path)
            for number in range(10):
                store.write([filled(index * 1000 + number * 10 + part, user=f"u{part % 3}") for part in range(5)])
            store.close()
        except StoreError as error:
            failed.append(error)

    threads = [threading.Thread(target=write_some, args=(index,)) for index in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(50)
    assert failed == []
    store = open_store(database, tmp_path, writing=False)
    assert [each.requests for each in store.sums("0", "9", by="")] == [200]
    store.close()


def test_a_team_writes_there_asks_there_and_has_no_file(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "rules/10.ccr", "server { store = env.CCR_LOG_URL }\nwhen requests.today >= 2 deny 429\n")
    for _ in range(2):
        with running(tmp_path, variables={"CCR_LOG_URL": database}) as ccr:
            statuses = [ccr.ask().status for _ in range(2)]
    assert statuses == [429, 429], "sums begin with what the database tells"
    assert not (tmp_path / NAME).exists()
    monkeypatch.setenv("CCR_HOME", str(tmp_path))
    monkeypatch.setenv("CCR_LOG_URL", database)
    told = CliRunner().invoke(group, ["usage", "--by", "kind"])
    assert told.exit_code == 0 and told.output.splitlines()[1].split()[:3] == ["other", "4", "2"], told.output
    assert "denied, 429" in CliRunner().invoke(group, ["explain", "last"]).output


def test_nothing_is_made_by_asking(database: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="holds no log yet"):
        open_store(database, tmp_path, writing=False)


@pytest.mark.parametrize(
    "address", ["postgresql://me:SECRET@127.0.0.1:9/logs", "postgres://me:SECRET@nowhere.invalid/logs"]
)
def test_a_server_that_is_not_there_is_said_without_the_password(address: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as failed:
        open_store(address, tmp_path)
    assert "SECRET" not in str(failed.value) and str(failed.value).startswith("the log at ")


def test_an_address_of_something_else_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is no address of a PostgreSQL"):
        open_store("mysql://me:SECRET@host/db", tmp_path)


def test_a_server_that_goes_away_is_said_and_found_again(postgres: str, tmp_path: Path) -> None:
    """What is written meanwhile waits in the recorder; here the store only has to fail in words."""
    address = servers.create(postgres, "gone")
    store = open_store(address, tmp_path)
    store.write([filled(1)])
    servers.run("psql", "-h", postgres, "-U", "ccr", "-d", "postgres", "-c", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'gone'")  # fmt: skip
    with pytest.raises(StoreError):
        store.write([filled(2)])
    store.close()
    again = open_store(address, tmp_path)
    again.write([filled(2)])
    assert [each.requests for each in again.sums("0", "9", by="")] == [2]
    again.close()
