"""What resources may use of the running program, joined in `app.py`. A resource is a function of these and of its call."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping, MutableSequence, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from ccr.facts.facts import Facts
from ccr.facts.health import Health
from ccr.hooks.call import Hooks
from ccr.lang.values import Value
from ccr.live.live import Live
from ccr.messages.request import Headers
from ccr.routing.settings import Settings
from ccr.routing.snapshot import Snapshot
from ccr.routing.vocabulary import Vocabulary
from ccr.upstream.client import Client
from ccr.usage.entry import Entry

Settle = Callable[[Callable[[Facts], Any], Facts, Any], Awaitable[tuple[Any, Facts]]]
"""`proxy/decision.settle`: the proxy's room stands beside this one, so it is handed in."""

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Bench = Callable[[Snapshot | None, bool, Receive, Send], Awaitable[None]]
"""`proxy/bench.bench`: one request on the road of a client's, under the rules in force or in another world; whether the person
is at this machine; where its body comes from and its answer goes."""


class Doors(Struct, frozen=True, eq=False):
    """What the proxy knows of callers: whether host and origin are ours (None) or why not; whether the proxy's own key
    was presented; whether the caller is at this machine."""

    admits: Callable[[Headers], str | None]
    presents: Callable[[Headers], bool | None]
    """None: no key came with the call; else whether it is the proxy's."""
    is_local: Callable[[str, Headers], bool]


class Parts(Struct, frozen=True, eq=False):
    """`settings`: those in force, flags included. `pulse`: how providers are doing, `spend`: sums of the proxy, both by attribute. `now` in the zone of
    the settings. `recent`: the last exchanges,
    oldest first. `heard`: functions that are told of every exchange; `stopping`: called when the server is to stop."""

    live: Live
    vocabulary: Vocabulary
    settings: Callable[[], Settings]
    health: Callable[[], Health]
    pulse: Callable[[], Mapping[str, Value]]
    spend: Callable[[], Mapping[str, Value]]
    now: Callable[[], datetime]
    client: Client
    hooks: Hooks
    settle: Settle
    doors: Doors
    recent: Sequence[Entry]
    heard: MutableSequence[Callable[[Entry], None]]
    stopping: MutableSequence[Callable[[], None]]
    bench: Bench
    workers: Callable[[], int]
    """How many serve, 1 where this is the only one."""

    @property
    def snapshot(self) -> Snapshot:
        return self.live.current
