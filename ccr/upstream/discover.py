"""Asks local servers (Ollama, LM Studio, llama.cpp, vLLM) which models they have (amendments S5).

Once before the first load, if something listens there at all, and again in the background when nobody served what was
asked for. What they say is one more source of the Snapshot; a server that is not there costs a refused connection.
"""

import asyncio
import re
import socket
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from ccr.dialects.wire import WireRequest
from ccr.exchange.failure import Failure
from ccr.exchange.steps import Open
from ccr.messages.request import Headers
from ccr.routing.plan import KeyUse
from ccr.routing.settings import Limits
from ccr.upstream.client import Client

PATIENCE = 0.5
"""Seconds a local server is given to say what it has."""
_LISTENS = 0.2
_AGAIN_AFTER = 5.0
"""Seconds between two rounds, however often something is missed."""
_LARGEST = 4 * 1024 * 1024

Endpoints = Mapping[str, str]
"""Provider name to the URL that lists its models."""
Found = Mapping[str, tuple[str, ...]]


def listening(endpoints: Endpoints) -> Endpoints:
    """Those behind which something accepts connections; asked without importing an HTTP client."""
    return {name: url for name, url in endpoints.items() if _accepts(url)}


async def discover(client: Client, endpoints: Endpoints) -> Found:
    """The models of each server that answers in time, newest first."""
    answers = await asyncio.gather(*(_ask(client, name, url) for name, url in endpoints.items()))
    return {name: models for name, models in zip(endpoints, answers, strict=True) if models is not None}


class Discovery:
    """Asks again in the background after `missed` was called, and tells `found` when the answer has changed."""

    def __init__(
        self, client: Client, endpoints: Callable[[], Endpoints], found: Callable[[Found], Awaitable[object]]
    ) -> None:
        self._client, self._endpoints, self._found = client, endpoints, found
        self._wanted = asyncio.Event()

    def missed(self) -> None:
        """Nobody served what was asked for; a server may have something new."""
        self._wanted.set()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            there = await asyncio.to_thread(listening, self._endpoints())
            await self._found(await discover(self._client, there))
            began = time.monotonic()
            await self._wanted.wait()
            await asyncio.sleep(max(0.0, began + _AGAIN_AFTER - time.monotonic()))
            self._wanted.clear()


def _accepts(url: str) -> bool:
    parts = urlsplit(url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=_LISTENS):
            return True
    except OSError:
        return False


async def _ask(client: Client, provider: str, url: str) -> tuple[str, ...] | None:
    try:
        return await asyncio.wait_for(_models(client, provider, url), PATIENCE)
    except TimeoutError:
        return None


async def _models(client: Client, provider: str, url: str) -> tuple[str, ...] | None:
    return await models_at(client, url, KeyUse("none"), Limits(connect=PATIENCE), provider)


async def models_at(
    client: Client, url: str, key: KeyUse, limits: Limits, provider: str = "", headers: Headers = ()
) -> tuple[str, ...] | None:
    """The models that are listed there; None if nothing answers with a list."""
    step = Open(WireRequest(url, b"", headers, method="GET"), key, limits, provider)
    answer = await client.open(step)
    if isinstance(answer, Failure):
        return None
    try:
        body = await _whole(answer)
    finally:
        answer.close()
    return parse_models(body) if answer.status == 200 else None


_ENDPOINT = re.compile(
    r"/(?:chat/completions|completions|messages|responses|api/(?:chat|generate|tags)|models(?:/.*)?)/?$"
)


def listings(url: str) -> tuple[str, ...]:
    """Where a server at this base or endpoint may list its models, the likeliest first."""
    parts = urlsplit(url)
    base = _ENDPOINT.sub("", parts._replace(query="", fragment="").geturl()).rstrip("/")
    origin = parts._replace(path="", query="", fragment="").geturl()
    versioned = re.search(r"/v\d+[a-z]*$", base)
    near = (f"{base}/models",) if versioned else (f"{base}/v1/models", f"{base}/models")
    return tuple(dict.fromkeys((*near, f"{origin}/api/tags")))


async def _whole(answer: Any) -> bytes:
    pieces: list[bytes] = []
    while sum(map(len, pieces)) < _LARGEST:
        piece = await answer.read()
        if isinstance(piece, Failure) or not piece:
            break
        pieces.append(piece)
    return b"".join(pieces)


def parse_models(body: bytes) -> tuple[str, ...] | None:
    """Names from Ollama's `/api/tags` (newest first by `modified_at`) or an OpenAI-shaped list; None if it is neither.

    https://github.com/ollama/ollama/blob/main/docs/api.md#list-local-models, read 2026-11;
    https://platform.openai.com/docs/api-reference/models/list, read 2026-11.
    """
    try:
        said = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    rows = (said.get("models") or said.get("data")) if isinstance(said, dict) else None
    if not isinstance(rows, list):
        return () if isinstance(said, dict) and ("models" in said or "data" in said) else None
    known = [row for row in rows if isinstance(row, dict) and isinstance(row.get("name") or row.get("id"), str)]
    known.sort(key=lambda row: str(row.get("modified_at") or ""), reverse=True)
    return tuple(str(row.get("name") or row["id"]).removeprefix("models/") for row in known)
