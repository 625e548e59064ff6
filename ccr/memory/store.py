"""Where things are kept between requests: a few rooms of keys and values, each with an age and a bound.

`local.py` keeps them in this process; `shared.py` keeps them for several, in a file (`sqlite.py`) or on a server
(`redis.py`). Everything above speaks only to this protocol, so nothing of that is written twice (rulings 2.8). Values
must be plain data for that: what msgspec can write.

What is kept elsewhere is known here only as far as it was asked for: `refresh` brings it up to date, `reserve` decides
there. Both cost nothing where everything is in this process.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

Key = tuple[str, ...]


class Bound(Struct, frozen=True):
    """The numbers at these keys of a room (None: at all of them) must be less than `limit` together."""

    room: str
    keys: tuple[Key, ...] | None
    limit: int


class Addition(Struct, frozen=True):
    """`ttl` in seconds."""

    room: str
    key: Key
    amount: int
    ttl: float


class Store(Protocol):
    """`room` separates kinds of things: one that overflows forgets its own oldest, never another's. `ttl` in seconds."""

    is_shared: bool
    """Whether other processes put things there, too."""

    def get(self, room: str, key: Key) -> Any:
        """The value, None if there is none or it is too old."""
        ...

    def put(self, room: str, key: Key, value: Any, ttl: float) -> None: ...

    def add(self, room: str, key: Key, amount: int, ttl: float) -> int:
        """Adds to a number (0 if absent) and gives the sum, as far as it is known here; its age begins with the first
        addition."""
        ...

    def fold(self, room: str, key: Key, entries: Mapping[str, Any], gone: Iterable[str], ttl: float) -> None:
        """Puts entries into the mapping that is the value there, and takes others away. Never hides what another process
        put there at the same time."""
        ...

    def drop(self, room: str, key: Key) -> None: ...

    def items(self, room: str) -> Iterable[tuple[Key, Any, float]]:
        """Key, value and seconds left of everything in the room that is not too old."""
        ...

    async def refresh(self, ask: Callable[[], object]) -> None:
        """Makes known here all that `ask` looks at, as others left it. Never raises: what cannot be had stays as it was."""
        ...

    async def reserve(self, bounds: Sequence[Bound], additions: Sequence[Addition]) -> bool:
        """Adds all, if every bound holds before; else nothing. No two processes come in between each other."""
        ...
