"""Asks a proxy that may be running on this machine, with nothing but the standard library.

Whoever does not answer within the patience is not there; nothing is tried again.
"""

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any

PATIENCE = 0.5
"""Seconds: it is on this machine."""
_EVERY = ("0.0.0.0", "::", "")


def ask(
    host: str,
    port: int,
    path: str,
    headers: Mapping[str, str] | None = None,
    patience: float = PATIENCE,
    scheme: str = "http",
) -> dict[str, Any] | None:
    """The JSON object at `path`, or None where no proxy of ours answers with one in time. `scheme` is that of its
    address; a certificate is not looked at, because it names the address that others know this machine by."""
    connection = _connection("127.0.0.1" if host in _EVERY else host, port, patience, scheme)
    try:
        connection.request("GET", path, headers=dict(headers or {}))
        answer = connection.getresponse()
        said = json.loads(answer.read()) if answer.status == 200 else None
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return said if isinstance(said, dict) and said.get("service") == "ccr" else None


def _connection(host: str, port: int, patience: float, scheme: str) -> HTTPConnection:
    if scheme != "https":
        return HTTPConnection(host, port, timeout=patience)
    import ssl  # slow to import, and few need it

    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    return HTTPSConnection(host, port, timeout=patience, context=trusting)
