"""Tries the way to a provider's host: name, connection, outbound proxy, certificate. Nothing is asked but the root, without a
key; any answer will do. Its `Date` tells how right our clock is.
"""

import base64
import socket
import ssl
import time
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import unquote, urlsplit

from ccr.doctor.machine import Reached
from ccr.upstream.advice import bare

PATIENCE = 5.0
"""Seconds, for each wait on the way."""


def reach(provider: str, url: str, proxy: str = "", patience: float = PATIENCE) -> Reached:
    """What came of it. `proxy` is the address of an HTTP proxy, "" for none."""
    parts = urlsplit(url)
    host, through = parts.hostname or "", bare(proxy) if proxy else ""
    try:
        date = _ask(parts.scheme, host, parts.port, proxy, patience)
    except (OSError, HTTPException, ValueError) as error:
        problem = _problem(error, bool(proxy))
        return Reached(provider, host, problem, _words(error), through)
    return Reached(provider, host, proxy=through, skew=_skew(date))


def _ask(scheme: str, host: str, port: int | None, proxy: str, patience: float) -> str:
    """The `Date` header of whatever answers."""
    connection = _connection(scheme, host, port, proxy, patience)
    try:
        connection.request("HEAD", "/", headers={"user-agent": "ccr-doctor"})
        return connection.getresponse().getheader("date") or ""
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, proxy: str, patience: float) -> HTTPConnection:
    if scheme != "https":
        return HTTPConnection(host, port, timeout=patience)
    trusted = ssl.create_default_context()
    if not proxy:
        return HTTPSConnection(host, port, timeout=patience, context=trusted)
    by = urlsplit(proxy)
    connection = HTTPSConnection(by.hostname or "", by.port or 8080, timeout=patience, context=trusted)
    connection.set_tunnel(host, port or 443, _authorization(proxy))
    return connection


def _authorization(proxy: str) -> dict[str, str]:
    parts = urlsplit(proxy)
    if not parts.username:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Proxy-Authorization": f"Basic {base64.b64encode(pair.encode()).decode('ascii')}"}


def _problem(error: Exception, by_proxy: bool) -> str:
    """Which hop it was. The classes are subclasses of OSError, so the order matters."""
    if isinstance(error, ssl.SSLError):
        return "tls"
    if by_proxy:
        return "proxy"
    if isinstance(error, socket.gaierror):
        return "dns"
    if isinstance(error, TimeoutError):
        return "timeout"
    return "refused" if isinstance(error, ConnectionRefusedError) else "other"


def _words(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _skew(date: str) -> float | None:
    try:
        return time.time() - parsedate_to_datetime(date).timestamp()
    except (TypeError, ValueError):
        return None
