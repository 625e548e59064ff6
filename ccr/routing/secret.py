"""A key that does not show itself: prints as stars, compares by value, has a fingerprint.

`reveal()` has one caller, `ccr/upstream/signing.py`; a house test holds that. (The key a client presents is compared
in `proxy/auth.py` by `matches`, in constant time, without revealing.)
"""

import hmac
from collections.abc import Iterable, Mapping
from hashlib import blake2b, sha256

_HASHED = "sha256:"
_SHORTEST = 6
"""Characters; a shorter one is found everywhere, and is no secret."""


class Secret:
    """A secret text. Two of the same text are equal, so snapshots compare; its hash is that of its fingerprint."""

    __slots__ = ("_text", "fingerprint")

    def __init__(self, text: str) -> None:
        self._text = text
        self.fingerprint = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=2, person=b"ccr-key").hexdigest()
        """Four hex digits by which a person can tell keys apart; no part of the key."""

    def reveal(self) -> str:
        return self._text

    def matches(self, presented: str) -> bool:
        """Whether this is the presented key, in constant time. The empty secret matches nobody; one that is written as
        `sha256:…` matches the key with that hash and not its own text."""
        theirs = presented.encode("utf-8", "surrogatepass")
        if self._text.startswith(_HASHED):
            ours = self._text.removeprefix(_HASHED).strip().lower().encode("utf-8", "surrogatepass")
            theirs = sha256(theirs).hexdigest().encode()
        else:
            ours = self._text.encode("utf-8", "surrogatepass")
        return bool(ours) and hmac.compare_digest(ours, theirs)

    def hidden_in(self, text: str) -> str:
        """The text with stars where it says this secret: some providers say in an error which key was refused."""
        return text.replace(self._text, "***") if len(self._text) >= _SHORTEST else text

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        return "Secret(***)"

    __str__ = __repr__

    def __reduce__(self) -> "str | tuple[object, ...]":
        raise TypeError("a Secret does not leave the process")


def texts(variables: Mapping[str, Secret], mentioned: Iterable[str]) -> Mapping[str, str]:
    """The values of variables that a source puts into a text itself, such as an address: `http://${HOST}/v1`.

    A variable that stands alone as a key is not among them: it stays a Secret to the end."""
    return {name: variables[name]._text for name in mentioned if name in variables}
