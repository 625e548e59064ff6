"""Words for blocks that a target cannot take as they are: told, never left out in silence (acceptance G1, G4)."""

from collections.abc import Callable, Mapping
from typing import Any

from ccr.messages.blocks import loaded_tool, text_of

UNSEEN_IMAGE = "[image: this model does not see images]"
INTERRUPTED = "[interrupted: this call has no result]"
NO_OUTPUT = "(no output)"
ERROR = "Error:"


def source_of(block: Mapping[str, Any]) -> Mapping[str, Any]:
    source = block.get("source")
    return source if isinstance(source, dict) else {}


def unreadable_image(block: Mapping[str, Any]) -> str:
    return f"[image: kept as {source_of(block).get('type')}, which this provider cannot read]"


def unknown_block(block: Mapping[str, Any]) -> str:
    return f"[{block.get('type')} block: this model cannot be given it]"


_UNTOLD = frozenset({"thinking", "redacted_thinking", "server_tool_use", "tool_result", "tool_use"})
"""Blocks that have a place of their own in every protocol, or none that a target could read."""


def words_of(block: Mapping[str, Any]) -> str | None:
    """A block that no protocol but the client's own knows, in words; None for one that is not said among the others."""
    kind = str(block.get("type"))
    return None if kind in _UNTOLD else _WORDS.get(kind, unknown_block)(block)


def image_address(block: Mapping[str, Any]) -> str | None:
    """Where a picture is, as a URL that may hold it; None if it is kept elsewhere."""
    source = source_of(block)
    match source.get("type"):
        case "base64":
            return f"data:{source.get('media_type', 'image/png')};base64,{source.get('data', '')}"
        case "url":
            return str(source.get("url", ""))
        case _:
            return None


def document_title(block: Mapping[str, Any]) -> str:
    return str(block.get("title") or "document")


def pdf_name(block: Mapping[str, Any]) -> str:
    title = document_title(block)
    return title if title.lower().endswith(".pdf") else f"{title}.pdf"


def document_text(block: Mapping[str, Any]) -> str:
    """A document in words: its text where it has one, else what it is and why it was not sent."""
    source, title = source_of(block), document_title(block)
    data = source.get("data")
    match source.get("type"):
        case "text":
            return f"{title}:\n{data}" if block.get("title") else str(data or "")
        case "content":
            return text_of(source.get("content")) or f"[document {title}: empty]"
        case "url":
            return f"[document {title}: {source.get('url')}]"
        case "base64":
            kilobytes = len(str(data)) * 3 // 4096
            return f"[document {title}, {source.get('media_type')}, {kilobytes} KB: not sent, because this model takes no documents and its text was not extracted]"
        case kind:
            return f"[document {title}: kept as {kind}, which this provider cannot read]"


def search_result_text(block: Mapping[str, Any]) -> str:
    return f"{block.get('title', '')} ({block.get('source', '')})\n{text_of(block.get('content'))}"


def searched_text(block: Mapping[str, Any]) -> str:
    """What an earlier web search found."""
    found = block.get("content")
    lines = (
        [f"{hit.get('title')}: {hit.get('url')}" for hit in found if isinstance(hit, dict)]
        if isinstance(found, list)
        else []
    )
    return "Web search results:\n" + "\n".join(lines) if lines else "[web search: no results]"


_WORDS: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "search_result": search_result_text,
    "tool_reference": loaded_tool,
    "web_search_tool_result": searched_text,
}
