"""Keys of AWS, from the environment or the files that `aws configure` writes, and requests signed with them.

Files are read in a thread and looked at again after a while, because tools that sign in by a browser write new keys
there. Roles of a machine and browser logins are not asked for keys by ccr itself: the error says how they are exported.
"""

import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from ccr.dialects.wire import WireRequest
from ccr.messages.errors import ApiError
from ccr.messages.request import Headers
from ccr.providers.amazon import FILES, KEYS, NO_KEYS, PROFILE, REGIONS, place_of
from ccr.upstream.login import Shows, refused
from ccr.upstream.sigv4 import Credentials, Scope, signature_headers

_LOOK_AGAIN = 60.0
"""Seconds."""
_JSON = ("content-type", "application/json")


class AmazonLogin:
    """`clock` gives seconds that never go back."""

    def __init__(self, variables: Mapping[str, str] = os.environ, clock: Callable[[], float] = time.monotonic) -> None:
        self._variables, self._clock = variables, clock
        self._credentials: Credentials | None = None
        self._until = 0.0
        self._lock = threading.Lock()

    def ready(self) -> Shows | None:
        return self._sign if self._credentials is not None and self._clock() < self._until else None

    def renew(self) -> Shows | ApiError:
        with self._lock:
            if self.ready() is None:
                self._credentials = _found(self._variables)
                self._until = self._clock() + _LOOK_AGAIN
        return self._sign if self._credentials is not None else refused(NO_KEYS)

    def _sign(self, wire: WireRequest) -> Headers | ApiError:
        """Signs for the place that the host names, else for the region of the environment."""
        assert self._credentials is not None, "asked before there were keys"
        service, region = place_of(urlsplit(wire.url).hostname or "")
        region = region or next((value for name in REGIONS if (value := self._variables.get(name))), "")
        if not region:
            return refused("nothing says which AWS region to sign for: set AWS_REGION")
        kind = next((pair for pair in wire.headers if pair[0] == "content-type"), _JSON)
        scope = Scope(region, service, datetime.now(UTC))
        shown = signature_headers(wire.method, wire.url, (kind,), wire.body, self._credentials, scope)
        return shown if kind in wire.headers else (kind, *shown)


def _found(variables: Mapping[str, str]) -> Credentials | None:
    """The environment's keys, else those of the profile in the first file that has them."""
    access, secret, token = (variables.get(name, "") for name in KEYS)
    if access and secret:
        return Credentials(access, secret, token)
    return next(_in_files(variables), None)


def _in_files(variables: Mapping[str, str]) -> Iterator[Credentials]:
    from configparser import Error, RawConfigParser

    profile = variables.get(PROFILE) or "default"
    for variable, usual, before in FILES:
        path = Path(variables.get(variable) or usual).expanduser()
        parser = RawConfigParser(strict=False)
        try:
            parser.read_string(path.read_text("utf-8"))
        except (OSError, ValueError, Error):
            continue
        for section in (f"{before}{profile}", profile):
            keys = dict(parser.items(section)) if parser.has_section(section) else {}
            access, secret, token = (keys.get(name.lower(), "").strip() for name in KEYS)
            if access and secret:
                yield Credentials(access, secret, token)
