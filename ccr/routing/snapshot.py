"""The whole world at one moment: rules, providers, settings, and the sources they came from. Immutable.

Made only by `workspace.load`; a request holds the one it began with to its end.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ccr.diagnostics.diagnostic import Diagnostic
from ccr.diagnostics.source import SourceFile
from ccr.lang.ast import Alias, Condition
from ccr.lang.environment import Environment
from ccr.lang.tree import Program
from ccr.routing.catalog import Catalog
from ccr.routing.names import Names
from ccr.routing.settings import Settings
from ccr.routing.surroundings import Sources, Surroundings


class LayerPolicy(Struct, frozen=True, eq=False):
    """One layer's rules, and what has to be known of them before they run.

    `aliases` are those its rules may name: its own over everybody's (rulings R8)."""

    name: str
    program: Any
    aliases: Mapping[str, Alias] = {}
    denies: bool = False
    """It holds a `deny`, which holds whatever stronger layers route (amendments C.10d)."""
    lets: Mapping[str, Condition] = {}
    """What names its conditions may use."""
    shapes: bool = False
    """It holds a `set`, `drop`, `use` or `tag`."""


class Policy(Struct, frozen=True, eq=False):
    """The compiled layers, strongest first. `programs` are the language's programs by layer name, `aliases` those that a
    client may name, `layers` what decides."""

    programs: "tuple[tuple[str, Any], ...]"
    aliases: "dict[str, Any]"
    layers: tuple[LayerPolicy, ...] = ()


class Snapshot(Struct, frozen=True, eq=False):
    """`id` is a short hash of sources, keys' fingerprints and discovery: equal worlds have equal ids."""

    id: str
    policy: Policy
    catalog: Catalog
    settings: Settings
    sources: tuple[SourceFile, ...]
    """Everything that was read: the watch list."""
    names: Names = Names()
    """Who serves a name that a client asks for."""
    environment: Environment | None = None
    """What the rules were checked against."""
    conditions: Program | None = None
    """Of what conditions are asked that wait for a target or for the answer (`routing/conditions.py`)."""
    asked: frozenset[str] | None = None
    """Sums (`spend.*`, `requests.*`) that rule files name: the others need not be sampled. None: unknown."""
    home: str = ""
    """The ccr home, for messages that say where to write."""
    origin: Sources | None = None
    """What `sources` are, by layer; and"""
    surroundings: Surroundings | None = None
    """what was known of the machine: enough to load the same world again with one more layer."""
    findings: tuple[Diagnostic, ...] = ()
    """Warnings and notes it was loaded with."""
    memo: dict[Any, Any] = {}
    """What was worked out of it and is the same for every request: a cache with idempotent writes, as large as the rules,
    never read for meaning (rulings 2.9)."""


class Loaded(Struct, frozen=True, eq=False):
    """`snapshot` is None when an error keeps the sources from loading."""

    snapshot: Snapshot | None
    diagnostics: tuple[Diagnostic, ...]
