"""The tag by which an agent file or a prompt names the model for its subagent: `<CCR-SUBAGENT-MODEL>a/b</…>`.

Looked for in every block of `system` and in what was written in the first user message; never in later text, in tool
results or in reminders, where the content of a file could speak (acceptance K1). The tag is for us: `without_hint`
takes it out of what is sent.
"""

import re
from collections.abc import Iterator
from typing import Any

from ccr.facts.walk import Walk, texts, without_reminders
from ccr.messages.request import MessagesRequest

_NAME = b"CCR-SUBAGENT-MODEL"
_OPEN = "<CCR-SUBAGENT-MODEL>"
_TAG = re.compile(_OPEN + r"([^<>\n]{0,256})</CCR-SUBAGENT-MODEL>\n?")


def find_hint(walk: Walk) -> str:
    """The target named in the tag, "" if there is none."""
    if not walk.request.mentions(_NAME):  # the walk would cost more than this search of the bytes
        return ""
    found = (_TAG.search(text) for text in _places(walk))
    return next((told for each in found if each and (told := each.group(1).strip())), "")


def _places(walk: Walk) -> Iterator[str]:
    first = texts(walk.users[0].get("content")) if walk.users else []
    yield from (text for text in walk.system_texts if _OPEN in text)
    yield from (without_reminders(text) for text in first if _OPEN in text)


def without_hint(request: MessagesRequest) -> MessagesRequest:
    """The request without the tag, in the places where it is looked for; itself if there is none."""
    if not find_hint(Walk(request)):
        return request
    changes: dict[str, Any] = {"messages": _messages_without(request.messages)}
    if request.system is not None:
        changes["system"] = _content_without(request.system)
    return request.replace(**{key: value for key, value in changes.items() if value != request.body.get(key)})


def _messages_without(messages: list[Any]) -> list[Any]:
    roles = (each.get("role") if isinstance(each, dict) else None for each in messages)
    first = next((index for index, role in enumerate(roles) if role == "user"), None)
    if first is None:
        return messages
    message = {**messages[first], "content": _content_without(messages[first].get("content"))}
    return [*messages[:first], message, *messages[first + 1 :]]


def _content_without(content: Any) -> Any:
    if isinstance(content, str):
        return _TAG.sub("", content)
    return [_block_without(each) for each in content] if isinstance(content, list) else content


def _block_without(block: Any) -> Any:
    text = block.get("text") if isinstance(block, dict) and block.get("type") == "text" else None
    return {**block, "text": _TAG.sub("", text)} if isinstance(text, str) and _TAG.search(text) else block
