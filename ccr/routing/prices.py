"""What an answer costs, by the prices the catalogue knows: those of the model that gave it, and of the one asked for.

Micro-dollars everywhere; None where no price is known, which is not the same as nothing to pay. A model on the person's
own machine costs nothing. Prices are list prices: whoever pays by subscription is told what it would have cost.
"""

from ccr.messages.usage import Usage
from ccr.providers.names import family_key
from ccr.providers.spec import ModelSpec, ProviderSpec
from ccr.routing.catalog import Catalog, ConfiguredProvider
from ccr.routing.names import without_window
from ccr.routing.requested import owns, split_name
from ccr.routing.snapshot import Snapshot

_KEPT = 2_000
"""Names of which the price is remembered."""
FREE = ModelSpec(price_in=0.0, price_out=0.0)


def price(usage: Usage, spec: ModelSpec | None) -> int | None:
    """Prices are dollars per million tokens, which are micro-dollars per token; where the cache's are not known, it
    counts as ordinary input. An answer of no tokens costs nothing, whoever gave it."""
    if not (usage.prompt or usage.output):
        return 0
    if spec is None or (spec.price_in is None and spec.price_out is None):
        return None
    asked, said = spec.price_in or 0.0, spec.price_out or 0.0
    read = asked if spec.price_cache_read is None else spec.price_cache_read
    written = asked if spec.price_cache_write is None else spec.price_cache_write
    total = usage.input * asked + usage.output * said + usage.cache_read * read + usage.cache_write * written
    return round(total)


def priced(catalog: Catalog, target: str) -> ModelSpec | None:
    """The facts of `provider/model` as on the wire; None for a model that nobody knows."""
    if target not in catalog.memo:
        _remember(catalog, target, _priced(catalog, target))
    return catalog.memo.get(target)


def _priced(catalog: Catalog, target: str) -> ModelSpec | None:
    name, _, wire = target.partition("/")
    provider = catalog.providers.get(name)
    if provider is None:
        return None
    plain = without_window(wire)
    found = next((each.spec for each in provider.models.values() if each.wire == plain), None)
    return FREE if _is_local(provider) and (found is None or found.price_in is None) else found


def _is_local(provider: ConfiguredProvider) -> bool:
    return provider.spec is not None and provider.spec.local


def asked_for(snapshot: Snapshot, model: str) -> ModelSpec | None:
    """The facts of the model a client named: of the vendor itself, also if one has no key for it; None for a name that
    is no model's, such as an alias."""
    key = f"asked {model}"
    if key not in snapshot.catalog.memo:
        _remember(snapshot.catalog, key, _asked_for(snapshot, without_window(model.strip())))
    return snapshot.catalog.memo.get(key)


def _remember(catalog: Catalog, key: str, spec: ModelSpec | None) -> None:
    """Names are the client's word, so there may be any number of them."""
    if len(catalog.memo) >= _KEPT:
        catalog.memo.clear()
    catalog.memo[key] = spec


def _asked_for(snapshot: Snapshot, model: str) -> ModelSpec | None:
    first, rest = split_name(model)
    if rest and first in snapshot.catalog.providers:
        return _priced(snapshot.catalog, f"{first}/{rest}")
    vendors = (each.spec for each in snapshot.catalog.providers.values() if owns(each, model))
    own = next((spec for spec in vendors if spec is not None), None) or _vendor(snapshot.catalog, model)
    listed = _listed(own, model) if own is not None else None
    return listed or _served(snapshot, model)


def _vendor(catalog: Catalog, model: str) -> ProviderSpec | None:
    name = model.lower()
    return next((each for each in catalog.known.values() if name.startswith(each.own)), None)


def _listed(vendor: ProviderSpec, model: str) -> ModelSpec | None:
    """By its name, else by the same model spelt otherwise: with a date, in another case."""
    found = vendor.models.get(model)
    key = family_key(model)
    return found or next((spec for name, spec in vendor.models.items() if family_key(name) == key), None)


def _served(snapshot: Snapshot, model: str) -> ModelSpec | None:
    """Of whoever lists it, the first with a price."""
    for _, found in snapshot.names.serving(model):
        for each in found:
            spec = _priced(snapshot.catalog, str(each))
            if spec is not None and spec.price_in is not None:
                return spec
    return None
