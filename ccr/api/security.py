"""What stands before every operation and every page. Nothing is reached around it: the door asks `enter` and nothing else.

In this order: the host and the origin are ours; the call comes from this very site, not from another page or port of
this machine; a session's cookie or the proxy's key; for what is no GET the session's seal, which no other page can
read; for what changes something the id of the snapshot that the caller saw.
"""

import hmac
from collections.abc import Callable
from urllib.parse import urlsplit

from msgspec import Struct, structs

from ccr.api.parts import Doors
from ccr.api.password import Keeper, seal
from ccr.api.refusal import Refused
from ccr.api.resource import Access, Effect, Operation, Visit
from ccr.messages.request import Headers

SEAL = "x-ccr-csrf"
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def protections(nonce: str = "") -> Headers:
    """Headers of every answer. `nonce`: of the styles that the editor makes; scripts get none."""
    policy = _CSP.format(nonce=nonce) if nonce else _CSP.replace(" 'nonce-{nonce}'", "")
    return (
        ("content-security-policy", policy),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "no-referrer"),
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    )


class Guard(Struct, frozen=True, eq=False):
    """`current` gives the id of the running snapshot."""

    doors: Doors
    keeper: Keeper
    current: Callable[[], str]

    def visit(self, headers: Headers, client: str, *, safe: bool, secure: bool) -> Visit:
        """Who looks at a page, known or not. Raises Refused: from elsewhere nothing is served at all."""
        host = first(headers, "host")
        wrong = self.doors.admits(headers) if host else "a call without a host is not answered"
        if wrong:
            raise Refused(403, "forbidden", wrong)
        if not _same_site(headers, host, safe=safe):
            raise Refused(403, "forbidden", "pages of another address may not call this one")
        port = host.rpartition(":")[2] if ":" in host else ""
        port = port if port.isdecimal() else ""
        token = _cookie(headers, cookie_name(port))
        known = token if self.keeper.knows(token) else ""
        return Visit(known, False, self.doors.is_local(client, headers), client, port, secure)

    def enter(self, operation: Operation, headers: Headers, client: str, *, secure: bool) -> Visit:
        """The caller, if he may do this. Raises Refused."""
        visit = self.visit(headers, client, safe=operation.method == "GET", secure=secure)
        key = self.doors.presents(headers)
        if key is not None and operation.access is Access.SESSION:
            if not key:
                raise Refused(401, "unauthorized", "this key does not open the API: it takes the proxy's own")
            visit = structs.replace(visit, token="", program=True)
        elif operation.access is Access.SESSION:
            self._in_session(operation, headers, visit)
        if operation.does is Effect.CHANGES:
            self._saw_the_present(headers)
        return visit

    def _in_session(self, operation: Operation, headers: Headers, visit: Visit) -> None:
        if not visit.token:
            raise Refused(401, "unauthorized", "log in first; a program sends the proxy's key as `x-api-key`")
        if operation.method != "GET" and not hmac.compare_digest(
            first(headers, SEAL).encode("latin-1", "replace"), seal(visit.token).encode()
        ):
            raise Refused(403, "forbidden", f"the header {SEAL} is missing or wrong: reload the page")

    def _saw_the_present(self, headers: Headers) -> None:
        seen, current = first(headers, "if-match").strip().removeprefix("W/").strip('"'), self.current()
        if not seen:
            said = "say which snapshot you saw: If-Match with the id that /api/snapshot gives"
            raise Refused(428, "unseen", said, snapshot=current)
        if seen != current:
            raise conflict("the rules or settings have changed since you looked", current)


def conflict(message: str, current: str, **more: object) -> Refused:
    """Somebody else was quicker: nothing is written."""
    return Refused(412, "conflict", message, snapshot=current, **more)


def cookie_name(port: str) -> str:
    """Cookies do not tell ports apart, and a person may run two."""
    return f"ccr_session_{port}" if port else "ccr_session"


def set_cookie(token: str, visit: Visit, age: float) -> tuple[str, str]:
    """The header that keeps a session in the browser, or, with an age of 0, forgets it."""
    named = f"{cookie_name(visit.port)}={token}; Path=/; Max-Age={age:.0f}; HttpOnly; SameSite=Strict"
    return "set-cookie", f"{named}; Secure" if visit.secure else named


def first(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key == name), "")


def _same_site(headers: Headers, host: str, *, safe: bool) -> bool:
    """Another port of this machine is another site: cookies and `SameSite` do not tell ports apart."""
    origin, fetched = first(headers, "origin"), first(headers, "sec-fetch-site")
    if origin and _netloc(origin) != host.lower():
        return False
    if fetched in ("", "same-origin") or (fetched == "none" and safe):
        return True
    # A link from another page may show a page of ours, which calls nothing by itself; it may not read the API.
    return safe and first(headers, "sec-fetch-mode") == "navigate" and first(headers, "sec-fetch-dest") == "document"


def _netloc(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _cookie(headers: Headers, name: str) -> str:
    for key, value in headers:
        for pair in value.split(";") if key == "cookie" else ():
            found, _, token = pair.strip().partition("=")
            if found == name:
                return token
    return ""
