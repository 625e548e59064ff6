"""Changes to a config.json: what was meant is there afterwards, and nothing else has moved."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccr.config.edit import NotEdited, append, find, put, read, take
from ccr.config.json5 import Node, Table
from ccr.diagnostics.source import SourceFile

CONFIG = """\
{
  // mine
  "PORT": 3456, // the usual
  Router: {
    "default": "deepseek,deepseek-chat",
    "think": "deepseek,deepseek-reasoner" // slow
  },
  "Providers": [
    {"name": "deepseek", "api_key": "$DEEPSEEK_API_KEY", "models": ["deepseek-chat"]},
  ],
}
"""


def file(text: str) -> SourceFile:
    return SourceFile("config.json", text)


def plain(node: Node) -> Any:
    match node.value:
        case Table(pairs):
            return {pair.key: plain(pair.node) for pair in pairs}
        case tuple(items):
            return [plain(item) for item in items]
        case value:
            return value


@pytest.mark.parametrize(
    ("path", "value", "before", "after"),
    [
        (["Router", "default"], "a,b", '"deepseek,deepseek-chat"', '"a,b"'),
        (["router", "THINK"], "a,b", '"deepseek,deepseek-reasoner"', '"a,b"'),
        (["PORT"], 1, "3456,", "1,"),
        (["Providers", 0, "models"], ["x", "y"], '["deepseek-chat"]', '[\n      "x",\n      "y"\n    ]'),
        (["Router", "image"], "a,b", "reasoner\" // slow\n", 'reasoner", // slow\n    "image": "a,b"\n'),
        (["LOG"], True, "  ],\n}", '  ],\n  "LOG": true\n}'),
        (["Providers", 0, "auth"], "key", '["deepseek-chat"]', '["deepseek-chat"], "auth": "key"'),
        (["fallback", "think"], ["a,b"], "  ],\n}", '  ],\n  "fallback": {\n    "think": [\n      "a,b"\n    ]\n  }\n}'),
    ],
)  # fmt: skip
def test_only_that_place_changes(path: list[Any], value: Any, before: str, after: str) -> None:
    text = put(file(CONFIG), path, value)
    assert text == CONFIG.replace(before, after)
    assert plain(find(read(file(text)), path)) == value  # type: ignore[arg-type]


def test_one_more_provider() -> None:
    text = append(file(CONFIG), ["Providers"], {"name": "up"})
    assert text == CONFIG.replace('"]},\n', '"]},\n    {\n      "name": "up"\n    }\n')
    assert plain(find(read(file(append(file("{}"), ["Providers"], 1))), ["Providers"])) == [1]  # type: ignore[arg-type]


def test_into_what_is_empty() -> None:
    assert put(file("{}"), ["Router", "default"], "a,b") == '{\n  "Router": {\n    "default": "a,b"\n  }\n}'
    assert put(file('{"a": {}}'), ["a", "b"], 1) == '{"a": {\n  "b": 1\n}}'
    assert put(file("{\r\n  a: 1\r\n}"), ["b"], 2) == '{\r\n  a: 1,\r\n  "b": 2\r\n}'


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (["Router", "default"], '    "default": "deepseek,deepseek-chat",\n', ""),
        (["Router", "think"], 'chat",\n    "think": "deepseek,deepseek-reasoner" // slow\n', 'chat"\n'),
        (
            ["Providers", 0],
            '    {"name": "deepseek", "api_key": "$DEEPSEEK_API_KEY", "models": ["deepseek-chat"]},\n',
            "",
        ),
        (["Providers", 0, "name"], '"name": "deepseek", ', ""),
        (["Providers", 0, "models"], ', "models": ["deepseek-chat"]', ""),
        (["PORT"], '  "PORT": 3456, // the usual\n', ""),
        (["nothing"], "", ""),
    ],
)
def test_what_is_taken_out(path: list[Any], before: str, after: str) -> None:
    assert take(file(CONFIG), path) == CONFIG.replace(before, after)


@pytest.mark.parametrize(
    ("text", "path"), [("{broken", ["a"]), ("[]", ["a"]), ('{"a": 1}', ["a", "b"]), ('{"a": []}', ["a", 3])]
)
def test_what_cannot_be_changed_is_said(text: str, path: list[Any]) -> None:
    with pytest.raises(NotEdited):
        put(file(text), path, 1)


KEYS = st.text('abc_É"\\', min_size=1, max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda more: st.lists(more, max_size=3) | st.dictionaries(KEYS, more, max_size=3),
    max_leaves=8,
)


def same(one: str) -> str:
    return one.replace("_", "").lower()


@given(st.dictionaries(KEYS, VALUES, max_size=4), KEYS, VALUES, st.sampled_from([None, 2, "\t"]))
def test_any_value_at_any_key(said: dict[str, Any], key: str, value: Any, indent: Any) -> None:
    text = put(file(json.dumps(said, indent=indent, ensure_ascii=False)), [key], value)
    now = plain(read(file(text)))
    alike = [each for each in said if same(each) == same(key)]
    held = key if key in said else alike[-1] if alike else key
    assert now == {**said, held: value}
    assert plain(read(file(take(file(text), [key])))) == {name: each for name, each in now.items() if name != held}
