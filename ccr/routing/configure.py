"""Declarations, the catalogue and the machine become the Catalog: which providers there are and how each is called.

A provider is there when it was declared, when its key's variable is set, when it answered discovery, or when it takes
the caller's own login (amendments S5, S7). One that only a rule names is kept, too, marked as not configured, so that
the rule can be told and the refusal can say what to set.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from msgspec import Struct, structs

from ccr.diagnostics.diagnostic import Diagnostic
from ccr.lang.ast import Form, Literal, Use
from ccr.lang.environment import Environment
from ccr.lang.findings import Mistake
from ccr.lang.literals import value_of
from ccr.lang.types import Kind
from ccr.providers.addresses import dialect_of_url, provider_of_host
from ccr.providers.names import family_key
from ccr.providers.spec import Auth, ModelSpec, ProviderSpec
from ccr.routing.catalog import Catalog, ConfiguredModel, ConfiguredProvider, missing_in
from ccr.routing.declared import Declared, DeclaredModel, LayerProviders, gather
from ccr.routing.findings import CAUTION, FOREIGN_LOGIN, NO_ADDRESS, UNSET_KEY
from ccr.routing.secret import Secret, texts
from ccr.routing.settings import Allowance
from ccr.routing.surroundings import Surroundings
from ccr.routing.vocabulary import Vocabulary

_ANY_DIALECT = "openai_chat"
_SCHEMES = {"anthropic": "x-api-key", "gemini": "x-goog-api-key"}
"""How a stranger is shown a key: as the protocol's own documentation does, else as a bearer token."""
_OF_ONE_ENDPOINT = {
    ("bearer", "gemini"),
    ("x-goog-api-key", "openai_chat"),
    ("x-api-key", "openai_chat"),
    ("x-api-key", "openai_responses"),
    ("api-key", "anthropic"),
}
"""A vendor's scheme that holds for its usual protocol and not where it speaks this other one."""
_PLACES = ("region", "project")
_HOST = re.compile(r"//[^/]+")


class Configured(Struct, frozen=True):
    catalog: Catalog
    findings: tuple[Diagnostic, ...] = ()


class World(Struct, frozen=True, eq=False):
    """What configuring looks at."""

    vocabulary: Vocabulary
    environment: Environment
    surroundings: Surroundings
    specs: Mapping[str, ProviderSpec]


def configure(
    layers: Sequence[LayerProviders],
    named: Iterable[str],
    surroundings: Surroundings,
    vocabulary: Vocabulary,
    environment: Environment,
) -> Configured:
    """The catalog. `layers` strongest first; `named`: providers that rules name."""
    specs = {name: vocabulary.providers[name] for name in vocabulary.providers}
    world = World(vocabulary, environment, surroundings, specs)
    declared = gather(layers)
    providers = {each.name: _declared(each, world) for each in declared}
    for name, spec in specs.items():
        if name not in providers and _is_there(spec, surroundings):
            providers[name] = _of_catalogue(spec, surroundings)
    for name in named:
        if name not in providers and name in specs:
            providers[name] = structs.replace(_of_catalogue(specs[name], surroundings), configured=False)
    findings = [finding for each in declared for finding in _findings(each, providers[each.name], surroundings)]
    return Configured(Catalog(providers, specs), tuple(findings))


# ---- without a declaration ----------------------------------------------------------------------------------------


def _is_there(spec: ProviderSpec, surroundings: Surroundings) -> bool:
    by_key = not spec.local and any(surroundings.variables.get(name) for name in spec.auth.variables)
    return by_key or bool(surroundings.discovered.get(spec.name)) or bool(spec.auth.callers)


def _of_catalogue(spec: ProviderSpec, surroundings: Surroundings) -> ConfiguredProvider:
    keys = _keys_of(spec, surroundings)
    installed = surroundings.discovered.get(spec.name, ())
    provider = ConfiguredProvider(
        name=spec.name,
        dialect=spec.dialect,
        url=spec.base_url,
        auth=_auth("", spec, keys, spec.dialect),
        keys=keys,
        models=_models({}, (), installed, spec),
        listed=False,
        quirks=spec.layers(spec.dialect),
        spec=spec,
        installed=installed,
    )
    return _with_others(provider, spec, spec.endpoints.__getitem__, lambda dialect: _auth("", spec, keys, dialect))


def _with_others(
    provider: ConfiguredProvider, spec: ProviderSpec, address: Callable[[str], str], auth: Callable[[str], Auth]
) -> ConfiguredProvider:
    """The provider, and how it is called for those of its models that speak another dialect."""
    others = tuple(
        (
            word,
            structs.replace(
                provider, dialect=dialect, url=address(dialect), auth=auth(dialect), quirks=spec.layers(dialect)
            ),
        )
        for word, dialect in spec.by_model
    )
    return structs.replace(provider, by_model=others)


def _keys_of(spec: ProviderSpec, surroundings: Surroundings) -> tuple[Secret, ...]:
    found = (surroundings.variables.get(name) for name in spec.auth.variables)
    return tuple(key for key in found if key)[:1]


# ---- with one -----------------------------------------------------------------------------------------------------


def _declared(declared: Declared, world: World) -> ConfiguredProvider:
    url = _text(declared.literal("url"), world)
    spec = _spec(declared.name, url, world)
    dialect = _dialect(declared, url, spec, world)
    keys = _keys(declared, spec, world)
    listed = tuple(each.text for each in declared.literals("models"))
    installed = world.surroundings.discovered.get(declared.name, ())
    catalogued = spec if not listed else None
    provider = ConfiguredProvider(
        name=declared.name,
        dialect=dialect,
        url=_address(url, spec, dialect, declared, world),
        auth=_auth(_text(declared.literal("auth"), world), spec, keys, dialect),
        keys=keys,
        models=_models(
            {name: _model(each, spec, world) for name, each in declared.models.items()},
            listed,
            installed,
            catalogued,
            known=spec,
        ),
        listed=bool(listed) and declared.binding,
        quirks=spec.layers(dialect) if spec is not None else (),
        body=declared.body,
        spec=spec,
        proxy=_text(declared.literal("proxy"), world),
        at=declared.at,
        installed=installed,
        timeout=_seconds(declared, world),
        allowance=_allowance(declared, world),
    )
    if spec is None or url or dialect != spec.dialect or declared.literal("dialect") is not None:
        return provider
    return _with_others(
        provider,
        spec,
        lambda other: _address("", spec, other, declared, world),
        lambda other: _auth(_text(declared.literal("auth"), world), spec, keys, other),
    )


def _spec(name: str, url: str, world: World) -> ProviderSpec | None:
    """The vendor's file: by name, else by the host of the address (decision 6)."""
    if name in world.specs:
        return world.specs[name]
    owner = provider_of_host(url, world.specs) if url else None
    return world.specs[owner] if owner is not None else None


def _dialect(declared: Declared, url: str, spec: ProviderSpec | None, world: World) -> str:
    """As said, else as the address tells (a whole endpoint is more certain than a vendor's habit), else what a `use`
    implies if the vendor has it, else the catalogue's, else what nearly everybody speaks (decision 6)."""
    said = _text(declared.literal("dialect"), world)
    by_url = dialect_of_url(url, spec) if url else None
    implied = _implied(declared, world)
    if spec is not None and implied not in spec.endpoints:
        implied = spec.dialect
    return said or by_url or implied or _ANY_DIALECT


def _implied(declared: Declared, world: World) -> str:
    uses = (each.transform for each in declared.body if isinstance(each, Use))
    meant = (world.vocabulary.manner(name.text) for name in uses if hasattr(name, "text"))
    return next((dialect for dialect in meant if isinstance(dialect, str)), "")


def _url_of(spec: ProviderSpec | None, dialect: str) -> str:
    if spec is None:
        return ""
    return spec.base_url if dialect == spec.dialect else spec.endpoints.get(dialect, spec.base_url)


def _address(said: str, spec: ProviderSpec | None, dialect: str, declared: Declared, world: World) -> str:
    """`{region}` and `{project}` in a cloud's address are the options of that name; some regions have a host of their own."""
    url, region = said or _url_of(spec, dialect), _text(declared.literal("region"), world)
    if said and spec is not None and spec.regions and not urlsplit(said).path.strip("/"):
        url = said.rstrip("/") + urlsplit(_url_of(spec, dialect)).path
    if not said and spec is not None and region in spec.regions:
        url = _HOST.sub(f"//{spec.regions[region]}", url, count=1)
    for name, told in zip(_PLACES, (region, _text(declared.literal("project"), world)), strict=True):
        url = url.replace("{" + name + "}", told or "{" + name + "}")
    return url


def _keys(declared: Declared, spec: ProviderSpec | None, world: World) -> tuple[Secret, ...]:
    literals = declared.literals("keys") or declared.literals("key")
    if literals:
        return tuple(key for each in literals if (key := _secret(each, world)))
    return _keys_of(spec, world.surroundings) if spec is not None else ()


def _secret(literal: Literal, world: World) -> Secret | None:
    if literal.form is Form.ENV:
        return world.surroundings.variables.get(literal.text.removeprefix("env."))
    return Secret(literal.text) if literal.text else None


def _auth(said: str, spec: ProviderSpec | None, keys: Sequence[Secret], dialect: str) -> Auth:
    """Whose credential is shown. Without a key, a vendor that takes callers' logins gets them (amendments S7)."""
    known = spec.auth if spec is not None else Auth("none")
    if said in ("client", "none"):
        return structs.replace(known, scheme=said)
    if not keys and said != "key":
        stranger = spec is None or spec.local
        scheme = "client" if known.callers else "none" if stranger else known.login or known.scheme
        return structs.replace(known, scheme=scheme)
    elsewhere = spec is not None and dialect != spec.dialect and (known.scheme, dialect) in _OF_ONE_ENDPOINT
    if elsewhere or known.scheme in ("none", "client"):
        return structs.replace(known, scheme=_SCHEMES.get(dialect, "bearer"))
    return known


def _seconds(declared: Declared, world: World) -> float | None:
    milliseconds = _number(declared, "timeout", world)
    return milliseconds / 1000 if milliseconds else None


def _allowance(declared: Declared, world: World) -> Allowance:
    return Allowance(*(_number(declared, name, world) for name in ("concurrency", "rpm", "rpd", "tpm")))


def _number(declared: Declared, name: str, world: World) -> int:
    """An option that is a whole number (a duration is one of milliseconds); 0 if it is not said."""
    literal, option = declared.literal(name), world.environment.blocks["provider"].get(name)
    value = value_of(literal, option.type) if literal is not None and option is not None else None
    return value if isinstance(value, int) else 0


def _text(literal: Literal | None, world: World) -> str:
    """An option's text; `env.NAME` is looked up."""
    if literal is None:
        return ""
    if literal.form is not Form.ENV:
        return literal.text
    name = literal.text.removeprefix("env.")
    return texts(world.surroundings.variables, (name,)).get(name, "")


# ---- models -------------------------------------------------------------------------------------------------------


def _models(
    blocks: Mapping[str, ConfiguredModel],
    listed: Iterable[str],
    installed: Iterable[str],
    catalogued: ProviderSpec | None,
    known: ProviderSpec | None = None,
) -> Mapping[str, ConfiguredModel]:
    """Blocks first, then the person's list, what is installed, and the catalogue's unless the person has a list."""
    models = dict(blocks)
    taken = {model.wire for model in blocks.values()}
    names = (*listed, *installed, *(catalogued.models if catalogued is not None else ()))
    for name in names:
        if name not in models and name not in taken:
            models[name] = ConfiguredModel(name, name, _facts(name, known or catalogued))
    return models


def _facts(wire: str, spec: ProviderSpec | None) -> ModelSpec:
    """What the catalogue knows of a model, also under another spelling."""
    if spec is None:
        return ModelSpec()
    if wire in spec.models:
        return spec.models[wire]
    key = family_key(wire)
    return next((facts for name, facts in spec.models.items() if family_key(name) == key), ModelSpec())


def _model(declared: DeclaredModel, spec: ProviderSpec | None, world: World) -> ConfiguredModel:
    facts = {name: _fact(name, option.value, world) for name, option in declared.options.items()}
    known = {name: value for name, value in facts.items() if value is not None}
    return ConfiguredModel(
        name=declared.name,
        wire=declared.wire,
        spec=structs.replace(_facts(declared.wire, spec), **known),
        body=declared.body,
        declared=frozenset(known),
    )


def _fact(name: str, value: object, world: World) -> object:
    """A model's option as `ModelSpec` has it: money in dollars."""
    option = world.environment.blocks["model"].get(name)
    if option is None or not isinstance(value, Literal):
        return None
    found = value_of(value, option.type)
    if isinstance(found, Mistake):
        return None
    return found / 1_000_000 if option.type.kind is Kind.MONEY and isinstance(found, int) else found


# ---- findings -----------------------------------------------------------------------------------------------------


def _findings(declared: Declared, provider: ConfiguredProvider, surroundings: Surroundings) -> Iterable[Diagnostic]:
    if not provider.url:
        yield Diagnostic(
            NO_ADDRESS,
            f"nothing says where `{declared.name}` is",
            declared.at,
            "in no catalogue, and without `url`",
            help=f'provider {declared.name} {{ url = "https://…" }}',
        )
    for part in missing_in(provider.url):
        option = part if part in _PLACES else "url"
        yield Diagnostic(
            NO_ADDRESS,
            f"nothing says the {part} of `{declared.name}`",
            declared.at,
            f"its address is {provider.url}",
            help=f"provider {declared.name} {{ {option} = … }}",
        )
    caution = provider.spec.cautions.get(provider.dialect) if provider.spec is not None else None
    if caution:
        at = next((declared.options[name].span for name in ("dialect", "url") if name in declared.options), declared.at)
        yield Diagnostic(CAUTION, f"`{declared.name}`: {caution}", at, f"speaks {provider.dialect}")
    if provider.auth.scheme == "client" and not _is_at_home(provider):
        at = declared.options["auth"].span if "auth" in declared.options else declared.at
        yield Diagnostic(
            FOREIGN_LOGIN,
            f"`{declared.name}` is not the vendor whose login Claude Code brings",
            at,
            "the caller's own credential would go there",
            help="key = env.NAME",
        )
    for literal in (*declared.literals("key"), *declared.literals("keys")):
        name = literal.text.removeprefix("env.")
        if literal.form is Form.ENV and not surroundings.variables.get(name):
            yield Diagnostic(
                UNSET_KEY, f"the variable `{name}` is not set", literal.span, "no key", help=f"export {name}=…"
            )


def _is_at_home(provider: ConfiguredProvider) -> bool:
    spec = provider.spec
    if spec is None or not provider.auth.callers:
        return False
    return provider_of_host(provider.url, {spec.name: spec}) == spec.name
