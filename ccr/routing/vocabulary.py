"""Everything that can be said in rules, and who knows what it means: the registries gathered into one value.

Built once per process. Attributes come from `facts/builtin`, transformers and ways of speaking from `transformers/`
and `providers/`, fields, options and what is not built yet from the tables beside this file. The language sees only
the `Environment`.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from msgspec import Struct, structs

from ccr.dialects.profile import Quirks
from ccr.facts.attribute import Attribute, Family
from ccr.facts.facts import Readers
from ccr.lang.environment import Environment, TransformerDecl
from ccr.providers.manners import DIALECT_MANNERS, FORBIDDEN, canonical, manner_quirks
from ccr.providers.spec import ProviderSpec
from ccr.registry import Registry
from ccr.routing.fields import FIELDS, SECRET_HEADERS
from ccr.routing.options import BLOCKS, DIALECTS
from ccr.routing.unbuilt import UNBUILT, of_dialects
from ccr.transformers.transformer import Arguments, Transformer

SPECIAL_TARGETS = {
    "requested": "The model the client named, if some provider serves it.",
    "hint": "The model named in a <CCR-SUBAGENT-MODEL> tag, if there is one.",
    "last": "What answered this session (and this agent of it) last, if anything did.",
}

SYNONYMS = {
    "token_count": "tokens", "tokencount": "tokens", "tokenCount": "tokens", "token": "tokens", "input_tokens": "tokens",
    "longContext": "tokens", "long_context": "tokens", "context": "tokens", "image_count": "images",
    "images_count": "images", "imagecount": "images", "has_image": "image", "has_images": "image", "vision": "image",
    "provider": "target.provider", "background": "kind", "scenario": "kind", "type": "kind", "webSearch": "web_search",
    "websearch": "web_search", "think": "thinking", "reasoning": "effort", "reasoning_effort": "effort",
    "budget_tokens": "thinking.budget", "subagent": "agent", "is_subagent": "agent", "cwd": "project",
    "directory": "project", "path": "project", "repository": "repo", "hour": "time", "day": "weekday", "size": "bytes",
    "message_count": "messages", "tool": "tools", "tool_count": "tools.count", "cost": "spend.today",
    "plan_mode": "plan", "session_id": "session", "document": "pdf", "text": "prompt", "content": "prompt",
}  # fmt: skip
"""What other tools, and people, call an attribute (acceptance by `amendments.md` B: the message they are owed)."""

RESERVED = {
    "alias": frozenset({*SPECIAL_TARGETS, "demo"}),
    "provider": frozenset(
        {
            "last", "spend", "user", "session", "agent", "thinking", "tools", "project", "header", "target", "response",
            "requests", "time", "weekday", "demo",
        }
    ),
}  # fmt: skip
"""Names that would capture a special target or an attribute (amendments C.4), by what may not be named so."""


AXIOMS = (
    "not last.image or image",
    "not image or images >= 1",
    "image or images < 1",
    'agent.type == "" or agent',
    "thinking.budget == 0 or thinking",
    "not tools ~ * or tools.count >= 1",
    "kind != agent or agent",
    "kind != main or not agent",
    "kind != search or web_search",
    'last.model == "" or last.tokens > 0',
    'last.model != "" or last.tokens == 0',
)
"""What one attribute says of another (analysis §1, rulings 1.8), as a rule file writes it."""

ABSENT = {"kind": "main"}
NATURAL = {
    "model": ("claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-5"),
    "tools": ("Bash", "Read", "Edit"),
    "agent.type": ("", "Explore", "Plan"),
    "last.model": ("", "anthropic/claude-sonnet-4-5"),
}


class Vocabulary(Struct, frozen=True, eq=False):
    """The registries hold what the words do. `environment` knows the providers of the catalogue; for declared ones, too,
    ask `environment(…)`."""

    environment: Environment
    readers: Readers
    providers: Registry
    transformers: Registry
    dialects: Registry

    def manner(self, name: str) -> Transformer | str | None:
        """What `use NAME` means, its case ignored: a transformer (for a vendor's name, one that gives the vendor's
        quirks and merges its options into the body), the name of a dialect, or None if nothing has that name.

        The dialect may be one that is not in `dialects`: then this release does not speak it.
        """
        return _find(canonical(name), self.transformers, self.providers)


@cache
def vocabulary() -> Vocabulary:
    """The vocabulary of this installation."""
    facts, providers = Registry("ccr.facts.builtin", "ATTRIBUTES"), Registry("ccr.providers.builtin", "PROVIDER")
    transformers = Registry("ccr.transformers.builtin", "TRANSFORMER", separator="_")
    dialects = Registry("ccr.dialects.builtin", "DIALECT", separator="_")
    declared = tuple(each for name in facts for each in facts[name])
    rows = {
        **UNBUILT,
        **of_dialects(DIALECTS, DIALECT_MANNERS, frozenset(dialects)),
        **{f"use {name}": why for name, why in FORBIDDEN.items()},
    }
    words = Environment(
        attributes={each.declared.name: each.declared for each in declared if isinstance(each, Attribute)},
        families=tuple(each.declared for each in declared if isinstance(each, Family)),
        settable=FIELDS,
        transformers=Declarations(transformers, providers),
        blocks=BLOCKS,
        special_targets=SPECIAL_TARGETS,
        synonyms=SYNONYMS,
        unbuilt=rows,
        reserved=RESERVED,
        secret_headers=SECRET_HEADERS,
        axioms=AXIOMS,
        absent=ABSENT,
        natural=NATURAL,
    )
    return Vocabulary(_closed(words, frozenset(providers)), Readers(declared), providers, transformers, dialects)


def environment(vocabulary: Vocabulary, declared_names: Iterable[str] = ()) -> Environment:
    """What the language checks against, with `PROVIDER.…` attributes for every provider: known ones and declared ones."""
    return _closed(vocabulary.environment, frozenset(vocabulary.providers) | frozenset(declared_names))


def _closed(words: Environment, names: frozenset[str]) -> Environment:
    families = tuple(structs.replace(each, names=names) if each.suffixes else each for each in words.families)
    return structs.replace(words, families=families)


def _find(name: str, transformers: Registry, providers: Registry) -> Transformer | str | None:
    # Our own folders first: asking a registry for a name that is not in its folder reads all entry points (31 ms).
    if name in DIALECT_MANNERS and name not in tuple(transformers):
        return DIALECT_MANNERS[name]
    if name not in tuple(providers) and name in transformers:
        found: Transformer = transformers[name]
        return found
    return _speaking_as(providers[name]) if name in providers else None


def _speaking_as(spec: ProviderSpec) -> Transformer:
    def quirks(options: Arguments) -> Quirks:
        return manner_quirks(spec, options)

    return Transformer(spec.name, f"Speaks as {spec.name} does, on any host. {spec.doc}", None, quirks=quirks)


class Declarations(Mapping[str, TransformerDecl]):
    """What may stand after `use`, found by its name in any case; a file is read when its name is first asked for."""

    def __init__(self, transformers: Registry, providers: Registry) -> None:
        self._transformers, self._providers = transformers, providers

    def __getitem__(self, name: str) -> TransformerDecl:
        match _find(canonical(name), self._transformers, self._providers):
            case Transformer() as found:
                return TransformerDecl(found.name, found.doc, found.parameters, found.edits_history)
            case str() as dialect:
                return TransformerDecl(canonical(name), f"Speaks the dialect {dialect}.")
            case _:
                raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self._transformers, *DIALECT_MANNERS, *self._providers)))

    def __len__(self) -> int:
        return sum(1 for _ in self)
