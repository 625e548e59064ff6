"""Rule files without their keys, and the keys put back: a text goes to a browser to be edited and comes back.

What `veil` would show as stars leaves as `kept-…`, a word of this process that says nothing of the key; where that word
comes back, wherever it was moved to, the key is written again. A key that a person types in its place is taken as it is.
"""

import re
import secrets
from hashlib import blake2b

from ccr.diagnostics.veil import veil

_WORD = re.compile(r"kept-[0-9a-f]{12}")


class UnknownKey(Exception):
    """A word that stands for no key of this process: it was started anew since."""


class Hiding:
    def __init__(self) -> None:
        self._salt = secrets.token_bytes(16)
        self._keys: dict[str, str] = {}

    def hidden(self, text: str) -> str:
        """The text with a word for each key."""
        shown, parts, at = veil(text), list[str](), 0
        while at < len(text):
            if shown[at] == text[at]:
                parts.append(text[at])
                at += 1
                continue
            end = at
            while end < len(text) and shown[end] == "*":
                end += 1
            parts.append(self._word(text[at:end]))
            at = end
        return "".join(parts)

    def restored(self, text: str) -> str:
        """The text with the keys in their places. Raises UnknownKey."""
        return _WORD.sub(self._key, text)

    def _word(self, key: str) -> str:
        if _WORD.fullmatch(key):
            return key
        word = "kept-" + blake2b(key.encode("utf-8", "surrogatepass"), digest_size=6, key=self._salt).hexdigest()
        self._keys[word] = key
        return word

    def _key(self, match: re.Match[str]) -> str:
        if match[0] not in self._keys:
            raise UnknownKey(match[0])
        return self._keys[match[0]]
