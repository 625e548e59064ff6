"""The certificate with which the proxy itself speaks TLS: read with words for what is wrong, and read again when it changes.

A renewed certificate is used by every connection that begins after that; those that are open keep theirs.
"""

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

LOOK_AGAIN = 5.0
"""Seconds between two looks at the files."""


class BadCertificate(Exception):
    """The text is for the person."""


class Certificate:
    """`context` is what a server is given. Raises BadCertificate."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._certificate, self._key = certificate, key
        self._seen = self._look()
        self._load(_context())
        self.context = _context()
        self._load(self.context)

    async def keep(self, say: Callable[[str], None]) -> None:
        """Beside the server, until cancelled: takes a renewed certificate, or says once what is wrong with it."""
        while True:
            await asyncio.sleep(LOOK_AGAIN)
            self.renew(say)

    def renew(self, say: Callable[[str], None]) -> None:
        """Takes the files as they are now, if they changed."""
        now = self._look()
        if now == self._seen:
            return
        self._seen = now
        try:
            self._load(_context())  # a pair that does not fit must not spoil the one in use
            self._load(self.context)
        except BadCertificate as error:
            say(f"the certificate of before stays: {error}")
        else:
            say(f"the certificate {self._certificate} was renewed")

    def _look(self) -> tuple[tuple[int, int, int] | None, ...]:
        return tuple(_stamp(path) for path in (self._certificate, self._key))

    def _load(self, context: ssl.SSLContext) -> None:
        for name, path in (("tls_cert", self._certificate), ("tls_key", self._key)):
            try:
                path.read_bytes()
            except FileNotFoundError:
                raise BadCertificate(f"`{name}`: there is no file {path}") from None
            except OSError as error:
                raise BadCertificate(f"`{name}`: {path} cannot be read: {error.strerror}") from None
        try:
            # Without a word of ours OpenSSL would ask the terminal for a password.
            context.load_cert_chain(self._certificate, self._key, password=_no_password)
        except (ssl.SSLError, ValueError) as error:
            raise BadCertificate(_why(error, self._certificate, self._key)) from None


def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _no_password() -> str:
    raise ValueError("the key asks for a password")


def _why(error: Exception, certificate: Path, key: Path) -> str:
    reason = getattr(error, "reason", None) or str(error)
    if reason == "KEY_VALUES_MISMATCH":
        return f"{key} is not the key of {certificate}"
    if "password" in reason:
        return f"{key} is locked by a password; `openssl pkey -in {key} -out KEY.pem` writes one that is not"
    if "-----BEGIN CERTIFICATE-----" not in _text(certificate):
        return f"`tls_cert`: {certificate} holds no certificate in PEM form (-----BEGIN CERTIFICATE-----)"
    if "PRIVATE KEY-----" not in _text(key):
        return f"`tls_key`: {key} holds no private key in PEM form (-----BEGIN PRIVATE KEY-----)"
    return f"{certificate} and {key} cannot be used: {reason}"


def _text(path: Path) -> str:
    return path.read_text(encoding="latin-1")


def _stamp(path: Path) -> tuple[int, int, int] | None:
    try:
        now = path.stat()
    except OSError:
        return None
    return now.st_ino, now.st_mtime_ns, now.st_size
