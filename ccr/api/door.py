"""The door to `/api` and `/ui`, as plain ASGI: finds the operation, asks the guard, reads the body, answers JSON.

Made when the first such path is called, so that a proxy nobody looks at pays nothing. Resources are collected, not
listed. Every answer carries the protections of `security.py`, and `ETag` the id of the snapshot it was made from.
"""

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, MutableMapping
from typing import Any
from urllib.parse import parse_qsl, unquote

import msgspec
from msgspec import Struct

from ccr.api.events import Events
from ccr.api.hiding import Hiding
from ccr.api.pages import Pages
from ccr.api.parts import Parts
from ccr.api.password import Keeper
from ccr.api.patience import Patience
from ccr.api.refusal import Refused
from ccr.api.resource import Call, Operation, Reply, Resource, Stream, Visit
from ccr.api.security import Guard, first, protections
from ccr.api.shared import Shared
from ccr.messages.request import Headers
from ccr.registry import Registry
from ccr.routing.secret import Secret

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LIMIT = 16 * 1024 * 1024
"""Largest body, bytes: a request that is to be explained may be large."""
PREFIX = "/api"
_JSON = (("content-type", "application/json"), ("cache-control", "no-store"))
_STREAM = (("content-type", "text/event-stream"), ("cache-control", "no-store"), ("x-accel-buffering", "no"))
_BRACE = re.compile(r"\{(\w+)\}")
_log = logging.getLogger("ccr.api")

RESOURCES = Registry("ccr.api.resources", "RESOURCE")


class _Way(Struct, frozen=True, eq=False):
    pattern: re.Pattern[str]
    operation: Operation


class Door:
    """One for a server. `given` is the password of the settings, `clock` in seconds since the epoch."""

    def __init__(
        self, parts: Parts, given: Callable[[], Secret | None], clock: Callable[[], float] = time.time
    ) -> None:
        keeper = Keeper(parts.live.places.home, given, clock)
        self._parts, self._shared = parts, Shared(keeper, Patience(clock), Events(parts), Hiding())
        self._guard = Guard(parts.doors, keeper, lambda: parts.live.current.id)
        self._ways = [_Way(_pattern(each.path), each) for _, each in operations()]
        self._pages = Pages()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        client = (scope.get("client") or ("",))[0]
        try:
            if scope["path"].startswith(PREFIX):
                await self._operate(scope, headers, client, receive, send)
            else:
                secure, safe = scope.get("scheme") == "https", scope["method"] in ("GET", "HEAD")
                self._guard.visit(headers, client, safe=safe, secure=secure)
                await _send_whole(send, *self._pages.answer(scope["method"], scope["path"], headers))
        except Refused as refused:
            await _send_refusal(send, refused)

    async def _operate(self, scope: Scope, headers: Headers, client: str, receive: Receive, send: Send) -> None:
        path, method = scope["path"].removeprefix(PREFIX).rstrip("/"), scope["method"]
        operation, named = self._find(path, method)
        visit = self._guard.enter(operation, headers, client, secure=scope.get("scheme") == "https")
        call = await self._call(operation, named, visit, scope, headers, receive)
        made = await _run(operation, call)
        if isinstance(made, Stream):
            await _send_stream(send, receive, made.pieces)
            return
        reply = made if isinstance(made, Reply) else Reply(made)
        body = msgspec.json.encode(reply.value)
        tag = (("etag", f'"{self._parts.live.current.id}"'),)
        await _send_whole(send, reply.status, body, (*_JSON, *tag, *reply.headers, *protections()))

    def _find(self, path: str, method: str) -> tuple[Operation, Mapping[str, str]]:
        here = [(way.operation, match) for way in self._ways if (match := way.pattern.fullmatch(path))]
        if not here:
            raise Refused(404, "not_found", f"the API has no {PREFIX}{path}; {PREFIX}/openapi.json lists what it has")
        for operation, match in here:
            if operation.method == method:
                return operation, {name: unquote(value) for name, value in match.groupdict().items()}
        methods = ", ".join(operation.method for operation, _ in here)
        refused = Refused(405, "method", f"{PREFIX}{path} takes {methods}")
        refused.headers = (("allow", methods),)
        raise refused

    async def _call(
        self,
        operation: Operation,
        named: Mapping[str, str],
        visit: Visit,
        scope: Scope,
        headers: Headers,
        receive: Receive,
    ) -> Call:
        pairs = dict(parse_qsl(scope.get("query_string", b"").decode("latin-1"), keep_blank_values=True))
        query = _converted(pairs, operation.query, "the query") if operation.query is not None else None
        body = None
        if operation.takes is not None:
            # A form of another page cannot send this type without asking first, and is never allowed to.
            if not first(headers, "content-type").startswith("application/json"):
                raise Refused(415, "type", "send application/json")
            body = _decoded(await _read(receive), operation.takes)
        return Call(self._parts, self._shared, visit, named, query, body)


def operations() -> list[tuple[Resource, Operation]]:
    """All there are, in order of their resources' names."""
    found: list[Resource] = [RESOURCES[name] for name in RESOURCES]
    return [(resource, operation) for resource in found for operation in resource.operations]


def _pattern(path: str) -> re.Pattern[str]:
    return re.compile(_BRACE.sub(r"(?P<\1>[^/]+)", path))


async def _run(operation: Operation, call: Call) -> Any:
    try:
        return await operation.run(call)
    except OSError as error:
        _log.exception("%s %s", operation.method, operation.path)
        raise Refused(500, "disk", f"the disk says no: {error.strerror or error}") from None


# ---- reading ----------------------------------------------------------------------------------------------------------


def _headers(scope: Scope) -> Headers:
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])


async def _read(receive: Receive) -> bytes:
    pieces: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(499, "left", "the client left")
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
        if sum(map(len, pieces)) > LIMIT:
            raise Refused(413, "too_large", f"at most {LIMIT // 1024 // 1024} MiB are taken")
    return b"".join(pieces)


def _decoded(raw: bytes, type_: Any) -> Any:
    try:
        return msgspec.json.decode(raw or b"{}", type=type_)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Refused(400, "invalid", f"the body is not what is taken here: {error}") from None


def _converted(value: Any, type_: Any, what: str) -> Any:
    try:
        return msgspec.convert(value, type_, strict=False)
    except msgspec.ValidationError as error:
        raise Refused(400, "invalid", f"{what} is not what is taken here: {error}") from None


# ---- answering --------------------------------------------------------------------------------------------------------


async def _send_whole(send: Send, status: int, body: bytes, headers: Headers) -> None:
    await _send_head(send, status, (*headers, ("content-length", str(len(body)))))
    await send({"type": "http.response.body", "body": body})


async def _send_head(send: Send, status: int, headers: Headers) -> None:
    encoded = [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": encoded})


async def _send_refusal(send: Send, refused: Refused) -> None:
    said = {"error": {"kind": refused.kind, "message": refused.message, **refused.more}}
    body = msgspec.json.encode(said)
    await _send_whole(send, refused.status, body, (*_JSON, *refused.headers, *protections()))


async def _send_stream(send: Send, receive: Receive, pieces: AsyncIterator[bytes]) -> None:
    """Until the pieces end or the client leaves; what it listened to hears of that by being closed."""
    await _send_head(send, 200, (*_STREAM, *protections()))
    leaving = asyncio.ensure_future(_left(receive))
    sending = asyncio.ensure_future(_send_pieces(send, pieces))
    try:
        await asyncio.wait((leaving, sending), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (leaving, sending):
            task.cancel()
        await asyncio.gather(leaving, sending, return_exceptions=True)


async def _send_pieces(send: Send, pieces: AsyncIterator[bytes]) -> None:
    async for piece in pieces:
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
