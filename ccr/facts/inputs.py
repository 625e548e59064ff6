"""All that an attribute may look at. Nothing else of the world reaches a fact."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from ccr.facts.state import EMPTY, State
from ccr.lang.values import Reading
from ccr.messages.request import MessagesRequest


class Inputs(Struct, frozen=True, eq=False):
    """`now` is aware, in the zone of `server { zone }`; `user` the name tied to the key the client presented.

    `known` holds what the edge found out after a fact answered `Unknown` or `Bounds`, by attribute name.
    """

    request: MessagesRequest
    now: datetime
    state: State = EMPTY
    user: str = ""
    known: Mapping[str, Reading] = {}
    memo: dict[str, object] = {}
    """What attributes share of their work: a cache with idempotent writes, never read for meaning (rulings 2.9)."""
    draw: str | None = None
    """The hash of the body where only that is known of it, "" where not even that is: what draws a side of a split."""
    local: bool = False
    """The client is on this machine, so that its paths mean something here."""
