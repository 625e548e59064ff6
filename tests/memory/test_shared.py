"""What several processes remember together: limits, money, conversations, who rests; and what happens without a table.

Two stores onto one SQLite file stand for two processes; one is a process of its own, and killed.
"""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import pytest

from ccr.exchange.failure import Failure
from ccr.exchange.record import RESTING, Resting, UsageRecord
from ccr.memory.limits import ProviderLimits
from ccr.memory.memory import KINDS, ROOMS, Memory
from ccr.memory.sessions import Who
from ccr.memory.shared import AWAY, SharedStore
from ccr.memory.sqlite import SqliteTable, make, remove
from ccr.messages.usage import Usage
from ccr.routing.settings import Allowance

NOW = datetime(2026, 11, 22, 13)
PAID = UsageRecord(
    "r", "snap", "s", "", "main", "claude", "", "p/m", (), "ok", 200, Usage(input=12), 0.1, 1.0, user="alice"
)
WHO = Who("alice", "s", "")


def store(path: Path, say: Callable[[str], None] = lambda _: None) -> SharedStore:
    return SharedStore(lambda: SqliteTable(path, kinds=KINDS, limits=ROOMS), time.monotonic, limits=ROOMS, say=say)


def run(path: Path, story: Callable[[SharedStore, SharedStore], Awaitable[None]]) -> None:
    async def told() -> None:
        async with asyncio.timeout(20):
            one, other = store(path), store(path)
            try:
                await story(one, other)
            finally:
                await one.close()
                await other.close()

    make(path)
    asyncio.run(told())


def granted(turn: Callable[[], None] | Failure) -> Callable[[], None]:
    assert not isinstance(turn, Failure), turn
    return turn


def test_at_once_counts_for_all_and_a_turn_that_ends_goes_to_whoever_waits(tmp_path: Path) -> None:
    async def story(one: SharedStore, other: SharedStore) -> None:
        two = Allowance(concurrency=2)
        here, there = (ProviderLimits(each, time.monotonic) for each in (one, other))
        turns = await asyncio.gather(*(each.take("p", two, 0, 0.5) for each in (here, there) * 4))
        given = [turn for turn in turns if not isinstance(turn, Failure)]
        assert len(given) == 2
        waiting = asyncio.ensure_future(there.take("p", two, 0, 5.0))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        given[0]()
        granted(await waiting)()
        given[1]()

    run(tmp_path / "state", story)


def test_a_minute_holds_what_was_allowed_and_no_more(tmp_path: Path) -> None:
    async def story(one: SharedStore, other: SharedStore) -> None:
        ten = Allowance(rpm=10)
        both = [ProviderLimits(each, time.monotonic) for each in (one, other)]
        turns = await asyncio.gather(*(each.take("p", ten, 0, 1.0) for each in both * 10))
        assert sum(not isinstance(turn, Failure) for turn in turns) == 10

    run(tmp_path / "state", story)


def test_the_share_of_a_process_that_was_killed_comes_back(tmp_path: Path) -> None:
    words = "\n".join(
        (
            "import asyncio, sys, time",
            "from pathlib import Path",
            "from tests.memory.test_shared import Allowance, ProviderLimits, store",
            "async def hold():",
            "    limits = ProviderLimits(store(Path(sys.argv[1])), time.monotonic, lease=1.0)",
            "    await limits.take('p', Allowance(concurrency=1), 0, 0.0)",
            "    print('has it', flush=True)",
            "    while True:",
            "        await asyncio.sleep(0.2)",
            "        limits.renew()",
            "asyncio.run(hold())",
        )
    )

    async def story(one: SharedStore, other: SharedStore) -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            words,
            str(tmp_path / "state"),
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": "."},
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"has it\n"
        limits = ProviderLimits(one, time.monotonic)
        assert isinstance(await limits.take("p", Allowance(concurrency=1), 0, 1.5), Failure)  # longer than the lease
        process.send_signal(signal.SIGKILL)
        await process.wait()
        granted(await limits.take("p", Allowance(concurrency=1), 0, 5.0))

    run(tmp_path / "state", story)


def test_what_one_spends_all_know_within_a_second(tmp_path: Path) -> None:
    async def story(one: SharedStore, other: SharedStore) -> None:
        here, there = Memory(time.monotonic, one), Memory(time.monotonic, other)
        keeping = [asyncio.ensure_future(each.keep()) for each in (here, there)]
        for number in range(300):
            (here, there)[number % 2].record(NOW, PAID, cost=1000)
        await asyncio.sleep(1.0)
        for each in (here, there):
            await each.refresh(NOW, WHO, "main", None, {})
            known = each.sample(NOW, WHO).values
            assert (known["spend.today"], known["user.spend.today"], known["p.spend.today"]) == (300_000,) * 3
            assert known["requests.today"] == 300
        for task in keeping:
            task.cancel()
        await asyncio.gather(*keeping, return_exceptions=True)

    run(tmp_path / "state", story)


def test_a_conversation_goes_on_in_another_process(tmp_path: Path) -> None:
    async def story(one: SharedStore, other: SharedStore) -> None:
        here, there = Memory(time.monotonic, one), Memory(time.monotonic, other)
        here.record(NOW, PAID, project="~/work")
        here.remember(WHO, "reasoning:call_1", {"text": "…"})
        here.remember(WHO, RESTING, Resting("q", "m", "", 30.0, limited=True, why="429"))
        await one.settle()
        await there.refresh(NOW, WHO, "main", None, {})
        known = there.sample(NOW, WHO).values
        assert (known["last.model"], known["last.tokens"], known["project"]) == ("p/m", 12, "~/work")
        assert 0 <= known["last.age"] < 5000
        assert there.recall(WHO) == {"reasoning:call_1": {"text": "…"}}
        rest = there.health().rest("q", "m")
        assert rest is not None and rest.limited and 25 < rest.seconds <= 30
        assert known["q.limited"] is True

    run(tmp_path / "state", story)


def test_limits_of_others_are_known_before_a_plan_is_made(tmp_path: Path) -> None:
    async def story(one: SharedStore, other: SharedStore) -> None:
        here, there = Memory(time.monotonic, one), Memory(time.monotonic, other)
        allowances = {"p": Allowance(concurrency=1)}
        release = granted(await here.limits.take("p", allowances["p"], 0, 0.0))
        await there.refresh(NOW, WHO, "main", None, allowances)
        assert there.health("main", allowances).rest("p", "m") is not None
        release()
        await one.settle()
        await there.refresh(NOW, WHO, "main", None, allowances)
        assert there.health("main", allowances).rest("p", "m") is None

    run(tmp_path / "state", story)


def test_without_a_table_each_goes_on_alone_and_it_is_said_once(tmp_path: Path) -> None:
    path, said = tmp_path / "later" / "state", list[str]()

    async def story() -> None:
        alone = store(path, said.append)
        memory = Memory(time.monotonic, alone)
        for _ in range(3):
            await memory.refresh(NOW, WHO, "main", None, {})
            memory.record(NOW, PAID, cost=5)
        granted(await memory.limits.take("p", Allowance(rpm=5, concurrency=1), 0, 0.0))
        assert memory.sample(NOW, WHO).values["spend.today"] == 15
        assert len(said) == 1 and said[0].startswith("shared state cannot be reached (")
        make(path)
        await asyncio.sleep(AWAY + 0.1)
        await alone.settle()
        assert said[1:] == ["shared state is back"]
        other = store(path)
        await other.refresh(lambda: other.get("asked", ("p", "60", "x")))
        memory_of_other = Memory(time.monotonic, other)
        await memory_of_other.refresh(NOW, WHO, "main", None, {})
        assert memory_of_other.sample(NOW, WHO).values["spend.today"] == 15
        await alone.close()
        await other.close()

    asyncio.run(story())


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_the_file_is_the_persons_own_and_goes(tmp_path: Path) -> None:
    path = tmp_path / "run" / "state"
    make(path)
    one = SqliteTable(path)
    one.write([])
    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o600}
    assert path.parent.stat().st_mode & 0o777 == 0o700
    one.close()
    remove(path)
    assert list(path.parent.iterdir()) == []


def test_a_new_crew_begins_anew(tmp_path: Path) -> None:
    async def story(one: SharedStore, other: SharedStore) -> None:
        one.put("room", ("a",), 1, 100)

    run(tmp_path / "state", story)

    async def later(one: SharedStore, other: SharedStore) -> None:
        await one.refresh(lambda: one.get("room", ("a",)))
        assert one.get("room", ("a",)) is None

    run(tmp_path / "state", later)
