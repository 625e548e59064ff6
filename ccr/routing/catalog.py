"""The configured providers: what a vendor's file says, what the person's files say over it, and a key.

A provider is in the catalog when it was declared, when its key variable is set, when it answered discovery, or when it
serves the caller's own login (`auth = client`). Made by `workspace.load`; nothing here reads an environment.
"""

import re
from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct

from ccr.diagnostics.source import Span
from ccr.dialects.profile import Quirks
from ccr.lang.ast import Drop, Set, Tag, Use, When
from ccr.providers.spec import Auth, ModelSpec, ProviderSpec
from ccr.routing.secret import Secret
from ccr.routing.settings import Allowance

Body = tuple[When | Set | Drop | Use | Tag, ...]
"""Statements inside a `provider` or `model` block that run at each attempt, in written order."""


class ConfiguredModel(Struct, frozen=True):
    """A model of a provider. `name` is what rules call it, `wire` what the provider calls it."""

    name: str
    wire: str
    spec: ModelSpec
    """Catalogue facts with the person's own over them."""
    body: Body = ()
    declared: frozenset[str] = frozenset()
    """Which facts stand in the person's own file (`context`, `vision`): on these a finding is an error (rulings 1.6)."""


class ConfiguredProvider(Struct, frozen=True):
    """A provider as it will be called. `url` may be a base or a whole endpoint; the dialect completes it."""

    name: str
    dialect: str
    url: str
    auth: Auth
    keys: tuple[Secret, ...]
    """One that stands several times gets as many shares."""
    models: Mapping[str, ConfiguredModel]
    """By the name rules use. May be empty: then any name is taken as it is."""
    listed: bool
    """The person listed the models, so an unlisted name is an error in a rule (rulings 1.6)."""
    quirks: tuple[Quirks, ...]
    body: Body = ()
    spec: ProviderSpec | None = None
    """The vendor's file, found by name or by the URL's host; None for a stranger."""
    proxy: str = ""
    at: Span | None = None
    """Where it was declared; None if the catalogue or discovery brought it."""
    configured: bool = True
    """False: a rule names it and the catalogue knows it, but nothing says that the person has it."""
    installed: tuple[str, ...] = ()
    """What a local provider answered when it was asked for its models, newest first."""
    by_model: "tuple[tuple[str, ConfiguredProvider], ...]" = ()
    """The same provider as it is called for models whose name contains the word: another dialect at another address."""
    timeout: float | None = None
    """Seconds an attempt waits for the first content."""
    allowance: Allowance = Allowance()


def called_for(provider: ConfiguredProvider, wire: str) -> ConfiguredProvider:
    """The provider as this model of it is called."""
    name = wire.lower()
    return next((each for word, each in provider.by_model if word in name), provider)


def missing_in(url: str) -> tuple[str, ...]:
    """The parts of a cloud's address that nobody has told: `region`, `project`."""
    return tuple(dict.fromkeys(re.findall(r"\{(\w+)\}", url)))


class Catalog(Struct, frozen=True, dict=True):
    providers: Mapping[str, ConfiguredProvider]
    """In the order of declaration, declared ones first."""
    known: Mapping[str, ProviderSpec] = {}
    """Every vendor the catalogue has a file of, for messages that say what to set."""

    @cached_property
    def configured(self) -> "tuple[ConfiguredProvider, ...]":
        """Those the person has, in order."""
        return tuple(each for each in self.providers.values() if each.configured)

    @cached_property
    def memo(self) -> dict[str, ModelSpec | None]:
        """Models looked up by name before: a cache with idempotent writes, never read for meaning (rulings 2.9)."""
        return {}

    @property
    def allowances(self) -> Mapping[str, Allowance]:
        """Of those providers that have limits."""
        return {name: each.allowance for name, each in self.providers.items() if each.allowance}
