"""What a login is: something that has to be got before a request can be shown to a provider, and is kept for a while."""

from collections.abc import Callable
from typing import Protocol

from ccr.dialects.wire import WireRequest
from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.request import Headers

Shows = Callable[[WireRequest], Headers | ApiError]
"""The headers that show the login to whoever gets this request."""


class Login(Protocol):
    """`ready` answers at once or not at all; `renew` may wait for a disk or the network, so it belongs in a thread."""

    def ready(self) -> Shows | None: ...

    def renew(self) -> Shows | ApiError: ...


def bearer(token: str, *more: tuple[str, str]) -> Shows:
    """A token that is shown as it is."""
    shown = (("authorization", f"Bearer {token}"), *more)
    return lambda wire: shown


def refused(words: str) -> ApiError:
    """A login that cannot be got, in words for a person."""
    return ApiError(ErrorKind.AUTHENTICATION, words)
