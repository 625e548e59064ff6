"""The table of paths: which door a request takes, and what stands before every door.

`POST /v1/messages` is plain ASGI, because everything a person waits for goes through it. The side doors are a Starlette
application, made when the first of them is opened. The client's probes are answered here, without a key, and never
reach a provider (acceptance J4). There is no CORS: a page from elsewhere may not call this proxy.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from msgspec import structs

from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.request import Headers
from ccr.proxy.auth import Caller, admits, identify, is_local
from ccr.proxy.body import Receive
from ccr.proxy.forwarded import believed
from ccr.proxy.respond import Send, send_error, send_whole
from ccr.routing.settings import Settings

Scope = MutableMapping[str, Any]
Asgi = Callable[[Scope, Receive, Send], Awaitable[None]]
Messages = Callable[[Headers, Caller, Receive, Send, str], Awaitable[None]]

MESSAGES = "/v1/messages"
PROBES = ("/", "/api/hello")
EVENTS = "/api/event_logging"
WEB = ("/ui", "/api")
"""Have a guard of their own (`ccr/api/security.py`), which asks for more than a key."""
OPEN = ("/health",)
"""Answered to everybody, in brief."""


class Routes:
    """The application that uvicorn serves. `settings` gives those of the current snapshot."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        messages: Messages,
        side: Callable[[], Asgi],
        web: Callable[[], Asgi],
        new_id: Callable[[], str],
    ) -> None:
        self._settings, self._messages, self._new_id = settings, messages, new_id
        self._make_side, self._make_web = side, web
        self._side: Asgi | None = None
        self._web: Asgi | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if networks := self._settings().forwarded:
            scope = believed(dict(scope), networks)
        path, method = scope["path"].rstrip("/") or "/", scope["method"]
        if path in PROBES and method in ("GET", "HEAD"):
            await send_whole(send, 200, b"" if method == "HEAD" else b'{"service":"ccr"}')
        elif path.startswith(EVENTS):
            await send_whole(send, 200, b"{}")
        elif path in WEB or path.startswith(("/ui/", "/api/")):
            await self._web_door()(scope, receive, send)
        else:
            await self._guarded(path, method, scope, receive, send)

    async def _guarded(self, path: str, method: str, scope: Scope, receive: Receive, send: Send) -> None:
        headers = _headers(scope)
        settings, request_id = self._settings(), self._new_id()
        caller = admits(headers, settings) or identify(headers, settings)
        if isinstance(caller, ApiError) and (path not in OPEN or caller.kind is ErrorKind.PERMISSION):
            await send_error(send, caller, request_id)
        elif path == MESSAGES and method == "POST" and isinstance(caller, Caller):
            local = is_local((scope.get("client") or ("",))[0], headers, settings)
            await self._messages(headers, structs.replace(caller, local=local), receive, send, request_id)
        else:
            scope["state"] = {"caller": caller if isinstance(caller, Caller) else None, "request_id": request_id}
            scope["path"] = path
            await self._side_door()(scope, receive, send)

    def _web_door(self) -> Asgi:
        if self._web is None:
            self._web = self._make_web()
        return self._web

    def _side_door(self) -> Asgi:
        if self._side is None:
            self._side = self._make_side()
        return self._side


def _headers(scope: Scope) -> Headers:
    return tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"])
