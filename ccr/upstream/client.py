"""The door to httpx: sends what a step says, hands back the answer as it arrives, and makes a Failure of what breaks.

No redirects are followed, nothing is tried again and nothing is decided here. httpx and aiohttp cost a third of a second
to import, so they are imported at the first request or by `warm`, after the server listens.
"""

import asyncio
import zlib
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import structs

from ccr import __version__
from ccr.exchange.failure import Failure
from ccr.exchange.steps import Open
from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.request import Headers
from ccr.upstream.proxies import Proxies, proxy_for
from ccr.upstream.signing import changes, show

if TYPE_CHECKING:
    import httpx

    from ccr.upstream.transport import AiohttpTransport, BodyStream

_UNPACKED = 2**20
"""Bytes that are unpacked at once."""

_NEVER_LEAVE = frozenset(
    {
        "authorization", "x-api-key", "x-goog-api-key", "api-key", "cookie", "host", "content-length", "accept-encoding",
        "connection", "keep-alive", "proxy-authorization", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade",
    }
)  # fmt: skip
"""Credentials come from `signing` alone; the rest belongs to one connection (https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1)."""


class Answer:
    """An answer whose head has come. `read` may be cancelled and called again; `close` may be called at any time."""

    def __init__(self, response: "httpx.Response", provider: str) -> None:
        self.status = response.status_code
        self.headers: Headers = tuple(
            (name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers.raw
        )
        self._stream: BodyStream = response.stream  # type: ignore[assignment]
        self._provider = provider
        encoding = next((value.strip().lower() for name, value in self.headers if name == "content-encoding"), "")
        self._unpack = None if encoding in ("", "identity") else _unpacking(encoding)

    async def read(self) -> bytes | Failure:
        """The next bytes of the body, unpacked; b"" when it has ended properly."""
        try:
            if self._unpack is None:
                return await self._stream.read()
            return await self._read_packed(self._unpack)
        except _transport_errors() as error:
            return _failure(
                ErrorKind.TRUNCATED,
                f"upstream closed the connection in the middle of the answer{_reason(error)}",
                self._provider,
            )
        except zlib.error as error:
            return _failure(
                ErrorKind.BAD_GATEWAY, f"upstream sent a damaged compressed answer ({error})", self._provider
            )

    def close(self) -> None:
        self._stream.close()

    async def _read_packed(self, unpack: Callable[[bytes], bytes]) -> bytes | Failure:
        if rest := unpack(b""):
            return rest
        while packed := await self._stream.read():
            if data := unpack(packed):
                return data
        return b""


class Client:
    """All requests to providers go through one of these; it survives reloads."""

    def __init__(self, proxies: Proxies = Proxies()) -> None:  # noqa: B008 (frozen)
        self.proxies = proxies
        self._transport: AiohttpTransport | None = None

    async def open(self, step: Open) -> Answer | Failure:
        """Sends the request and waits for the head of the answer. Cancelling it shuts the connection."""
        import httpx

        transport = self._engine()
        shown = await show(step.key, step.caller, step.wire, self.proxies)
        if isinstance(shown, ApiError):
            return Failure(shown, step.provider, sent=False)
        try:
            request = _request(step, shown, self.proxies)
            response = await transport.handle_async_request(request)
        except (httpx.TransportError, httpx.InvalidURL) as error:
            return _failure_before_head(error, step)
        return Answer(response, step.provider)

    async def warm(self) -> None:
        """Imports what the first request would import, so that nobody waits for it."""
        await asyncio.to_thread(_import_engine)

    async def close(self) -> None:
        if self._transport is not None:
            await self._transport.aclose()
            self._transport = None

    def _engine(self) -> "AiohttpTransport":
        if self._transport is None:
            self._transport = _import_engine()()
        return self._transport


def _import_engine() -> "type[AiohttpTransport]":
    from ccr.upstream.transport import AiohttpTransport

    return AiohttpTransport


def _request(step: Open, shown: Headers, proxies: Proxies) -> "httpx.Request":
    import httpx

    said = tuple(pair for pair in step.wire.headers if not _stays(pair[0]))
    prepare = _made if changes(step.key) else _prepared
    headers, url = prepare((*said, *shown)), _url(step.wire.url)
    proxy = proxy_for(step.wire.url, step.proxy, proxies)
    extensions: dict[str, Any] = {"proxy": proxy, "connect": step.limits.connect}
    return httpx.Request(
        step.wire.method, url, headers=headers, stream=httpx.ByteStream(step.wire.body), extensions=extensions
    )


def _stays(name: str) -> bool:
    return name in _NEVER_LEAVE or name.startswith("x-ccr-")


# Kept per target: building them anew costs 0.1 ms a request.


@cache
def _reason(error: Exception) -> str:
    """The system's word (`Connection reset by peer`) where there is one; the library's own of half an answer says nothing
    more, and numbers that look like a status."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, OSError):
        cause = cause.__cause__
    return f" ({cause.strerror})" if isinstance(cause, OSError) and cause.strerror else ""


def _transport_errors() -> "tuple[type[Exception], ...]":
    import httpx

    return (httpx.TransportError,)


K = TypeVar("K")
V = TypeVar("V")

_URLS: "dict[str, httpx.URL]" = {}
_HEADERS: "dict[Headers, httpx.Headers]" = {}


def _url(text: str) -> "httpx.URL":
    import httpx

    return _kept(_URLS, text, httpx.URL)


def _prepared(said: Headers) -> "httpx.Headers":
    return _kept(_HEADERS, said, _made)


def _made(said: Headers) -> "httpx.Headers":
    import httpx

    return httpx.Headers([(name.encode(), _bytes(value)) for name, value in (*_missing(said), *said)])


def _bytes(value: str) -> bytes:
    """A client's header is read a byte a character; what a rule says may be any text."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "replace")


def _missing(said: Headers) -> list[tuple[str, str]]:
    """What every request carries unless the dialect or a rule said otherwise."""
    names = {name for name, _ in said}
    ours = (("user-agent", f"ccr/{__version__}"), ("content-type", "application/json"), ("accept-encoding", "identity"))
    return [pair for pair in ours if pair[0] not in names]


def _kept(cache: dict[K, V], key: K, make: Callable[[K], V]) -> V:
    found = cache.get(key)
    if found is None:
        if len(cache) >= 256:
            cache.clear()
        found = cache[key] = make(key)
    return found


# What httpx's errors mean before the head has come: kind, whether the request may have left, words. Most special first.
_BEFORE_HEAD: tuple[tuple[str, ErrorKind, bool, str], ...] = (
    ("ConnectTimeout", ErrorKind.UNREACHABLE, False, "no connection within {connect:g} s"),
    ("PoolTimeout", ErrorKind.UNREACHABLE, False, "no free connection"),
    ("TimeoutException", ErrorKind.TIMEOUT, True, "upstream did not answer in time"),
    ("ProxyError", ErrorKind.UNREACHABLE, False, "the outbound proxy failed: {error}"),
    ("ConnectError", ErrorKind.UNREACHABLE, False, "no connection: {error}"),
    ("UnsupportedProtocol", ErrorKind.UNREACHABLE, False, "cannot be called: {error}"),
    ("InvalidURL", ErrorKind.UNREACHABLE, False, "`{url}` is not a URL: {error}"),
    ("HTTPError", ErrorKind.BAD_GATEWAY, True, "upstream closed the connection before it answered ({error})"),
)


def _failure_before_head(error: Exception, step: Open) -> Failure:
    names = {each.__name__ for each in type(error).__mro__}
    kind, sent, words = next(row[1:] for row in _BEFORE_HEAD if row[0] in names)
    said = words.format(error=error, connect=step.limits.connect, url=step.wire.url)
    failure = _failure(kind, said, step.provider, sent=sent)
    return structs.replace(failure, dropped=kind is ErrorKind.BAD_GATEWAY)


def _failure(kind: ErrorKind, message: str, provider: str, *, sent: bool = True) -> Failure:
    return Failure(ApiError(kind, message), provider, sent=sent)


def _unpacking(encoding: str) -> Callable[[bytes], bytes]:
    """An unpacker for what came packed although we asked for `identity`."""
    if encoding in ("gzip", "x-gzip", "deflate"):
        return _Inflate().feed

    def refuse(_: bytes) -> bytes:
        raise zlib.error(f"`{encoding}`, which was not asked for")

    return refuse


class _Inflate:
    """gzip and deflate, known by their first two bytes: some servers send deflate without its zlib wrapper
    (https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.2)."""

    def __init__(self) -> None:
        self._begin = b""
        self._engine: Any = None

    def feed(self, data: bytes) -> bytes:
        """What came unpacks to; with b"" what is left of what came before, because a little can unpack to a lot."""
        if self._engine is None:
            self._begin = data = self._begin + data
            if len(data) < 2:
                return b""
            self._engine = zlib.decompressobj(wbits=_window(data[0], data[1]))
        unpacked: bytes = self._engine.decompress(self._engine.unconsumed_tail + data, _UNPACKED)
        return unpacked


def _window(first: int, second: int) -> int:
    """zlib's `wbits`: gzip (RFC 1952, 2.3.1), zlib's wrapper (RFC 1950, 2.2), or neither."""
    if (first, second) == (0x1F, 0x8B):
        return 31
    return 15 if first & 0x0F == 8 and (first * 256 + second) % 31 == 0 else -15
