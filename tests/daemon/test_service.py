"""A whole service: started, found, kept, stopped; two that start at once; clients that come, go and are killed (O1)."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec import structs

from ccr.daemon import records, service
from ccr.daemon.ask import ask
from ccr.daemon.processes import born
from tests import fake_upstream as fake

pytestmark = pytest.mark.skipif(os.name != "posix", reason="processes of POSIX")
ANYWHERE = ("--port", "0")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HOME", str(tmp_path))
    place = tmp_path / ".claude-code-router"
    monkeypatch.setenv("CCR_HOME", str(place))
    yield place
    for left in records.alive(place):
        service.stop(left, patience=5)


def until(holds: Callable[[], bool], seconds: float = 15.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_it_is_started_once_found_and_stopped(home: Path) -> None:
    first = service.start(home, ANYWHERE)
    assert first.fresh
    assert first.service.arguments == ANYWHERE
    assert (ask(first.service.host, first.service.port, "/health") or {})["pid"] == first.service.pid
    assert service.start(home) == service.Started(first.service, False)
    assert service.running(home, first.service.port) == first.service
    assert service.running(home, 1) is None
    stopped = service.stop(first.service)
    assert stopped.ended
    assert not stopped.killed
    assert service.running(home) is None
    assert ask(first.service.host, first.service.port, "/health") is None
    assert list(records.folder(home).glob("*.json")) == []


def test_two_that_start_at_once_get_the_same(home: Path) -> None:
    with ThreadPoolExecutor(2) as both:
        one, other = both.map(lambda _: service.start(home, ANYWHERE), range(2))
    assert one.service == other.service
    assert {one.fresh, other.fresh} == {True, False}


def test_what_keeps_it_from_starting_is_told(home: Path) -> None:
    home.mkdir()
    (home / "config.json").write_text('{\n  "PORT": 1\n  "HOST": "x"\n}\n', encoding="utf-8")
    with pytest.raises(service.NotStarted, match=r"config\.json:2:11(.|\n)*not started"):
        service.start(home, ANYWHERE)
    assert service.running(home) is None


def test_a_taken_port_names_its_holder_o1(home: Path) -> None:
    with fake.in_thread(fake.whole({"status": "ok", "timestamp": "2026-11-22T00:00:00Z"})) as npm:
        port = npm.url.rpartition(":")[2]
        with pytest.raises(service.NotStarted, match=rf"port {port} is taken by claude-code-router \(npm\)"):
            service.start(home, ["--port", port])


def test_a_stale_record_is_no_service_and_its_process_is_left_alone_o1(home: Path) -> None:
    """The number of the record is now that of somebody else: this test."""
    records.write(home, records.Running(os.getpid(), "long ago", "127.0.0.1", 3456, "0.1.0", "", 1.0, service.STARTED))
    assert service.running(home) is None
    assert service.stop(next(record for _, record in records.records(home))).ended
    assert service.start(home, ANYWHERE).fresh


CLIENT = """
import sys; from pathlib import Path; from ccr.daemon import service
home = Path(sys.argv[1])
with service.Lease(home):
    print(service.start(home, ["--port", "0"], kept_by=service.CODE).service.pid, flush=True)
    input()
"""


def client(home: Path) -> "tuple[subprocess.Popen[str], int]":
    process = subprocess.Popen(
        [sys.executable, "-c", CLIENT, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    return process, int(process.stdout.readline())


def test_it_ends_with_its_last_client_also_when_that_is_killed(home: Path) -> None:
    one, pid = client(home)
    other, same = client(home)
    assert same == pid
    one.communicate("\n")
    assert not until(lambda: service.running(home) is None, 1.5), "the other client needs it"
    other.kill()
    other.communicate()
    assert until(lambda: service.running(home) is None)


def test_a_client_ends_no_service_that_was_started_by_hand(home: Path) -> None:
    by_hand = service.start(home, ANYWHERE).service
    one, pid = client(home)
    assert pid == by_hand.pid
    one.kill()
    one.communicate()
    assert not until(lambda: service.running(home) is None, 1.5)


def test_start_keeps_what_a_client_had_started(home: Path) -> None:
    one, pid = client(home)
    kept = service.start(home)
    assert not kept.fresh
    assert kept.service.pid == pid
    assert kept.service.kept_by == service.STARTED
    one.kill()
    one.communicate()
    assert not until(lambda: service.running(home) is None, 1.5)


def test_a_service_that_does_not_end_is_ended(tmp_path: Path) -> None:
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); signal.pause()"
    with subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        there = records.Running(process.pid, born(process.pid), "127.0.0.1", 1, "0.1.0", "", 1.0)
        assert structs.replace(service.stop(there, patience=0.3), seconds=0) == service.Stopped(True, 0, killed=True)


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["ccr", "serve", "--port", "0", "--watch", "--kept-by", "start"], ["--port", "0"]),
        (["/x/__main__.py", "serve", "rules", "--quiet"], ["rules", "--quiet"]),
        (["pytest"], []),
    ],
)
def test_what_a_person_said_to_serve(argv: list[str], said: list[str]) -> None:
    assert service.arguments_of(argv) == said


def test_a_service_of_a_terminal_is_found_and_leaves_nothing_of_a_home_that_was_not_there(home: Path) -> None:
    mine = records.Running(os.getpid(), born(os.getpid()), "127.0.0.1", 3456, "0.1.0", "", 1.0)
    with service.registered(home, mine):
        assert service.running(home) == mine
    assert not home.exists()
    (home / "rules").mkdir(parents=True)
    with service.registered(home, mine):
        assert service.running(home) == mine
    assert [each.name for each in home.iterdir()] == ["rules"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="a user that modes hold back")
def test_where_nothing_can_be_written_it_runs_unknown(home: Path) -> None:
    home.mkdir()
    home.chmod(0o500)
    mine = records.Running(os.getpid(), born(os.getpid()), "127.0.0.1", 3456, "0.1.0", "", 1.0)
    with service.registered(home, mine):
        assert service.running(home) is None
    home.chmod(0o700)
