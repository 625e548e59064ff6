"""Where requests can be sent by name: every model of every provider that is set up, the aliases, and the names that clients ask for."""

from collections.abc import Iterator

from msgspec import Struct

from ccr.api.resource import Call, Operation, Resource
from ccr.lang.shadow import is_hidden
from ccr.routing.snapshot import Snapshot

CLIENT = "claude-"
"""What names of models begin with that Claude Code asks for."""


class Target(Struct, frozen=True):
    """`name`: `provider/model`. Tokens; dollars for a million tokens; null is unknown."""

    name: str
    context: int | None
    output: int | None
    price_in: float | None
    price_out: float | None


class Targets(Struct, frozen=True):
    """`asked`: names by which clients ask, the newest models first. `needs_key`: a client has to present one."""

    targets: tuple[Target, ...]
    aliases: tuple[str, ...]
    asked: tuple[str, ...]
    needs_key: bool


async def _targets(call: Call) -> Targets:
    snapshot, settings = call.parts.snapshot, call.parts.settings()
    return Targets(
        targets=tuple(_all(snapshot)),
        aliases=tuple(name for name in snapshot.policy.aliases if not is_hidden(name)),
        asked=_asked(snapshot),
        needs_key=settings.api_key is not None or bool(settings.users),
    )


def _all(snapshot: Snapshot) -> Iterator[Target]:
    for provider in snapshot.catalog.configured:
        for model in provider.models.values():
            known = model.spec
            yield Target(f"{provider.name}/{model.name}", known.context, known.output, known.price_in, known.price_out)


def _asked(snapshot: Snapshot) -> tuple[str, ...]:
    """What Claude Code asks for: the models of the vendor whose own names begin so."""
    vendor = next((each for each in snapshot.catalog.known.values() if CLIENT.startswith(each.own)), None)
    return tuple(vendor.models) if vendor is not None else ()


RESOURCE = Resource(
    "targets",
    "Where requests can be sent by name.",
    (Operation("GET", "/targets", "All targets", _targets, Targets),),
)
