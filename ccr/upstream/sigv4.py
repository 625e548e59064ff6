"""AWS Signature Version 4: a pure function from a request to the headers that sign it.

Written after https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html (read 2026-11-22):
the path is encoded once more than it is sent, queries and headers are sorted, and what is signed is host, content type
and date, a session's token if there is one, and the hash of the body. The tests hold it to signatures AWS published.
"""

import hmac
from datetime import datetime
from hashlib import sha256
from urllib.parse import quote, unquote_plus, urlsplit

from msgspec import Struct

from ccr.messages.request import Headers

_ALGORITHM = "AWS4-HMAC-SHA256"
_UNRESERVED = "-_.~"


class Credentials(Struct, frozen=True):
    """`token`: of a session that ends by itself; "" for keys that stay."""

    access: str
    secret: str
    token: str = ""

    def __repr__(self) -> str:
        return "Credentials(***)"


class Scope(Struct, frozen=True):
    """What a signature is good for. `at` is the time of the request, in UTC."""

    region: str
    service: str
    at: datetime

    @property
    def time(self) -> str:
        return self.at.strftime("%Y%m%dT%H%M%SZ")

    @property
    def text(self) -> str:
        return f"{self.time[:8]}/{self.region}/{self.service}/aws4_request"


def signature_headers(
    method: str, url: str, headers: Headers, body: bytes, credentials: Credentials, scope: Scope
) -> Headers:
    """What has to be sent beside `headers`, all of which are signed, by their names in lower case: date, the session's
    token, and the authorization. `url` is as it goes to the wire."""
    parts = urlsplit(url)
    token = (("x-amz-security-token", credentials.token),) if credentials.token else ()
    added: Headers = (("x-amz-date", scope.time), *token)
    signed = sorted((("host", parts.netloc.rpartition("@")[2]), *headers, *added))
    names = ";".join(dict.fromkeys(name for name, _ in signed))
    written = "".join(f"{name}:{value}\n" for name, value in _joined(signed))
    canonical = "\n".join(
        (method, _path(parts.path), _query(parts.query), written, names, sha256(body).hexdigest()),
    )
    told = "\n".join((_ALGORITHM, scope.time, scope.text, sha256(canonical.encode()).hexdigest()))
    signature = hmac.new(_key(credentials.secret, scope), told.encode(), sha256).hexdigest()
    shown = f"{_ALGORITHM} Credential={credentials.access}/{scope.text}, SignedHeaders={names}, Signature={signature}"
    return (*added, ("authorization", shown))


def _joined(headers: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Each name once, its values in the order they are sent, without needless blanks."""
    found: dict[str, list[str]] = {}
    for name, value in headers:
        found.setdefault(name, []).append(" ".join(value.split()))
    return [(name, ",".join(values)) for name, values in found.items()]


def _path(path: str) -> str:
    return quote(path, safe="/" + _UNRESERVED) or "/"


def _query(query: str) -> str:
    pairs = [each.partition("=") for each in query.split("&") if each]
    return "&".join(
        f"{name}={value}" for name, value in sorted((_again(name), _again(value)) for name, _, value in pairs)
    )


def _again(text: str) -> str:
    """Encoded by AWS's rules, however it was encoded before."""
    return quote(unquote_plus(text), safe=_UNRESERVED)


def _key(secret: str, scope: Scope) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in scope.text.split("/"):
        key = hmac.new(key, part.encode(), sha256).digest()
    return key
