"""What Claude Code is doing with a request: the one module that knows the marks of its requests.

The header `x-claude-code-request-class` wins where it is sent (the client sends it with
CLAUDE_CODE_GATEWAY_HINT_HEADERS=1); what it calls `auxiliary` is told apart by marks. Without it the marks decide; they
were measured with the clients 2.1.197 and 2.1.330. A probe is defined, not measured: one token of output and no tools,
so nobody wants the answer. How a kind was found is part of what is said, so that the record can tell.
"""

from collections.abc import Callable
from typing import Any

from msgspec import Struct

from ccr.facts.walk import Walk, blocks, texts

KINDS = ("main", "agent", "workflow", "compact", "title", "search", "fetch", "classify", "side", "probe", "other")

SIDE_KINDS = frozenset({"compact", "title", "search", "fetch", "classify", "side", "probe"})
"""Requests beside the conversation: they neither read nor set what answered last (decision 8)."""

CLASS_HEADER = "x-claude-code-request-class"
AGENT_HEADER = "x-claude-code-agent-id"

_CLASSES = {
    "main": "main",
    "subagent": "agent",
    "workflow": "workflow",
    "compaction": "compact",
    "side_reply": "side",
}


class Recognised(Struct, frozen=True):
    """A kind and how it was found: `header`, `mark: …`, or `nothing` that tells."""

    kind: str
    how: str


def recognise(walk: Walk) -> Recognised:
    """The kind of a request; found out once."""
    known = walk.memo.get("kind")
    if not isinstance(known, Recognised):
        known = walk.memo["kind"] = _recognise(walk)
    return known


def _recognise(walk: Walk) -> Recognised:
    said = walk.request.header(CLASS_HEADER).strip().lower()
    if said in _CLASSES:
        return Recognised(_CLASSES[said], f"header {CLASS_HEADER}")
    for kind, how, holds in _MARKS:
        if holds(walk):
            return Recognised(kind, f"mark: {how}")
    if said == "auxiliary":
        return Recognised("side", f"header {CLASS_HEADER}")
    if is_agent(walk):
        return Recognised("agent", "mark: an agent id or cc_is_subagent")
    return _rest(walk)


def is_agent(walk: Walk) -> bool:
    """From a subagent. The class decides where it is sent and names one (rulings 1.8); then the id, then the billing line."""
    said = _CLASSES.get(walk.request.header(CLASS_HEADER).strip().lower(), "")
    if said in ("main", "agent"):
        return said == "agent"
    return bool(walk.request.header(AGENT_HEADER)) or "cc_is_subagent=true" in walk.billing


def _rest(walk: Walk) -> Recognised:
    request = walk.request
    client = request.header("user-agent").startswith(("claude-cli", "claude-code"))
    metadata = request.body.get("metadata")
    user_id = metadata.get("user_id") if isinstance(metadata, dict) else None
    if client or user_id or walk.billing or walk.tools or request.header("x-claude-code-session-id"):
        return Recognised("main", "nothing: no other mark")
    return Recognised("other", "nothing: no mark of Claude Code")


def _last_text(walk: Walk) -> str:
    found = texts(walk.users[-1].get("content")) if walk.users else []
    return found[-1] if found else ""


def _summarises(walk: Walk) -> bool:
    asked = _last_text(walk).lstrip().startswith("CRITICAL: Respond with TEXT ONLY")
    told = "You are a helpful AI assistant tasked with summarizing conversations"
    return asked or any(text.startswith(told) for text in walk.system_texts)


def _searches(walk: Walk) -> bool:
    kind = walk.tools[0].get("type") if len(walk.tools) == 1 else None
    return isinstance(kind, str) and kind.startswith("web_search_")


def _names_the_session(walk: Walk) -> bool:
    return not walk.tools and ("title" in _schema_properties(walk) or walk.first_text.startswith("<session>"))


def _schema_properties(walk: Walk) -> dict[str, Any]:
    found: Any = walk.request.body.get("output_config")
    for key in ("format", "schema", "properties"):
        found = found.get(key) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _reads_a_page(walk: Walk) -> bool:
    return not walk.tools and walk.first_text.lstrip().startswith("Web page content:\n---")


def _judges_a_tool(walk: Walk) -> bool:
    stops = walk.request.body.get("stop_sequences")
    verdict = isinstance(stops, list) and any(each in ("</severity>", "</block>") for each in stops)
    return not walk.tools and (verdict or walk.first_text.startswith("<transcript>"))


def _probes(walk: Walk) -> bool:
    few = len(walk.messages) <= 1 and not any(True for user in walk.users for _ in _rich(user))
    return walk.request.body.get("max_tokens") == 1 and not walk.tools and few


def _rich(message: Any) -> list[Any]:
    return [each for each in blocks(message.get("content")) if each.get("type") != "text"]


_MARKS: tuple[tuple[str, str, Callable[[Walk], bool]], ...] = (
    ("compact", "asks for a summary as text only", _summarises),
    ("search", "its only tool is a server's web search", _searches),
    ("title", "no tools, and a schema with a title or a <session>", _names_the_session),
    ("fetch", "no tools, and the content of a web page", _reads_a_page),
    ("classify", "no tools, and a verdict's stop sequence or a <transcript>", _judges_a_tool),
    ("probe", "one token of output, no tools", _probes),
)
