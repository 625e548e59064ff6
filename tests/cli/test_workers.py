"""`ccr serve --workers N` as processes: one port, one banner, one set of rules in all, and ends that leave nobody."""

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_serve import Serving, refused, serving, write
from tests.fake_upstream import anthropic_message, in_thread, whole

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no workers")

ASK = b'{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}'
RULES = 'default deny 403 "{}"\n'


@contextmanager
def crew(home: Path, *words: str, count: int = 3) -> Iterator[Serving]:
    with serving(home, "--workers", str(count), "--watch", *words) as ccr:
        yield ccr
        pids = children(ccr.process.pid)
    until = time.monotonic() + 10
    while any(Path(f"/proc/{pid}").exists() for pid in pids) and time.monotonic() < until:
        time.sleep(0.05)
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def children(pid: int) -> list[int]:
    """The processes that one started; empty where the system does not tell."""
    with suppress(OSError):
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def workers(ccr: Serving, count: int, seconds: float = 10.0) -> dict[int, Any]:
    """What each worker says at /health, by its number; asked until so many have answered."""
    found: dict[int, Any] = {}
    until = time.monotonic() + seconds
    while len(found) < count and time.monotonic() < until:
        said = ccr.get("/health")
        found[said["worker"]] = said
    return found


def said_by(ccr: Serving) -> str:
    """The text with which the rules deny a request."""
    return ccr.post(ASK)[2].decode()


def test_all_serve_one_port_and_tell_of_each_other(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.ccr", RULES.format("first"))
    with crew(tmp_path) as ccr:
        assert " · 3 workers" in ccr.banner
        found = workers(ccr, 3)
        assert sorted(found) == [1, 2, 3]
        assert len({each["pid"] for each in found.values()}) == 3
        rows = found[1]["workers"]
        assert [row["worker"] for row in rows] == [1, 2, 3] and len({row["snapshot"] for row in rows}) == 1
        said_by(ccr)
        ccr.line("a.ccr:1")


def test_a_change_is_live_in_all_and_said_once(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.ccr", RULES.format("first"))
    with crew(tmp_path) as ccr:
        write(tmp_path, "rules/a.ccr", RULES.format("second"))
        ccr.line("live: ")
        ccr.line("in all 3 workers")
        assert all("second" in said_by(ccr) for _ in range(12))
        write(tmp_path, "rules/a.ccr", "when model == route\n")
        ccr.line("keeping the rules of before")
        until = time.monotonic() + 5
        while time.monotonic() < until and {row["rules"] for row in ccr.get("/health")["workers"]} != {"stale"}:
            time.sleep(0.05)
        assert all("second" in said_by(ccr) for _ in range(12))
        write(tmp_path, "rules/a.ccr", RULES.format("third"))
        said = ccr.until("in all 3 workers")
        assert said.count("live: ") == 1 and "keeping" not in said
        assert all("third" in said_by(ccr) for _ in range(12))


def test_one_that_died_comes_back_with_the_last_good_rules(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.ccr", RULES.format("first"))
    with crew(tmp_path) as ccr:
        write(tmp_path, "rules/a.ccr", RULES.format("second"))
        ccr.line("in all 3 workers")
        write(tmp_path, "rules/a.ccr", "when model == route\n")
        ccr.line("keeping the rules of before")
        before = workers(ccr, 3)
        os.kill(before[2]["pid"], signal.SIGKILL)
        assert "killed by SIGKILL; started again at once" in ccr.line("worker 2 (pid ")
        after = workers(ccr, 3)
        assert after[2]["pid"] != before[2]["pid"] and after[1]["pid"] == before[1]["pid"]
        assert all("second" in said_by(ccr) for _ in range(12))


def test_one_that_dies_again_and_again_is_left_and_the_others_serve(tmp_path: Path) -> None:
    with crew(tmp_path, count=2) as ccr:
        for _ in range(5):
            os.kill(workers(ccr, 2, 20)[2]["pid"], signal.SIGKILL)
            said = ccr.line("worker 2 (pid ", 20)
        assert "5 times within a minute; it is not started again" in said
        assert {ccr.get("/health")["worker"] for _ in range(20)} == {1}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_parent_ends_all(tmp_path: Path, number: int) -> None:
    with crew(tmp_path) as ccr:
        ccr.process.send_signal(number)
        assert ccr.process.wait(10) == 0


def test_workers_end_when_their_parent_was_killed(tmp_path: Path) -> None:
    with crew(tmp_path) as ccr:
        pids = [each["pid"] for each in workers(ccr, 3).values()]
        ccr.process.kill()
    for pid in pids:
        until = time.monotonic() + 10
        with suppress(ProcessLookupError):
            while time.monotonic() < until:
                os.kill(pid, 0)
                time.sleep(0.05)
            raise AssertionError(f"worker {pid} still runs")


def test_a_hangup_loads_anew_in_all(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.ccr", RULES.format("first"))
    with serving(tmp_path, "--workers", "2") as ccr:
        write(tmp_path, "rules/a.ccr", RULES.format("second"))
        ccr.process.send_signal(signal.SIGHUP)
        ccr.line("in all 2 workers")
        assert all("second" in said_by(ccr) for _ in range(8))


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    with crew(tmp_path, count=2) as ccr:
        second = refused(tmp_path, "--workers", "2", "--port", str(ccr.port))
        assert second.returncode != 0 and re.search(rf"port {ccr.port} is taken", second.stderr)


@pytest.mark.skipif(sys.platform != "linux", reason="only there the kernel spreads connections evenly")
def test_connections_are_spread(tmp_path: Path) -> None:
    with crew(tmp_path, count=2) as ccr:
        numbers = [ccr.get("/health")["worker"] for _ in range(100)]
        assert 20 <= numbers.count(1) <= 80


def test_limits_hold_over_all_workers(tmp_path: Path) -> None:
    with in_thread(whole(anthropic_message("hello"))) as upstream:
        rules = f'provider p {{ url = "{upstream.url}/v1/messages"; dialect = anthropic; key = "k"; rpm = 7; timeout = 1s }}\nroute p/m\n'
        write(tmp_path, "rules/a.ccr", rules)
        with crew(tmp_path) as ccr:
            with ThreadPoolExecutor(10) as threads:
                answers = list(threads.map(lambda _: ccr.post(ASK), range(30)))
        statuses = [status for status, _, _ in answers]
        assert statuses.count(200) == 7 and statuses.count(429) == 23
        assert len(upstream.requests) == 7


def test_a_conversation_stays_where_it_was_whoever_answers(tmp_path: Path) -> None:
    """`last` is known to every worker as soon as an answer has ended."""
    with in_thread(whole(anthropic_message("hello"))) as upstream:
        provider = 'provider {} {{ url = "{}/v1/messages"; dialect = anthropic; key = "k"; models = [m] }}\n'
        rules = "".join(provider.format(name, upstream.url) for name in ("alpha", "beta"))
        write(tmp_path, "rules/a.ccr", f"{rules}when last.provider == alpha route beta/m\nroute alpha/m\n")
        with crew(tmp_path) as ccr:
            for number in range(12):
                session = {"x-claude-code-session-id": f"session-{number}"}
                targets = []
                for _ in range(2):
                    targets.append(ccr.post(ASK, session)[1]["x-ccr-target"])
                    time.sleep(0.05)  # a person's client asks again when it has read the answer
                assert targets == ["alpha/m", "beta/m"]


def test_the_file_they_share_goes_with_them(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.ccr", RULES.format("first"))
    run = tmp_path / ".claude-code-router" / "run"
    with crew(tmp_path) as ccr:
        said_by(ccr)
        assert (run / f"state-{ccr.port}.sqlite").exists()
        ccr.process.send_signal(signal.SIGTERM)
        assert ccr.process.wait(10) == 0
    assert not run.exists() or list(run.glob("state-*")) == []
