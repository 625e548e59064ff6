"""Runs: what is taken together says what the events said one by one, however the bytes are cut."""

import json
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccr.messages.runs import NamedRuns, TextRuns
from ccr.messages.sse import Frame, SseDecoder


def chunk(text: str, key: str = "content", index: int = 0, spaced: bool = False, **more: Any) -> bytes:
    choice = {"index": index, "delta": {key: text}, "finish_reason": None}
    separators = (", ", ": ") if spaced else (",", ":")
    return b"data: " + json.dumps({"id": "c1", "choices": [choice], **more}, separators=separators).encode() + b"\n\n"


def frames(pieces: list[bytes], runs: Any) -> list[Frame]:
    decoder = SseDecoder(runs)
    return [*(frame for piece in pieces for frame in decoder.feed(piece)), *decoder.finish()]


def heard(read: list[Frame]) -> list[tuple[str, int, str]]:
    """What was said, by key and index; pieces that follow each other are added up."""
    said: list[tuple[str, int, str]] = []
    for frame in read:
        if not frame.data:
            continue
        for choice in json.loads(frame.data).get("choices", ()):
            (key, text), index = next(iter(choice["delta"].items())), choice["index"]
            if said and said[-1][:2] == (key, index):
                said[-1] = (key, index, said[-1][2] + text)
            elif text:
                said.append((key, index, text))
    return said


def test_a_burst_of_text_is_one_frame():
    burst = b"".join(chunk(word) for word in ("so", " much", ' to \\"say', "\n", "😀"))
    read = frames([burst], TextRuns("content"))
    assert len(read) == 1
    assert heard(read) == [("content", 0, 'so much to \\"say\n😀')]


@pytest.mark.parametrize("spaced", [False, True])
def test_what_is_no_text_stays_apart(spaced: bool):
    begin = b'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n'
    end = chunk("", finish="stop", spaced=spaced)
    read = frames([begin + chunk("a", spaced=spaced) + chunk("b", spaced=spaced) + end], TextRuns("content"))
    assert [frame.raw for frame in read] == [begin, chunk("ab", spaced=spaced), end]


def test_thoughts_and_text_never_run_together():
    """Both end alike: `"},"finish_reason":null}]}`."""
    mixed = [chunk("a"), chunk("b"), chunk("t", "reasoning_content"), chunk("c"), chunk("d")]
    read = frames([chunk("learnt") + chunk("so"), b"".join(mixed)], TextRuns("content", "reasoning_content"))
    assert heard(read) == [("content", 0, "learntsoab"), ("reasoning_content", 0, "t"), ("content", 0, "cd")]


def test_events_that_arrive_alone_are_left_alone():
    pieces = [chunk(word) for word in "abc"]
    assert [frame.raw for frame in frames(pieces, TextRuns("content"))] == pieces


def test_half_a_pair_of_surrogates_meets_its_other_half():
    halves = [
        b'data: {"choices":[{"index":0,"delta":{"content":"%s"}}]}\n\n' % each
        for each in (b"x", b"\\ud83d", b"\\ude00")
    ]
    assert heard(frames([b"".join(halves)], TextRuns("content"))) == [("content", 0, "x😀")]


def test_broken_characters_spoil_nobody_elses_words():
    broken = chunk("X").replace(b"X", b"\xff")
    assert len(frames([chunk("a") + broken + chunk("b")], TextRuns("content"))) == 3


def test_events_of_one_name_stay_as_they_are():
    delta = b'event: content_block_delta\ndata: {"index":%d}\n\n'
    stop = b'event: content_block_stop\ndata: {"index":0}\n\n'
    burst = stop + delta % 1 + delta % 2 + delta % 3 + stop
    read = frames([burst], NamedRuns("content_block_delta"))
    assert [(frame.event, frame.raw) for frame in read] == [
        ("content_block_stop", stop),
        ("content_block_delta", delta % 1 + delta % 2 + delta % 3),
        ("content_block_stop", stop),
    ]
    apart = delta % 1 + stop + delta % 2
    assert len(frames([apart], NamedRuns("content_block_delta"))) == 3


WORDS = st.text(st.sampled_from('ab"\\\n é😀{}:,'), max_size=6)
EVENTS = st.builds(
    chunk,
    WORDS,
    st.sampled_from(["content", "content", "content", "reasoning_content", "other"]),
    st.sampled_from([0, 0, 0, 1]),
    st.just(False),
)


@given(st.lists(EVENTS, max_size=12), st.lists(st.integers(0, 600), max_size=6))
def test_runs_say_what_the_events_said(events: list[bytes], cuts: list[int]):
    stream = b"".join(events)
    ends = sorted({0, len(stream), *(cut for cut in cuts if cut < len(stream))})
    pieces = [stream[begin:end] for begin, end in pairwise(ends)]
    assert heard(frames(pieces, TextRuns("content", "reasoning_content"))) == heard(frames([stream], None))


@given(st.lists(st.binary(max_size=40), max_size=8))
def test_garbage_is_never_an_exception(pieces: list[bytes]):
    frames([chunk("a") + chunk("b"), *pieces, b"\n\n"], TextRuns("content"))
    frames([*pieces, b"\n\n"], NamedRuns("x"))
