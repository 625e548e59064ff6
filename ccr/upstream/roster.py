"""Providers and their models as values for a program. What nobody knows is `null`; no key is shown, only its fingerprint."""

from collections.abc import Mapping, Sequence
from typing import Any

from ccr.providers.spec import ModelSpec, ProviderSpec
from ccr.routing.catalog import Catalog, ConfiguredProvider
from ccr.upstream.advice import bare, needs

Resting = Sequence[Mapping[str, Any]]
"""What a running proxy says of targets that rest: `provider`, `model`, `seconds`, `why`."""
_MODEL_FACTS = (
    "context",
    "output",
    "tools",
    "vision",
    "thinking",
    "search",
    "price_in",
    "price_out",
    "price_cache_read",
)


def providers_json(catalog: Catalog, resting: Resting | None) -> list[dict[str, Any]]:
    """Every provider there is, those the person has first. `resting` None: no proxy runs, so nobody knows."""
    have = [_provider_json(each, resting) for each in catalog.configured]
    return [*have, *(_vendor_json(spec) for spec in not_set_up(catalog))]


def not_set_up(catalog: Catalog) -> list[ProviderSpec]:
    have = {each.name for each in catalog.configured}
    return [spec for name, spec in catalog.known.items() if name not in have]


def how_to_have(spec: ProviderSpec) -> str:
    """What makes a vendor one of the person's providers."""
    return f"set {spec.auth.variables[0]}" if spec.auth.variables and not spec.local else spec.doc


def _provider_json(provider: ConfiguredProvider, resting: Resting | None) -> dict[str, Any]:
    return {
        "name": provider.name,
        "configured": True,
        "dialect": provider.dialect,
        "url": bare(provider.url),
        "auth": provider.auth.scheme,
        "keys": [key.fingerprint for key in provider.keys],
        "needs": needs(provider) or None,
        "models": {"count": len(provider.models), "from": origin(provider)},
        "resting": None if resting is None else [each for each in resting if each.get("provider") == provider.name],
    }


def _vendor_json(spec: ProviderSpec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "configured": False,
        "dialect": spec.dialect,
        "url": spec.base_url,
        "auth": spec.auth.scheme,
        "keys": [],
        "needs": how_to_have(spec),
        "models": {"count": len(spec.models), "from": "catalogue"},
        "resting": None,
    }


def origin(provider: ConfiguredProvider) -> str:
    """Who says which models there are."""
    if provider.installed:
        return "installed"
    spec = provider.spec
    return "catalogue" if spec is not None and set(provider.models) == set(spec.models) else "person"


def models_json(models: Mapping[str, ModelSpec]) -> list[dict[str, Any]]:
    return [{"name": name, **{fact: getattr(spec, fact) for fact in _MODEL_FACTS}} for name, spec in models.items()]
