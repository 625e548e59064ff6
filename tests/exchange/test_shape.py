"""What `set`, `drop` and `use` make of a request; the client's own body stays as it was (acceptance H5)."""

import copy
import json
from collections.abc import Generator
from typing import Any

import pytest

from ccr.dialects.wire import WireRequest
from ccr.exchange.history import NO_CONTENT, NO_IMAGE, thinks
from ccr.exchange.shape import limits_of, shape, shape_wire
from ccr.exchange.steps import Reply, Step
from ccr.messages.request import MessagesRequest
from ccr.routing.effects import DropField, Effect, Rewrite, SetField
from ccr.routing.plan import Attempt, Rewriting
from ccr.transformers.transformer import Arguments, Transformer
from tests.exchange.play import SOMEWHERE, attempt

IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "AA=="}}
MARK = {"cache_control": {"type": "ephemeral"}}
BODY: dict[str, Any] = {
    "model": "m",
    "max_tokens": 4000,
    "system": [{"type": "text", "text": "S", **MARK}],
    "tools": [{"name": "Read", **MARK}, {"name": "mcp__a__b"}, {"name": "mcp__a__c"}],
    "tool_choice": {"type": "tool", "name": "Read"},
    "thinking": {"type": "enabled", "budget_tokens": 2000},
    "context_management": {"edits": [{"type": "clear_thinking_20251015"}, {"type": "clear_tool_uses_20250919"}]},
    "output_config": {"effort": "high", "format": {"type": "json"}},
    "metadata": {"user_id": "u"},
    "messages": [
        {"role": "user", "content": "hi"},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "T", "signature": "s"}]},
        {"role": "user", "content": [IMAGE, {"type": "text", "text": "look", **MARK}]},
        {"role": "assistant", "content": [{"type": "redacted_thinking", "data": "x"}, {"type": "text", "text": "A"}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t", "content": [IMAGE, {"type": "text", "text": "x", **MARK}]}]},
    ],
}  # fmt: skip


def _nobody(step: Step) -> Any:
    raise AssertionError(f"nobody is there to do {type(step).__name__}")


def alone(story: Generator[Step, Reply, tuple[MessagesRequest, Attempt]]) -> MessagesRequest:
    """What comes of it with no step taken."""
    try:
        raise AssertionError(f"it wants {next(story)}")
    except StopIteration as end:
        made: MessagesRequest = end.value[0]
        return made


def shaped(*effects: Effect, body: dict[str, Any] = BODY, **more: Any) -> MessagesRequest:
    before = copy.deepcopy(body)
    request = MessagesRequest(body, json.dumps(body).encode(), (("x-mine", "1"), ("anthropic-beta", "b")))
    after = alone(shape(request, attempt(effects=effects, **more), _nobody))
    assert body == before, "the client's own body is never changed"
    return after


def set_(field: str, value: Any, **more: Any) -> SetField:
    return SetField(field, value, SOMEWHERE, **more)


def drop(field: str, **more: Any) -> DropField:
    return DropField(field, SOMEWHERE, **more)


@pytest.mark.parametrize(("field", "value"), [("max_tokens", 9), ("temperature", 0.5), ("top_p", 0.9), ("top_k", 40)])
def test_plain_fields_are_set(field: str, value: Any) -> None:
    after = shaped(set_(field, value))
    assert after.body[field] == value
    assert after.changed == {field}


def test_effort_is_set_beside_what_else_is_configured() -> None:
    assert shaped(set_("effort", "low")).body["output_config"] == {"effort": "low", "format": {"type": "json"}}
    assert shaped(set_("effort", "none")).body["output_config"] == {"format": {"type": "json"}}
    assert "output_config" not in shaped(set_("effort", "none"), body={"output_config": {"effort": "high"}}).body


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("off", {"type": "disabled"}),
        ("adaptive", {"type": "adaptive"}),
        ("on", {"type": "enabled", "budget_tokens": 2000}),
    ],
)
def test_thinking_is_set_c13(value: str, expected: dict[str, Any]) -> None:
    assert shaped(set_("thinking", value)).body["thinking"] == expected


def test_a_thinking_budget_stays_below_max_tokens() -> None:
    assert shaped(set_("thinking.budget", 3000)).body["thinking"]["budget_tokens"] == 3000
    assert shaped(set_("thinking.budget", 8000)).body["thinking"]["budget_tokens"] == 3999


def test_system_is_set_or_added_to_r13() -> None:
    assert shaped(set_("system", "new")).body["system"] == "new"
    added = {"type": "text", "text": "new"}
    assert shaped(set_("system", "new", add=True)).body["system"] == [*BODY["system"], added]
    assert shaped(set_("system", "new", add=True), body={"system": "old"}).body["system"] == [
        {"type": "text", "text": "old"},
        added,
    ]
    assert shaped(set_("system", "new", add=True), body={}).body["system"] == [added]


def test_headers_are_set_and_dropped_for_the_dialect_and_on_the_wire() -> None:
    effects = (set_("header.X-New", "v"), drop("header.anthropic-beta"))
    assert shaped(*effects).headers == (("x-mine", "1"), ("x-new", "v"))
    wire = shape_wire(WireRequest("u", b"", (("anthropic-beta", "b"), ("x-new", "old"))), attempt(effects=effects))
    assert wire.headers == (("x-new", "v"),)


def test_drop_thinking_switches_it_off_and_cleans_the_history_r23() -> None:
    after = shaped(drop("thinking"))
    assert after.body["thinking"] == {"type": "disabled"}
    assert after.body["messages"][1]["content"] == [{"type": "text", "text": NO_CONTENT}]
    assert after.body["messages"][3]["content"] == [{"type": "text", "text": "A"}]
    assert after.body["context_management"] == {"edits": [{"type": "clear_tool_uses_20250919"}]}
    assert not thinks(after)
    assert after.body["messages"][0] is BODY["messages"][0]


def test_drop_cache_control_everywhere() -> None:
    assert b"cache_control" not in json.dumps(dict(shaped(drop("cache_control")).body)).encode()
    assert "cache_control" not in shaped(drop("cache_control"), body={"cache_control": {}, "messages": []}).body


def test_drop_images_leaves_a_line_of_text() -> None:
    messages = shaped(drop("images")).body["messages"]
    stub = {"type": "text", "text": NO_IMAGE}
    assert messages[2]["content"][0] == stub
    assert messages[4]["content"][0]["content"][0] == stub


@pytest.mark.parametrize(
    ("how", "left"),
    [
        ({}, []),
        ({"pattern": "mcp__*"}, ["Read"]),
        ({"pattern": "mcp__*", "negated": True}, ["mcp__a__b", "mcp__a__c"]),
        ({"pattern": "/__c$/"}, ["Read", "mcp__a__b"]),
        ({"exact": "Read"}, ["mcp__a__b", "mcp__a__c"]),
        ({"exact": "read"}, ["Read", "mcp__a__b", "mcp__a__c"]),
    ],
)
def test_drop_tools_r23(how: dict[str, Any], left: list[str]) -> None:
    after = shaped(drop("tools", **how))
    assert [tool["name"] for tool in after.tools] == left
    assert ("tools" in after.body) == bool(left)
    assert ("tool_choice" in after.body) == ("Read" in left)


def test_drop_tools_keeps_a_choice_that_names_none() -> None:
    body = {**BODY, "tool_choice": {"type": "any"}}
    assert shaped(drop("tools", exact="Read"), body=body).body["tool_choice"] == {"type": "any"}
    assert "tool_choice" not in shaped(drop("tools"), body=body).body


def test_drop_metadata_and_context_management() -> None:
    after = shaped(drop("metadata"), drop("context_management"))
    assert not {"metadata", "context_management"} & set(after.body)
    assert shaped(drop("metadata"), body={"messages": []}).changed == frozenset()


def test_what_has_a_condition_on_the_answer_is_not_of_the_request() -> None:
    from ccr.lang.ast import Condition

    unconditional = shaped(set_("max_tokens", 1))
    condition: Condition = object()  # type: ignore[assignment]
    assert unconditional.body["max_tokens"] == 1
    assert shaped(set_("max_tokens", 1, condition=condition)).body["max_tokens"] == 4000


def test_rewrites_are_made_where_their_use_stands_r16() -> None:
    def mark(request: MessagesRequest, arguments: Arguments) -> MessagesRequest:
        return request.replace(seen=(*request.body.get("seen", ()), (arguments["n"], request.body["max_tokens"])))

    def use(n: int) -> Rewriting:
        return Rewriting(Transformer(f"t{n}", "", None, on_request=mark), {"n": n})

    effects = (set_("max_tokens", 1), Rewrite("t1", SOMEWHERE), set_("max_tokens", 2), Rewrite("a-quirk", SOMEWHERE))
    assert shaped(*effects, rewrites=(use(1), use(2))).body["seen"] == ((1, 1), (2, 2))


def test_timeout_is_in_milliseconds() -> None:
    assert limits_of(attempt(effects=(set_("timeout", 5000),))).first_byte == 5.0
    assert limits_of(attempt()).first_byte == 600.0
