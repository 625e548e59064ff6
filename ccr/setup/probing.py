"""What stands at an address: which models it lists, and which way of speaking it answers to, by small real requests.

Nothing is written: the ways are tried as providers of a world of their own. A refusal of the key is an answer, too: it
says that somebody there understood.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct, structs

from ccr.diagnostics.source import SourceFile
from ccr.facts.facts import Facts
from ccr.live.provider_blocks import block
from ccr.messages.errors import ErrorKind
from ccr.messages.request import Headers
from ccr.routing.catalog import ConfiguredProvider
from ccr.routing.plan import Attempts, KeyUse, Plan
from ccr.routing.secret import Secret
from ccr.routing.settings import Limits
from ccr.routing.snapshot import Snapshot
from ccr.routing.surroundings import LayerSources, Sources, Surroundings
from ccr.routing.vocabulary import Vocabulary
from ccr.routing.workspace import load
from ccr.upstream.client import Client
from ccr.upstream.discover import listings, models_at
from ccr.upstream.probe import probe
from ccr.upstream.tried import as_json

WAYS = ("openai_chat", "anthropic", "openai_responses", "gemini", "ollama")
"""In the order in which they are tried where the address says nothing."""
PATIENCE = 20.0
"""Seconds for one way of speaking."""
_LISTING = Limits(connect=5.0, first_byte=5.0, idle=5.0)
_VARIABLE = "CCR_PROBED_KEY"
_PATHS = (("/messages", "anthropic"), ("/responses", "openai_responses"), ("/api/chat", "ollama"))
"""How addresses end that are those of one way of speaking."""
_UNDERSTOOD = frozenset(
    each.value for each in (ErrorKind.AUTHENTICATION, ErrorKind.PERMISSION, ErrorKind.BILLING, ErrorKind.RATE_LIMITED)
)
_VERSION: Headers = (("anthropic-version", "2023-06-01"),)

Ask = Callable[[Snapshot, ConfiguredProvider, str], Awaitable[tuple[Plan, Facts]]]
"""The plan of a small request to this model of this provider."""


class Way(Struct, frozen=True):
    """One way that was tried, as `tried.as_json` tells it."""

    dialect: str
    told: dict[str, Any]


class Found(Struct, frozen=True):
    """`dialect`: the one it answers to, None if none was found; `model` the one that was asked for."""

    models: tuple[str, ...]
    model: str
    dialect: str | None
    ways: tuple[Way, ...]


async def models_there(client: Client, url: str, key: Secret | None) -> tuple[str, ...]:
    """What an address lists, whichever way its key is shown; empty if it does not tell."""
    shown = [KeyUse(scheme, key) for scheme in ("bearer", "x-api-key", "x-goog-api-key")] if key else [KeyUse("none")]
    for listing in listings(url):
        for use in shown:
            headers = _VERSION if use.scheme == "x-api-key" else ()
            models = await models_at(client, listing, use, _LISTING, headers=headers)
            if models:
                return models
    return ()


async def look_at(url: str, key: Secret | None, model: str, client: Client, words: Vocabulary, ask: Ask) -> Found:
    """Tries one way after the other until one answers. Without a model to ask for, only the list is told."""
    models = await models_there(client, url, key)
    model = model or (models[0] if models else "")
    if not model:
        return Found((), "", None, ())
    snapshot, ways = _world(url, key, words), list[Way]()
    for dialect in _likely(url, words):
        provider = snapshot.catalog.providers.get(_name(dialect)) if snapshot is not None else None
        if snapshot is None or provider is None:
            continue
        told = await _try(snapshot, provider, model, client, ask)
        if told is None:
            continue
        ways.append(Way(dialect, told))
        if told["ok"] or told["outcome"] == ErrorKind.UNREACHABLE.value:
            break
    return Found(models, model, _best(ways), tuple(ways))


def _likely(url: str, words: Vocabulary) -> list[str]:
    """What the address itself says comes first: how it ends, then whose host it is."""
    there = urlsplit(url)
    said = [dialect for end, dialect in _PATHS if there.path.rstrip("/").endswith(end)]
    specs = (words.providers[name] for name in words.providers)
    known = [spec.dialect for spec in specs if there.netloc in (urlsplit(spec.base_url).netloc, *spec.hosts)]
    return list(dict.fromkeys(each for each in (*said, *known, *WAYS) if each in WAYS))


def _best(ways: list[Way]) -> str | None:
    good = [each.dialect for each in ways if each.told["ok"]]
    understood = [each.dialect for each in ways if each.told["outcome"] in _UNDERSTOOD]
    return next(iter([*good, *understood]), None)


def _name(dialect: str) -> str:
    return f"probed-{dialect.replace('_', '-')}"


def _world(url: str, key: Secret | None, words: Vocabulary) -> Snapshot | None:
    variable = _VARIABLE if key else ""
    text = "\n".join(block(_name(each), url, each, variable, keyless=key is None) for each in WAYS)
    sources = Sources((LayerSources("user", (SourceFile("probed.ccr", text),)),))
    return load(sources, Surroundings({_VARIABLE: key} if key else {}), words, proofs=False).snapshot


async def _try(
    snapshot: Snapshot, provider: ConfiguredProvider, model: str, client: Client, ask: Ask
) -> dict[str, Any] | None:
    made, facts = await ask(snapshot, provider, model)
    if not isinstance(made, Attempts):
        return None
    once = structs.replace(made, attempts=made.attempts[:1])
    try:
        found = await asyncio.wait_for(
            probe(once, facts.inputs.request, client, f"req_{secrets.token_hex(10)}"), PATIENCE
        )
    except TimeoutError:
        return None
    return as_json(found, provider)


def is_address(url: str) -> bool:
    """Whether something can be asked there at all."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
