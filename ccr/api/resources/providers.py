"""The providers there are: those that are set up, with their keys' fingerprints, and those that could be; their models."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct

from ccr.api.refusal import Refused
from ccr.api.resource import Call, Operation, Resource
from ccr.api.resting import Rest, rests
from ccr.lang.ast import ListValue, Literal, Name, Use
from ccr.lang.ast import Provider as Block
from ccr.lang.values import Value
from ccr.live.credentials import stored_or_none
from ccr.live.provider_parts import blocks, of_config
from ccr.routing.catalog import Catalog, ConfiguredProvider
from ccr.setup.provider_edits import variable_for
from ccr.transformers.transformer import Transformer
from ccr.upstream.roster import models_json, providers_json


class Count(Struct, frozen=True, rename={"origin": "from"}):
    """How many models, and who says which there are: installed, person or catalogue."""

    count: int
    origin: str


class Used(Struct, frozen=True):
    """A transformer that the provider's block uses."""

    name: str
    arguments: dict[str, str]


class Pulse(Struct, frozen=True):
    """`down`: it failed so often that it rests as a whole. `latency`: median seconds to the first content, null where
    nothing came lately. `load`: requests it is answering. `used`: percent of its fullest rate-limit window."""

    down: bool
    limited: bool
    latency: float | None
    load: int
    used: float | None


class Provider(Struct, frozen=True):
    """`needs`: what makes it usable, null if nothing is missing. `state`: well, resting, idle (not set up) or needs.
    `place`: where it is declared, "" if nowhere; `writable`: that is a block in the person's own rules. `variable`: what
    keeps its key, "" where none is asked; `own_key`: a key is kept for it in keys.json."""

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
    pulse: Pulse
    place: str
    writable: bool
    variable: str
    own_key: bool
    uses: tuple[Used, ...]


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
    resting, parts = rests(call.parts).resting, call.parts
    found = providers_json(parts.snapshot.catalog, None)
    kept, pulse, written = stored_or_none(parts.live.places.home), parts.pulse(), blocks(parts.live.places)
    declared = of_config(parts.live.places) | written
    seen = _Seen(parts.snapshot.catalog, kept, pulse, written, declared)
    return Providers(
        tuple(_provider(seen, each, tuple(r for r in resting if r.provider == each["name"])) for each in found)
    )


class _Seen(NamedTuple):
    catalog: Catalog
    kept: Mapping[str, str]
    pulse: Mapping[str, Value]
    written: Mapping[str, Block]
    declared: Mapping[str, Block]


def _provider(seen: _Seen, said: dict[str, Any], resting: tuple[Rest, ...]) -> Provider:
    name: str = said["name"]
    there = seen.catalog.providers.get(name)
    spec = there.spec if there is not None and there.spec is not None else seen.catalog.known.get(name)
    state = "idle" if not said["configured"] else "needs" if said["needs"] else "resting" if resting else "well"
    variable = variable_for(name, seen.declared.get(name), spec)
    at = there.at if there is not None else None
    more = {
        "state": state,
        "resting": resting,
        "doc": spec.doc if spec is not None else "",
        "local": spec is not None and spec.local,
        "pulse": _pulse(name, seen.pulse),
        "place": f"{at.file.name}:{at.position[0]}" if at is not None else "",
        "writable": name in seen.written,
        "variable": variable,
        "own_key": variable in seen.kept,
        "uses": _uses(there),
    }
    return msgspec.convert({**said, **more}, Provider)


def _pulse(name: str, told: Mapping[str, Value]) -> Pulse:
    def number(what: str) -> float | None:
        value = told.get(f"{name}.{what}")
        return float(value) if isinstance(value, int | float) else None

    latency = number("latency")
    return Pulse(
        down=bool(told.get(f"{name}.down")),
        limited=bool(told.get(f"{name}.limited")),
        latency=latency / 1000 if latency is not None else None,
        load=int(number("load") or 0),
        used=number("used"),
    )


def _uses(provider: ConfiguredProvider | None) -> tuple[Used, ...]:
    body = provider.body if provider is not None else ()
    return tuple(_used(each) for each in body if isinstance(each, Use) and isinstance(each.transform, Name))


def _used(use: Use) -> Used:
    assert isinstance(use.transform, Name)
    return Used(use.transform.text, {each.name.text: said(each.value) for each in use.arguments})


def said(value: Literal | ListValue) -> str:
    """An argument as a person types it."""
    return ", ".join(each.text for each in value.items) if isinstance(value, ListValue) else value.text


class Argument(Struct, frozen=True):
    """`kind`: bool, int, number, string or another word of the language's types."""

    name: str
    kind: str


class Usable(Struct, frozen=True):
    """A transformer. `arguments` null: it takes any."""

    name: str
    doc: str
    arguments: tuple[Argument, ...] | None


class Usables(Struct, frozen=True):
    transformers: tuple[Usable, ...]


async def _transformers(call: Call) -> Usables:
    known = call.parts.vocabulary.transformers
    return Usables(tuple(_usable(known[name]) for name in known))


def _usable(each: Transformer) -> Usable:
    taken = each.parameters
    listed = None if taken is None else tuple(Argument(name, kind.kind.name.lower()) for name, kind in taken.items())
    return Usable(each.name, each.doc, listed)


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
        Operation("GET", "/transformers", "What a provider's block can use", _transformers, Usables),
    ),
)
