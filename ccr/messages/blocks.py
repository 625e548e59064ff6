"""Reading and mending content blocks: what every dialect needs to know of Anthropic's own JSON.

Nothing here changes what it is given. Whose thought a thinking block is can be told from its signature alone, without
memory (acceptance C1): a signature of ours begins with a mark and the name of the dialect that made it.
"""

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

NO_CONTENT = "(no content)"
"""Stands where a message must say something and has nothing to say (acceptance B4)."""

BILLING = "x-anthropic-billing-header:"
"""How the client's billing line begins; it changes between requests and spoils prefix caches (acceptance F1)."""

PLACEHOLDER_TOOL = "DeferredToolPlaceholder"
"""A tool the client offers so that others may be deferred; it is never called."""

_OWN = "ccr."


def sign(dialect: str, state: str) -> str:
    """A signature of ours that carries a provider's state through the client, who gives it back word for word."""
    return f"{_OWN}{dialect}.{base64.urlsafe_b64encode(state.encode('utf-8', 'replace')).decode()}"


def signed_state(dialect: str, signature: Any) -> str | None:
    """The state that `sign` put into a signature of this dialect; None if it is another's."""
    mark = f"{_OWN}{dialect}."
    if not isinstance(signature, str) or not signature.startswith(mark):
        return None
    try:
        return base64.b64decode(signature[len(mark) :], altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None


def is_own(signature: Any) -> bool:
    """A signature that ccr made, whatever dialect."""
    return isinstance(signature, str) and signature.startswith(_OWN)


def content_blocks(content: Any) -> list[Mapping[str, Any]]:
    """A message's content as blocks: a string is one text block, what is no block is left out."""
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    if isinstance(content, list):
        return [block for block in content if isinstance(block, dict)]
    return []


def rare_blocks(messages: Sequence[Any]) -> list[Mapping[str, Any]]:
    """Blocks that are neither text nor calls nor results, those in results too. Runs over whole conversations, so it first
    takes them to be of the usual shape."""
    try:
        return _rare_of_usual(messages)
    except (KeyError, TypeError, AttributeError):
        rare: list[Mapping[str, Any]] = []
        for message in messages:
            content = message.get("content") if isinstance(message, dict) else None
            _gather(content if isinstance(content, list) else [], rare)
        return rare


def _rare_of_usual(messages: Sequence[Any]) -> list[Mapping[str, Any]]:
    """Raises where a message or a block is none."""
    rare: list[Mapping[str, Any]] = []
    for message in messages:
        content = message["content"]
        if type(content) is not list:
            continue
        for block in content:
            kind = block["type"]
            if kind == "text" or kind == "tool_use":
                continue
            if kind != "tool_result":
                rare.append(block)
            elif type(inner := block.get("content")) is list:
                for each in inner:
                    if each["type"] != "text":
                        _gather([each], rare)
    return rare


def _gather(content: list[Any], rare: list[Mapping[str, Any]]) -> None:
    for block in content:
        kind = block.get("type") if isinstance(block, dict) else "text"
        if kind == "tool_result":
            inner = block.get("content")
            _gather(inner if isinstance(inner, list) else [], rare)
        elif kind != "text" and kind != "tool_use":
            rare.append(block)


def text_of(content: Any, between: str = "\n") -> str:
    """All text of a string or a list of blocks; blank blocks are left out."""
    if isinstance(content, str):
        return content
    texts = (block.get("text") for block in content_blocks(content) if block.get("type") == "text")
    return between.join(text for text in texts if isinstance(text, str) and text.strip())


def is_blank(block: Any) -> bool:
    """A text block that says nothing, which Anthropic and others refuse."""
    if not isinstance(block, dict) or block.get("type") != "text":
        return False
    text = block.get("text")
    return not isinstance(text, str) or not text or text.isspace()


def without_billing_line(text: str) -> str:
    """The text of a system block without the client's billing line; what stands after that line is kept."""
    if not text.startswith(BILLING):
        return text
    _, _, rest = text.partition("\n")
    return rest.lstrip("\n")


def without_billing(system: Any) -> Any:
    """A `system` value without the billing line, in the form it came in; None when nothing is left."""
    if isinstance(system, str):
        return without_billing_line(system) or None
    if not isinstance(system, list):
        return system
    kept: list[Any] = []
    for block in system:
        text = block.get("text") if isinstance(block, dict) else None
        if isinstance(text, str) and text.startswith(BILLING):
            text = without_billing_line(text)
            if not text.strip():
                continue
            block = {**block, "text": text}
        kept.append(block)
    return kept or None


def system_reminder(text: str) -> str:
    """A system text as it may stand in a user's turn: the tag is the client's own for such texts."""
    return f"<system-reminder>\n{text}\n</system-reminder>"


def loaded_tool(reference: Mapping[str, Any]) -> str:
    """A `tool_reference` in words, for those who do not know the block."""
    return f"Tool {reference.get('tool_name', '')} loaded."


def result_blocks(messages: Sequence[Any]) -> Iterator[Mapping[str, Any]]:
    """Every tool_result of a conversation."""
    for message in messages:
        content = message.get("content") if isinstance(message, dict) else None
        if isinstance(content, list):
            yield from (b for b in content if isinstance(b, dict) and b.get("type") == "tool_result")


def referenced_tools(messages: Sequence[Any]) -> frozenset[str]:
    """Names of deferred tools that a tool search has loaded: `tool_reference` blocks in results (acceptance J3)."""
    names: set[str] = set()
    for result in result_blocks(messages):
        content = result.get("content")
        if isinstance(content, list):
            for block in content:
                if isinstance(block, dict) and block.get("type") == "tool_reference":
                    names.add(str(block.get("tool_name", "")))
    return frozenset(names)
