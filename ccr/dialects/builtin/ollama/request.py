"""The client's request as an Ollama chat. What it cannot say is left out or told in words; nothing raises.

Source: https://github.com/ollama/ollama/blob/main/docs/api.md and api/types.go (ChatRequest), read 2026-11-22.
"""

from collections.abc import Mapping
from typing import Any

from ccr.dialects.asked import asked_limit, asked_numbers
from ccr.dialects.builtin.ollama.conversation import chat_messages
from ccr.dialects.builtin.ollama.window import asked_window
from ccr.dialects.dialect import Speech
from ccr.dialects.effort import OFF, asked_effort, nearest_effort
from ccr.dialects.heads import Structure, asked_structure, wire_request
from ccr.dialects.names import wire_model, wire_name
from ccr.dialects.offers import chat_tools
from ccr.dialects.profile import Profile
from ccr.dialects.stops import asked_stops
from ccr.dialects.unsaid import Reach
from ccr.dialects.wire import WireRequest
from ccr.messages.request import MessagesRequest

REACH = Reach(
    sampling=frozenset({"temperature", "top_p", "top_k"}),
    levels=frozenset({"think"}),
    switches=frozenset({"think"}),
    thinks_unasked=True,
    choices=frozenset({"auto", "none", "tool"}),
    parallel=False,
    images=frozenset({"base64"}),
    documents=frozenset(),
)


def encode_ollama_request(request: MessagesRequest, speech: Speech) -> WireRequest:
    return wire_request(
        endpoint(speech.url), ollama_body(request, speech), request, speech.profile, REACH, "application/x-ndjson"
    )


def endpoint(url: str) -> str:
    """`…/api/chat`, from a whole endpoint, the address of the server, or that of its OpenAI-compatible endpoint."""
    base, mark, query = url.partition("?")
    base = base.rstrip("/")
    if not base.endswith("/chat"):
        base = base.removesuffix("/v1").removesuffix("/api") + "/api/chat"
    return base + mark + query


def ollama_body(request: MessagesRequest, speech: Speech) -> dict[str, Any]:
    """The body. `truncate` and `shift` are off: what does not fit is refused, never cut in silence (acceptance E9)."""
    body, profile = request.body, speech.profile
    asked = asked_structure(body, profile)
    said: dict[str, Any] = {
        "model": wire_model(speech.model, profile),
        "messages": chat_messages(request.system, request.messages, speech, asked.words),
    }
    if offered := _offered(request, profile):
        said["tools"] = offered
    said["stream"] = request.stream
    said["truncate"] = False
    said["shift"] = False
    said |= _think(body, profile)
    said |= _form(asked)
    said["options"] = {**_options(body, profile), "num_ctx": asked_window(request, speech)}
    return said


def _offered(request: MessagesRequest, profile: Profile) -> list[dict[str, Any]]:
    """The tools. There is no choice among them here, so none, or one alone, is said by what is offered."""
    offered = chat_tools(request, profile)
    choice = request.body.get("tool_choice")
    choice = choice if isinstance(choice, dict) else {}
    match choice.get("type"):
        case "none":
            return []
        case "tool":
            name = wire_name(str(choice.get("name")), profile.tool_name_length)
            return [tool for tool in offered if tool["function"]["name"] == name] or offered
        case _:
            return offered


def _think(body: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    """Off where the client says so. Else a model that can think does so unasked, and one that cannot would refuse the
    field: it is sent only where somebody has said that this model knows levels."""
    asked = asked_effort(body)
    if asked == OFF:
        return {"think": profile.reasoning_off or False}
    if asked and "think" in profile.reasoning_request.split("+"):
        return {"think": nearest_effort(asked, profile.reasoning_efforts)}
    return {}


def _options(body: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    options: dict[str, Any] = dict(asked_numbers(body, "temperature", "top_p", "top_k")) if profile.sampling else {}
    if (limit := asked_limit(body, profile)) is not None:
        options["num_predict"] = limit
    if stops := asked_stops(body):
        options["stop"] = list(stops)
    return options


def _form(asked: Structure) -> dict[str, Any]:
    if asked.schema is not None:
        return {"format": asked.schema}
    return {"format": "json"} if asked.plain else {}
