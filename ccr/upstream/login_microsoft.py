"""A token of Microsoft Entra: one that stands in the environment, or one got with an application's secret and kept.

The token endpoint is asked by plain urllib in a thread: it is one small request an hour, and nobody's answer waits for
more than it.
"""

import json
import os
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from ccr.messages.errors import ApiError
from ccr.providers.microsoft import AUTHORITY, CLIENT, NO_LOGIN, SECRET, TENANT, TOKEN, TOKEN_PATH
from ccr.routing.secret import Secret
from ccr.upstream.login import Shows, bearer, refused

_EARLIER = 300.0
"""Seconds before its end that a token is no longer shown."""
_PATIENCE = 10.0
_LONGEST = 300
"""Characters of the reason that are told."""


class MicrosoftLogin:
    """A login for one `scope`. `proxy_for` gives the proxy's URL for an address, or ""; `clock` seconds that never go back."""

    def __init__(
        self,
        scope: str,
        proxy_for: Callable[[str], str],
        variables: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._scope, self._proxy_for, self._variables, self._clock = scope, proxy_for, variables, clock
        self._held: Shows | None = None
        self._until = 0.0
        self._lock = threading.Lock()

    def ready(self) -> Shows | None:
        if token := self._variables.get(TOKEN):
            return bearer(token)
        return self._held if self._clock() < self._until else None

    def renew(self) -> Shows | ApiError:
        with self._lock:
            return self.ready() or self._got()

    def _got(self) -> Shows | ApiError:
        tenant, client, secret = (self._variables.get(name, "") for name in (TENANT, CLIENT, SECRET))
        if not (tenant and client and secret):
            return refused(NO_LOGIN)
        url = (self._variables.get(AUTHORITY[0]) or AUTHORITY[1]).rstrip("/") + TOKEN_PATH.format(tenant=tenant)
        form = {"grant_type": "client_credentials", "client_id": client, "client_secret": secret, "scope": self._scope}
        answer = _posted(url, form, self._proxy_for(url))
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not token:
            return refused(f"the login to Microsoft Entra failed: {Secret(secret).hidden_in(_reason(answer))}")
        seconds = answer.get("expires_in")
        self._until = self._clock() + max(float(seconds) if isinstance(seconds, int | float) else 0.0, 0.0) - _EARLIER
        self._held = bearer(token)
        return self._held


def _posted(url: str, form: Mapping[str, str], proxy: str) -> Any:
    """The JSON that was answered, whatever its status; the reason as a text if there is none."""
    from urllib.error import HTTPError
    from urllib.parse import urlencode
    from urllib.request import ProxyHandler, Request, build_opener

    opener = build_opener(ProxyHandler({"http": proxy, "https": proxy} if proxy else {}))
    try:
        with opener.open(Request(url, urlencode(form).encode()), timeout=_PATIENCE) as answer:
            return json.load(answer)
    except HTTPError as error:
        with error:
            return _read(error.read()) or f"it answered {error.code}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", error))


def _read(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return None


def _reason(answer: Any) -> str:
    """The first line of what it says, which names the mistake; the rest are numbers for its support."""
    if not isinstance(answer, dict):
        return str(answer)[:_LONGEST]
    said = answer.get("error_description") or answer.get("error") or "it gave no token"
    return str(said).splitlines()[0][:_LONGEST]
