"""What operations share besides the running program: one of each for a server, made by the door."""

from msgspec import Struct

from ccr.api.events import Events
from ccr.api.hiding import Hiding
from ccr.api.password import Keeper
from ccr.api.patience import Patience


class Shared(Struct, frozen=True, eq=False):
    keeper: Keeper
    patience: Patience
    events: Events
    hiding: Hiding
