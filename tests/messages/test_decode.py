"""What is written can be read back."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccr.messages.decode import EventReader
from ccr.messages.encode import PIECE_FIELDS, Told, as_json
from ccr.messages.events import BlockDelta, BlockExtra, BlockStart, BlockStop, MessageDelta, MessageStart, MessageStop
from ccr.messages.usage import Usage

INDEXES, TEXTS, COUNTS = st.integers(0, 99), st.text(max_size=9), st.integers(0, 10**6)
BLOCKS = st.sampled_from([{"type": "text", "text": ""}, {"type": "tool_use", "id": "t", "name": "n", "input": {}}, {"type": "odd"}])  # fmt: skip
EVENTS = st.one_of(
    st.builds(BlockStart, INDEXES, BLOCKS),
    st.builds(BlockDelta, INDEXES, st.sampled_from(sorted(PIECE_FIELDS)), TEXTS),
    st.builds(BlockExtra, INDEXES, st.just({"type": "citations_delta", "citation": {}})),
    st.builds(BlockStop, INDEXES),
    st.just(MessageStop()),
)


@given(st.lists(EVENTS))
def test_events_come_back_as_they_were(events: list[Told]) -> None:
    start, end = MessageStart("msg_1", Usage(5, 0, 3)), MessageDelta("end_turn", Usage(5, 7, 3), "END", {"x": 1})
    reader = EventReader("msg_of_ours")
    told = [start, *events, end]
    assert [read for event in told for read in reader.read(as_json(event, "opus"))] == told


@pytest.mark.parametrize("event", [{}, {"type": "novelty"}, {"type": None}, {"type": "error"}])
def test_what_is_no_event_of_an_answer_is_nothing(event: dict[str, Any]) -> None:
    assert EventReader("m").read(event) == []


def test_arguments_in_a_start_become_a_piece_unless_pieces_tell_them() -> None:
    block = {"type": "tool_use", "id": "t", "name": "n", "input": {"a": 1}}
    start, stop = ({"type": "content_block_start", "content_block": block}, {"type": "content_block_stop"})
    reader = EventReader("m")
    opened = BlockStart(0, {**block, "input": {}})
    assert reader.read(start) + reader.read(stop) == [
        opened,
        BlockDelta(0, "input_json_delta", '{"a":1}'),
        BlockStop(0),
    ]
    piece = {"type": "content_block_delta", "delta": {"type": "input_json_delta", "partial_json": "{}"}}
    assert reader.read(start) + reader.read(piece) + reader.read(stop) == [
        opened,
        BlockDelta(0, "input_json_delta", "{}"),
        BlockStop(0),
    ]
