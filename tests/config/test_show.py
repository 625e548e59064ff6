"""There is one language: what config.json means, printed and parsed, is the same tree."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccr.config.keys import BUILT_IN, FALLBACK, PROVIDER, ROOT, ROUTER, Key, Kind
from ccr.config.masking import masked
from ccr.config.read import read_config
from ccr.config.show import as_rules
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.source import SourceFile, Span
from ccr.lang import ast
from ccr.lang.syntax import parse

EXAMPLE = Path(__file__).parents[2] / "examples" / "config.example.json"


def meaning(node: Any) -> Any:
    """A node as plain values: what it says, without places."""
    if isinstance(node, tuple):
        return [meaning(item) for item in node]
    if isinstance(node, msgspec.Struct):
        return (
            type(node).__name__,
            {
                field: meaning(getattr(node, field))
                for field in node.__struct_fields__
                if field not in ("span", "comments")
            },
        )
    return node


def assert_same(text: str) -> ast.File:
    """Printed and parsed it is the transcript, keys but for their names; gives what was parsed."""
    transcript = read_config(SourceFile("config.json", text))
    assert transcript.file is not None, transcript.diagnostics
    printed = as_rules(transcript)
    again, findings = parse(SourceFile("config.ccr", printed))
    assert [each.message for each in findings if each.level is Severity.ERROR] == [], printed
    assert meaning(again) == meaning(masked(transcript.file).file), printed
    return again


# ---- configs made from the table of keys ---------------------------------------------------------------------------------

_ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="$"), min_size=1, max_size=10)
NAMES = st.one_of(
    st.sampled_from(["openrouter", "302.ai", "\u7845\u57fa\u6d41\u52a8", "OpenRouter", "default", "route", "a-b_c", "p1", "and-x", 'q"uote', "back\\slash", "sp ace"]),
    _ANY,
)  # fmt: skip
MODELS = st.one_of(
    st.sampled_from(
        ["qwen2.5-coder:latest", "google/gemini-2.5-pro", "claude[1m]", "4o-mini", "env.X", "a//b", "route", "~x", "@cf/meta", "x/y:free", "true", "Z/glm-4.5", "a,b"]
    ),
    _ANY,
)  # fmt: skip
TARGETS = st.builds("{},{}".format, NAMES, MODELS)
SCALARS = st.one_of(
    st.booleans(),
    st.integers(-5, 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
    _ANY,
    st.sampled_from(["true", "12", "x {y}"]),
    st.none(),
)
ARGUMENT_NAMES = st.one_of(
    st.sampled_from(["max_tokens", "provider", "only", "UseBearer", "a.b", "in", "x-y", "json2"]), _ANY
)
OPTIONS = st.dictionaries(
    ARGUMENT_NAMES,
    st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ARGUMENT_NAMES, inner, max_size=3), max_leaves=6),
    max_size=3,
)  # fmt: skip
USES = st.lists(
    st.one_of(
        st.sampled_from([*sorted(BUILT_IN.values()), "mine"]),
        st.tuples(st.sampled_from([*sorted(BUILT_IN.values()), "mine"]), OPTIONS).map(list),
    ),
    max_size=3,
)
BY_KEY = {
    "name": NAMES,
    "dialect": st.sampled_from(["anthropic", "openai_chat", "gemini"]),
    "auth": st.sampled_from(["key", "client", "none"]),
    "models": st.lists(MODELS, max_size=4),
    "tokenizer": st.sampled_from(["cl100k", "o200k"]),
    "HOST": st.just("127.0.0.1"),
    "transformers": st.sampled_from(
        [[], [{"path": "~/mine.py"}], [{"name": "mine", "path": "C:\\x y.py:Of", "options": {"a": -1}}]]
    ),
    "plugins": st.just([]),
    "$schema": st.just("x"),
    "transformer": st.builds(
        lambda use, models: {"use": use, **{name: {"use": inner} for name, inner in models.items() if name != "use"}},
        USES,
        st.dictionaries(MODELS, USES, max_size=2),
    ),
    "Router": st.fixed_dictionaries(
        {}, optional={name: TARGETS if key.kind is Kind.TEXT else st.integers(1, 10**6) for name, key in ROUTER.items()}
    ),
    "fallback": st.fixed_dictionaries({}, optional={name: st.lists(TARGETS, max_size=2) for name in FALLBACK}),
    "CUSTOM_ROUTER_PATH": st.sampled_from(["~/router.py", "C:\\r.py", "r.js"]),
}
"""What keys hold whose kind alone does not say it."""
_SECRETS = st.sampled_from(["", "sk-1234567890", "$MY_KEY", "${MY_KEY}", "x-$PART"])
BY_KIND: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: _ANY, Kind.WORD: _ANY, Kind.SECRET: _SECRETS, Kind.NUMBER: st.integers(0, 10**7), Kind.FLAG: st.booleans(), Kind.LOG: st.sampled_from([True, False, "full"]),
    Kind.TEXTS: st.lists(_ANY, max_size=3), Kind.SECRETS: st.lists(_SECRETS, max_size=3), Kind.KEYS: _SECRETS | st.lists(_SECRETS, max_size=3), Kind.LIST: st.just([]), Kind.OBJECT: st.just({}), Kind.ANY: st.just({}),
}  # fmt: skip


def _value(key: Key) -> st.SearchStrategy[Any]:
    return BY_KEY.get(key.name, BY_KIND[key.kind])


PROVIDERS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES}, optional={key.name: _value(key) for key in PROVIDER.values() if key.name != "name"}
    ),
    max_size=3,
)
CONFIGS = st.fixed_dictionaries(
    {}, optional={key.name: PROVIDERS if key.name == "Providers" else _value(key) for key in ROOT.values()}
)


@given(CONFIGS)
@settings(max_examples=200, deadline=None)
def test_printed_and_parsed_it_is_the_same_tree(config: Any) -> None:
    assert_same(json.dumps(config, ensure_ascii=False))


def test_the_example_is_the_same_tree() -> None:
    assert len(assert_same(EXAMPLE.read_text(encoding="utf-8")).statements) == 12


@pytest.mark.parametrize("text", ["{}", "// nothing\n{}", '{"Router": {}}'])
def test_an_empty_world_prints_nothing(text: str) -> None:
    assert as_rules(read_config(SourceFile("config.json", text))) == ""
    assert_same(text)


def test_it_reads_like_a_rule_file() -> None:
    config = {
        "APIKEY": "k",
        "Providers": [{"name": "deepseek", "api_key": "sk-1", "models": ["deepseek-chat"], "transformer": {"use": [["maxtoken", {"max_tokens": 8192}]]}}],
        "Router": {"default": "deepseek,deepseek-chat", "background": "ollama,qwen3:4b"},
    }  # fmt: skip
    printed = as_rules(read_config(SourceFile("config.json", json.dumps(config))))
    assert printed == (Path(__file__).parent / "printed.ccr").read_text(encoding="utf-8")


def test_places_do_not_matter_to_meaning() -> None:
    file = SourceFile("x", "abc")
    one, other = ast.Name("a", Span(file, 0, 1)), ast.Name("a", Span(file, 1, 2))
    assert meaning(one) == meaning(other) and one != other


@pytest.mark.parametrize("name", ["\n", "a\nroute x/y", "a\rb", "a\u2028b", "a\x85b", "a\x00b"])
def test_a_name_that_breaks_lines_ends_no_comment(name: str) -> None:
    assert_same(json.dumps({"Providers": [{"name": name, "api_key": "sk-1234567890"}]}))
