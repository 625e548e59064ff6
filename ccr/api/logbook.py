"""The log as the API asks it: opened for one question, in a thread, and closed again; what it cannot tell is a refusal."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from msgspec import Struct

from ccr.api.parts import Parts
from ccr.api.refusal import Refused
from ccr.live.paths import shown
from ccr.usage.entry import Entry
from ccr.usage.opening import NAME, exists, open_store
from ccr.usage.store import NothingYet, Store, StoreError

T = TypeVar("T")


class State(Struct, frozen=True):
    """`level`: off, meta or full, as the settings say; a rule may say otherwise of some requests. `begun`: there is a log
    to read. `where` it is kept."""

    level: str
    begun: bool
    where: str


def state(parts: Parts) -> State:
    settings, home = parts.settings(), parts.live.places.home
    where = "PostgreSQL" if settings.store else shown(home / NAME)
    return State(settings.log, exists(settings.store, home), where)


async def asked(parts: Parts, question: Callable[[Store], T], otherwise: T) -> T:
    """The answer to a question, `otherwise` where nothing was ever logged. Raises Refused where the log cannot be read."""
    settings, home = parts.settings(), parts.live.places.home
    if not exists(settings.store, home):
        return otherwise
    try:
        return await asyncio.to_thread(_ask, settings.store, parts, question)
    except NothingYet:
        return otherwise
    except StoreError as error:
        raise Refused(503, "log", str(error)) from None


async def newest(parts: Parts, most: int) -> tuple[Entry, ...]:
    """The last requests of all who write this log, the newest first. Raises Refused."""
    return await asked(parts, lambda store: tuple(store.read(0.0, float("inf"), limit=most)), ())


def _ask(address: str, parts: Parts, question: Callable[[Store], T]) -> T:
    store = open_store(address, parts.live.places.home, writing=False)
    try:
        return question(store)
    finally:
        store.close()
