"""What the host declares to the language: the words that conditions, actions and blocks may use.

The language checks against these tables and knows nothing else of the world; `routing/vocabulary.py` fills them from
the registries. The reference pages and completion are printed from the same tables.
"""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from msgspec import Struct

from ccr.lang.types import Type


class Cost(IntEnum):
    """What it costs to read an attribute, cheapest first. The compiler tests cheap facts first."""

    FREE = 0
    STATE = 1
    SCAN = 2
    COUNT = 3
    EXTERNAL = 4


class Phase(IntEnum):
    """When an attribute is known. A rule runs as soon as everything it mentions is known."""

    REQUEST = 0
    ATTEMPT = 1
    HEAD = 2
    """The answer's status is known."""
    END = 3
    """The answer has ended."""


class AttributeDecl(Struct, frozen=True):
    name: str
    type: Type
    doc: str
    example: str
    cost: Cost = Cost.FREE
    phase: Phase = Phase.REQUEST


class AttributeFamily(Struct, frozen=True):
    """Attributes made of a free part and a fixed one. `header.*` is open; `PROVIDER.down` is closed over provider names."""

    prefix: str
    """`header.`, or "" for families whose free part comes first."""
    suffixes: tuple[AttributeDecl, ...]
    """For a closed family: the parts after the name, such as `down`, `spend.today`."""
    names: frozenset[str] | None = None
    """The names the free part may have; None: anything."""
    of: AttributeDecl | None = None
    """For an open family: what each member is."""


class FieldDecl(Struct, frozen=True):
    """Something `set` or `drop` can change. `phase` says whether it belongs to the request or to the answer."""

    name: str
    doc: str
    type: Type | None = None
    """None: can only be dropped."""
    droppable: bool = False
    addable: bool = False
    """`+=` is allowed."""
    filterable: bool = False
    """`drop FIELD ~ PATTERN` and `drop FIELD has NAME` are allowed."""
    phase: Phase = Phase.REQUEST
    interpolates: bool = False


class TransformerDecl(Struct, frozen=True):
    name: str
    doc: str
    parameters: Mapping[str, Type] | None = None
    """None: takes any."""
    edits: bool = False
    """It changes what was said so far, and not only how."""


class OptionDecl(Struct, frozen=True):
    """An option of a block. `shape` is `value`, `secret` (text or env.NAME), `list` or `secrets`."""

    name: str
    doc: str
    type: Type
    shape: str = "value"
    example: str = ""


class Environment(Struct, frozen=True):
    """The whole vocabulary. `unbuilt` maps a word of the language to what a person is told about it (CCR801)."""

    attributes: Mapping[str, AttributeDecl]
    families: tuple[AttributeFamily, ...]
    settable: Mapping[str, FieldDecl]
    """By name; `header.` and `response.header.` stand for the open families of headers."""
    transformers: Mapping[str, TransformerDecl]
    blocks: Mapping[str, Mapping[str, OptionDecl]]
    """`server`, `user`, `provider`, `model`."""
    special_targets: Mapping[str, str]
    """`requested`, `hint`, `last`: name to meaning."""
    split_keys: tuple[str, ...] = ("session", "user", "project", "request")
    synonyms: Mapping[str, str] = {}
    """What other tools call an attribute."""
    unbuilt: Mapping[str, str] = {}
    reserved: Mapping[str, frozenset[str]] = {}
    """Names the host keeps for itself, by what may not be named so: `alias`, `provider`."""
    secret_headers: frozenset[str] = frozenset()
    """Headers, in lower case, that no rule may ask, set or drop (rulings R24)."""

    axioms: tuple[str, ...] = ()
    """Conditions that every request satisfies, as a rule file writes them: what one attribute says of another."""
    absent: Mapping[str, str] = {}
    """What an attribute is in a sample that does not name it, where that is not its type's zero."""
    natural: Mapping[str, tuple[str, ...]] = {}
    """Texts that look natural in an example request, by attribute."""

    def attribute(self, name: str) -> AttributeDecl | None:
        """The declaration of an attribute, families included."""
        found = self.attributes.get(name)
        return found or _in_families(self.families, name)


def _in_families(families: tuple[AttributeFamily, ...], name: str) -> AttributeDecl | None:
    for family in families:
        if (
            family.of is not None
            and family.prefix
            and name.startswith(family.prefix)
            and len(name) > len(family.prefix)
        ):
            return _named(family.of, name)
        for suffix in family.suffixes:
            owner = name.removesuffix("." + suffix.name)
            if owner != name and (family.names is None or owner in family.names):
                return _named(suffix, name)
    return None


def _named(declared: AttributeDecl, name: str) -> AttributeDecl:
    changes: dict[str, Any] = {field: getattr(declared, field) for field in declared.__struct_fields__}
    return AttributeDecl(**{**changes, "name": name})
