"""A decision made ready to be carried out: attempts in order, or a recital.

`plan` itself (decision x catalog x health) is in `routing/planning.py`; here are its values, which the exchange reads.
"""

from msgspec import Struct

from ccr.dialects.dialect import Dialect
from ccr.dialects.profile import Profile
from ccr.messages.errors import ApiError
from ccr.providers.spec import ModelSpec
from ccr.routing.decision import Decision, Destination, Skip
from ccr.routing.effects import Effect
from ccr.routing.secret import Secret
from ccr.routing.settings import Allowance, Limits
from ccr.transformers.transformer import Arguments, Transformer


class KeyUse(Struct, frozen=True):
    """Which key to show and how; `upstream/signing.py` makes headers of it. Scheme `client`: the caller's own credential."""

    scheme: str
    secret: Secret | None = None


class Rewriting(Struct, frozen=True):
    """A transformer bound to its arguments."""

    transformer: Transformer
    arguments: Arguments


class Attempt(Struct, frozen=True):
    """One try at a target: everything needed to speak to it, as data."""

    destination: Destination
    dialect: Dialect
    url: str
    profile: Profile
    key: KeyUse
    limits: Limits
    effects: tuple[Effect, ...] = ()
    """In order: the rules', then the provider's, then the model's (rulings R16)."""
    rewrites: tuple[Rewriting, ...] = ()
    facts: ModelSpec = ModelSpec()
    proxy: str = ""
    relays: bool = False
    """The client's dialect is spoken: frames pass as they came."""
    starts: str = ""
    """Of a server on the person's own machine: how it is started, in words."""
    allowance: Allowance = Allowance()
    tokens: int = 0
    """Of the prompt, at least: what is put down for it where tokens are limited."""


class Attempts(Struct, frozen=True):
    """Tried in order. `skipped` were passed over while planning."""

    decision: Decision
    attempts: tuple[Attempt, ...]
    skipped: tuple[Skip, ...] = ()
    back: float | None = None
    """Seconds until the first of the skipped that rest may be tried again."""


class Recital(Struct, frozen=True):
    """An answer without a provider: the demo's words, or an error."""

    decision: Decision
    text: str = ""
    error: ApiError | None = None
    skipped: tuple[Skip, ...] = ()


Plan = Attempts | Recital
