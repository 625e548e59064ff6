"""The providers there are: those that are set up, with their keys' fingerprints, and those that could be; their models."""

from typing import Any

import msgspec
from msgspec import Struct

from ccr.api.refusal import Refused
from ccr.api.resource import Call, Operation, Resource
from ccr.api.resting import Rest, rests
from ccr.upstream.roster import models_json, providers_json


class Count(Struct, frozen=True, rename={"origin": "from"}):
    """How many models, and who says which there are: installed, person or catalogue."""

    count: int
    origin: str


class Provider(Struct, frozen=True):
    """`needs`: what makes it usable, null if nothing is missing. `state`: well, resting, idle (not set up) or needs."""

    name: str
    configured: bool
    dialect: str
    url: str
    auth: str
    keys: tuple[str, ...]
    needs: str | None
    models: Count
    state: str
    resting: tuple[Rest, ...]
    doc: str
    local: bool


class Providers(Struct, frozen=True):
    """Those that are set up first."""

    providers: tuple[Provider, ...]


class Model(Struct, frozen=True):
    """What is known of a model; null is unknown. Tokens; dollars for a million tokens."""

    name: str
    context: int | None
    output: int | None
    tools: bool | None
    vision: bool | None
    thinking: bool | None
    search: bool | None
    price_in: float | None
    price_out: float | None
    price_cache_read: float | None


class Models(Struct, frozen=True):
    provider: str
    models: tuple[Model, ...]


async def _list(call: Call) -> Providers:
    resting = rests(call.parts).resting
    catalog = call.parts.snapshot.catalog
    found = providers_json(catalog, None)
    return Providers(
        tuple(_provider(call, each, tuple(r for r in resting if r.provider == each["name"])) for each in found)
    )


def _provider(call: Call, said: dict[str, Any], resting: tuple[Rest, ...]) -> Provider:
    spec = call.parts.snapshot.catalog.known.get(said["name"])
    state = "idle" if not said["configured"] else "needs" if said["needs"] else "resting" if resting else "well"
    more = {
        "state": state,
        "resting": resting,
        "doc": spec.doc if spec is not None else "",
        "local": spec is not None and spec.local,
    }
    return msgspec.convert({**said, **more}, Provider)


async def _models(call: Call) -> Models:
    catalog, name = call.parts.snapshot.catalog, call.path["name"]
    if name in catalog.providers:
        known = {model.name: model.spec for model in catalog.providers[name].models.values()}
    elif name in catalog.known:
        known = dict(catalog.known[name].models)
    else:
        raise Refused(404, "not_found", f"there is no provider {name!r}")
    return Models(name, msgspec.convert(models_json(known), tuple[Model, ...]))


RESOURCE = Resource(
    "providers",
    "Providers with their health, and their models. Keys are told by fingerprints and never leave.",
    (
        Operation("GET", "/providers", "The providers there are", _list, Providers),
        Operation("GET", "/providers/{name}/models", "The models of one", _models, Models),
    ),
)
