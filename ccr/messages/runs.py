"""Runs of like events: what arrived together and says the same kind of thing becomes one event, before anybody reads it.

A burst of text comes as hundreds of events that differ in a few words; read one by one they cost more than all the rest
of a request. Whoever reads a stream says which of its events may be taken together, because only the protocol knows that
two of them mean the same as one. Nothing is held back for it: a run ends with the bytes that have arrived.
"""

import re
from functools import cache
from typing import Protocol

from msgspec import Struct

_END = b"\n\n"
_LOOKS = 3
"""An answer's last events say nothing and its end: the pattern stands a little before."""
_REST_OF_STRING = re.compile(rb'(?:[^"\\]|\\.)*(?=")')


class Parted(Struct, frozen=True, gc=False):
    """Events with a run among them, which is one event now; or, with a `name`, still several, all of that name."""

    before: bytes
    run: bytes
    after: bytes
    name: str = ""


class Runs(Protocol):
    """Finds a run in whole events whose lines end at LF; None if there is none."""

    def part(self, events: bytes) -> Parted | None: ...


class TextRuns:
    """Joins events that differ in nothing but the one JSON string that is the value of a key, such as `content`.

    What stands before and after the string is learnt from an event and compared byte for byte, so an event that says
    anything else (another index, an end, a usage) joins nothing. The protocol must take pieces of that string by adding
    them up.
    """

    def __init__(self, *keys: str) -> None:
        self._keys = _written(keys)
        self._head = self._tail = self._seam = b""
        """What stands before the string, after it, and between two."""

    def part(self, events: bytes) -> Parted | None:
        if not self._seam or self._seam not in events:
            self._learn(events)
            if not self._seam or self._seam not in events:
                return None
        begins = _begin_of(self._head, events)
        ends = events.rfind(self._tail) + len(self._tail)
        joined = events[begins:ends].replace(self._seam, b"")
        inside = joined[len(self._head) : -len(self._tail)]
        if not joined.startswith(self._head) or not _is_inside_of_string(inside):
            return None
        return Parted(events[:begins], joined, events[ends:])

    def _learn(self, events: bytes) -> None:
        """Takes as the pattern one of the last events that say something after a key."""
        for key in self._keys:
            found = len(events)
            for _ in range(_LOOKS):
                found = events.rfind(key, 0, found)
                text = _REST_OF_STRING.match(events, found + len(key)) if found >= 0 else None
                if text is not None and text[0]:
                    self._keep(events, *text.span())
                    return

    def _keep(self, events: bytes, begins: int, ends: int) -> None:
        """The event whose string stands there is the pattern."""
        first = events.rfind(_END, 0, begins) + len(_END) if _END in events[:begins] else 0
        self._head, self._tail = events[first:begins], events[ends : events.find(_END, ends) + len(_END)]
        self._seam = self._tail + self._head


@cache
def _written(keys: tuple[str, ...]) -> tuple[bytes, ...]:
    """Keys with the beginning of their string, as servers write them: with a blank or without."""
    return tuple(f'"{key}":{blank}"'.encode() for key in keys for blank in ("", " "))


class NamedRuns:
    """Takes events of one name together as they stand, for whoever passes them on without a look inside."""

    def __init__(self, name: str) -> None:
        self._name, self._head = name, b"event: " + name.encode() + b"\n"

    def part(self, events: bytes) -> Parted | None:
        begins, last = _begin_of(self._head, events), events.rfind(_END + self._head)
        if last <= begins:
            return None
        ends = events.find(_END, last + len(_END)) + len(_END)
        run = events[begins:ends]
        alike = run.count(_END) == run.count(_END + self._head) + 1
        return Parted(events[:begins], run, events[ends:], self._name) if alike else None


def _begin_of(head: bytes, events: bytes) -> int:
    """Where the first event with this beginning stands; 0 if there is none."""
    if events.startswith(head):
        return 0
    found = events.find(_END + head)
    return found + len(_END) if found >= 0 else 0


def _is_inside_of_string(text: bytes) -> bool:
    """Text as it stands between the quotes of one JSON string, of whole characters."""
    if b'"' in text and b'"' in text.replace(b"\\\\", b"").replace(b'\\"', b""):
        return False
    return b"\n" not in text and (text.isascii() or _is_utf8(text))


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
