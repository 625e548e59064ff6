"""Acceptance items that no smaller test holds whole: what a person sees when one provider fails and another answers."""

import base64
import json
import time
from pathlib import Path

import pytest

from ccr.cli.terminal import request_line
from ccr.usage.entry import Entry
from tests.fake_upstream import (
    JSON,
    FakeUpstream,
    Pause,
    Reset,
    anthropic_events,
    anthropic_message,
    in_thread,
    openai_message,
    raw,
    stream,
    whole,
)
from tests.running import running, write

OVERLOADED = whole({"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}, 529)
EVENTS = anthropic_events("one", "two")


def provider(name: str, upstream: FakeUpstream, dialect: str = "anthropic", more: str = "") -> str:
    path = "v1/messages" if dialect == "anthropic" else "v1/chat/completions"
    return f'provider {name} {{ url = "{upstream.url}/{path}"; dialect = {dialect}; key = "k-{name}"; {more} }}\n'


def test_each_target_gets_a_request_made_for_it_from_the_original_h5(tmp_path: Path) -> None:
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(64)).decode()
    call = {"type": "tool_use", "id": "toolu_1", "name": "mcp__a.b__read", "input": {"p": 1}}
    messages = [
        {"role": "user", "content": [{"type": "text", "text": "look", "cache_control": {"type": "ephemeral"}}]},
        {"role": "assistant", "content": [{"type": "thinking", "thinking": "hm", "signature": "sig"}, call]},
        {
            "role": "user",
            "content": [
                {"type": "tool_result", "tool_use_id": "toolu_1", "content": "done"},
                {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": png}},
            ],
        },
    ]
    tools = [{"name": "mcp__a.b__read", "description": "reads", "input_schema": {"type": "object"}}]
    with in_thread(OVERLOADED) as first, in_thread(whole(openai_message("hello"))) as second:
        text = provider("a", first) + provider("b", second, "openai_chat")
        write(tmp_path, "rules/1.ccr", f"{text}set retries = 0\nroute a/m or b/n\n")
        with running(tmp_path) as ccr:
            thinking = {"type": "enabled", "budget_tokens": 2000}
            answer = ccr.ask(messages=messages, tools=tools, thinking=thinking, max_tokens=4000)
            assert answer.status == 200 and answer.text == "hello"
            (to_a,), (to_b,) = first.requests, second.requests
            assert to_a.json["messages"] == messages
            said = to_b.body.decode()
            assert "cache_control" not in said and '"thinking"' not in said and "signature" not in said
            assert to_b.headers["authorization"] == "Bearer k-b" and to_b.json["model"] == "n"
            names = {each["function"]["name"] for each in to_b.json["tools"]}
            assert all(
                set(name) <= set(f"{'abcdefghijklmnopqrstuvwxyz'}{'ABCDEFGHIJKLMNOPQRSTUVWXYZ'}0123456789_-")
                for name in names
            )


def test_the_first_answers_again_when_its_quota_is_back_and_not_later_h8(tmp_path: Path) -> None:
    limited = whole(
        {"type": "error", "error": {"type": "rate_limit_error", "message": "quota"}}, 429, (*JSON, ("retry-after", "1"))
    )
    good = whole(anthropic_message("first"))
    with in_thread(limited, good) as first, in_thread(whole(anthropic_message("second"))) as second:
        write(tmp_path, "rules/1.ccr", provider("a", first) + provider("b", second) + "route a/m or b/m\n")
        with running(tmp_path) as ccr:
            assert ccr.ask().headers["x-ccr-target"] == "b/m"
            began = time.monotonic()
            assert ccr.ask("again").headers["x-ccr-target"] == "b/m" and len(first.requests) == 1
            while ccr.ask("and again").headers["x-ccr-target"] == "b/m":
                assert time.monotonic() - began < 3, "it does not come back"
                time.sleep(0.1)
            assert time.monotonic() - began > 0.7 and len(first.requests) == 2


def test_a_fallback_is_said_in_headers_record_and_on_the_terminal_h11(tmp_path: Path) -> None:
    with in_thread(OVERLOADED) as first, in_thread(whole(anthropic_message("second"))) as second:
        rules = provider("a", first) + provider("b", second) + "set retries = 0\nroute a/m or b/m\n"
        write(tmp_path, "rules/1.ccr", rules)
        with running(tmp_path) as ccr:
            answer = ccr.ask()
            record = ccr.record(answer)
    assert answer.headers["x-ccr-target"] == "b/m" and "1.ccr:4" in answer.headers["x-ccr-rule"]
    assert [(each.provider, each.status) for each in record.attempts] == [("a", 529), ("b", 200)]
    assert "after 1 other" in request_line(Entry(0.0, record))


def test_a_pause_in_an_answer_is_measured_by_itself_i3(tmp_path: Path) -> None:
    """A limit to the first content says nothing of pauses after it: thinking may be silent for minutes."""
    pausing = stream(*EVENTS[:3], Pause(1.2), *EVENTS[3:])
    with in_thread(pausing) as upstream:
        write(tmp_path, "rules/1.ccr", provider("a", upstream, more="timeout = 500ms") + "route a/m\n")
        with running(tmp_path) as ccr:
            answer = ccr.ask(stream=True)
    assert answer.status == 200 and answer.text == "onetwo" and answer.events[-1]["type"] == "message_stop"


def test_the_limits_are_separate_and_one_provider_has_its_own_i3(tmp_path: Path) -> None:
    late = stream(Pause(1.5), *EVENTS, head_after=1)
    with in_thread(late) as slow, in_thread(stream(*EVENTS)) as quick:
        rules = provider("slow", slow, more="timeout = 300ms") + provider("quick", quick) + "route slow/m or quick/m\n"
        write(tmp_path, "rules/1.ccr", rules)
        with running(tmp_path) as ccr:
            began = time.monotonic()
            answer = ccr.ask(stream=True)
            assert answer.headers["x-ccr-target"] in ("slow/m", "quick/m") and answer.text == "onetwo"
            assert ccr.record(answer).target == "quick/m" and time.monotonic() - began < 1.4


@pytest.mark.parametrize("break_", [Reset(), b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{"])
def test_one_broken_answer_spoils_nothing_for_the_next_i4(tmp_path: Path, break_: object) -> None:
    with in_thread(raw(break_), whole(anthropic_message("well"))) as upstream:
        write(tmp_path, "rules/1.ccr", provider("a", upstream) + "set retries = 0\nroute a/m\n")
        with running(tmp_path) as ccr:
            assert ccr.ask().status >= 500 or len(upstream.requests) == 2
            for _ in range(3):
                answer = ccr.ask("next")
                assert (answer.status, answer.text) == (200, "well")
            health = json.loads(ccr.send("GET", "/health").body)
            assert health["status"] == "ok" and health["resting"] == []
