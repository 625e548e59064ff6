"""Who is well and who rests, by provider."""

from ccr.api.resource import Call, Operation, Resource
from ccr.api.resting import Rests, rests


async def _health(call: Call) -> Rests:
    return rests(call.parts)


RESOURCE = Resource(
    "health",
    "Providers and models that are left alone for a while because they failed or asked for it.",
    (Operation("GET", "/health", "Who rests", _health, Rests),),
)
