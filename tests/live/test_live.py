"""The running world keeps serving whatever loading does."""

import asyncio
from pathlib import Path

import pytest

from ccr.live import live as module
from ccr.live.files import read_sources
from ccr.live.live import Change, Live
from ccr.live.paths import places
from ccr.routing.snapshot import Snapshot
from ccr.routing.surroundings import Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load


@pytest.fixture
def live(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Live:
    monkeypatch.setenv("CCR_HOME", str(tmp_path))
    where = places()
    first = load(read_sources(where), Surroundings(), vocabulary(), proofs=False).snapshot
    assert first is not None
    return Live(where, vocabulary(), first)


def test_a_mistake_of_ours_is_told_and_the_old_rules_stay(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(module, "load", broken)
    before, told = live.current, list[Change]()
    live.listen(told.append)
    asyncio.run(live.reload())
    assert live.current is before
    assert live.is_stale
    assert live.last_failure is not None
    assert "a mistake in ccr itself (ZeroDivisionError)" in live.last_failure.fault
    assert told[0].failure is live.last_failure
    assert asyncio.run(live.prove()) == ()


def test_loading_again_what_is_loaded_changes_nothing(live: Live) -> None:
    before = live.current
    asyncio.run(live.reload())
    assert live.current.id == before.id


GUARDED = 'when model == secret deny 403 "no"\ndefault deny 403 "{}"\n'


def with_rules(live: Live, text: str) -> Path:
    """A rule file in force."""
    live.places.rules.mkdir()
    path = live.places.rules / "a.ccr"
    path.write_text(text)
    asyncio.run(live.reload())
    return path


def guards(live: Live) -> int:
    """How many layers of the person's hold a denial."""
    return denials(live.current)


def denials(snapshot: Snapshot) -> int:
    return sum(layer.denies for layer in snapshot.policy.layers if layer.name == "user")


@pytest.mark.parametrize("half", ["", "\n", "default de"])
def test_a_file_that_is_half_written_is_read_when_it_is_whole(live: Live, half: str) -> None:
    path = with_rules(live, GUARDED.format("first"))
    before, seen = guards(live), list[int]()
    live.listen(lambda change: seen.append(denials(change.snapshot)))

    async def story() -> None:
        path.write_text(half)
        loading = asyncio.ensure_future(live.reload())
        await asyncio.sleep(0.25)
        path.write_text(GUARDED.format("second"))
        change = await loading
        assert change is not None and change.failure is None

    asyncio.run(story())
    assert seen == [before] and before == 1
    assert "second" in live.current.sources[0].content


def test_a_file_that_stays_empty_is_believed_after_a_moment(live: Live) -> None:
    path = with_rules(live, GUARDED.format("first"))
    path.write_text("")
    asyncio.run(live.reload())
    assert guards(live) == 0 and not live.is_stale


def test_a_change_that_is_whole_is_not_waited_for(live: Live) -> None:
    path = with_rules(live, GUARDED.format("first"))
    path.write_text(GUARDED.format("second"))
    change = asyncio.run(live.reload())
    assert change is not None and change.seconds < 0.3
