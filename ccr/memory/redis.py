"""The table of many hosts: a Redis server, asked in one round trip for whatever gathered.

Ages are the server's own (PX), so hosts whose clocks differ agree on what is too old. What is counted by the minute or
the day lies in slices that are named by the time of day, because a clock that counts from a machine's start means
nothing to another: hosts are expected to keep their clocks within a second or two, as NTP does.

A value is a string, a mapping a hash, and a sorted set for each room tells what was put there, in which order.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import groupby
from time import time
from typing import Any

import msgspec
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from ccr.memory.local import LIMIT
from ccr.memory.shared import Change, Drop, Fold, Found, Place, Put, Unreachable
from ccr.memory.store import Addition, Bound, Key

PATIENCE = 0.5
"""Seconds a request may be held up by a server that does not answer; after that it is left alone for a while."""
_BELIEVED = 3600.0
"""Seconds for which a value that was read is believed if the server cannot be asked again. While it can, every look asks
it; so only whole rooms are asked how long each value has left, which `rest` tells."""
_PREFIX = "ccr:"
_INDEX = "ccr-room:"
_PACKED = b"\0"
"""What a value begins with that is no number; a number is written in digits, so that the server can add to it."""

_ADD = """
for _, each in ipairs(asked.additions) do
  redis.call('SET', each.key, 0, 'PX', each.ttl, 'NX')
  redis.call('INCRBY', each.key, each.amount)
  redis.call('ZADD', each.index, asked.now, each.key)
end
"""
_RESERVE = """
for _, bound in ipairs(asked.bounds) do
  local total, keys = 0, bound.keys
  if bound.index then keys = redis.call('ZRANGE', bound.index, 0, -1) end
  for _, key in ipairs(keys) do total = total + tonumber(redis.call('GET', key) or 0) end
  if total >= bound.limit then return 0 end
end
"""
_ASKED = "local asked = cjson.decode(ARGV[1])"

_encode = msgspec.msgpack.Encoder().encode


class RedisTable:
    """`address` as `redis://[:PASSWORD@]HOST[:PORT][/DB]`, or `rediss://…`. `kinds`: of what type the values of a room
    are, where they are not plain already; `mappings`: rooms whose values are."""

    def __init__(
        self,
        address: str,
        *,
        kinds: Mapping[str, Any] | None = None,
        mappings: frozenset[str] = frozenset(),
        limit: int = LIMIT,
        limits: Mapping[str, int] | None = None,
        clock: Callable[[], float] = time,
    ) -> None:
        self._limit, self._limits, self._clock, self._folded = limit, limits or {}, clock, mappings
        self._decoders = {room: msgspec.msgpack.Decoder(kind) for room, kind in (kinds or {}).items()}
        self._plain = msgspec.msgpack.Decoder()
        self._written: set[str] = set()
        with _reached():
            # The library would try again by itself; a request waits for one try at most, and goes on without.
            self._server = redis.Redis.from_url(
                address,
                protocol=2,
                socket_timeout=PATIENCE,
                socket_connect_timeout=PATIENCE,
                retry=Retry(NoBackoff(), 0),
            )
            self._add = _ASKED + _ADD
            self._reserve = self._server.register_script(f"{_ASKED}{_RESERVE}{_ADD}return 1")

    def write(self, changes: Sequence[Change]) -> None:
        with _reached():
            line = self._server.pipeline(transaction=True)
            for _, group in groupby(changes, type):
                alike = list(group)
                # Sums come by the hundred; one command for all costs a twentieth.
                if sums := [change for change in alike if isinstance(change, Addition)]:
                    line.eval(self._add, 0, msgspec.json.encode(self._asked((), sums)))
                else:
                    for change in alike:
                        self._apply(line, change)
            line.execute()

    def read(self, places: Sequence[Place], rooms: Sequence[str]) -> Found:
        with _reached():
            plain = [place for place in places if place[0] not in self._folded]
            folded = [place for place in places if place[0] in self._folded]
            line = self._server.pipeline(transaction=False)
            for room in rooms:
                line.zrange(_INDEX + room, 0, -1)
            for place in folded:
                line.hgetall(_name(*place))
            if plain:
                line.mget([_name(*place) for place in plain])
            answers = line.execute()
            members = dict(zip(rooms, answers, strict=False))
            found = [*answers[len(rooms) : len(rooms) + len(folded)], *(answers[-1] if plain else ())]
            values = {
                place: (self._value(place[0], value), _BELIEVED)
                for place, value in zip((*folded, *plain), found, strict=True)
            }
            return Found(values, self._rooms(members))

    def reserve(self, bounds: Sequence[Bound], additions: Sequence[Addition]) -> tuple[bool, Found]:
        with _reached():
            given = self._reserve(args=[msgspec.json.encode(self._asked(bounds, additions))])
        places = [(bound.room, key) for bound in bounds for key in bound.keys or ()]
        return bool(given), self.read(places, [bound.room for bound in bounds if bound.keys is None])

    def tidy(self) -> None:
        with _reached():
            for room in self._written:
                index, limit = _INDEX + room, self._limits.get(room, self._limit)
                excess = self._server.zcard(index) - limit
                if excess > 0 and (oldest := self._server.zrange(index, 0, excess - 1)):
                    line = self._server.pipeline(transaction=True)
                    line.delete(*oldest)
                    line.zrem(index, *oldest)
                    line.execute()

    def close(self) -> None:
        with suppress(redis.RedisError):
            self._server.close()

    # ---- commands ---------------------------------------------------------------------------------------------------

    def _apply(self, line: Any, change: Change) -> None:
        name = _name(change.room, change.key)
        match change:
            case Put(_, _, value, ttl):
                line.set(name, value if type(value) is int else _PACKED + _encode(value), px=_milliseconds(ttl))
            case Fold(_, _, entries, gone, ttl):
                if entries:
                    line.hset(name, mapping={each: _PACKED + _encode(value) for each, value in entries.items()})
                if gone:
                    line.hdel(name, *gone)
                line.pexpire(name, _milliseconds(ttl))
            case Drop():
                line.delete(name)
                line.zrem(_INDEX + change.room, name)
                return
        line.zadd(_INDEX + change.room, {name: self._clock()})
        self._written.add(change.room)

    def _asked(self, bounds: Sequence[Bound], additions: Sequence[Addition]) -> dict[str, Any]:
        self._written.update(each.room for each in additions)
        return {
            "now": self._clock(),
            "bounds": [
                {"limit": each.limit, "index": _INDEX + each.room}
                if each.keys is None
                else {"limit": each.limit, "keys": [_name(each.room, key) for key in each.keys]}
                for each in bounds
            ],
            "additions": [
                {
                    "key": _name(each.room, each.key),
                    "index": _INDEX + each.room,
                    "amount": each.amount,
                    "ttl": _milliseconds(each.ttl),
                }
                for each in additions
            ],
        }

    def _rooms(self, members: Mapping[str, list[bytes]]) -> dict[str, dict[Key, tuple[Any, float]]]:
        """The values of whole rooms, with the time they have left; what is too old leaves the index here."""
        found: dict[str, dict[Key, tuple[Any, float]]] = {room: {} for room in members}
        if not any(members.values()):
            return found
        line = self._server.pipeline(transaction=False)
        for names in members.values():
            for name in names:
                line.get(name)
                line.pttl(name)
        answers = iter(line.execute())
        for room, names in members.items():
            gone = []
            for name in names:
                value, left = self._value(room, next(answers)), next(answers) / 1000
                if value is None:
                    gone.append(name)
                else:
                    found[room][tuple(msgspec.json.decode(name[len(_PREFIX) :])[1:])] = (value, left)
            if gone:
                self._server.zrem(_INDEX + room, *gone)
        return found

    def _value(self, room: str, value: Any) -> Any:
        if isinstance(value, dict):
            return {name.decode(): self._unpacked(room, each) for name, each in value.items()} or None
        return None if value is None else self._unpacked(room, value)

    def _unpacked(self, room: str, value: bytes) -> Any:
        if value.startswith(_PACKED):
            return self._decoders.get(room, self._plain).decode(value[1:])
        return int(value)


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (redis.RedisError, OSError, ValueError) as error:
        # ValueError: an address that is none. The library's words name host and port, never the password.
        raise Unreachable(str(error)) from error


def _name(room: str, key: Key) -> str:
    return _PREFIX + msgspec.json.encode((room, *key)).decode()


def _milliseconds(seconds: float) -> int:
    return max(1, round(seconds * 1000))
