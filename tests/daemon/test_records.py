"""What a service writes down of itself, and what of it is believed."""

import os
from pathlib import Path

import pytest
from msgspec import structs

from ccr.daemon import records
from ccr.daemon.processes import born
from ccr.daemon.records import Running

HERE = Running(os.getpid(), born(os.getpid()), "127.0.0.1", 3456, "0.1.0", "abc", 1000.0, arguments=("--quiet",))


def test_a_record_is_read_back_and_taken_away(tmp_path: Path) -> None:
    path = records.write(tmp_path, HERE)
    assert records.alive(tmp_path) == [HERE]
    if os.name == "posix":
        assert path.stat().st_mode & 0o777 == 0o600
    records.remove(tmp_path, HERE)
    assert list(tmp_path.iterdir()) == []


def test_the_same_number_of_another_process_is_not_the_service(tmp_path: Path) -> None:
    path = records.write(tmp_path, structs.replace(HERE, born="yesterday"))
    assert records.alive(tmp_path) == []
    assert records.stale(tmp_path) == [path]


def test_the_newest_comes_first(tmp_path: Path) -> None:
    newer = structs.replace(HERE, port=4000, since=2000.0)
    records.write(tmp_path, HERE)
    records.write(tmp_path, newer)
    assert records.alive(tmp_path) == [newer, HERE]


def test_the_record_of_a_later_service_stays(tmp_path: Path) -> None:
    later = structs.replace(HERE, pid=1)
    records.write(tmp_path, later)
    records.remove(tmp_path, HERE)
    assert [record for _, record in records.records(tmp_path)] == [later]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"pid": "x"}'])
def test_a_broken_record_is_none(tmp_path: Path, text: str) -> None:
    records.write(tmp_path, HERE)
    records.file_of(tmp_path, 3456).write_text(text, encoding="utf-8")
    assert records.alive(tmp_path) == []
    assert records.stale(tmp_path) == []


@pytest.mark.parametrize(
    ("host", "url"),
    [("0.0.0.0", "http://127.0.0.1:3456"), ("::1", "http://[::1]:3456"), ("::", "http://127.0.0.1:3456")],
)
def test_how_it_is_reached(host: str, url: str) -> None:
    assert structs.replace(HERE, host=host).url == url
