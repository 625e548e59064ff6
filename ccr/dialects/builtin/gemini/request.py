"""The client's request as `generateContent`. What Gemini cannot say is left out or told in words; nothing raises.

Source: https://ai.google.dev/api/generate-content
"""

import re
from typing import Any
from urllib.parse import quote

from ccr.dialects.builtin.gemini.contents import contents_of, instruction_of
from ccr.dialects.builtin.gemini.generation import MOST_STOPS, SAMPLING, generation_config, structure
from ccr.dialects.builtin.gemini.tools import offered_tools, tool_config
from ccr.dialects.dialect import Speech
from ccr.dialects.heads import wire_request
from ccr.dialects.names import wire_model
from ccr.dialects.turns import leading_systems
from ccr.dialects.unsaid import Reach
from ccr.dialects.wire import WireRequest
from ccr.messages.request import MessagesRequest

REACH = Reach(
    sampling=SAMPLING,
    stops=MOST_STOPS,
    levels=frozenset({"thinkingLevel"}),
    budgets=frozenset({"thinkingBudget"}),
    parallel=False,
    search=frozenset(),
    search_beside_tools=False,
    schema_beside_tools=False,
    images=frozenset({"base64"}),
    documents_as_images=True,
)

_WHOLE = re.compile(r":(?:stream)?[gG]enerateContent$")


def encode_generate_request(request: MessagesRequest, speech: Speech) -> WireRequest:
    profile = speech.profile
    url = endpoint(speech.url, wire_model(speech.model, profile), streamed=request.stream)
    return wire_request(url, generate_body(request, speech), request, profile, REACH)


def endpoint(url: str, model: str, *, streamed: bool) -> str:
    """`…/models/MODEL:METHOD`, from a whole endpoint (whose model stands), a prefix that ends in `models`, or a base; a
    base without any path gets its version too."""
    base, _, query = url.partition("?")
    base = base.rstrip("/")
    if found := _WHOLE.search(base):
        base = base[: found.start()]
    else:
        base = f"{_models(base)}/{quote(model.removeprefix('models/'), safe='@')}"
    parts = [part for part in query.split("&") if part and not part.startswith("alt=")]
    if streamed:
        parts.append("alt=sse")
    return (
        base + (":streamGenerateContent" if streamed else ":generateContent") + ("?" if parts else "") + "&".join(parts)
    )


def _models(base: str) -> str:
    if base.endswith("/models"):
        return base
    bare = "/" not in base.partition("://")[2]
    return f"{base}/v1beta/models" if bare else f"{base}/models"


def generate_body(request: MessagesRequest, speech: Speech) -> dict[str, Any]:
    """The body; what stays the same from turn to turn stands first."""
    offered = offered_tools(request, speech.profile)
    shape, words = structure(request.body, speech.profile, has_tools=bool(offered))
    start = leading_systems(request.messages)
    said: dict[str, Any] = {}
    if instruction := instruction_of(request.system, request.messages[:start], words):
        said["systemInstruction"] = instruction
    if offered:
        said["tools"] = offered
    if config := tool_config(request, speech.profile, offered):
        said["toolConfig"] = config
    said["contents"] = contents_of(request.messages[start:], speech)
    if config := generation_config(request.body, speech.profile) | shape:
        said["generationConfig"] = config
    return said
