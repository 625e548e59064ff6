"""The side doors, as a Starlette application: `/health`, `/v1/models`, `/v1/messages/count_tokens`, `/metrics`.

None of them evaluates a rule, calls a provider or touches its health (acceptance E2). What is not there gets
Anthropic's 404.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from ccr.facts.health import Health
from ccr.live.live import Live
from ccr.messages.errors import ApiError, ErrorKind, envelope, kind_of_status
from ccr.messages.errors import headers as error_headers
from ccr.messages.request import Headers, MessagesRequest
from ccr.proxy.body import ClientLeft, parse, read_body
from ccr.proxy.liveness import health
from ccr.proxy.models import find_model, list_models

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
"""The form of `/metrics`: Prometheus' own, in its documentation under "Exposition formats"."""

Count = Callable[[MessagesRequest], Awaitable[int]]
"""The tokens of a request: the same number as the attribute `tokens` (rulings 1.10)."""


Lately = Callable[[str, str], Mapping[str, Any]]
"""What a person's conversation did lately, by the person's name and the session's id."""


def _nothing(user: str, session: str) -> Mapping[str, Any]:
    return {}


def side_doors(
    live: Live,
    count: Count,
    targets: Callable[[], Health] = Health,
    crew: Callable[[], Mapping[str, Any]] = dict,
    lately: Lately = _nothing,
    metrics: Callable[[], str] = str,
) -> Starlette:
    """The application; `live` gives the current snapshot at each call, `targets` who rests then, `crew` how the workers
    stand, `lately` what the status line shows, `metrics` what Prometheus reads."""

    async def tell_health(request: Request) -> Response:
        return _json(health(live, request.scope["state"]["caller"] is not None, targets(), crew()))

    async def tell_session(request: Request) -> Response:
        caller = request.scope["state"]["caller"]
        return _json({"service": "ccr", **lately(caller.user, request.path_params["session"])})

    async def tell_metrics(_: Request) -> Response:
        return Response(metrics(), media_type=EXPOSITION)

    async def tell_models(_: Request) -> Response:
        return _json(list_models(live.current))

    async def tell_model(request: Request) -> Response:
        identity = request.path_params["identity"]
        found = find_model(live.current, identity)
        return (
            _json(found) if found else _error(request, ApiError(ErrorKind.NOT_FOUND, f"there is no model {identity!r}"))
        )

    async def count_tokens(request: Request) -> Response:
        headers: Headers = tuple(request.headers.items())
        try:
            raw = await read_body(request.receive, headers)
        except ClientLeft:
            return Response(status_code=499)
        parsed = raw if isinstance(raw, ApiError) else parse(raw, headers)
        if isinstance(parsed, ApiError):
            return _error(request, parsed)
        return _json({"input_tokens": await count(parsed)})

    return Starlette(
        routes=[
            Route("/health", tell_health, methods=["GET"]),
            Route("/health/session/{session}", tell_session, methods=["GET"]),
            Route("/metrics", tell_metrics, methods=["GET"]),
            Route("/v1/models", tell_models, methods=["GET"]),
            Route("/v1/models/{identity:path}", tell_model, methods=["GET"]),
            Route("/v1/messages/count_tokens", count_tokens, methods=["POST"]),
        ],
        exception_handlers={HTTPException: _refuse},
    )


async def _refuse(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    said = f"{request.method} {request.url.path}: ccr has POST /v1/messages, POST /v1/messages/count_tokens, GET /v1/models, GET /health, GET /metrics"
    return _error(request, ApiError(kind_of_status(status), said, status=status))


def _json(value: object) -> Response:
    return Response(msgspec.json.encode(value), media_type="application/json")


def _error(request: Request, error: ApiError) -> Response:
    request_id = request.scope["state"]["request_id"]
    said = {"request-id": request_id, **dict(error_headers(error))}
    return Response(envelope(error, request_id), error.http_status, said, media_type="application/json")
