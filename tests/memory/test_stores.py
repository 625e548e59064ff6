"""What every store keeps to, wherever it keeps things: in this process, in a file, on a Redis server.

Those that are shared are opened twice, as two processes would; the second sees what the first put.
"""

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ccr.facts.health import Rest
from ccr.memory.local import LocalStore
from ccr.memory.sessions import Last
from ccr.memory.shared import SharedStore
from ccr.memory.sqlite import SqliteTable, make
from ccr.memory.store import Addition, Bound, Store

KINDS = {"rest": Rest, "last": Last}
LIMITS = {"narrow": 2}
MAPPINGS = frozenset({"notes"})
Open = Callable[[], Store]


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed")
    pytest.importorskip("redis", reason="the extra `redis` is not installed")
    folder = tmp_path_factory.mktemp("redis")
    place = folder / "socket"
    words = [
        program,
        "--port",
        "0",
        "--unixsocket",
        str(place),
        "--save",
        "",
        "--dir",
        str(folder),
        "--daemonize",
        "no",
    ]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    try:
        _await_socket(place)
        yield f"unix://{place}"
    finally:
        process.terminate()
        process.wait(10)


def _await_socket(place: Path) -> None:
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with socket.socket(socket.AF_UNIX) as client:
            if client.connect_ex(str(place)) == 0:
                return
        time.sleep(0.02)
    raise AssertionError("redis-server did not start")


@pytest.fixture(params=["local", "sqlite", "redis"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """Opens another store onto the same things; local ones are the same one."""
    if request.param == "local":
        local = LocalStore(time.monotonic, limits=LIMITS)
        return lambda: local
    if request.param == "sqlite":
        path = tmp_path / "run" / "state.sqlite"
        make(path)
        return lambda: SharedStore(lambda: SqliteTable(path, kinds=KINDS, limits=LIMITS), time.monotonic, limits=LIMITS)
    address = request.getfixturevalue("redis_server")
    from ccr.memory.redis import RedisTable

    RedisTable(address)._server.flushall()
    return lambda: SharedStore(
        lambda: RedisTable(address, kinds=KINDS, mappings=MAPPINGS, limits=LIMITS), time.time, limits=LIMITS
    )


def run(opened: Open, story: Callable[[Store, Store], Awaitable[None]]) -> None:
    async def told() -> None:
        async with asyncio.timeout(20):
            one, other = opened(), opened()
            try:
                await story(one, other)
            finally:
                for each in (one, other):
                    if isinstance(each, SharedStore):
                        await each.close()

    asyncio.run(told())


async def settled(store: Store) -> None:
    if isinstance(store, SharedStore):
        await store.settle()


async def seen(store: Store, ask: Callable[[], Any]) -> Any:
    """What a store says after it asked what others put."""
    await store.refresh(ask)
    return ask()


@pytest.mark.parametrize("value", [7, 0.5, True, "text", ["a", {"b": 1}], {"c": [1, 2]}, "\x00é"])
def test_what_one_puts_the_other_gets(opened: Open, value: Any) -> None:
    async def story(one: Store, other: Store) -> None:
        one.put("room", ("a", ""), value, 10)
        assert one.get("room", ("a", "")) == value
        await settled(one)
        assert await seen(other, lambda: other.get("room", ("a", ""))) == value
        assert other.get("room", ("a",)) is None

    run(opened, story)


def test_values_come_back_as_what_they_are(opened: Open) -> None:
    async def story(one: Store, other: Store) -> None:
        rest, last = Rest(3.5, True, "why"), Last("p/m", 10, 2, 1.5)
        one.put("rest", ("p", "", "", ""), rest, 10)
        one.put("last", ("u", "s", ""), last, 10)
        await settled(one)
        assert await seen(other, lambda: other.get("last", ("u", "s", ""))) == last
        await other.refresh(lambda: other.items("rest"))
        ((key, value, left),) = other.items("rest")
        assert (key, value) == (("p", "", "", ""), rest) and 9 < left <= 10

    run(opened, story)


def test_what_is_too_old_is_gone_for_all(opened: Open) -> None:
    async def story(one: Store, other: Store) -> None:
        one.put("room", ("short",), 1, 0.1)
        one.put("room", ("long",), 2, 10)
        await settled(one)
        await asyncio.sleep(0.15)
        for each in (one, other):
            assert await seen(each, lambda each=each: each.get("room", ("short",))) is None
            await each.refresh(lambda each=each: each.items("room"))
            assert [key for key, _, _ in each.items("room")] == [("long",)]

    run(opened, story)


def test_what_is_dropped_is_gone_for_all(opened: Open) -> None:
    async def story(one: Store, other: Store) -> None:
        one.put("room", ("a",), 1, 10)
        await settled(one)
        assert await seen(other, lambda: other.get("room", ("a",))) == 1
        one.drop("room", ("a",))
        one.drop("room", ("never",))
        await settled(one)
        assert await seen(other, lambda: other.get("room", ("a",))) is None
        await other.refresh(lambda: other.items("room"))
        assert list(other.items("room")) == []

    run(opened, story)


def test_sums_of_both_come_together(opened: Open) -> None:
    async def story(one: Store, other: Store) -> None:
        for _ in range(200):
            one.add("sum", ("a",), 2, 10)
            other.add("sum", ("a",), 3, 10)
            await asyncio.sleep(0)
        await settled(one)
        await settled(other)
        for each in (one, other):
            assert await seen(each, lambda each=each: each.get("sum", ("a",))) == 1000

    run(opened, story)


def test_a_sum_seen_while_more_is_added_misses_nothing(opened: Open) -> None:
    async def story(one: Store, other: Store) -> None:
        one.add("sum", ("a",), 10, 10)
        await settled(one)
        other.add("sum", ("a",), 1, 10)
        look = asyncio.ensure_future(other.refresh(lambda: other.get("sum", ("a",))))
        await asyncio.sleep(0)
        other.add("sum", ("a",), 1, 10)
        await look
        assert other.get("sum", ("a",)) == 12

    run(opened, story)


def test_what_was_just_put_is_not_taken_back_by_looking(opened: Open) -> None:
    async def story(one: Store, other: Store) -> None:
        one.put("room", ("a",), "old", 10)
        await settled(one)
        look = asyncio.ensure_future(other.refresh(lambda: (other.get("room", ("a",)), other.items("room"))))
        await asyncio.sleep(0)
        other.put("room", ("a",), "new", 10)
        await look
        assert other.get("room", ("a",)) == "new"
        await settled(other)
        assert await seen(one, lambda: one.get("room", ("a",))) == "new"

    run(opened, story)


def test_a_sum_begins_anew_when_it_is_too_old_and_grows_no_younger_by_adding(opened: Open) -> None:
    async def story(one: Store, other: Store) -> None:
        one.add("sum", ("a",), 5, 0.3)
        await settled(one)
        await asyncio.sleep(0.2)
        other.add("sum", ("a",), 5, 0.3)
        await settled(other)
        await asyncio.sleep(0.15)
        one.add("sum", ("a",), 1, 10)
        await settled(one)
        assert await seen(other, lambda: other.get("sum", ("a",))) == 1

    run(opened, story)


def test_entries_of_both_are_kept_and_taken_away(opened: Open) -> None:
    async def story(one: Store, other: Store) -> None:
        one.fold("notes", ("u", "s"), {"a": {"x": 1}}, (), 10)
        other.fold("notes", ("u", "s"), {"b": "text"}, (), 10)
        await settled(one)
        await settled(other)
        expected = {"a": {"x": 1}, "b": "text"}
        for each in (one, other):
            assert await seen(each, lambda each=each: each.get("notes", ("u", "s"))) == expected
        one.fold("notes", ("u", "s"), {"c": 1, "b": 2}, ("a",), 10)
        await settled(one)
        assert await seen(one, lambda: one.get("notes", ("u", "s"))) == {"b": 2, "c": 1}
        later = await seen(other, lambda: other.get("notes", ("u", "s")))
        assert later["b"] == 2 and later["c"] == 1

    run(opened, story)


def test_a_full_room_forgets_its_oldest_and_no_other_room_does(opened: Open) -> None:
    async def story(one: Store, other: Store) -> None:
        for key in "abc":
            one.put("narrow", (key,), key, 10)
            one.put("wide", (key,), key, 10)
            await settled(one)
        await other.refresh(lambda: (other.items("narrow"), other.items("wide")))
        assert sorted(key for key, _, _ in other.items("narrow")) == [("b",), ("c",)]
        assert len(list(other.items("wide"))) == 3

    run(opened, story)


def test_no_more_is_reserved_than_there_is(opened: Open) -> None:
    async def story(one: Store, other: Store) -> None:
        bounds = [Bound("asked", (("p", "1"), ("p", "2")), 7), Bound("running", None, 5)]

        async def ask(store: Store, name: str) -> bool:
            additions = [Addition("asked", ("p", "1"), 1, 10), Addition("running", (name,), 1, 10)]
            return await store.reserve(bounds, additions)

        given = await asyncio.gather(*(ask(one, "one") for _ in range(10)), *(ask(other, "other") for _ in range(10)))
        assert sum(given) == 5
        one.add("running", ("one",), -given[:10].count(True), 10)
        other.add("running", ("other",), -given[10:].count(True), 10)
        await settled(one)
        await settled(other)
        again = await asyncio.gather(*(ask(each, "x") for each in (one, other) * 4))
        assert sum(again) == 2
        assert await seen(other, lambda: other.get("asked", ("p", "1"))) == 7

    run(opened, story)


def test_one_that_leaves_while_it_asks_takes_nothing_along(opened: Open) -> None:
    async def story(one: Store, other: Store) -> None:
        one.put("room", ("a",), 1, 10)
        look = asyncio.ensure_future(one.refresh(lambda: one.get("room", ("a",))))
        await asyncio.sleep(0)
        look.cancel()
        await asyncio.gather(look, return_exceptions=True)
        await settled(one)
        other.put("room", ("a",), 2, 10)
        await settled(other)
        assert await seen(one, lambda: one.get("room", ("a",))) == 2

    run(opened, story)
