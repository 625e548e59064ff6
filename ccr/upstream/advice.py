"""What a person can mend when a provider does not answer: one sentence for each kind of failure.

The kinds are `messages/errors.py`'s; what the provider itself said stands beside this, never instead of it.
"""

from urllib.parse import urlsplit

from ccr.messages.errors import ErrorKind
from ccr.providers.spec import LOGINS
from ccr.routing.advice import bare, nothing_listens
from ccr.routing.catalog import ConfiguredProvider

__all__ = ["bare", "mend", "needs"]

_MEND: dict[ErrorKind, str] = {
    ErrorKind.AUTHENTICATION: "the key is not taken: {key}",
    ErrorKind.PERMISSION: "the key is known and may not do this: see what its account may use, or name another model",
    ErrorKind.BILLING: "the account cannot pay: add credit to it, or {key}",
    ErrorKind.NOT_FOUND: "no such model or no such address: `ccr providers models {name}` lists models, the address is {url}",
    ErrorKind.INVALID_REQUEST: "the request was not understood as {dialect}: check the model's name and `dialect`",
    ErrorKind.TOO_LARGE: "even a few words are too large for it: check the address {url}",
    ErrorKind.CONTEXT_OVERFLOW: "its window is too small for a few words: start or configure it with a larger one",
    ErrorKind.RATE_LIMITED: "too many requests for this key or plan: wait, or give several keys with `keys = […]`",
    ErrorKind.OVERLOADED: "it is overloaded: try again in a minute",
    ErrorKind.SERVER: "a fault of its own: try again, and if it stays see its status page",
    ErrorKind.BAD_GATEWAY: "what came is no answer in {dialect}: check the address {url} and `dialect`",
    ErrorKind.UNREACHABLE: "no connection to {host}: check the address, the network, and whether a proxy is needed "
    "(`PROXY_URL`)",
    ErrorKind.TIMEOUT: "nothing came in time: check the network, or try a smaller model",
    ErrorKind.TRUNCATED: "the answer broke off: try again; a proxy on the way may cut streams",
}
_BY_PROXY = "the outbound proxy does not work: check `PROXY_URL` and `proxy`"


def mend(kind: ErrorKind, provider: ConfiguredProvider, said: str = "") -> str:
    """What to look at. `said`: the words of the failure."""
    if kind is ErrorKind.UNREACHABLE and "outbound proxy" in said:
        return _BY_PROXY
    if kind is ErrorKind.UNREACHABLE and provider.spec is not None and provider.spec.local:
        return nothing_listens(provider.url, provider.spec.doc)
    return _MEND[kind].format(
        key=_key(provider),
        name=provider.name,
        url=bare(provider.url),
        dialect=provider.dialect,
        host=urlsplit(provider.url).netloc.rpartition("@")[2] or bare(provider.url),
    )


def needs(provider: ConfiguredProvider) -> str:
    """What gives this provider a key; "" if it has one or needs none."""
    if provider.keys or provider.auth.scheme in ("none", "client", *LOGINS):
        return ""
    if provider.auth.variables:
        return f"set {provider.auth.variables[0]}"
    return f"write  provider {provider.name} {{ key = env.NAME }}"


def _key(provider: ConfiguredProvider) -> str:
    """Where the key came from, as far as it is known."""
    if not provider.keys and provider.auth.scheme in LOGINS:
        return "the machine's own login is taken: see whether it may use this model"
    if not provider.keys:
        return needs(provider) or f"it wants one: provider {provider.name} {{ key = env.NAME }}"
    known = f" (now {', '.join(each.fingerprint for each in provider.keys)})"
    if provider.at is not None:
        return f"check `key` of {provider.name} at {provider.at.file.name}:{provider.at.position[0]}{known}"
    return f"check {' or '.join(provider.auth.variables)}{known}"
