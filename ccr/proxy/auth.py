"""Who may use the proxy, and by which name.

The key is read from `x-ccr-key`, else from `Authorization: Bearer` or `x-api-key` (rulings R37). Without any key
configured everybody on this machine may, and nobody has a name. A browser's page from elsewhere may not: the Host must
be one of ours and an Origin must be too (acceptance N1).
"""

from functools import lru_cache
from urllib.parse import urlsplit

from msgspec import Struct

from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.request import Headers
from ccr.routing.server import is_address, is_loopback
from ccr.routing.settings import Settings


class Caller(Struct, frozen=True):
    """`user` is "" for the shared key and where no keys are (rulings R37)."""

    user: str = ""
    local: bool = False
    """At this machine: paths that the request tells are paths here."""


_FORWARDED = frozenset({"forwarded", "x-forwarded-for", "via"})


def is_local(client: str, headers: Headers, settings: Settings) -> bool:
    """Whether a caller at this address is at this machine: the proxy listens to nobody else, and nobody passed it on."""
    if not (is_loopback(settings.host) and is_loopback(client)):
        return False
    return _FORWARDED.isdisjoint([name for name, _ in headers])


def identify(headers: Headers, settings: Settings) -> Caller | ApiError:
    """The caller, or why not: 401 without a key that fits."""
    if settings.api_key is None and not settings.users:
        return Caller()
    presented = _presented(headers)
    if settings.api_key is not None and settings.api_key.matches(presented):
        return Caller()
    for name, secret in settings.users.items():
        if secret.matches(presented):
            return Caller(name)
    said = (
        "this key is not known here"
        if presented
        else "a key is needed: send it as `x-api-key` or `Authorization: Bearer`"
    )
    return ApiError(ErrorKind.AUTHENTICATION, said)


def presents(headers: Headers, settings: Settings) -> bool | None:
    """Whether the proxy's own key was presented, which opens what changes the proxy; None without any key. A user's key
    opens the models and no more."""
    presented = _presented(headers)
    return (settings.api_key is not None and settings.api_key.matches(presented)) if presented else None


def admits(headers: Headers, settings: Settings) -> ApiError | None:
    """None if the Host and the Origin are ours; a foreign page or a rebound name gets a 403."""
    host = _first(headers, "host")
    if host and not _is_ours(_hostname(f"//{host}"), settings):
        return ApiError(
            ErrorKind.PERMISSION,
            f"this proxy does not answer to the host name {host!r}; add it to `server {{ hosts = […] }}`",
        )
    origin = _first(headers, "origin")
    if origin and not _is_ours(_hostname(origin), settings):
        return ApiError(ErrorKind.PERMISSION, f"pages of {origin} may not call this proxy")
    return None


def _is_ours(name: str, settings: Settings) -> bool:
    if is_loopback(name) or (name and name in (settings.host, *settings.hosts)):
        return True
    return settings.host in ("0.0.0.0", "::") and is_address(name)


@lru_cache(maxsize=256)
def _hostname(address: str) -> str:
    """ "" for an address that names no host, such as the `null` of a page that hides where it is from."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _presented(headers: Headers) -> str:
    guard = _first(headers, "x-ccr-key")
    if guard:
        return guard
    scheme, _, token = _first(headers, "authorization").partition(" ")
    if scheme.lower() == "bearer" and token:
        return token.strip()
    return _first(headers, "x-api-key")


def _first(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key == name), "")
