"""What is known of texts seen before: a conversation grows at its end, so nearly everything in it was looked at already.

Keyed by the text's hash and length, which Python has at hand; the texts themselves are not kept. A cache: writes are
idempotent, it is bounded, and forgetting changes nothing but time. Used by the event loop and the counting thread.
"""

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from ccr.messages.tokens import Interval

LIMIT = 16_384
"""Texts remembered, about 3 MB."""

Known = int | Interval
"""The tokens of a text, or bounds of them while nobody had to count it."""


class Cache:
    """The least recently used text is forgotten first."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._known: OrderedDict[tuple[int, int], Known] = OrderedDict()
        self._lock = Lock()

    def get_all(self, texts: Sequence[str]) -> list[Known | None]:
        """What is known of each; one lock for all, which for a long conversation costs as much as the looking."""
        keys = [(hash(text), len(text)) for text in texts]
        with self._lock:
            found = [self._known.get(key) for key in keys]
            for key, known in zip(keys, found, strict=True):
                if known is not None:
                    self._known.move_to_end(key)
        return found

    def put(self, text: str, known: Known) -> None:
        key = (hash(text), len(text))
        with self._lock:
            self._known[key] = known
            self._known.move_to_end(key)
            if len(self._known) > self._limit:
                self._known.popitem(last=False)

    def __len__(self) -> int:
        return len(self._known)
