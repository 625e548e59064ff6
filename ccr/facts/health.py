"""Which targets rest, as a value: sampled once before planning, so that a plan can be repeated.

Rests are kept per provider, model and key (amendments C.10c): the limit of one free model does not silence its
provider. An empty model or key stands for every one.
"""

from collections.abc import Mapping

from msgspec import Struct

Rested = tuple[str, str, str]
"""Provider, model on the wire, fingerprint of the key."""


class Rest(Struct, frozen=True):
    """`seconds` from the sample on. `limited`: it said that we ask too often, not that it is ill. `why`: in words."""

    seconds: float
    limited: bool = False
    why: str = ""


class Health(Struct, frozen=True):
    resting: Mapping[Rested, Rest] = {}

    def rest(self, provider: str, model: str, key: str = "") -> Rest | None:
        """The longest rest that holds for this target and key, or None."""
        if not self.resting:
            return None
        places = ((provider, model, key), (provider, model, ""), (provider, "", key), (provider, "", ""))
        found = [self.resting[place] for place in dict.fromkeys(places) if place in self.resting]
        return max(found, key=lambda rest: rest.seconds) if found else None
