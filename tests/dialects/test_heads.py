"""What the requests of all translated protocols have in common."""

from typing import Any

import pytest

from ccr.dialects.heads import Structure, asked_structure, tool_fields, wire_request
from ccr.dialects.profile import Profile
from ccr.dialects.stand_ins import image_address, words_of
from ccr.dialects.unsaid import Reach
from ccr.messages.request import MessagesRequest

SCHEMA = {"type": "object"}
ASKED = {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}}


@pytest.mark.parametrize(("streams", "accept"), [(True, "application/x-ndjson"), (False, "application/json")])
def test_a_request_is_put_together(streams: bool, accept: str) -> None:
    body: dict[str, Any] = {"messages": [], "stream": streams, "odd_field": 1}
    profile = Profile(extra_body={"a": {"b": 1}}, headers=(("x-mine", "1"),))
    wire = wire_request("u", {"a": {"c": 2}}, MessagesRequest(body, b""), profile, Reach(), "application/x-ndjson")
    assert wire.url == "u" and wire.streamed is streams and wire.body == b'{"a":{"b":1,"c":2}}'
    assert wire.headers == (("content-type", "application/json"), ("accept", accept), ("x-mine", "1"))
    assert wire.said == ("odd_field left out",)


@pytest.mark.parametrize(
    ("structured", "by_field", "schema", "plain"),
    [
        ("json_schema", True, SCHEMA, False),
        ("json_schema", False, None, False),
        ("json_object", True, None, True),
        ("json_object", False, None, False),
        ("", True, None, False),
    ],
)
def test_a_schema_is_told_by_field_or_in_words(
    structured: str, by_field: bool, schema: dict[str, Any] | None, plain: bool
) -> None:
    told = asked_structure(ASKED, Profile(structured=structured), by_field=by_field)
    assert (told.schema, told.plain) == (schema, plain)
    assert told.words.endswith('{"type":"object"}') is (schema is None)
    assert asked_structure({}, Profile(structured=structured)) == Structure()


@pytest.mark.parametrize(
    ("single", "parallel", "said"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_one_call_at_a_time_is_said_where_it_can_be(single: bool, parallel: bool, said: bool) -> None:
    body = {"tool_choice": {"type": "auto", "disable_parallel_tool_use": single}}
    fields = tool_fields(MessagesRequest(body, b""), Profile(parallel_tool_calls=parallel), [{"name": "x"}], None)
    assert fields == {"tools": [{"name": "x"}], **({"parallel_tool_calls": False} if said else {})}
    assert tool_fields(MessagesRequest(body, b""), Profile(), [], "auto") == {}


@pytest.mark.parametrize(
    ("block", "words"),
    [
        ({"type": "thinking"}, None),
        ({"type": "tool_result"}, None),
        ({"type": "search_result", "title": "T", "source": "S", "content": []}, "T (S)\n"),
        ({"type": "novelty"}, "[novelty block: this model cannot be given it]"),
        ({"type": []}, "[[] block: this model cannot be given it]"),
    ],
)
def test_what_no_other_protocol_knows_is_words(block: dict[str, Any], words: str | None) -> None:
    assert words_of(block) == words


def test_where_a_picture_is() -> None:
    sources: list[Any] = [
        {"type": "base64", "data": "QQ=="},
        {"type": "url", "url": "https://x"},
        {"type": "file"},
        None,
    ]
    found = [image_address({"type": "image", "source": source}) for source in sources]
    assert found == ["data:image/png;base64,QQ==", "https://x", None, None]
