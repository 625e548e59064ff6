"""What is known of a vendor: an address, an auth scheme, a key variable, models, quirks. Data, nothing else.

Every fact carries its source: the page and the day it was read (rulings §4.2). What nobody has read is left out;
"unknown" is said by name. Pages were read in stored copies; where a copy says its own date, that stands as `of DATE`.
"""

from collections.abc import Mapping

from msgspec import Struct

from ccr.dialects.profile import Quirks


class Auth(Struct, frozen=True):
    """How a key is shown. `scheme`: bearer, x-api-key, x-goog-api-key, api-key, google (a token for a service account or
    for the machine's own login), client (the caller's own), none; and those of `LOGINS`."""

    scheme: str
    variables: tuple[str, ...] = ()
    """Environment variables that may hold the key, first found wins."""
    callers: tuple[str, ...] = ()
    """How a caller's own credential of this vendor begins. Only such a one is ever passed on (`auth = client`)."""
    login: str = ""
    """The scheme where there is no key: aws (requests are signed with the machine's AWS keys), entra (a token of Microsoft
    Entra). "": `scheme` without one."""


LOGINS = frozenset({"google", "aws", "entra"})
"""Schemes that do without a key: what is shown is got from the machine's own login."""


class ModelSpec(Struct, frozen=True):
    """What is known of one model. None: unknown. Prices in dollars per million tokens."""

    context: int | None = None
    output: int | None = None
    vision: bool | None = None
    tools: bool | None = None
    thinking: bool | None = None
    search: bool | None = None
    price_in: float | None = None
    price_out: float | None = None
    price_cache_read: float | None = None
    price_cache_write: float | None = None
    quirks: Quirks = {}
    source: str = ""
    """Page and day."""


class ProviderSpec(Struct, frozen=True):
    """A vendor. `hosts`: host names by which a configured URL is recognised as this vendor's."""

    name: str
    dialect: str
    base_url: str
    auth: Auth
    sources: tuple[str, ...]
    """Where the facts of this file were read: page, day."""
    hosts: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    """How names of the vendor's own models begin: it serves such a name though no list has it, and of several providers
    who serve one, the vendor itself comes first (rulings R17)."""
    quirks: Quirks = {}
    per_dialect: Mapping[str, Quirks] = {}
    """Quirks of one of its endpoints only, by dialect, put over `quirks`."""
    families: Mapping[str, Quirks] = {}
    """Quirks of models whose name contains the key, put over `quirks`."""
    models: Mapping[str, ModelSpec] = {}
    endpoints: Mapping[str, str] = {}
    """Further dialects it speaks: dialect name to base URL."""
    cautions: Mapping[str, str] = {}
    """What a person must know who speaks one of these dialects with it, in words, by dialect."""
    by_model: tuple[tuple[str, str], ...] = ()
    """Dialects of models whose name contains the first word, where nobody has said which is spoken."""
    regions: Mapping[str, str] = {}
    """Regions that have a host of their own, where the address has another form for all others."""
    local: bool = False
    """Runs on the person's machine: needs no key and is asked for its models."""
    models_url: str = ""
    """Where a local or remote provider lists its models; "" if unknown."""
    doc: str = ""
    unbuilt: str = ""
    """What of this provider does not work in this release, in words for a person."""

    def layers(self, dialect: str) -> tuple[Quirks, ...]:
        """The vendor's quirks where this dialect is spoken, weakest first."""
        return (self.quirks, self.per_dialect.get(dialect, {}))
