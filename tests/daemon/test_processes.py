"""Which process is which: one that lives, one that ended, and another with the same number."""

import os
import shutil
import subprocess
import sys

import pytest

from ccr.daemon.processes import _born_ps, born, lives, started_ticks

STAT = "4242 (a (b) c) S 1 4242 4242 0 -1 4194304 100 0 0 0 5 6 0 0 20 0 1 0 {} 1000 200 18446744073709551615\n"


def test_a_process_is_known_by_its_beginning() -> None:
    me = born(os.getpid())
    assert me
    assert me == born(os.getpid())
    assert lives(os.getpid(), me)
    assert not lives(os.getpid(), me + "1"), "the number was used anew"


def test_one_that_ended_is_gone_also_while_its_parent_has_not_looked() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    since = born(child.pid)
    assert lives(child.pid, since)
    assert child.stdin is not None
    child.stdin.close()
    while lives(child.pid, since):
        pass
    assert child.wait(10) != 0


def test_nobody_has_no_beginning() -> None:
    assert born(2**22 + 1) == ""
    assert not lives(2**22 + 1, "")


def test_without_a_beginning_the_number_has_to_do() -> None:
    assert lives(os.getpid(), "")


@pytest.mark.parametrize(("text", "ticks"), [(STAT.format(777), "777"), (STAT.replace(" S ", " Z "), ""), ("", "")])
def test_the_field_of_the_start(text: str, ticks: str) -> None:
    assert started_ticks(text) == ticks


@pytest.mark.skipif(shutil.which("ps") is None, reason="ps is not on this machine")
def test_without_proc_it_is_asked_of_ps() -> None:
    """As on macOS."""
    me = _born_ps(os.getpid())
    assert me
    assert me == _born_ps(os.getpid())
    assert _born_ps(2**22 + 1) == ""
