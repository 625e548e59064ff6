"""The client's request as a chat completion. What chat cannot say is left out or told in words; nothing raises.

Source: https://platform.openai.com/docs/api-reference/chat/create
"""

from collections.abc import Mapping
from typing import Any

from ccr.dialects.asked import asked_limit, asked_numbers
from ccr.dialects.builtin.openai_chat.conversation import chat_messages
from ccr.dialects.builtin.openai_chat.thinking import thinking_fields
from ccr.dialects.builtin.openai_chat.tools import tool_choice
from ccr.dialects.dialect import Speech
from ccr.dialects.heads import Structure, asked_structure, tool_fields, wire_request
from ccr.dialects.names import wire_model
from ccr.dialects.offers import chat_tools
from ccr.dialects.profile import Profile
from ccr.dialects.stops import asked_stops
from ccr.dialects.unsaid import Reach
from ccr.dialects.wire import WireRequest
from ccr.messages.request import MessagesRequest
from ccr.messages.session import session_of

_MOST_STOPS = 4
REACH = Reach(
    stops=_MOST_STOPS,
    levels=frozenset({"reasoning_effort", "reasoning"}),
    switches=frozenset({"thinking", "enable_thinking"}),
)


def encode_chat_request(request: MessagesRequest, speech: Speech) -> WireRequest:
    return wire_request(endpoint(speech.url), chat_body(request, speech), request, speech.profile, REACH)


def endpoint(url: str) -> str:
    """`…/chat/completions`, from a whole endpoint or a base; a base without any path gets its version too."""
    base, mark, query = url.partition("?")
    base = base.rstrip("/")
    if not base.endswith("/completions"):
        bare = "/" not in base.partition("://")[2]
        base += "/v1/chat/completions" if bare else "/chat/completions"
    return base + mark + query


def chat_body(request: MessagesRequest, speech: Speech) -> dict[str, Any]:
    """The body, `model` first and `messages` before what changes from turn to turn."""
    body, profile = request.body, speech.profile
    asked = asked_structure(body, profile)
    said: dict[str, Any] = {
        "model": wire_model(speech.model, profile),
        "messages": chat_messages(request.system, request.messages, speech, asked.words),
    }
    offered = chat_tools(request, profile)
    said |= tool_fields(request, profile, offered, tool_choice(request, profile, offered) if offered else None)
    said |= _limit(body, profile)
    said |= _sampling(body, profile)
    said |= thinking_fields(body, profile)
    said |= _form(asked)
    if profile.prompt_cache_key and (session := session_of(request)):
        said["prompt_cache_key"] = session
    if request.stream:
        said["stream"] = True
        if profile.stream_usage:
            said["stream_options"] = {"include_usage": True}
    return said


def _limit(body: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    limit = asked_limit(body, profile)
    return {} if limit is None else {profile.max_tokens_field: limit}


def _sampling(body: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    fields: dict[str, Any] = dict(asked_numbers(body, "temperature", "top_p")) if profile.sampling else {}
    if stops := asked_stops(body):
        fields["stop"] = list(stops[:_MOST_STOPS])
    return fields


def _form(asked: Structure) -> dict[str, Any]:
    if asked.schema is not None:
        return {"response_format": {"type": "json_schema", "json_schema": {"name": "answer", "schema": asked.schema}}}
    return {"response_format": {"type": "json_object"}} if asked.plain else {}
