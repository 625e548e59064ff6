"""Real requests of providers: one small one of a model, the list of what a provider has, and what stands at an address.

They cost a fraction of a cent and are not written into the log. Whoever may ask them may add providers, too.
"""

from functools import partial

import msgspec
from msgspec import Struct

from ccr.api.refusal import Refused
from ccr.api.resource import Call, Effect, Operation, Resource
from ccr.api.trying import planned, tried
from ccr.routing.catalog import ConfiguredProvider
from ccr.routing.plan import KeyUse
from ccr.routing.secret import Secret
from ccr.routing.settings import Limits
from ccr.setup.probing import is_address, look_at, models_there
from ccr.upstream.discover import models_at
from ccr.upstream.probe import cheapest


class Sent(Struct, frozen=True):
    """Tokens."""

    input: int
    output: int


class KeyTried(Struct, frozen=True):
    """`key`: the fingerprint."""

    key: str | None
    outcome: str
    status: int | None
    message: str


class Trial(Struct, frozen=True):
    """`outcome`: ok, what went wrong in a word, or `not tried`. Seconds. `mend`: what to do."""

    ok: bool
    target: str
    outcome: str
    status: int | None
    message: str | None
    first_byte: float | None
    seconds: float
    tokens: Sent
    text: str
    mend: str | None
    attempts: tuple[KeyTried, ...]


class TrialAsked(Struct, frozen=True):
    """Without a model the cheapest one is asked."""

    model: str = ""


class Discovered(Struct, frozen=True):
    """`models`: what the provider says it has; `known`: those of them that are known here."""

    models: tuple[str, ...]
    known: tuple[str, ...]


class ProbeAsked(Struct, frozen=True):
    """`key` is used for this and forgotten. Without a model the first one that the address lists is asked."""

    url: str = ""
    key: str = ""
    model: str = ""


class WayTried(Struct, frozen=True):
    dialect: str
    trial: Trial


class Probing(Struct, frozen=True):
    """`dialect`: the way of speaking that it answers to, null if none was found."""

    models: tuple[str, ...]
    model: str
    dialect: str | None
    ways: tuple[WayTried, ...]


async def _try(call: Call) -> Trial:
    provider = _set_up(call)
    model = call.body.model.strip() or cheapest(provider)
    if not model:
        raise Refused(422, "no_model", f"no model of {provider.name} is known: say which")
    return msgspec.convert(await tried(call.parts, provider, model), Trial)


async def _discover(call: Call) -> Discovered:
    provider, client = _set_up(call), call.parts.client
    key = provider.keys[0] if provider.keys else None
    spec, models = provider.spec, None
    if spec is not None and spec.models_url and not spec.local:
        use = KeyUse(provider.auth.scheme, key) if key else KeyUse("none")
        models = await models_at(client, spec.models_url, use, Limits(connect=5.0, first_byte=5.0, idle=5.0))
    models = models or await models_there(client, provider.url, key)
    if not models:
        raise Refused(502, "no_list", f"{provider.name} does not tell which models it has: write the name of one")
    known = {name for each in provider.models.values() for name in (each.name, each.wire)}
    return Discovered(models, tuple(each for each in models if each in known))


async def _probe(call: Call) -> Probing:
    asked: ProbeAsked = call.body
    if not is_address(asked.url):
        raise Refused(400, "invalid", "an address begins with http:// or https://")
    key, parts = Secret(asked.key.strip()) if asked.key.strip() else None, call.parts
    found = await look_at(asked.url, key, asked.model.strip(), parts.client, parts.vocabulary, partial(planned, parts))
    ways = tuple(WayTried(each.dialect, msgspec.convert(each.told, Trial)) for each in found.ways)
    return Probing(found.models, found.model, found.dialect, ways)


def _set_up(call: Call) -> ConfiguredProvider:
    name = call.path["name"]
    provider = call.parts.snapshot.catalog.providers.get(name)
    if provider is None:
        raise Refused(404, "not_found", f"there is no provider {name!r}")
    return provider


_READS = Effect.READS
RESOURCE = Resource(
    "provider-trials",
    "Real requests of providers, which cost a fraction of a cent. Nothing is written.",
    (
        Operation("POST", "/providers/{name}/test", "One small request", _try, Trial, TrialAsked, effect=_READS),
        Operation("POST", "/providers/{name}/discover", "Which models it has", _discover, Discovered, effect=_READS),
        Operation("POST", "/probe", "What stands at an address", _probe, Probing, ProbeAsked, effect=_READS),
    ),
)
