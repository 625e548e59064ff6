"""The world in force: its id, which every call that changes something must name, its sources and its findings."""

from msgspec import Struct

from ccr.api.findings import Findings, findings_of
from ccr.api.resource import Call, Operation, Resource


class Layer(Struct, frozen=True):
    """`rules`: how many it has; `denies`: it can refuse requests."""

    name: str
    rules: int
    denies: bool


class World(Struct, frozen=True):
    """`loaded_at` in seconds since the epoch. `aliases` are names that clients may ask for."""

    id: str
    loaded_at: float
    sources: tuple[str, ...]
    layers: tuple[Layer, ...]
    aliases: tuple[str, ...]
    providers: tuple[str, ...]
    findings: Findings


async def _snapshot(call: Call) -> World:
    snapshot = call.parts.snapshot
    return World(
        id=snapshot.id,
        loaded_at=call.parts.live.loaded_at,
        sources=tuple(file.name for file in snapshot.sources),
        layers=tuple(Layer(each.name, len(each.program.rules), each.denies) for each in snapshot.policy.layers),
        aliases=tuple(snapshot.policy.aliases),
        providers=tuple(each.name for each in snapshot.catalog.configured),
        findings=findings_of(snapshot.findings),
    )


RESOURCE = Resource(
    "snapshot",
    "The world in force. Its id goes into `If-Match` of every call that changes something.",
    (Operation("GET", "/snapshot", "The world in force", _snapshot, World),),
)
