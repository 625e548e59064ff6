"""The log of a service: entries with their lines, a log that is begun anew."""

import os
import time
from pathlib import Path

import pytest

from ccr.daemon import log


def at(text: str) -> float:
    return time.mktime(time.strptime(text, "%Y-%m-%d %H:%M:%S"))


def test_a_line_has_day_clock_and_level_and_its_own_clock_no_more() -> None:
    now = at("2026-11-22 13:02:07")
    assert log.line("13:02:06  main  demo/a", "info", now) == "2026-11-22 13:02:07 info     main  demo/a"
    assert log.line("broken", "warning", now) == "2026-11-22 13:02:07 warning  broken"


def test_entries_are_read_with_the_lines_below_them() -> None:
    now = at("2026-11-22 13:02:07")
    text = f"before\n{log.line('1 error', 'error', now)}\n --> rules/10.ccr:1:1\n{log.line('main', 'info', now)}\n"
    assert list(log.entries(text.splitlines(keepends=True))) == [
        log.Entry(0.0, "info", "before"),
        log.Entry(now, "error", "2026-11-22 13:02:07 error    1 error\n --> rules/10.ccr:1:1"),
        log.Entry(now, "info", "2026-11-22 13:02:07 info     main"),
    ]


@pytest.mark.parametrize("text", ["2026-99-99 13:02:07 info  x", "2026-11-22 13:02:07 loud  x"])
def test_what_only_looks_like_a_head(text: str) -> None:
    assert next(iter(log.entries([text]))).at == 0.0


def test_the_one_put_aside_comes_first(tmp_path: Path) -> None:
    file = log.log_file(tmp_path)
    assert list(log.past(tmp_path)) == []
    file.parent.mkdir()
    file.write_text("new\n", encoding="utf-8")
    file.with_suffix(".log.1").write_text("old\n", encoding="utf-8")
    assert list(log.past(tmp_path)) == ["old\n", "new\n"]


def test_it_is_followed_from_its_end_by_whole_lines_also_when_begun_anew(tmp_path: Path) -> None:
    file = log.log_file(tmp_path)
    file.parent.mkdir()
    file.write_text("past\n", encoding="utf-8")
    following = log.coming(tmp_path, 0.0)
    assert next(following) == ""
    with file.open("a", encoding="utf-8") as more:
        more.write("one\ntw")
    assert next(following) == "one\n"
    with file.open("a", encoding="utf-8") as more:
        more.write("o\n")
    assert next(following) == "two\n"
    file.write_text("new\n", encoding="utf-8")
    assert [next(following), next(following)] == ["new\n", ""]


def test_a_log_that_comes_later_is_followed(tmp_path: Path) -> None:
    following = log.coming(tmp_path, 0.0)
    assert next(following) == ""
    file = log.log_file(tmp_path)
    file.parent.mkdir()
    file.write_text("first\n", encoding="utf-8")
    assert next(following) == "first\n"


def test_a_log_that_is_too_large_is_put_aside_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "LARGEST", 10)
    file = tmp_path / "service.log"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.write(handle, b"short\n")
    log.turn(file, (handle,))
    os.write(handle, b"and longer\n")
    log.turn(file, (handle,))
    os.write(handle, b"new\n")
    assert file.read_text() == "new\n"
    assert file.with_suffix(".log.1").read_text() == "short\nand longer\n"
    os.close(handle)


def test_another_process_follows_a_log_that_was_put_aside(tmp_path: Path) -> None:
    file = tmp_path / "service.log"
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    file.rename(tmp_path / "service.log.1")
    file.write_text("by the first\n")
    log.turn(file, (handle,))
    os.write(handle, b"by the second\n")
    assert file.read_text() == "by the first\nby the second\n"
    os.close(handle)
