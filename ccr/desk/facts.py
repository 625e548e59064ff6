"""What is known of a word, in Markdown: what hovers show and completion tells beside an entry.

Printed from the declarations, the reference and the catalogue, so it cannot say what is not so.
"""

from collections.abc import Mapping
from functools import cache

from ccr.desk.desk import Given, View
from ccr.lang import ast
from ccr.lang.environment import AttributeDecl
from ccr.lang.format import format_file
from ccr.lang.literals import value_of
from ccr.lang.types import Kind, Type
from ccr.providers.spec import ModelSpec
from ccr.routing.catalog import Catalog, ConfiguredProvider
from ccr.routing.models import locate
from ccr.routing.reference import COSTS, Entry, pages, type_words
from ccr.routing.vocabulary import Vocabulary
from ccr.upstream.advice import bare, needs

_COSTS = {
    "free": "is at hand",
    "state": "is sampled once for each request",
    "scan": "needs one walk over the body",
    "count": "needs the tokens counted, where a rule hangs on it",
    "external": "asks a disk or Python",
}
_PHASES = ("when the request comes", "when a target is tried", "when the answer begins", "when the answer has ended")
_SKILLS = ("tools", "vision", "thinking", "search")
_UNITS = {
    Kind.INT: lambda value: f"{value:,}",
    Kind.SIZE: lambda value: f"{value:,} bytes",
    Kind.DURATION: lambda value: f"{value / 1000:,g} seconds",
    Kind.MONEY: lambda value: f"${value / 1_000_000:,.2f}",
}


@cache
def _reference(vocabulary: Vocabulary) -> Mapping[tuple[str, str], Entry]:
    """The entries of the reference by topic and name; options also by their block."""
    found: dict[tuple[str, str], Entry] = {}
    made = pages(vocabulary)
    for topic in ("statements", "operators", "fields", "options", "transformers", "providers"):
        for entry in made[topic]().entries:
            name = entry.name.lower() if topic == "transformers" else entry.name
            found.setdefault((topic, name), entry)
            found.setdefault((f"{topic} {dict(entry.facts).get('block', '')}", name), entry)
    return found


def entry(view: View, topic: str, name: str) -> Entry | None:
    """The reference's entry. `topic`: statements, operators, fields, `options BLOCK`, transformers, providers."""
    return _reference(view.vocabulary).get((topic, name))


def told(found: Entry) -> str:
    facts = [f"{head}: {value}" for head, value in found.facts if value and head not in ("block",)]
    parts = [f"**{found.name}**", found.doc, " · ".join(facts), f"e.g. `{found.example}`" if found.example else ""]
    return "\n\n".join(part for part in parts if part)


# ---- attributes -------------------------------------------------------------------------------------------------------


def attribute(declared: AttributeDecl) -> str:
    cost = COSTS[declared.cost]
    known = [type_words(declared.type), f"cost: {cost} ({_COSTS[cost]})"]
    if declared.phase:
        known.append(f"known {_PHASES[declared.phase]}")
    return "\n\n".join((f"**{declared.name}**", declared.doc, " · ".join(known), f"e.g. `{declared.example}`"))


def attribute_line(declared: AttributeDecl) -> str:
    return f"{type_words(declared.type)} · {COSTS[declared.cost]}"


def number(literal: ast.Literal, type: Type) -> str:
    """`60k` = 60,000."""
    value, write = value_of(literal, type), _UNITS.get(type.kind)
    return f"`{literal.text}` = {write(value)}" if write is not None and isinstance(value, int) else ""


# ---- models -----------------------------------------------------------------------------------------------------------


def model_line(spec: ModelSpec) -> str:
    """`200k window · $3 in, $15 out · tools, vision`; what nobody knows is left out."""
    parts = [f"{short(spec.context)} window" if spec.context else "", prices(spec)]
    parts.append(", ".join(skill for skill in _SKILLS if getattr(spec, skill)))
    return " · ".join(part for part in parts if part)


def prices(spec: ModelSpec) -> str:
    if spec.price_in is None and spec.price_out is None:
        return ""
    return f"{_price(spec.price_in)} in, {_price(spec.price_out)} out"


def _price(dollars: float | None) -> str:
    return "?" if dollars is None else f"${dollars:g}"


def short(count: int) -> str:
    """A count as people say it: 200k, 1M."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if count >= size:
            return f"{count / size:.3g}{unit}"
    return str(count)


def model(catalog: Catalog, text: str) -> str:
    """`provider/model` as a rule names it: what it comes to, its facts with their source, and what is missing."""
    name, _, rest = text.partition("/")
    provider = catalog.providers.get(name)
    if provider is None:
        known = catalog.known.get(name)
        spec = known.models.get(rest) if known is not None else None
        return _model_card(text, spec, "") if spec is not None else ""
    found = locate(provider, rest)
    configured = provider.models.get(found.destination.model)
    notes = [f"the provider calls it `{found.destination.wire}`" if found.destination.wire != rest else ""]
    notes.append(f"{provider.name} is not set up: {needs(provider)}" if needs(provider) else "")
    notes.append(f"fits several: {', '.join(found.candidates)}" if found.candidates else "")
    full = f"{provider.name}/{found.destination.model}"
    return _model_card(full, configured.spec if configured else None, "\n\n".join(note for note in notes if note))


def _model_card(name: str, spec: ModelSpec | None, notes: str) -> str:
    if spec is None:
        return "\n\n".join(part for part in (f"**{name}**", "Nothing is known of this model.", notes) if part)
    rows = [
        f"window {spec.context:,} tokens" if spec.context else "window unknown",
        f"output {spec.output:,} tokens" if spec.output else "",
        f"{prices(spec)} for a million tokens" if prices(spec) else "price unknown",
        f"{_price(spec.price_cache_read)} read from the cache" if spec.price_cache_read is not None else "",
        ", ".join(f"{'no ' if getattr(spec, each) is False else ''}{each}" for each in _SKILLS if getattr(spec, each) is not None),
    ]  # fmt: skip
    source = f"({spec.source})" if spec.source else ""
    return "\n\n".join(part for part in (f"**{name}**", " · ".join(r for r in rows if r), notes, source) if part)


def provider(view: View, name: str) -> str:
    """What is known of a vendor, and how it is set up here. No key, no part of an address that could hold one."""
    found, configured = entry(view, "providers", name), view.catalog.providers.get(name)
    parts = [told(found) if found is not None else f"**{name}**"]
    if configured is not None:
        parts.append(_set_up(configured))
    return "\n\n".join(parts)


def _set_up(configured: ConfiguredProvider) -> str:
    lacks = needs(configured)
    models = f"{len(configured.models)} models" if configured.models else "any model"
    return f"here: {configured.dialect} at {bare(configured.url) or 'no address'} · {models}" + (
        f" · {lacks}" if lacks else ""
    )


# ---- names that people give -----------------------------------------------------------------------------------------


def expansion(view: View, name: str, inside: frozenset[str] = frozenset()) -> str:
    """The chain an alias comes to, aliases in it flattened; "" if there is none."""
    alias = view.named.get((ast.Alias, name))
    return target(view, alias.target, inside | {name}) if isinstance(alias, ast.Alias) else ""


def target(view: View, chain: ast.Target, inside: frozenset[str] = frozenset()) -> str:
    return " or ".join(_choice(view, choice, inside) for choice in chain.choices)


def _choice(view: View, choice: ast.Choice, inside: frozenset[str]) -> str:
    match choice:
        case ast.ModelRef(text=text):
            return resolved(view, text, inside)
        case ast.Split(shares=shares):
            return f"({', '.join(f'{_choice(view, each.ref, inside)} {each.percent.text}' for each in shares)})"
        case ast.PythonRef(path=path):
            return f'python "{path.text}"'


def resolved(view: View, text: str, inside: frozenset[str] = frozenset()) -> str:
    """A target's full name: an alias flattened, a short model name written out; itself where there is nothing to add."""
    name, slash, rest = text.partition("/")
    if not slash:
        return (expansion(view, text, inside) or text) if text not in inside else text
    configured = view.catalog.providers.get(name)
    return f"{name}/{locate(configured, rest).destination.model}" if configured is not None else text


def statement(node: Given) -> str:
    """As it is written; what stands in config.json as a rule file would say it."""
    if not node.span.file.name.endswith(".json"):
        return node.span.text
    return format_file(ast.File((node,), node.span), "", "\n").strip()
