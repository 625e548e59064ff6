"""Leases end with their process, however it ends; a lock is one's own or nobody's."""

import signal
import subprocess
import sys
from pathlib import Path

from ccr.daemon.leases import Lease, held
from ccr.daemon.locks import Lock

HOLD = "import sys; from pathlib import Path; from ccr.daemon.leases import Lease\nwith Lease(Path(sys.argv[1])): print('held', flush=True); input()"


def test_those_of_this_process_count(tmp_path: Path) -> None:
    assert held(tmp_path) == 0
    with Lease(tmp_path), Lease(tmp_path):
        assert held(tmp_path) == 2
    assert held(tmp_path) == 0


def test_a_killed_client_holds_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    client = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert client.stdout is not None
    assert client.stdout.readline() == "held\n"
    assert held(tmp_path) == 1
    client.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    client.communicate()
    assert list((tmp_path / "run" / "clients").iterdir()) != []
    assert held(tmp_path) == 0
    assert list((tmp_path / "run" / "clients").iterdir()) == []


def test_a_lock_is_had_by_one(tmp_path: Path) -> None:
    with Lock(tmp_path / "a" / "lock") as first, Lock(tmp_path / "a" / "lock") as second:
        assert first.take()
        assert not second.take()
        assert not second.take(0.1)
        first.release()
        assert second.take()
