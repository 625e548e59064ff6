"""How providers and their models are told to a person, in aligned lines; `upstream/roster.py` tells programs.

What nobody knows is `?`. No key is shown, only its fingerprint.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ccr.providers.spec import LOGINS, ModelSpec
from ccr.routing.catalog import Catalog, ConfiguredProvider
from ccr.upstream.advice import bare, needs
from ccr.upstream.roster import Resting, how_to_have, not_set_up, origin

_GAP = "  "


def table(rows: Iterable[Sequence[str]], indent: str = _GAP) -> str:
    """Rows in columns as wide as their widest cell; the last column runs free."""
    kept = [tuple(row) for row in rows]
    widths = [max(len(row[at]) for row in kept) for at in range(len(kept[0]) - 1)] if kept else []
    lines = (
        _GAP.join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]]) for row in kept
    )
    return "\n".join((indent + line).rstrip() for line in lines)


# ---- providers ----------------------------------------------------------------------------------------------------


def providers_text(catalog: Catalog, resting: Resting | None) -> Iterator[str]:
    """The same for a person."""
    if catalog.configured:
        yield "set up:"
        yield table(_provider_row(each, resting) for each in catalog.configured)
        yield ""
    rest = not_set_up(catalog)
    if rest:
        yield "known, and not set up:"
        yield table((spec.name, how_to_have(spec)) for spec in rest)
        yield ""
    yield "ccr providers test NAME makes one small request; ccr providers models NAME lists models."


def providers_rows(catalog: Catalog, resting: Resting | None) -> list[tuple[str, ...]]:
    """Those the person has, in brief: name, key, health."""
    return [(each.name, _key(each), _health(each.name, resting)) for each in catalog.configured]


def _provider_row(provider: ConfiguredProvider, resting: Resting | None) -> tuple[str, ...]:
    models = f"{len(provider.models)} models {_ORIGINS[origin(provider)]}" if provider.models else "any model"
    return (
        provider.name,
        provider.dialect,
        bare(provider.url) or "no address: give `url`",
        _key(provider),
        models,
        _health(provider.name, resting),
    )


_ORIGINS = {"installed": "installed", "person": "listed", "catalogue": "known"}


def _key(provider: ConfiguredProvider) -> str:
    if provider.auth.scheme == "none":
        return "no key needed"
    if provider.auth.scheme == "client":
        return "the client's own login"
    if provider.keys:
        return f"key {', '.join(key.fingerprint for key in provider.keys)}"
    if provider.auth.scheme in LOGINS:
        return "the machine's own login"
    return f"no key: {needs(provider)}"


def _health(name: str, resting: Resting | None) -> str:
    if resting is None:
        return ""
    rests = [each for each in resting if each.get("provider") == name]
    if not rests:
        return "well"
    longest = max(rests, key=lambda each: float(each.get("seconds", 0)))
    of = f"{longest['model']} rests" if longest.get("model") else "rests"
    return f"{of} for {float(longest.get('seconds', 0)):.0f} s: {longest.get('why') or 'it failed'}"


# ---- models -------------------------------------------------------------------------------------------------------


def models_text(models: Mapping[str, ModelSpec]) -> Iterator[str]:
    """One line a model. Prices are dollars for a million tokens in and out."""
    head = ("model", "window", "output", "tools", "vision", "thinking", "$ in", "$ out", "")
    yield table([head, *(_model_row(name, spec) for name, spec in models.items())], indent="")
    yield ""
    yield "Prices are for a million tokens. `?`: unknown."


def _model_row(name: str, spec: ModelSpec) -> tuple[str, ...]:
    counts = (_count(spec.context), _count(spec.output))
    said = (_yes(spec.tools), _yes(spec.vision), _yes(spec.thinking))
    note = "Claude Code needs tools" if spec.tools is False else ""
    return (name, *counts, *said, _price(spec.price_in), _price(spec.price_out), note)


def _count(value: int | None) -> str:
    return "?" if value is None else f"{value:,}"


def _yes(value: bool | None) -> str:
    return "?" if value is None else "yes" if value else "no"


def _price(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"
