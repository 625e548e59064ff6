"""However the provider's bytes are cut, the client gets the same: pieces of a text that came together may be one."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccr.dialects.builtin.openai_chat import DIALECT as OPENAI
from ccr.dialects.dialect import Speech
from ccr.exchange.pipeline import Pipeline
from ccr.exchange.steps import Opened
from ccr.messages.errors import ErrorKind
from ccr.messages.sse import SseDecoder
from ccr.routing.plan import Attempt
from tests.exchange.play import STREAM, attempt, request
from tests.fake_upstream import anthropic_events, anthropic_message, openai_events, openai_message

BODIES = {
    "relayed": (attempt(), b"".join(anthropic_events("Hé", "llo\u2028"))),
    "decoded": (attempt(relays=False), b"".join(anthropic_events("Hé", "llo\u2028"))),
    "translated": (attempt(dialect=OPENAI, relays=False), b"".join(openai_events("Hé", "llo\u2028"))),
    "whole": (attempt(), json.dumps(anthropic_message("Héllo\u2028")).encode()),
    "whole, translated": (attempt(dialect=OPENAI, relays=False), json.dumps(openai_message("Héllo\u2028")).encode()),
}


def pipeline(target: Attempt, stream: bool) -> Pipeline:
    speech = Speech(target.url, "model", target.profile, "seed")
    return Pipeline(Opened(200, STREAM, 0.1), target, request(stream), speech, "req_1")


def through(target: Attempt, stream: bool, pieces: list[bytes]) -> bytes:
    line = pipeline(target, stream)
    outputs = [line.feed(piece) for piece in pieces]
    outputs += [] if outputs[-1].done else [line.finish()]
    assert not [output.error for output in outputs if output.error]
    speaking = [output.speaking for output in outputs if output.data]
    assert all(speaking), "nothing is given out before the first content"
    assert line.stop_reason == "end_turn"
    assert (line.usage.input, line.usage.output) == (11, 7)
    return b"".join(output.data for output in outputs)


def heard(data: bytes) -> list[object]:
    """The events, with the pieces of a text added up."""
    said: list[dict[str, Any]] = []
    for frame in SseDecoder().feed(data):
        event = json.loads(frame.data)
        last = said[-1].get("delta", {}) if said else {}
        if event["type"] == "content_block_delta" and last.get("type") == "text_delta" == event["delta"]["type"]:
            last["text"] += event["delta"]["text"]
        else:
            said.append(event)
    return list(said)


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("name", BODIES)
@given(cuts=st.sets(st.integers(1, 500), max_size=12))
def test_cuts_change_nothing(name: str, stream: bool, cuts: set[int]) -> None:
    target, body = BODIES[name]
    places = [0, *sorted(cut for cut in cuts if cut < len(body)), len(body)]
    pieces = [body[start:end] for start, end in pairwise(places)]
    cut, whole = through(target, stream, pieces), through(target, stream, [body])
    assert (heard(cut) == heard(whole)) if name == "translated" and stream else (cut == whole)


@pytest.mark.parametrize("name", ["relayed", "decoded", "translated"])
def test_each_byte_alone_changes_nothing(name: str) -> None:
    target, body = BODIES[name]
    assert heard(through(target, True, [bytes([byte]) for byte in body])) == heard(through(target, True, [body]))


@pytest.mark.parametrize("first", [b"<", b"T", b"\x1f\x8b", b"\xff"])
def test_what_begins_like_no_stream_is_none(first: bytes) -> None:
    line = pipeline(attempt(), True)
    assert line.feed(first + b"x" * 10).error is None
    error = line.finish().error
    assert error is not None and error.kind is ErrorKind.BAD_GATEWAY


def test_a_flood_that_is_no_answer_is_given_up_early() -> None:
    output = pipeline(attempt(), True).feed(b"<" * 5000)
    assert output.error is not None
    assert len(output.error.message) < 500
