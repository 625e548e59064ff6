"""What several workers have counted, in memory that all of them can read: whichever is asked tells of all.

Made before the workers are forked. Each writes to a place of its own; a worker that is started again goes on from what
stands in its place, so that no sum ever falls. A reader that meets a half-written place takes what it read there before.
"""

import struct
from collections.abc import Iterable, Mapping
from mmap import mmap
from zlib import crc32

import msgspec
from msgspec import Struct

from ccr.observe.counts import FAMILIES, Rows

_PLACE = 1 << 20
"""Bytes of one worker's place; only what is written takes memory."""
_HEAD = struct.Struct("=II")
"""Length and checksum."""
_FIRST = 4_096
"""Where the first place begins; before it stands whether anybody has asked."""


class Counted(Struct, frozen=True):
    """The numbers of one worker. `processor` in seconds, `memory` in bytes."""

    rows: dict[str, list[tuple[tuple[str, ...], list[float]]]] = {}
    processor: float = 0.0
    memory: float = 0.0


class Board:
    """Places for so many workers, numbered from 1."""

    def __init__(self, count: int) -> None:
        self._count, self._shared = count, mmap(-1, _FIRST + count * _PLACE)
        self._known: dict[int, Counted] = {}

    @property
    def asked(self) -> bool:
        """Whether somebody has asked one of the workers, so that all of them count."""
        return self._shared[0] != 0

    def ask(self) -> None:
        self._shared[0] = 1

    def put(self, number: int, counted: Counted) -> None:
        """What does not fit is not told: the place keeps what it had."""
        data = msgspec.msgpack.encode(counted)
        at = _FIRST + (number - 1) * _PLACE
        if len(data) + _HEAD.size <= _PLACE:
            self._shared[at + _HEAD.size : at + _HEAD.size + len(data)] = data
            self._shared[at : at + _HEAD.size] = _HEAD.pack(len(data), crc32(data))

    def get(self, number: int) -> Counted:
        at = _FIRST + (number - 1) * _PLACE
        length, checksum = _HEAD.unpack(self._shared[at : at + _HEAD.size])
        data = self._shared[at + _HEAD.size : at + _HEAD.size + min(length, _PLACE - _HEAD.size)]
        if length and crc32(data) == checksum:
            self._known[number] = msgspec.msgpack.decode(data, type=Counted)
        return self._known.get(number, Counted())

    def all(self) -> list[Counted]:
        return [self.get(number) for number in range(1, self._count + 1)]


def flat(rows: Mapping[str, Rows]) -> dict[str, list[tuple[tuple[str, ...], list[float]]]]:
    """Rows as they are written down."""
    return {name: list(each.items()) for name, each in rows.items() if each}


def together(counted: Iterable[Counted]) -> dict[str, Rows]:
    """The sums over all workers; of what each of them sees by itself, such as a load of rules, the largest."""
    found: dict[str, Rows] = {family.name: {} for family in FAMILIES}
    for each in counted:
        for family in FAMILIES:
            for labels, row in each.rows.get(family.name, ()):
                had = found[family.name].get(labels)
                join = max if family.everywhere else sum
                found[family.name][labels] = row if had is None else [join(pair) for pair in zip(had, row, strict=True)]
    return found
