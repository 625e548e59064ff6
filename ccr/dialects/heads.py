"""What the requests of all translated protocols have in common: how one is put together, and what is asked for in words."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ccr.dialects.asked import asked_schema
from ccr.dialects.extras import joined
from ccr.dialects.profile import Profile
from ccr.dialects.unsaid import Reach, unsaid
from ccr.dialects.wire import WireRequest
from ccr.messages.encode import encode_json
from ccr.messages.request import MessagesRequest

EVENTS = "text/event-stream"
_JSON = "application/json"


def wire_request(
    url: str, body: Mapping[str, Any], request: MessagesRequest, profile: Profile, reach: Reach, streams: str = EVENTS
) -> WireRequest:
    """The request ready to be sent. `streams`: the content type of a streamed answer."""
    accept = streams if request.stream else _JSON
    return WireRequest(
        url=url,
        body=encode_json(joined(profile.extra_body, body)),
        headers=(("content-type", _JSON), ("accept", accept), *profile.headers),
        streamed=request.stream,
        said=unsaid(request, profile, reach),
    )


class Structure(Struct, frozen=True):
    """The JSON answer a client asks for (`output_config.format`). `schema`: asked for by field; `plain`: JSON of any shape
    by field, the schema in `words`."""

    schema: Mapping[str, Any] | None = None
    plain: bool = False
    words: str = ""


def asked_structure(body: Mapping[str, Any], profile: Profile, *, by_field: bool = True) -> Structure:
    """How the schema is told to this target: by field, if this request may have the field, or else in words."""
    schema = asked_schema(body)
    if schema is None:
        return Structure()
    if profile.structured == "json_schema" and by_field:
        return Structure(schema)
    words = f"Answer with one JSON object and nothing else. It must follow this JSON schema:\n{encode_json(schema).decode()}"
    return Structure(plain=profile.structured == "json_object" and by_field, words=words)


def tool_fields(
    request: MessagesRequest, profile: Profile, offered: list[dict[str, Any]], choice: Any
) -> dict[str, Any]:
    """What is offered, which of it has to be called, and whether only one at a time."""
    if not offered:
        return {}
    fields: dict[str, Any] = {"tools": offered}
    if choice is not None:
        fields["tool_choice"] = choice
    wanted = request.body.get("tool_choice")
    if profile.parallel_tool_calls and isinstance(wanted, dict) and wanted.get("disable_parallel_tool_use") is True:
        fields["parallel_tool_calls"] = False
    return fields
