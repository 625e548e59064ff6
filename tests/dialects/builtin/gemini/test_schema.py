"""D1: every schema becomes one that Gemini's `parameters` takes, and once more changes nothing."""

from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ccr.dialects.builtin.gemini.schema import in_subset, parameters_in_subset
from tests.dialects.gemini_subset import faults

NODE = {"type": "object", "properties": {"name": {"type": "string"}, "parts": {"type": "array", "items": {"$ref": "#/$defs/node"}}}, "required": ["name", "parts"]}  # fmt: skip

PROPERTIES: dict[str, tuple[Any, Any]] = {
    "null among the types": ({"type": ["string", "null"]}, {"type": "STRING", "nullable": True}),
    "several types": ({"type": ["string", "integer", "null"]}, {"anyOf": [{"type": "STRING", "nullable": True}, {"type": "INTEGER"}]}),
    "const": ({"const": "fixed"}, {"type": "STRING", "enum": ["fixed"]}),
    "const that is no string": ({"const": 3, "description": "Level."}, {"type": "INTEGER", "description": "Level. One of: 3."}),
    "enum of numbers": ({"type": "integer", "enum": [1, 2]}, {"type": "INTEGER", "description": "One of: 1, 2."}),
    "enum with an empty word": ({"type": "string", "enum": ["", "a", "a"]}, {"type": "STRING", "enum": ["a"]}),
    "enum of an empty word": ({"enum": [""]}, {"type": "STRING"}),
    "enum with null": ({"enum": ["a", None]}, {"type": "STRING", "enum": ["a"], "nullable": True}),
    "exclusive minimum": ({"type": "integer", "exclusiveMinimum": 0, "maximum": 9007199254740991}, {"type": "INTEGER", "minimum": 1, "maximum": 9007199254740991}),
    "exclusive maximum of a number": ({"type": "number", "exclusiveMaximum": 1}, {"type": "NUMBER", "maximum": 1, "description": "Less than 1."}),
    "array without items": ({"type": "array"}, {"type": "ARRAY", "items": {"type": "STRING"}}),
    "tuple": ({"type": "array", "prefixItems": [{"type": "string"}, {"type": "number"}], "minItems": 2}, {"type": "ARRAY", "items": {"anyOf": [{"type": "STRING"}, {"type": "NUMBER"}]}, "minItems": 2}),
    "tuple inside items": ({"type": "array", "items": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "string"}], "items": False}}, {"type": "ARRAY", "items": {"type": "ARRAY", "items": {"type": "STRING"}}}),
    "additional properties": ({"type": "object", "additionalProperties": {"type": "string"}}, {"type": "OBJECT", "description": "Further keys may be given."}),
    "an empty object": ({"type": "object", "properties": {}, "additionalProperties": False}, {"type": "OBJECT"}),
    "nested allOf": (
        {"allOf": [{"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}]}, {"properties": {"b": {"type": "number"}}, "required": ["b", "c"]}]},
        {"type": "OBJECT", "properties": {"a": {"type": "STRING"}, "b": {"type": "NUMBER"}}, "required": ["b", "a"]},
    ),
    "oneOf with null": ({"oneOf": [{"type": "boolean"}, {"type": "null"}], "description": "Whether."}, {"type": "BOOLEAN", "description": "Whether.", "nullable": True}),
    "choices that only demand": ({"type": "object", "properties": {"a": {"type": "string"}}, "anyOf": [{"required": ["a"]}, {"required": []}]}, {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}),
    "a format it does not know": ({"type": "string", "format": "uri", "minLength": 1}, {"type": "STRING", "minLength": 1, "description": "Format: uri."}),
    "a format it knows": ({"type": "string", "format": "date-time", "default": "x"}, {"type": "STRING", "format": "date-time"}),
    "a property called format": ({"type": "object", "properties": {"format": {"type": "string"}, "$ref": {"type": "null"}}}, {"type": "OBJECT", "properties": {"format": {"type": "STRING"}, "$ref": {"type": "NULL"}}}),
    "a reference beside words": ({"$ref": "#/$defs/size", "description": "How large."}, {"type": "INTEGER", "minimum": 0, "description": "How large."}),
    "a reference to nowhere": ({"$ref": "#/$defs/none"}, {"anyOf": [{"type": "STRING"}, {"type": "NUMBER"}, {"type": "BOOLEAN"}, {"type": "OBJECT"}]}),
    "anything": ({"description": "A value."}, {"anyOf": [{"type": "STRING", "description": "A value."}, {"type": "NUMBER"}, {"type": "BOOLEAN"}, {"type": "OBJECT"}]}),
}  # fmt: skip


def tool(said: Any) -> dict[str, Any]:
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {"p": said},
        "required": ["p", "not there"],
        "additionalProperties": False,
        "$defs": {"node": NODE, "size": {"type": "integer", "minimum": 0}, "loop": {"$ref": "#/$defs/loop"}, "pair": {"allOf": [{"$ref": "#/$defs/pair"}]}},
    }  # fmt: skip


@pytest.mark.parametrize("case", PROPERTIES)
def test_d1_each_word_that_gemini_does_not_know(case: str):
    said, expected = PROPERTIES[case]
    before = repr(said)
    assert parameters_in_subset(tool(said)) == {"type": "OBJECT", "properties": {"p": expected}, "required": ["p"]}
    assert repr(said) == before
    assert in_subset(expected) == expected
    assert not faults(expected)


def test_d1_a_schema_that_holds_itself_is_told_to_a_depth():
    for said in ({"$ref": "#/$defs/node"}, {"$ref": "#/$defs/loop"}, {"$ref": "#/$defs/pair"}, {"$ref": "#"}):
        converted = parameters_in_subset(tool(said))
        assert not faults(converted)
        assert in_subset(converted) == converted
    inner = parameters_in_subset(tool({"$ref": "#/$defs/node"}))["properties"]["p"]["properties"]["parts"]["items"]
    assert inner["required"] == ["name", "parts"] and "again" in repr(inner)


def test_d1_what_a_few_references_unfold_to_is_bounded():
    names = [f"d{n}" for n in range(12)]
    every = {name: {"$ref": f"#/$defs/{name}"} for name in names}
    schema = {"type": "object", "properties": every, "$defs": {name: {"type": "object", "properties": every} for name in names}}  # fmt: skip
    converted = parameters_in_subset(schema)
    assert not faults(converted)
    assert repr(converted).count("type") < 6_000


def test_d1_parameters_are_one_object():
    either = {"anyOf": [{"type": "object", "properties": {"a": {"type": "string"}, "c": {}}, "required": ["a", "c"]}, {"type": "object", "properties": {"b": {"type": "string"}, "c": {}}, "required": ["b", "c"]}]}  # fmt: skip
    converted = parameters_in_subset(either)
    assert list(converted["properties"]) == ["a", "c", "b"] and converted["required"] == ["c"]
    assert parameters_in_subset({"type": "object"}) == {} == parameters_in_subset({"type": "string"})
    assert parameters_in_subset(True) == {} == parameters_in_subset({"anyOf": [{"type": "string"}]})


WORDS = st.sampled_from(["type", "properties", "items", "anyOf", "oneOf", "allOf", "$ref", "enum", "const", "required", "prefixItems", "description", "nullable", "format", "minimum", "exclusiveMinimum", "minItems", "pattern", "additionalProperties", "$defs", "title", "maxLength", "a"])  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2**64) | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["", "a", "string", "object", "array", "NULL", "integer", "number", "null", "#", "#/$defs/a", "#/properties/a", "date-time", "\ud83d"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=25,
)  # fmt: skip
LIKELY = st.dictionaries(WORDS, VALUES, max_size=6)


@example(False)
@example({"items": [None, {"type": None, "const": None}]})
@settings(max_examples=300, deadline=None)
@given(st.one_of(VALUES, LIKELY, LIKELY))
def test_d1_no_schema_at_all_is_refused(schema: Any):
    converted = in_subset(schema)
    assert not faults(converted), converted
    assert in_subset(converted) == converted
    parameters = parameters_in_subset(tool(schema))
    assert not parameters or not faults(parameters)
