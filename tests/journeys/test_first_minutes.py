"""The first prompt of six people is answered without a rule file (design: first minutes; amendments S1, S4, S5, S7)."""

import json
from pathlib import Path

import pytest

from tests.fake_upstream import (
    Received,
    Script,
    anthropic_events,
    anthropic_message,
    in_thread,
    ollama_message,
    openai_message,
    stream,
    whole,
)
from tests.running import moved, running, write


def test_with_one_openrouter_key(tmp_path: Path) -> None:
    """A provider that knows the model by a spelling of its own serves it under that."""
    with in_thread(stream(*anthropic_events("Hi", " there"))) as upstream:
        words = moved(openrouter=f"{upstream.url}/api")
        with running(tmp_path, words=words, variables={"OPENROUTER_API_KEY": "or-key"}) as ccr:
            answer = ccr.ask(stream=True)
    sent = upstream.requests[-1]
    assert answer.status == 200
    assert answer.text == "Hi there"
    assert sent.path.startswith("/api/v1/messages")
    assert sent.json["model"] == "anthropic/claude-opus-5.5"
    assert sent.headers["authorization"] == "Bearer or-key"


OLLAMA_TAGS = {
    "models": [
        {"name": "qwen3-coder:30b", "modified_at": "2026-11-01T00:00:00Z"},
        {"name": "llama3.2:3b", "modified_at": "2026-01-01T00:00:00Z"},
    ]
}


def _ollama(received: Received) -> Script:
    return whole(OLLAMA_TAGS) if received.path == "/api/tags" else whole(ollama_message("from home"))


def test_with_only_ollama_a_line_to_paste_is_told(tmp_path: Path) -> None:
    """Nothing says where claude-opus-5-5 goes; the client shows the text of a 403, so that is what it gets (S4)."""
    with in_thread(choose=_ollama) as ollama:
        with running(tmp_path, words=moved(ollama=ollama.url)) as ccr:
            answer = ccr.ask()
    said = answer.json["error"]
    assert answer.status == 403
    assert answer.headers["x-should-retry"] == "false"
    assert said["type"] == "permission_error"
    assert "claude-opus-5-5" in said["message"]
    assert "default route ollama/qwen3-coder:30b" in said["message"]


@pytest.mark.parametrize("written", ["ollama/qwen", "ollama/qwen3-coder:30b", "ollama/llama3.2"])
def test_with_only_ollama_that_line_works(tmp_path: Path, written: str) -> None:
    """A short name means the installed model that begins with it (S5)."""
    write(tmp_path, "rules/10-routes.ccr", f"default route {written}\n")
    with in_thread(choose=_ollama) as ollama:
        with running(tmp_path, words=moved(ollama=ollama.url)) as ccr:
            answer = ccr.ask()
    sent = next(each for each in ollama.requests if each.path == "/api/chat")
    assert (answer.status, answer.text) == (200, "from home")
    assert sent.json["model"] == ("llama3.2:3b" if "3.2" in written else "qwen3-coder:30b")


def test_with_only_ollama_nothing_is_cut_in_silence(tmp_path: Path) -> None:
    """E9: the window asked for holds the prompt, stays for the session, and what does not fit would be refused."""
    write(tmp_path, "rules/10-routes.ccr", "default route ollama/qwen\n")
    with in_thread(choose=_ollama) as ollama:
        with running(tmp_path, words=moved(ollama=ollama.url)) as ccr:
            session = {"x-claude-code-session-id": "8d5f2a7e-0000-4000-8000-000000000001"}
            for prompt in ("hello", "word " * 20_000, "hello"):
                ccr.record(ccr.ask(prompt, headers=session))
    asked = [each.json for each in ollama.requests if each.path == "/api/chat"]
    assert [each["options"]["num_ctx"] for each in asked] == [16_384, 65_536, 65_536]
    assert not any(each["truncate"] or each["shift"] for each in asked)


def test_with_a_config_json(tmp_path: Path) -> None:
    """claude-code-router's file works unchanged: Router, and `/model provider,model`."""
    with in_thread(whole(openai_message("as configured"))) as upstream:
        config = {
            "APIKEY": "",
            "API_TIMEOUT_MS": "600000",
            "Providers": [
                {
                    "name": "deepseek",
                    "api_base_url": f"{upstream.url}/chat/completions",
                    "api_key": "sk-xxx",
                    "models": ["deepseek-chat", "deepseek-reasoner"],
                    "transformer": {"use": ["deepseek"], "deepseek-chat": {"use": ["tooluse"]}},
                }
            ],
            "Router": {"default": "deepseek,deepseek-chat", "background": "deepseek,deepseek-reasoner"},
        }
        path = write(tmp_path, "config.json", json.dumps(config))
        before = path.read_bytes()
        with running(tmp_path) as ccr:
            answer = ccr.ask()
            ccr.ask(model="claude-haiku-4-5-20251001")
            ccr.ask(model="deepseek,deepseek-reasoner")
    assert (answer.status, answer.text) == (200, "as configured")
    models = [each.json["model"] for each in upstream.requests]
    assert models == ["deepseek-chat", "deepseek-reasoner", "deepseek-reasoner"]
    assert upstream.requests[0].headers["authorization"] == "Bearer sk-xxx"
    assert path.read_bytes() == before


def test_with_a_claude_login(tmp_path: Path) -> None:
    """No key anywhere; the client's own login goes to Anthropic, and only there (S7, rulings 1.4)."""
    login = {
        "authorization": "Bearer sk-ant-oat01-of-the-person",
        "anthropic-version": "2023-06-01",
        "anthropic-beta": "oauth-2025-04-20,claude-code-20250219",
        "user-agent": "claude-cli/2.1.330 (external, cli)",
        "x-app": "cli",
    }
    write(tmp_path, "rules/10.ccr", "when model ~ haiku route ollama/qwen\n")
    with in_thread(stream(*anthropic_events("hello", " you"))) as anthropic:
        with in_thread(choose=_ollama) as ollama:
            words = moved(anthropic=anthropic.url, ollama=ollama.url)
            with running(tmp_path, words=words) as ccr:
                answer = ccr.ask(headers=login, stream=True)
                small = ccr.ask(headers=login, model="claude-haiku-5-5")
    sent = anthropic.requests[0]
    assert answer.text == "hello you"
    assert sent.path.startswith("/v1/messages")
    assert {name: sent.headers.get(name) for name in login} == login
    assert "x-api-key" not in sent.headers
    assert small.text == "from home"
    assert len(anthropic.requests) == 1
    assert "sk-ant-oat01" not in str([each.headers for each in ollama.requests])


def test_with_nothing_at_all_the_demo_answers(tmp_path: Path) -> None:
    """A dummy token is nobody's login, so it is sent nowhere (rulings 1.4)."""
    with in_thread(whole(anthropic_message("never"))) as anthropic:
        with running(tmp_path, words=moved(anthropic=anthropic.url)) as ccr:
            whole_answer = ccr.ask(headers={"authorization": "Bearer test"})
            streamed = ccr.ask(headers={"authorization": "Bearer test"}, stream=True)
    for answer in (whole_answer, streamed):
        assert answer.status == 200
        assert "no provider is set up yet" in answer.text
        assert "ccr key set" in answer.text and "default route PROVIDER/MODEL" in answer.text
    assert anthropic.requests == []


def test_a_default_of_ones_own_leaves_slash_model_working(tmp_path: Path) -> None:
    """S1: the shipped layer serves an explicit name also for a person whose whole file is one default."""
    write(tmp_path, "rules/10.ccr", "default route deepseek/deepseek-chat\n")
    with in_thread(whole(anthropic_message("router"))) as openrouter:
        with in_thread(whole(anthropic_message("seek"))) as deepseek:
            words = moved(openrouter=openrouter.url, deepseek=deepseek.url)
            keys = {"OPENROUTER_API_KEY": "a", "DEEPSEEK_API_KEY": "b"}
            with running(tmp_path, words=words, variables=keys) as ccr:
                named = ccr.ask(model="openrouter,anthropic/claude-3.5-sonnet")
                plain = ccr.ask()
    assert (named.text, plain.text) == ("router", "seek")
    assert openrouter.requests[0].json["model"] == "anthropic/claude-3.5-sonnet"
