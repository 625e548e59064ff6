"""What translating costs: a streamed chunk in each dialect, and a large request.

Held as ratios to work of the same size measured in the same run (decoding the same bytes as JSON), so that a slow machine does
not fail them; the figures are printed (`pytest -s`). The aims are 6 µs a chunk and 2 ms for 400 KB on the machine the design
was measured on.
"""

import gc
import json
import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from ccr.dialects.builtin.anthropic import DIALECT as ANTHROPIC
from ccr.dialects.builtin.gemini import DIALECT as GEMINI
from ccr.dialects.builtin.ollama import DIALECT as OLLAMA
from ccr.dialects.builtin.openai_chat import DIALECT as CHAT
from ccr.dialects.builtin.openai_responses import DIALECT as RESPONSES
from ccr.dialects.dialect import Dialect, Speech
from ccr.dialects.framing import framing_of
from ccr.dialects.profile import resolve
from ccr.messages.encode import EventEncoder
from ccr.messages.order import OrderGuard
from ccr.messages.request import MessagesRequest
from tests.fake_upstream import sse

CHUNKS = 2_000
WORDS = "some words "
ASKED = MessagesRequest({"model": "claude-opus-5-5", "stream": True, "messages": [], "tools": []}, b"{}")


def _chat(text: str) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    return sse(
        {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}, named=False
    )


def _responses(text: str) -> bytes:
    return sse(
        {"type": "response.output_text.delta", "item_id": "m0", "output_index": 0, "content_index": 0, "delta": text}
    )


def _gemini(text: str) -> bytes:
    content = {"role": "model", "parts": [{"text": text}]}
    usage = {"promptTokenCount": 9, "candidatesTokenCount": 9, "totalTokenCount": 18}
    return sse(
        {"candidates": [{"content": content, "index": 0}], "usageMetadata": usage, "modelVersion": "m"}, named=False
    )


def _ollama(text: str) -> bytes:
    return json.dumps({"model": "m", "message": {"role": "assistant", "content": text}, "done": False}).encode() + b"\n"


def _best(work: Callable[[], Any], times: int = 5) -> float:
    """Seconds of the quickest run, without the collector's pauses."""
    quickest = float("inf")
    gc.disable()
    try:
        for _ in range(times):
            began = time.perf_counter()
            work()
            quickest = min(quickest, time.perf_counter() - began)
    finally:
        gc.enable()
    return quickest


@pytest.mark.parametrize(
    ("dialect", "chunk", "most"),
    [(CHAT, _chat, 16), (RESPONSES, _responses, 32), (GEMINI, _gemini, 20), (OLLAMA, _ollama, 18)],
    ids=lambda each: getattr(each, "name", ""),
)
def test_a_streamed_chunk_costs_a_few_times_its_json(
    dialect: Dialect, chunk: Callable[[str], bytes], most: int
) -> None:
    pieces = [chunk(f"{WORDS}{at} ") for at in range(CHUNKS)]
    plain = [piece.rstrip().rpartition(b"data: ")[2] for piece in pieces]
    profile = resolve({})

    def translate() -> int:
        frames = framing_of(dialect, profile).decoder(None)
        decoder = dialect.stream_decoder(ASKED, Speech("https://p.example", "m", profile, "s"))
        guard, encoder, written = OrderGuard(), EventEncoder("claude-opus-5-5", "req_1"), 0
        for piece in pieces:
            for frame in frames.feed(piece):
                written += len(encoder.feed(guard.feed(decoder.feed(frame))))
        return written

    def read() -> None:
        for piece in plain:
            msgspec.json.decode(piece)

    assert translate() > CHUNKS * len(WORDS)
    each, floor = _best(translate) / CHUNKS, _best(read) / CHUNKS
    print(f"\n{dialect.name}: {each * 1e6:.1f} µs a chunk ({each / floor:.1f} times decoding its JSON)")
    assert each < most * floor


def _large() -> MessagesRequest:
    """A long session as Claude Code sends it: 30 tools, 300 messages, some 400 KB."""
    properties = {f"option_{at}": {"type": "string", "description": "what it is for " * 5} for at in range(6)}
    schema = {"type": "object", "properties": properties, "required": ["option_0"]}
    tools = [{"name": f"Tool{at}", "description": "how it is used " * 40, "input_schema": schema} for at in range(30)]
    messages: list[dict[str, Any]] = [{"role": "user", "content": [{"type": "text", "text": "please " * 100}]}]
    for at in range(150):
        call = {"type": "tool_use", "id": f"toolu_{at}", "name": "Tool1", "input": {"option_0": "x" * 300}}
        result = {
            "type": "tool_result",
            "tool_use_id": f"toolu_{at}",
            "content": [{"type": "text", "text": "a line of code\n" * 90}],
        }
        messages += (
            {"role": "assistant", "content": [{"type": "text", "text": "so " * 100}, call]},
            {"role": "user", "content": [result]},
        )
    body = {
        "model": "claude-opus-5-5", "max_tokens": 32_000, "stream": True, "system": [{"type": "text", "text": "rules " * 3_000}],
        "thinking": {"type": "adaptive"}, "output_config": {"effort": "max"}, "tools": tools, "messages": messages,
    }  # fmt: skip
    return MessagesRequest(body, json.dumps(body).encode())


@pytest.mark.parametrize(
    ("dialect", "most"),
    [(CHAT, 10), (RESPONSES, 12), (GEMINI, 12), (OLLAMA, 11), (ANTHROPIC, 6)],
    ids=lambda each: getattr(each, "name", ""),
)
def test_a_request_of_400_kb_costs_a_few_times_its_json(dialect: Dialect, most: int) -> None:
    request = _large()
    assert 350_000 < len(request.raw) < 500_000
    quirks = "thinkingLevel" if dialect is GEMINI else "reasoning_effort"
    speech = Speech("https://p.example/v1", "m", resolve({"reasoning_request": quirks}), "s")
    assert len(dialect.encode_request(request, speech).body) > 300_000
    whole = _best(lambda: dialect.encode_request(request, speech), 15)
    floor = _best(lambda: msgspec.json.decode(request.raw), 15)
    print(
        f"\n{dialect.name}: {whole * 1e3:.2f} ms for {len(request.raw) // 1000} KB ({whole / floor:.1f} times decoding it)"
    )
    assert whole < most * floor
