"""Which keys are shown to a provider: of several first the one this session had before, so that prompt caches stay warm.

The others follow in an order that is the session's own, so that a key that rests or fails spreads its sessions over all
of them (amendments C.10c). A key that is written several times gets as many shares. No key is revealed here.
"""

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from ccr.facts.facts import Facts
from ccr.facts.health import Health, Rest
from ccr.lang.values import Undecided
from ccr.providers.spec import LOGINS
from ccr.routing.catalog import ConfiguredProvider
from ccr.routing.plan import KeyUse
from ccr.routing.requested import caller_credential
from ccr.routing.scene import ask
from ccr.routing.secret import Secret
from ccr.routing.settings import Settings
from ccr.routing.splits import draw, hash_of_body

KEYLESS = frozenset({"none"}) | LOGINS
"""Schemes that do without: nothing is shown, or the machine's own login."""

MOST = 4
"""Keys of one provider that are tried for one request."""


class Choice(Struct, frozen=True):
    """`rest`: the key rests, and is chosen because all of them do."""

    key: KeyUse
    rest: Rest | None = None


def choose_keys(
    provider: ConfiguredProvider, wire: str, facts: Facts, settings: Settings, health: Health
) -> tuple[Choice, ...] | str:
    """The keys to show, in turn: those that do not rest, else the one that rests shortest. Or why there is none, in
    words for a person."""
    if provider.auth.scheme == "client":
        if not caller_credential(provider, facts.inputs.request, settings):
            return _no_login(provider)
        return (Choice(KeyUse("client"), health.rest(provider.name, wire)),)
    keys = [key for key in provider.keys if key]
    if provider.auth.scheme == "none" or not keys:
        needed = provider.auth.scheme not in KEYLESS
        return (
            _no_key(provider) if needed else (Choice(KeyUse(provider.auth.scheme), health.rest(provider.name, wire)),)
        )
    return _awake(provider, wire, _in_order(keys, facts), health)


def _awake(provider: ConfiguredProvider, wire: str, keys: Sequence[Secret], health: Health) -> tuple[Choice, ...]:
    choices = [
        Choice(KeyUse(provider.auth.scheme, key), health.rest(provider.name, wire, key.fingerprint)) for key in keys
    ]
    awake = tuple(each for each in choices if each.rest is None)
    return awake[:MOST] or (min(choices, key=lambda each: each.rest.seconds if each.rest else 0.0),)


def _in_order(keys: Sequence[Secret], facts: Facts) -> Sequence[Secret]:
    """The session's own key first."""
    if len(keys) == 1:
        return keys
    session = ask(facts, "session")
    by = hash_of_body(facts.inputs.request.raw) if isinstance(session, Undecided) or not session else str(session)
    left = Counter(keys)
    ordered: list[Secret] = []
    while left:
        drawn = list(left)[draw(by, [(f"key {key.fingerprint}", float(shares)) for key, shares in left.items()])]
        ordered.append(drawn)
        del left[drawn]
    return ordered


def _no_key(provider: ConfiguredProvider) -> str:
    variables = provider.auth.variables
    mend = f"set {variables[0]}" if variables else f"write  provider {provider.name} {{ key = env.NAME }}"
    return f"no key: {mend}"


def _no_login(provider: ConfiguredProvider) -> str:
    also = f", or set {provider.auth.variables[0]}" if provider.auth.variables else ""
    return f"no key, and this request brings no login of {provider.name} to pass on: log in with it{also}"
