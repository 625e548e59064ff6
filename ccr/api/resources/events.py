"""What happens, while it happens: `hello`, `snapshot`, `failure`, `request`, `health`."""

from ccr.api.resource import Call, Operation, Resource, Stream


async def _listen(call: Call) -> Stream:
    """Until the session ends; what is told after that is told to nobody."""
    keeper, token = call.shared.keeper, call.visit.token
    return Stream(call.shared.events.listen(lambda: call.visit.program or keeper.knows(token)))


RESOURCE = Resource(
    "events",
    "Server-sent events. `snapshot`: rules went live; `failure`: they do not load, with the findings; `request`: one "
    "has ended, as in `recent` of `/status`; `health`: who rests has changed; `hello`: the stream begins.",
    (Operation("GET", "/events", "What happens", _listen, Stream),),
)
