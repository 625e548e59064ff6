"""The test bench: a prompt to a target, or to whatever the rules choose, answered as it comes.

It takes the road of a client's request, so what it shows is what a client would get, and it is in the log and in the costs.
A chosen target is a rule above the person's own: what a policy forbids stays forbidden.
"""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import msgspec
from msgspec import Struct

from ccr.api.events import frame
from ccr.api.parts import Parts
from ccr.api.refusal import Refused
from ccr.api.resource import Call, Effect, Operation, Resource, Stream
from ccr.api.told import Told, told
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.source import SourceFile
from ccr.live.projects import with_layers
from ccr.messages.errors import ErrorKind
from ccr.messages.sse import SseDecoder
from ccr.routing.snapshot import Snapshot
from ccr.routing.surroundings import LayerSources
from ccr.routing.workspace import load
from ccr.upstream.advice import mend
from ccr.usage.entry import Entry

NAME = "test bench"
"""What the rule that chooses a target is called in the log."""
MOST = 64_000
"""Tokens of output that can be asked for here."""


class Prompt(Struct, frozen=True):
    """`target`: `provider/model`, or "" to let the rules choose for `model`, the one that is asked for."""

    prompt: str = ""
    target: str = ""
    model: str = "claude-sonnet-4-5"
    system: str = ""
    max_tokens: int = 1024
    temperature: float | None = None


class Piece(Struct, frozen=True):
    """Events `text` and `thinking`: what came."""

    text: str


class Ended(Struct, frozen=True):
    """Event `end`, the last. `told` as in `/status`, null where nothing was sent; `message` and `advice`: what went wrong and
    what to do, "" where nothing did; `stopped`: why the model stopped."""

    told: Told | None
    stopped: str
    message: str
    advice: str


async def _try(call: Call) -> Stream:
    asked: Prompt = call.body
    if not asked.prompt.strip():
        raise Refused(400, "invalid", "write a prompt first")
    if not 0 < asked.max_tokens <= MOST:
        raise Refused(400, "invalid", f"`max_tokens` is between 1 and {MOST}")
    world = await asyncio.to_thread(_world, call.parts, asked.target) if asked.target else None
    return Stream(_Bench(call.parts, _body(asked), world, call.visit.local).pieces())


def _body(asked: Prompt) -> bytes:
    said: dict[str, Any] = {
        "model": asked.target or asked.model,
        "max_tokens": asked.max_tokens,
        "stream": True,
        "messages": [{"role": "user", "content": asked.prompt}],
    }
    said |= {"system": asked.system} if asked.system.strip() else {}
    said |= {"temperature": asked.temperature} if asked.temperature is not None else {}
    return msgspec.json.encode(said)


def _world(parts: Parts, target: str) -> Snapshot:
    """The rules in force below one that leads to the target."""
    running = parts.live.current
    provider, _, model = target.partition("/")
    if not (provider in running.catalog.providers and model and target.isprintable()):
        raise Refused(
            404, "not_found", f"there is no target {target!r}: say provider/model of a provider that is set up"
        )
    rule = SourceFile(NAME, f"route {_quoted(target)}\n")
    assert running.origin is not None and running.surroundings is not None, "a snapshot is made by workspace.load"
    sources = with_layers(running.origin, [LayerSources("session", (rule,))])
    loaded = load(sources, running.surroundings, parts.vocabulary, proofs=False)
    wrong = [each.message for each in loaded.diagnostics if each.level is Severity.ERROR]
    if loaded.snapshot is None:
        raise Refused(400, "invalid", f"{target} cannot be tried: {'; '.join(wrong)}")
    return loaded.snapshot


def _quoted(target: str) -> str:
    return '"' + target.replace("\\", "\\\\").replace('"', '\\"') + '"'


class _Bench:
    """One request in flight: what the proxy sends is taken apart and handed on."""

    def __init__(self, parts: Parts, body: bytes, world: Snapshot | None, local: bool) -> None:
        self._parts, self._body, self._world, self._local = parts, body, world, local
        self._pieces: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._asked, self._left = False, asyncio.Event()
        self._decoder, self._status, self._refusal = SseDecoder(), 0, b""
        self._wrong, self._request_id = "", ""
        self._entries: list[Entry] = []
        self._listener = self._entries.append

    async def pieces(self) -> AsyncIterator[bytes]:
        """Until it has ended; who stops listening ends it."""
        self._parts.heard.append(self._listener)
        running = asyncio.ensure_future(self._run())
        try:
            while (piece := await self._pieces.get()) is not None:
                yield piece
            await running
            yield frame("end", self._ended())
        finally:
            self._left.set()
            await asyncio.wait([running], timeout=5.0)
            running.cancel()
            self._parts.heard.remove(self._listener)

    async def _run(self) -> None:
        try:
            await self._parts.bench(self._world, self._local, self._receive, self._send)
        finally:
            self._pieces.put_nowait(None)

    async def _receive(self) -> MutableMapping[str, Any]:
        if not self._asked:
            self._asked = True
            return {"type": "http.request", "body": self._body, "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            self._request_id = dict(message["headers"]).get(b"request-id", b"").decode("latin-1")
        elif self._status >= 400:
            self._refusal += message.get("body", b"")
        else:
            for each in self._decoder.feed(message.get("body", b"")):
                if each.data:
                    self._hear(each.data)

    def _hear(self, data: bytes) -> None:
        event: Any = msgspec.json.decode(data)
        delta = event.get("delta") or {}
        if event["type"] == "error":
            self._wrong = str(event["error"].get("message", ""))
        elif isinstance(text := delta.get("text"), str):
            self._pieces.put_nowait(frame("text", Piece(text)))
        elif isinstance(thought := delta.get("thinking"), str):
            self._pieces.put_nowait(frame("thinking", Piece(thought)))

    def _ended(self) -> Ended:
        entry = next((each for each in self._entries if each.record.request_id == self._request_id), None)
        message = self._wrong or _message(self._refusal)
        if entry is None:
            return Ended(None, "", message, "")
        return Ended(told(entry), entry.record.stop_reason, message, self._advice(entry) if message else "")

    def _advice(self, entry: Entry) -> str:
        last = entry.record.attempts[-1] if entry.record.attempts else None
        kind = next((each for each in ErrorKind if last is not None and each.value == last.outcome), None)
        provider = self._parts.snapshot.catalog.providers.get(last.target.partition("/")[0]) if last else None
        return mend(kind, provider, last.message) if last and kind and provider else ""


def _message(refusal: bytes) -> str:
    try:
        return str(msgspec.json.decode(refusal)["error"]["message"]) if refusal else ""
    except (msgspec.DecodeError, KeyError, TypeError):
        return refusal.decode("utf-8", "replace")[:500]


RESOURCE = Resource(
    "bench",
    "The test bench: one request, answered as events `text`, `thinking` and at last `end` with tokens, times and cost.",
    (Operation("POST", "/bench", "Send a prompt to a target", _try, Stream, Prompt, effect=Effect.READS),),
)
