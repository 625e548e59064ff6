"""One request that a person sends from the test bench: the same road as a client's, with its record, its cost and its limits.

What differs is the world it may be decided in: one in which a rule above the person's own leads to the target they chose.
"""

import time
from collections.abc import Callable

from msgspec import Struct, structs

from ccr.facts.facts import Facts
from ccr.messages.request import Headers
from ccr.proxy.auth import Caller
from ccr.proxy.body import Receive
from ccr.proxy.duplicates import Duplicates
from ccr.proxy.messages import Parts, World, answer
from ccr.proxy.respond import Send
from ccr.routing.snapshot import Snapshot

_HEADERS: Headers = (("content-type", "application/json"), ("anthropic-version", "2023-06-01"))


async def bench(
    parts: Parts,
    new_id: Callable[[], str],
    world: Snapshot | None,
    local: bool,
    receive: Receive,
    send: Send,
) -> None:
    """Answers the body that `receive` gives; in `world` if there is one, else under the rules in force. `local`: the person is at this
    machine. Two columns may ask the same at a time, so nothing counts as a repetition."""
    alone = structs.replace(parts, duplicates=Duplicates(time.monotonic))
    if world is not None:
        alone = structs.replace(alone, world=_Chosen(parts.world, world))
    await answer(alone, _HEADERS, Caller(local=local), receive, send, new_id())


class _Chosen(Struct, frozen=True, eq=False):
    """The running world with another snapshot in it."""

    running: World
    current: Snapshot

    @property
    def is_stale(self) -> bool:
        return self.running.is_stale

    async def own(self, running: Snapshot, facts: Facts) -> Snapshot:
        """The chosen target, whatever a project or a session says."""
        return running

    def passed(self, project: str) -> None:
        """A test bench is in no project."""
