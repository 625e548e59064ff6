"""Who is better left alone at the moment, as a list."""

from msgspec import Struct

from ccr.api.parts import Parts


class Rest(Struct, frozen=True):
    """`seconds` that are left, whole ones. `model` "": the whole provider. `limited`: it said that we ask too often."""

    provider: str
    model: str
    seconds: int
    limited: bool
    why: str


class Rests(Struct, frozen=True):
    resting: tuple[Rest, ...]


def rests(parts: Parts) -> Rests:
    found = parts.health().resting.items()
    return Rests(
        tuple(
            Rest(provider, model, round(rest.seconds), rest.limited, rest.why) for (provider, model, _), rest in found
        )
    )
