"""The status line: themes, variables and colours, as values."""

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccr.launcher.statusline import LATELY, OWN, TEXTS, line, needs, theme, variables

CLIENT: dict[str, Any] = {
    "session_id": "one",
    "model": {"id": "claude-opus-5-5", "display_name": "Opus 5.5"},
    "workspace": {"current_dir": "/home/me/work/ccr", "project_dir": "/home/me/work/ccr"},
    "version": "2.1.330",
    "cost": {"total_cost_usd": 9.5, "total_duration_ms": 3_723_000, "total_lines_added": 12, "total_lines_removed": 30},
    "context_window": {
        "context_window_size": 200_000, "total_input_tokens": 1_250_000, "total_output_tokens": 900,
        "current_usage": {"input_tokens": 1000, "cache_read_input_tokens": 49_000, "output_tokens": 420},
    },
}  # fmt: skip
TOLD = {"target": "openrouter/z-ai/glm-4.6", "rule": "rules/10.ccr:3", "cost": 0.127, "saved": 1.5, "input": 68_400,
        "output": 512, "first_byte": 0.84, "speed": 71.6}  # fmt: skip


def shown(said: dict[str, Any] | None = None, lately: dict[str, Any] = TOLD, client: dict[str, Any] = CLIENT) -> str:
    return line(theme(said), variables(client, lately, "main"), {}, colour=False)


def one(kind: str, **more: Any) -> dict[str, Any]:
    return {"default": {"modules": [{"type": kind, **more}]}}


def test_our_own() -> None:
    assert shown() == "ccr  main  openrouter/z-ai/glm-4.6  rules/10.ccr:3  34% of 200k  $0.13  saved $1.50"


def test_without_a_proxy_claude_codes_own_words() -> None:
    assert shown(lately={}) == "ccr  main  25% of 200k  $9.50"
    assert shown(lately={}, client={}) == "main"


@pytest.mark.parametrize(
    ("kind", "text"),
    [("workDir", "ccr"), ("model", "z-ai/glm-4.6"), ("usage", "68k → 512"), ("context", "34% of 200k"), ("speed", "72 t/s"),
     ("cost", "$0.13"), ("duration", "1h02m"), ("lines", "+12 -30"), ("gitBranch", "main"), ("saved", "saved $1.50")],
)  # fmt: skip
def test_each_type(kind: str, text: str) -> None:
    assert shown(one(kind)) == text
    assert shown(one(kind, icon="*", text="")) == f"* {text}"


@pytest.mark.parametrize(
    ("name", "value"),
    [("version", "2.1.330"), ("sessionId", "one"), ("netLines", "-18"), ("timeToFirstToken", "0.8 s"),
     ("totalInputTokens", "1.2M"), ("totalOutputTokens", "900"), ("inputTokens", "68k")],
)  # fmt: skip
def test_each_variable(name: str, value: str) -> None:
    assert shown(one("usage", text=f"<{{{{{name}}}}}>")) == f"<{value}>"


def test_what_is_not_known_is_not_shown() -> None:
    assert shown(one("rule"), lately={}) == ""
    assert shown(one("lines"), client={}) == ""
    assert shown(one("usage", text="{{nonsense}}")) == ""
    assert shown(one("context"), lately={}, client={"context_window": {"context_window_size": 1_000_000}}) == ""
    assert shown(one("usage", text="just words")) == "just words"


def test_colours() -> None:
    said = one("workDir", color="#ff8000") | {"currentStyle": "default"}
    known = variables(CLIENT, TOLD)
    assert line(theme(said), known, {}) == "\x1b[38;2;255;128;0mccr\x1b[0m"
    assert line(theme(one("workDir", color="bright_blue", background="bg_red")), known, {}) == "\x1b[94;41mccr\x1b[0m"
    assert line(theme(one("workDir", color="no colour")), known, {}) == "ccr"


def test_powerline() -> None:
    modules = [
        {"type": "workDir", "color": "white", "background": "bg_blue"},
        {"type": "cost", "background": "#102030"},
    ]
    said = {"currentStyle": "powerline", "powerline": {"modules": modules}}
    text = line(theme(said), variables(CLIENT, TOLD), {})
    assert text == (
        "\x1b[37;44m ccr \x1b[0m\x1b[34;48;2;16;32;48m\ue0b0\x1b[0m"
        "\x1b[37;48;2;16;32;48m $0.13 \x1b[0m\x1b[38;2;16;32;48m\ue0b0\x1b[0m"
    )
    assert line(theme(said), variables(CLIENT, TOLD), {}, colour=False) == "ccr  $0.13"


def test_only_what_is_shown_is_asked_for() -> None:
    assert needs(theme(one("workDir"))) & LATELY == set()
    assert needs(theme(one("cost"))) == {"cost"}
    assert needs(theme(one("script", scriptPath="/x.js"))) >= LATELY
    assert all(names for names in (re.findall(r"\{\{(\w+)", text) for text in TEXTS.values()))


def test_a_script_says_it() -> None:
    said = {"modules": [{"type": "script", "scriptPath": "/x", "icon": "!"}]}
    assert line(theme({"default": said}), {}, {"/x": "hello\nyou"}, colour=False) == "! hello you"
    assert line(theme({"default": said}), {}, {"/x": ""}, colour=False) == ""


KEYS = ["default", "powerline", "modules", "currentStyle", "type", "text", "color", "cost", "model", "context_window",
        "current_usage", "workspace", "cwd", "current_dir", "used_percentage", "total_cost_usd"]  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda more: st.lists(more, max_size=3) | st.dictionaries(st.sampled_from(KEYS), more, max_size=3),
    max_leaves=10,
)


@settings(max_examples=60)
@given(
    st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4), st.dictionaries(st.sampled_from(KEYS), JSON, max_size=4)
)
def test_nothing_that_is_told_makes_it_fail(said: dict[str, Any], client: dict[str, Any]) -> None:
    assert isinstance(line(theme(said), variables(client, {}), {}), str)
    assert theme(None) is OWN
