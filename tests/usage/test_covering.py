"""What served requests tried of the rules: routes, tests, fallbacks, and what nobody needed."""

from pathlib import Path
from typing import Any

from msgspec import structs

from ccr.diagnostics.source import SourceFile
from ccr.exchange.record import AttemptRecord
from ccr.lang.coverage import Coverage
from ccr.routing.prospects import Prospects
from ccr.routing.surroundings import LayerSources, Sources, Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import World, world
from ccr.usage.covering import Traffic, unneeded
from ccr.usage.entry import Entry
from tests.usage.test_replaying import filled, stored

RULES = """provider a { key = "k" ; url = "http://x/v1" }
when image or tokens > 60k route a/long or a/wide
when kind == title route (a/x 50%, a/y 50%) by session
when prompt ~ "secret" deny
default route a/m or a/n
"""


def made(rules: str = RULES) -> World:
    found = world(Sources((LayerSources("user", (SourceFile("user.ccr", rules),)),)), Surroundings(), vocabulary())
    assert found.loaded.snapshot is not None, found.loaded.diagnostics
    return found


def heard(entries: list[Entry], found: World) -> tuple[Traffic, Coverage]:
    snapshot = found.loaded.snapshot
    assert snapshot is not None
    traffic = Traffic(Prospects(snapshot, found.layers), ["user"], lambda entry: snapshot)
    for each in entries:
        traffic.hear(each)
    return traffic, traffic.coverage(["user.ccr"])


def logged(tmp_path: Path, found: World, requests: list[dict[str, Any]], **changes: Any) -> list[Entry]:
    assert found.loaded.snapshot is not None
    return stored(tmp_path, [filled(n, found.loaded.snapshot, each, **changes) for n, each in enumerate(requests)])


def told(coverage: Coverage) -> set[tuple[str, str]]:
    return {(each.kind.name.lower(), each.text) for each in coverage.done}


NO_PROMPT = RULES.replace('when prompt ~ "secret" deny\n', "")
IMAGE = {"messages": [{"role": "user", "content": [{"type": "image", "source": {}}]}]}


def test_what_requests_did_is_tried_and_what_they_did_not_is_not(tmp_path: Path) -> None:
    found = made(NO_PROMPT)
    traffic, coverage = heard(logged(tmp_path, found, [{}, {}, IMAGE]), found)
    assert sorted(traffic.taken.values()) == [1, 2] and traffic.requests == 3
    assert {("true", "image"), ("false", "image"), ("taken", "route a/m or a/n")} <= told(coverage)
    assert ("true", "tokens > 60k") not in told(coverage)
    assert [each.line for each in unneeded(coverage)] == [3]


def test_a_fallback_is_reached_where_the_target_before_it_failed(tmp_path: Path) -> None:
    found = made(NO_PROMPT)
    broken = (AttemptRecord("a/m", "overloaded", 529, 0.0, None, 0.1), AttemptRecord("a/n", "ok", 200, 0.1, 0.2, 0.3))
    for attempts, reached in (((), False), (broken, True)):
        _, coverage = heard(logged(tmp_path / str(reached), found, [{}], attempts=attempts), found)
        assert (("fallback", "a/n") in told(coverage)) is reached


def test_each_reading_is_looked_at_but_all_are_counted(tmp_path: Path) -> None:
    """Requests that differ in a name alone try the same; a test that comes out otherwise is seen."""
    found = made(NO_PROMPT)
    many = [{"model": f"claude-{number}"} for number in range(20)]
    traffic, coverage = heard(logged(tmp_path, found, [*many, IMAGE]), found)
    assert traffic.requests == 21 and max(traffic.taken.values()) == 20
    _, each = heard(logged(tmp_path / "two", found, [many[0], IMAGE]), found)
    assert told(coverage) == told(each)


def test_what_is_not_kept_is_not_counted(tmp_path: Path) -> None:
    found = made()
    traffic, coverage = heard(logged(tmp_path, made(NO_PROMPT), [{}]), found)
    assert (traffic.undecided, told(coverage)) == (1, set())


def test_requests_with_rules_of_their_own_project_are_told_apart(tmp_path: Path) -> None:
    found, other = made(NO_PROMPT), made(NO_PROMPT).loaded.snapshot
    assert found.loaded.snapshot is not None and other is not None
    traffic = Traffic(Prospects(found.loaded.snapshot, found.layers), ["user"], lambda entry: other)
    for each in logged(tmp_path, found, [{}]):
        traffic.hear(structs.replace(each, local=True))
    assert (traffic.requests, traffic.elsewhere, dict(traffic.taken)) == (1, 1, {})
