"""A `KeyUse` becomes headers. The only caller of `Secret.reveal`.

Scheme `client` passes the caller's own credential on, and only one that Anthropic gave out (`sk-ant-…`): what Claude
Code presents otherwise (`ccr`, `test`, a key of ours) is meant for the proxy and leaves it never (rulings 1.4).

Schemes of `LOGINS` show what has to be got first: a token, or keys that sign each request. What is got is kept, and is
got in a thread. One file a login; what a login is, `login.py` says.
"""

import asyncio
from collections.abc import Callable
from urllib.parse import urlsplit

from ccr.dialects.wire import WireRequest
from ccr.messages.errors import ApiError
from ccr.messages.request import Headers
from ccr.providers.microsoft import scope_of
from ccr.routing.plan import KeyUse
from ccr.routing.secret import Secret
from ccr.upstream.login import Login, Shows
from ccr.upstream.proxies import Proxies, proxy_for

_ANTHROPICS = "sk-ant-"
_CREDENTIALS = ("authorization", "x-api-key")

SCHEMES: dict[str, Callable[[str], tuple[str, str]]] = {
    "bearer": lambda key: ("authorization", f"Bearer {key}"),
    "x-api-key": lambda key: ("x-api-key", key),
    "x-goog-api-key": lambda key: ("x-goog-api-key", key),
    "api-key": lambda key: ("api-key", key),
}


async def show(key: KeyUse, caller: Headers, wire: WireRequest, proxies: Proxies = Proxies()) -> Headers | ApiError:  # noqa: B008 (frozen)
    """The headers that show the key with this request; an error in words where a login has to be got first and cannot be."""
    if key.scheme not in LOGINS:
        return sign(key, caller)
    about = scope_of(urlsplit(wire.url).hostname or "") if key.scheme == "entra" else ""
    login = _logins.get((key.scheme, key.secret, about))
    if login is None:
        said = key.secret.reveal().strip() if key.secret else ""
        login = _logins.setdefault((key.scheme, key.secret, about), LOGINS[key.scheme](said, about, proxies))
    shows: Shows | ApiError | None = login.ready()
    if shows is None:
        shows = await asyncio.to_thread(login.renew)
    return shows if isinstance(shows, ApiError) else shows(wire)


def changes(key: KeyUse) -> bool:
    """Whether each request is shown something else, so that nothing of it is worth keeping."""
    return key.scheme == "aws"


def sign(key: KeyUse, caller: Headers) -> Headers:
    """The headers that show the key; none for scheme `none` or without a secret. KeyError for a scheme nobody knows."""
    if key.scheme == "none":
        return ()
    if key.scheme == "client":
        return tuple(pair for pair in caller if pair[0] in _CREDENTIALS and _is_anthropics(pair[1]))
    show = SCHEMES[key.scheme]
    return (show(key.secret.reveal()),) if key.secret else ()


def _is_anthropics(value: str) -> bool:
    scheme, _, rest = value.partition(" ")
    return (rest.lstrip() if scheme.lower() == "bearer" else value).startswith(_ANTHROPICS)


# ---- logins, each imported when it is first wanted ------------------------------------------------------------------


def _google(said: str, about: str, proxies: Proxies) -> Login:
    from ccr.upstream.login_google import GoogleLogin

    return GoogleLogin(said)


def _amazon(said: str, about: str, proxies: Proxies) -> Login:
    from ccr.upstream.login_amazon import AmazonLogin

    return AmazonLogin()


def _microsoft(said: str, about: str, proxies: Proxies) -> Login:
    from ccr.upstream.login_microsoft import MicrosoftLogin

    return MicrosoftLogin(about, lambda url: proxy_for(url, "", proxies))


LOGINS: dict[str, Callable[[str, str, Proxies], Login]] = {"google": _google, "aws": _amazon, "entra": _microsoft}
"""By scheme: what a login is made of, which are its key ("" for the environment's), and what it is for."""

_logins: dict[tuple[str, Secret | None, str], Login] = {}
"""By scheme, key and what they are for. Without a key it is the machine's own login."""
