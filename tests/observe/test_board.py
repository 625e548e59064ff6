"""What several workers count, told by whichever is asked."""

import os
import signal
import time
from http.client import HTTPConnection
from pathlib import Path

import pytest

from ccr.observe.board import Board, Counted, flat, together
from ccr.observe.counts import FIRST_BYTE, RELOADS, REQUESTS, Counts
from tests.cli.test_serve import write
from tests.cli.test_workers import ASK, crew, workers
from tests.observe.test_counts import read


def counted(amount: int) -> Counted:
    counts = Counts()
    counts.add(REQUESTS, ("main", "ok", "zai", "glm"), amount)
    counts.observe(FIRST_BYTE, ("zai",), 0.3)
    counts.add(RELOADS, ("ok",), amount)
    return Counted(flat(counts.rows), processor=1.5, memory=10.0)


def test_places_are_added_up() -> None:
    board = Board(3)
    board.put(1, counted(2))
    board.put(3, counted(5))
    found = together(board.all())
    assert found["ccr_requests_total"] == {("main", "ok", "zai", "glm"): [7.0]}
    assert found["ccr_first_byte_seconds"][("zai",)][-1] == pytest.approx(0.6)
    assert found["ccr_reloads_total"] == {("ok",): [5.0]}, "a reload is one, however many workers see it"
    assert sum(each.memory for each in board.all()) == 20


def test_a_half_written_place_is_read_as_it_was() -> None:
    board = Board(1)
    board.put(1, counted(2))
    assert board.get(1) == counted(2)
    board._shared[4_096 + 20] ^= 0xFF
    assert board.get(1) == counted(2)
    assert Board(1).get(1) == Counted()


def test_what_does_not_fit_is_not_told() -> None:
    board = Board(2)
    board.put(1, counted(2))
    board.put(1, Counted({REQUESTS.name: [(("x" * 2_000_000, "", "", ""), [1.0])]}))
    assert board.get(1) == counted(2) and board.get(2) == Counted()


def test_a_worker_goes_on_from_what_stood_in_its_place() -> None:
    counts = Counts()
    counts.begin(counted(2).rows)
    counts.add(REQUESTS, ("main", "ok", "zai", "glm"))
    assert counts.rows[REQUESTS.name] == {("main", "ok", "zai", "glm"): [3.0]}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no workers")
def test_each_worker_tells_of_all_also_of_one_that_died(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.ccr", 'default deny 403 "no"\n')

    def total() -> float:
        connection = HTTPConnection("127.0.0.1", ccr.port, timeout=10)  # a new one each time: any worker may answer
        try:
            connection.request("GET", "/metrics")
            told = read(connection.getresponse().read().decode())
        finally:
            connection.close()
        return sum(value for (name, _), value in told.items() if name == "ccr_requests_total")

    def becomes(number: int) -> None:
        until = time.monotonic() + 10
        while total() != number and time.monotonic() < until:
            time.sleep(0.05)
        assert {total() for _ in range(6)} == {number}

    with crew(tmp_path, count=2) as ccr:
        assert total() == 0
        for _ in range(12):
            ccr.post(ASK)
        becomes(12)
        os.kill(workers(ccr, 2)[1]["pid"], signal.SIGKILL)
        ccr.line("worker 1 (pid ")
        becomes(12)
        for _ in range(5):
            ccr.post(ASK)
        becomes(17)
