"""What a `response` may make of the events of an answer, and what happens where it makes nonsense of them."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

import pytest

from ccr.hooks.listener import SLOW, Listener
from ccr.hooks.threads import Outcome
from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.events import (
    BlockDelta,
    BlockExtra,
    BlockStart,
    BlockStop,
    ErrorEvent,
    Event,
    MessageDelta,
    MessageStart,
    MessageStop,
    Note,
    Ping,
)
from ccr.messages.usage import Usage

TEXT = {"type": "text", "text": ""}
ANSWER: list[Event] = [
    MessageStart("msg_1", Usage(5)),
    BlockStart(0, TEXT),
    BlockDelta(0, "text_delta", "Hello"),
    BlockExtra(0, {"type": "citations_delta", "citation": {"n": 1}}),
    BlockStop(0),
    BlockStart(1, {"type": "tool_use", "id": "t", "name": "Read", "input": {}}),
    BlockDelta(1, "input_json_delta", "{}"),
    BlockStop(1),
    MessageDelta("tool_use", Usage(5, 7), None, {"container": None}),
    MessageStop(),
]


class Watch:
    def __init__(self) -> None:
        self.is_off = False
        self.said: list[str] = []

    def failed(self, why: str) -> None:
        self.said.append(why)

    def slow(self, seconds: float) -> None:
        self.is_off = True
        self.said.append(f"slow: {seconds:g}")


def _listener(response: Callable[[dict[str, Any]], Any], watch: Watch | None = None, *times: float) -> Listener:
    def ask(event: dict[str, Any]) -> Outcome:
        try:
            return response(event), ""
        except ValueError as error:
            return None, str(error)

    clock = iter(times)
    return Listener(ask, watch or Watch(), "opus", lambda: next(clock, 0.0))


def _heard(listener: Listener, events: Iterable[Event] = ANSWER) -> list[Event]:
    return [made for event in events for made in listener.feed(event)] + listener.finish()


@pytest.mark.parametrize("response", [lambda event: event, lambda event: None, lambda event: [event]])
def test_an_answer_given_back_is_the_same_answer(response: Callable[[dict[str, Any]], Any]) -> None:
    assert _heard(_listener(response)) == ANSWER


def test_events_are_shown_as_the_client_reads_them() -> None:
    seen: list[dict[str, Any]] = []
    _heard(_listener(seen.append))
    assert [each["type"] for each in seen[:3]] == ["message_start", "content_block_start", "content_block_delta"]
    assert seen[0]["message"]["model"] == "opus"
    assert seen[2] == {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hello"}}


def test_a_piece_is_changed_taken_away_or_made_several() -> None:
    def response(event: dict[str, Any]) -> Any:
        if event["type"] != "content_block_delta" or "text" not in event["delta"]:
            return event
        return [event, {**event, "delta": {"type": "text_delta", "text": "!"}}]

    made = _heard(_listener(response))
    assert made[2:4] == [BlockDelta(0, "text_delta", "Hello"), BlockDelta(0, "text_delta", "!")]
    assert _heard(_listener(lambda event: [] if event.get("index") == 0 else event)) == [ANSWER[0], *ANSWER[5:]]


def test_what_it_changes_in_place_and_does_not_give_back_changes_nothing() -> None:
    assert _heard(_listener(lambda event: event.get("content_block", {}).clear())) == ANSWER


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (7, "it gave int, not an event"),
        (["text"], "it gave str, not an event"),
        ({"type": "novelty"}, "no kind there is: 'novelty'"),
        ({"type": "content_block_stop", "index": object()}, "no JSON"),
        (ValueError("not today"), "not today"),
    ],
)
def test_nonsense_lets_the_event_pass_unchanged_and_is_told(given: Any, words: str) -> None:
    def response(event: dict[str, Any]) -> Any:
        if isinstance(given, Exception):
            raise given
        return given

    watch = Watch()
    assert _heard(_listener(response, watch)) == ANSWER
    assert len(watch.said) == len(ANSWER) and all(words in each for each in watch.said)


def test_a_waiting_response_is_not_waited_for() -> None:
    async def response(event: dict[str, Any]) -> Any:
        await asyncio.sleep(60)

    watch = Watch()
    assert _heard(_listener(response, watch)) == ANSWER
    assert "has to be a plain `def`" in watch.said[0]


def test_a_slow_one_is_switched_off_and_its_last_event_counts() -> None:
    watch = Watch()
    called: list[str] = []

    def response(event: dict[str, Any]) -> Any:
        called.append(event["type"])
        return []

    made = _heard(_listener(response, watch, 1.0, 1.0 + SLOW * 2), ANSWER)
    assert watch.said == [f"slow: {SLOW * 2:g}"] and called == ["message_start"]
    assert made == ANSWER[1:]


def test_a_block_whose_start_was_taken_away_does_not_come_back_when_it_fails() -> None:
    watch = Watch()

    def response(event: dict[str, Any]) -> Any:
        if event["type"] == "content_block_start" and event["index"] == 0:
            return []
        raise ValueError("not today")

    assert _heard(_listener(response, watch)) == [ANSWER[0], *ANSWER[5:]]


def test_signs_of_life_notes_and_errors_are_not_shown() -> None:
    events = [Ping(), Note("k", 1), ErrorEvent(ApiError(ErrorKind.OVERLOADED, "busy"))]

    def response(event: dict[str, Any]) -> Any:
        raise AssertionError(event)

    assert _heard(_listener(response), events) == events
