"""Passwords, sessions and invitations of the web UI, kept in the ccr home with mode 0600, never in clear.

A password is the one of the settings (`UI_PASSWORD`), else one that a person chose, kept as its scrypt hash. A session is
kept as a hash of its token together with the password, so a changed password ends every session. An invitation is a
code that `ccr ui` writes down and prints: whoever can read the home may come in once.
"""

import asyncio
import hmac
import secrets
from collections.abc import Callable
from hashlib import scrypt, sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from ccr.live.files import write_atomic
from ccr.routing.secret import Secret

SESSION_AGE = 14 * 24 * 3600.0
"""Seconds a login lasts."""
INVITATION_AGE = 600.0
"""Seconds in which an invitation can be used."""
SHORTEST = 8
"""Characters of a password."""
FILE, INVITATION = "ui.json", "ui-invitation.json"
_N, _R, _P = 2**14, 8, 5
"""Cost of one guess, about 16 MB and a quarter of a second (OWASP Password Storage Cheat Sheet, scrypt)."""


class Kept(Struct):
    """`password`: `scrypt$salt$hash` in hex, "" if none was chosen; `sessions`: hashes of tokens to when they end."""

    password: str = ""
    sessions: dict[str, float] = {}


class Invitation(Struct, frozen=True):
    """The hash of a code, and when it ends (seconds since the epoch)."""

    code: str
    until: float


class Keeper:
    """Reads the file anew each time, so that several processes agree. `given`: the password of the settings."""

    def __init__(self, home: Path, given: Callable[[], Secret | None], clock: Callable[[], float]) -> None:
        self._home, self._given, self._clock = home, given, clock

    @property
    def has_password(self) -> bool:
        return bool(self._given()) or bool(self._kept().password)

    @property
    def is_given(self) -> bool:
        """The password is one of the settings, so it is not changed here."""
        return bool(self._given())

    async def fits(self, password: str) -> bool:
        """Whether this is the password; takes its time in a thread."""
        given = self._given()
        if given:
            return given.matches(password)
        stored = self._kept().password
        return bool(stored) and await asyncio.to_thread(_fits, password, stored)

    async def choose(self, password: str) -> None:
        """Keeps a new password, which ends all sessions. Raises OSError."""
        kept = Kept(await asyncio.to_thread(_hashed, password))
        self._write(kept)

    def begin(self) -> str:
        """A new session's token. Raises OSError."""
        token, kept, now = secrets.token_urlsafe(32), self._kept(), self._clock()
        kept.sessions = {name: until for name, until in kept.sessions.items() if until > now}
        kept.sessions[self._name(token, kept)] = now + SESSION_AGE
        self._write(kept)
        return token

    def knows(self, token: str) -> bool:
        """Whether a session with this token runs."""
        kept = self._kept()
        return bool(token) and kept.sessions.get(self._name(token, kept), 0.0) > self._clock()

    def end(self, token: str) -> None:
        kept = self._kept()
        if kept.sessions.pop(self._name(token, kept), None) is not None:
            self._write(kept)

    def invite(self) -> str:
        """A code that opens the door once. Raises OSError."""
        code = secrets.token_urlsafe(18)
        invitation = Invitation(_digest(code), self._clock() + INVITATION_AGE)
        write_atomic(self._home / INVITATION, msgspec.json.encode(invitation))
        return code

    def accept(self, code: str) -> bool:
        """Whether the code was an invitation, which is used up by it."""
        path = self._home / INVITATION
        try:
            invitation = msgspec.json.decode(path.read_bytes(), type=Invitation)
        except (OSError, msgspec.MsgspecError):
            return False
        if invitation.until < self._clock() or not hmac.compare_digest(invitation.code, _digest(code)):
            return False
        path.unlink(missing_ok=True)
        return True

    def _name(self, token: str, kept: Kept) -> str:
        given = self._given()
        return _digest(f"{token}\0{given.fingerprint if given else kept.password}")

    def _kept(self) -> Kept:
        try:
            return msgspec.json.decode((self._home / FILE).read_bytes(), type=Kept)
        except FileNotFoundError:
            return Kept()
        except (OSError, msgspec.MsgspecError):
            return Kept(password="unreadable")  # a damaged file must not let the next visitor choose a password

    def _write(self, kept: Kept) -> None:
        write_atomic(self._home / FILE, msgspec.json.encode(kept))


def seal(token: str) -> str:
    """What a page of this session sends with every call that is no GET, so that no other page can make one."""
    return hmac.new(token.encode(), b"ccr-csrf", sha256).hexdigest()


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _hashed(password: str) -> str:
    salt = secrets.token_bytes(16)
    return f"scrypt${salt.hex()}${_scrypt(password, salt).hex()}"


def _fits(password: str, stored: str) -> bool:
    scheme, _, rest = stored.partition("$")
    salt, _, known = rest.partition("$")
    if scheme != "scrypt" or not known:
        return False
    return hmac.compare_digest(_scrypt(password, bytes.fromhex(salt)).hex(), known)


def _scrypt(password: str, salt: bytes) -> bytes:
    text = password.encode("utf-8", "surrogatepass")
    return scrypt(text, salt=salt, n=_N, r=_R, p=_P, maxmem=64 * 1024 * 1024, dklen=32)
