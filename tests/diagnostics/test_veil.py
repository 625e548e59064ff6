"""What findings show of a rule file holds no key, and stands where it stood."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccr.diagnostics.render_json import to_json
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.diagnostics.veil import veil
from ccr.routing.surroundings import LayerSources, Sources, Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('provider a { key = "abc"; url = "http://h" }', 'provider a { key = "***"; url = "http://h" }'),
        ('keys = ["ab", env.C, "$D",\n  "efg"]; x = 1', 'keys = ["**", env.C, "$D",\n  "***"]; x = 1'),
        ("key = 12ab }", "key = **** }"),
        ('key="ab\nx = "c"', 'key="**\nx = "c"'),
        ('use customparams(api_key = "a b", top = "k")', 'use customparams(api_key = "***", top = "k")'),
        ('set header.authorization = "Bearer x"', 'set header.authorization = "********"'),
        ('url = "http://me:pw@h/v1?api_key=abc&x=1"', 'url = "http://*****@h/v1?api_key=***&x=1"'),
        ('kye = "sk-or-0123456789"', 'kye = "****************"'),
        ('kye = "12ab34cd"; ky = [abcdef, env.C]', 'kye = "********"; ky = [******, env.C]'),
        ('api-ky = "plain-words"', 'api-ky = "***********"'),
        ('kye = "no"; let hey = small', 'kye = "no"; let hey = small'),
        ('cle = "gsk_0a1B2c3D4e5F6g7H8i9J"', 'cle = "gsk_********************"'),
        ('cle = "AIzaSyD0a1B2c3D4e5F6g7H8i9J0"', 'cle = "****************************"'),
        (
            'models = [Qwen3-Coder-480B-A35B-Instruct, "claude-sonnet-4-5-20250929", accounts/fireworks/models/deepseek-v3p1]',
            'models = [Qwen3-Coder-480B-A35B-Instruct, "claude-sonnet-4-5-20250929", accounts/fireworks/models/deepseek-v3p1]',
        ),
        ('export A_API_KEY=…; key = "…"', 'export A_API_KEY=…; key = "…"'),
        ("expect a/b for { tokens = 2k, last.tokens = 3 }", "expect a/b for { tokens = 2k, last.tokens = 3 }"),
        ('when header.x-key == "team" route a/b', 'when header.x-key == "team" route a/b'),
        ("set max_tokens = 16k; set effort = low", "set max_tokens = 16k; set effort = low"),
    ],
)
def test_keys_are_stars(text: str, expected: str) -> None:
    assert veil(text) == expected


@given(st.text(alphabet='key=api_token."[]{}\\\n sk-$env:/@?&', max_size=60))
def test_all_else_stands_where_it_stood(text: str) -> None:
    shown = veil(text)
    assert len(shown) == len(text)
    assert [at for at, char in enumerate(shown) if char == "\n"] == [at for at, char in enumerate(text) if char == "\n"]


def test_a_large_file_takes_milliseconds() -> None:
    began = time.perf_counter()
    veil('key = "' + "a" * 50_000 + "= " * 50_000)
    assert time.perf_counter() - began < 2


SECRET = "s3cret-0123456789"


@pytest.mark.parametrize(
    "text",
    [
        f'provider a {{ key = "{SECRET}"; ulr = "x" }}',
        f'provider a {{ keys = ["{SECRET}"] url = "x" }}',
        f'provider a {{ key: "{SECRET}" }}',
        f'provider a {{ api_key = "{SECRET}" }}',
        f'provider a {{ url = "https://me:{SECRET}@h/v1?key={SECRET}"; dialect = foo }}',
        f'provider a {{ url = "http://h"; dialect = anthropic; set header.authorization = "Bearer {SECRET}" }}',
        f'user bob {{ key = "{SECRET}"; kex = 1 }}',
        f'server {{ key = "{SECRET}" port = 1 }}',
        f'server {{ key = "{SECRET}", port = 1 }}',
        f"server {{ key = {SECRET} }}",
        f'provider a {{ key == "{SECRET}" }}',
        f'provider a {{ key "{SECRET}" }}',
        f'provider a {{ keys: ["{SECRET}"] }}',
        'provider a { key = "' + SECRET,
    ],
)
def test_no_finding_shows_a_key(text: str) -> None:
    file = SourceFile("10.ccr", text + "\n")
    found = load(Sources((LayerSources("user", (file,)),)), Surroundings(), vocabulary()).diagnostics
    assert found
    for shown in (render(found), render(found, form="concise"), str(to_json([*found], [file]))):
        assert SECRET not in shown
