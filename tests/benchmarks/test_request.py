"""What one request costs from the client's first byte to its last, without the sockets: counted in calls, not in seconds.

The calls that Python makes in our own files are the same on every machine and on a busy one. A limit here is what was
counted when it was written and a tenth; a change that needs more says why in its commit and raises it. Seconds beside
claude-code-router are measured by `docs/performance.md`'s bench.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

import ccr
from ccr.app import build
from ccr.live.files import read_sources
from ccr.live.live import Live
from ccr.live.paths import places
from ccr.live.surroundings import look
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.upstream import client
from tests.fake_upstream import openai_events, openai_message

OURS = str(Path(ccr.__file__).parent)
CONFIG = {
    "LOG": False,
    "Providers": [
        {
            "name": "up",
            "api_base_url": "http://127.0.0.1:9/v1/chat/completions",
            "api_key": "k",
            "models": ["a", "long"],
        }
    ],
    "Router": {"default": "up,a", "longContext": "up,long", "longContextThreshold": 60_000},
}


class Upstream(httpx.AsyncBaseTransport):
    """A provider in memory. `pieces` are what a read gives."""

    pieces: tuple[bytes, ...] = ()
    kind = b"application/json"

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=[(b"content-type", self.kind)], stream=Body(self.pieces), request=request)


class Body(httpx.AsyncByteStream):
    def __init__(self, pieces: tuple[bytes, ...]) -> None:
        self._pieces = iter(pieces)

    async def read(self) -> bytes:
        return next(self._pieces, b"")

    def close(self) -> None:
        pass


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[dict[str, Any], tuple[bytes, ...]], int]:
    """The calls in our own files that a request makes, once everything that can be kept is kept."""
    monkeypatch.setenv("CCR_HOME", str(tmp_path))
    monkeypatch.setattr(client, "_import_engine", lambda: Upstream)
    (tmp_path / "config.json").write_text(json.dumps(CONFIG))

    def count(body: dict[str, Any], pieces: tuple[bytes, ...]) -> int:
        monkeypatch.setattr(Upstream, "pieces", pieces)
        monkeypatch.setattr(Upstream, "kind", b"text/event-stream" if body.get("stream") else b"application/json")
        return asyncio.run(_counted(json.dumps(body).encode()))

    return count


async def _counted(body: bytes) -> int:
    where, words = places(), vocabulary()
    snapshot = load(read_sources(where), look(where.home, {}), words, proofs=False).snapshot
    assert snapshot is not None
    live = Live(where, words, snapshot, {})
    app = build(live, words, lambda: live.current.settings, lambda entry: None)
    for _ in range(3):
        await _ask(app.asgi, body)
    seen = 0

    def count(frame: Any, event: str, _: object) -> None:
        nonlocal seen
        seen += event == "call" and frame.f_code.co_filename.startswith(OURS)

    sys.setprofile(count)
    try:
        await _ask(app.asgi, body)
    finally:
        sys.setprofile(None)
        await app.close()
    return seen


async def _ask(asgi: Any, body: bytes) -> None:
    left: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    waiting = [{"type": "http.request", "body": body}]
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if waiting:
            return waiting.pop()
        await left
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"x-api-key", b"k"), (b"content-type", b"application/json")]
    scope = {"type": "http", "path": "/v1/messages", "method": "POST", "headers": headers, "client": ("127.0.0.1", 1)}
    await asgi(scope, receive, send)
    left.cancel()
    assert sent[0]["status"] == 200, sent


def small(**more: Any) -> dict[str, Any]:
    return {
        "model": "claude-sonnet-4-5",
        "max_tokens": 1024,
        "messages": [{"role": "user", "content": "Hello"}],
        **more,
    }


def conversation(turns: int) -> dict[str, Any]:
    """Calls and their results, as an agent makes them."""
    messages: list[dict[str, Any]] = [{"role": "user", "content": [{"type": "text", "text": "find the bug"}]}]
    for at in range(turns):
        call = {"type": "tool_use", "id": f"toolu_{at}", "name": "Read", "input": {"path": f"src/{at}.py"}}
        result = {"type": "tool_result", "tool_use_id": f"toolu_{at}", "content": f"line {at} of the file\n" * 200}
        messages += [{"role": "assistant", "content": [call]}, {"role": "user", "content": [result]}]
    tools = [{"name": "Read", "description": "Reads.", "input_schema": {"type": "object", "properties": {}}}]
    return small(messages=messages, tools=tools, stream=True)


SMALL, CHUNK, TURN = 860, 50, 80
"""Calls that a small request, a chunk by itself and a turn of a conversation may make; counted 779, 45 and 72."""

ANSWER = (json.dumps(openai_message("Hello")).encode(),)
EVENTS = tuple(openai_events(*(f"word {at} " for at in range(3))))


def test_a_small_request(calls: Callable[..., int]) -> None:
    counted = calls(small(), ANSWER)
    print(f"\na small request: {counted} calls")
    assert counted < SMALL


def test_a_burst_costs_no_more_than_a_word(calls: Callable[..., int]) -> None:
    """Events that arrive together are taken together, however many they are."""
    few, many = (b"".join(openai_events(*(f"word {at} " for at in range(n)))) for n in (10, 300))
    counted = [calls(small(stream=True), (piece,)) for piece in (few, many)]
    print(f"\na streamed answer at once: {counted[0]} calls for 10 chunks, {counted[1]} for 300")
    assert counted[1] <= counted[0] + 10


def test_a_chunk_that_arrives_alone(calls: Callable[..., int]) -> None:
    few, many = (tuple(openai_events(*(f"word {at} " for at in range(n)))) for n in (10, 110))
    each = (calls(small(stream=True), many) - calls(small(stream=True), few)) / 100
    print(f"\na chunk by itself: {each:.1f} calls")
    assert each < CHUNK


def test_a_turn_of_a_conversation(calls: Callable[..., int]) -> None:
    """What was said before is read again with every request; here is what a turn of it costs."""
    each = (calls(conversation(60), EVENTS) - calls(conversation(10), EVENTS)) / 50
    print(f"\na turn of a conversation: {each:.1f} calls")
    assert each < TURN
