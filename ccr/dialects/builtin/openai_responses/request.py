"""The client's request as a Responses request: stateless, so the whole conversation goes along every time.

What the protocol cannot say is left out or told in words; nothing raises.
Source: https://platform.openai.com/docs/api-reference/responses/create (as typed by the openai SDK 3.54.0).
"""

from collections.abc import Mapping
from typing import Any

from ccr.dialects.asked import asked_limit, asked_numbers
from ccr.dialects.builtin.openai_responses.conversation import input_items, instructions
from ccr.dialects.builtin.openai_responses.tools import SOURCES, offered_tools, tool_choice
from ccr.dialects.dialect import Speech
from ccr.dialects.effort import OFF, asked_effort, lowest_effort, nearest_effort
from ccr.dialects.heads import Structure, asked_structure, tool_fields, wire_request
from ccr.dialects.names import wire_model
from ccr.dialects.profile import Profile
from ccr.dialects.unsaid import Reach
from ccr.dialects.wire import WireRequest
from ccr.messages.request import MessagesRequest
from ccr.messages.session import session_of

_LEAST_OUTPUT = 16
"""Tokens; a smaller `max_output_tokens` is refused."""

REACH = Reach(
    least_output=_LEAST_OUTPUT,
    levels=None,
    search=frozenset({"allowed_domains", "user_location"}),
    documents=frozenset({"base64", "url"}),
)

_REASONING = "reasoning.encrypted_content"


def encode_responses_request(request: MessagesRequest, speech: Speech) -> WireRequest:
    return wire_request(endpoint(speech.url), responses_body(request, speech), request, speech.profile, REACH)


def endpoint(url: str) -> str:
    """`…/responses`, from a whole endpoint or a base; a base without any path gets its version too."""
    base, mark, query = url.partition("?")
    base = base.rstrip("/").removesuffix("/chat/completions")
    if not base.endswith("/responses"):
        bare = "/" not in base.partition("://")[2]
        base += "/v1/responses" if bare else "/responses"
    return base + mark + query


def responses_body(request: MessagesRequest, speech: Speech) -> dict[str, Any]:
    """The body; what stays the same from turn to turn comes first."""
    body, profile = request.body, speech.profile
    asked = asked_structure(body, profile)
    said: dict[str, Any] = {"model": wire_model(speech.model, profile)}
    if system := instructions(request.system, request.messages, asked.words):
        said["instructions"] = system
    offered = offered_tools(request, profile)
    tools = tool_fields(request, profile, offered, tool_choice(request, profile, offered) if offered else None)
    said |= tools
    said["input"] = input_items(request.messages, speech)
    said["store"] = False
    if include := _include(tools, profile):
        said["include"] = include
    said |= _limit(body, profile)
    if profile.sampling:
        said |= asked_numbers(body, "temperature", "top_p")
    said |= _reasoning(body, profile)
    said |= _form(asked)
    if profile.prompt_cache_key and (session := session_of(request)):
        said["prompt_cache_key"] = session
    if request.stream:
        said["stream"] = True
    return said


def _include(tools: Mapping[str, Any], profile: Profile) -> list[str]:
    """What has to be asked for. A model that does not reason refuses to be asked for its reasoning."""
    searches = any(tool["type"] == profile.search_tool for tool in tools.get("tools", ()))
    return [*([_REASONING] if profile.reasoning_request else []), *([SOURCES] if searches else [])]


def _limit(body: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    limit = asked_limit(body, profile)
    return {} if limit is None else {"max_output_tokens": max(limit, _LEAST_OUTPUT)}


def _reasoning(body: Mapping[str, Any], profile: Profile) -> dict[str, Any]:
    """How hard to think and whether to tell of it (C6, C7); nothing where nobody has said that the model reasons."""
    asked = asked_effort(body)
    if not asked or not profile.reasoning_request:
        return {}
    if asked == OFF:
        word = profile.reasoning_off or lowest_effort(profile.reasoning_efforts)
        return {"reasoning": {"effort": word}} if word else {}
    said = {"effort": nearest_effort(asked, profile.reasoning_efforts)}
    return {"reasoning": said | ({"summary": profile.reasoning_summary} if profile.reasoning_summary else {})}


def _form(asked: Structure) -> dict[str, Any]:
    if asked.schema is not None:
        return {"text": {"format": {"type": "json_schema", "name": "answer", "schema": asked.schema, "strict": False}}}
    return {"text": {"format": {"type": "json_object"}}} if asked.plain else {}
