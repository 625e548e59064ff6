"""The one walk over a body that all attributes of cost `scan` share: each part is computed when first asked, then kept.

Reads any JSON without raising: what is not of the expected shape is as if it were absent. What a text means for the
kind of a request is in `kinds.py`, what a directory is called in `paths.py`.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from ccr.facts.inputs import Inputs
from ccr.messages.request import MessagesRequest

PROMPT_LIMIT = 65_536
"""Characters of the person's prompt that a rule can see (language §4: 64 KB)."""

BILLING = "x-anthropic-billing-header:"
"""How Claude Code begins the line that is for Anthropic's books; it changes within a conversation (measured)."""

REMINDER, _REMINDER_END = "<system-reminder>", "</system-reminder>"


class Media(Struct, frozen=True):
    """`images` anywhere, also inside tool results; `last`: one of them is in the last user message."""

    images: int = 0
    last: bool = False
    pdf: bool = False


class Turns(Struct, frozen=True):
    """`prompts`: messages a person wrote; `step`: answers of the model since the last of them; `prompt`: its text."""

    prompts: int = 0
    step: int = 0
    prompt: str = ""


class Walk:
    """Views of one request. A cache that grows when asked; the request below it never changes."""

    def __init__(self, request: MessagesRequest) -> None:
        self.request = request
        self.memo: dict[str, object] = {}
        """What others made of it, to be made once."""

    @cached_property
    def messages(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(each for each in self.request.messages if isinstance(each, dict))

    @cached_property
    def users(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(each for each in self.messages if each.get("role") == "user")

    @cached_property
    def first_text(self) -> str:
        """The first text of the first user message, "" if there is none."""
        found = texts(self.users[0].get("content")) if self.users else []
        return found[0] if found else ""

    @cached_property
    def tools(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(each for each in self.request.tools if isinstance(each, dict))

    @cached_property
    def system_texts(self) -> tuple[str, ...]:
        """The texts of `system`, one a block, the billing line included."""
        return tuple(texts(self.request.system))

    @cached_property
    def billing(self) -> str:
        """The billing line, "" if there is none."""
        found = (text for text in self.system_texts if text.startswith(BILLING))
        return next(found, "").partition("\n")[0]

    @cached_property
    def system(self) -> str:
        """The system text without the billing line; what else its block holds stays."""
        kept = (text.partition("\n")[2] if text.startswith(BILLING) else text for text in self.system_texts)
        return "\n".join(text for text in kept if text)

    @cached_property
    def media(self) -> Media:
        counts = [_count_media(each) for each in (self.request.system, self.request.rare)]
        last = _count_media(self.users[-1].get("content"))[0] if self.users else 0
        return Media(sum(images for images, _ in counts), last > 0, any(pdfs for _, pdfs in counts))

    @cached_property
    def turns(self) -> Turns:
        prompts, step, prompt = 0, 0, ""
        for message in self.messages:
            role = message.get("role")
            if role == "assistant":
                step += 1
            elif role == "user" and (text := _prompt(message)) is not None:
                prompts, step, prompt = prompts + 1, 0, text
        return Turns(prompts, step, prompt[:PROMPT_LIMIT])

    @cached_property
    def reminders(self) -> tuple[str, ...]:
        """What the client itself says in mid-conversation, in order: system-role messages, and reminders in user text."""
        said: list[str] = []
        for message in self.messages:
            role = message.get("role")
            if role == "system":
                said += texts(message.get("content"))
            elif role == "user":
                said += (text for text in texts(message.get("content")) if text.startswith(REMINDER))
        return tuple(said)


def walk(inputs: Inputs) -> Walk:
    """The walk of this request, shared by all attributes that ask."""
    found = inputs.memo.get("walk")
    if isinstance(found, Walk) and found.request is inputs.request:
        return found
    made = inputs.memo["walk"] = Walk(inputs.request)
    return made


def classifier_contexts(walk: Walk) -> Iterator[Mapping[str, Any]]:
    """What the client tells Anthropic's classifier of the situation (auto mode), one object a safeguard."""
    safeguards = walk.request.body.get("safeguards")
    for each in safeguards if isinstance(safeguards, list) else ():
        context = each.get("classifier_context") if isinstance(each, dict) else None
        if isinstance(context, dict):
            yield context


def blocks(content: Any) -> Iterator[Mapping[str, Any]]:
    """The content blocks of a message that are objects; none for plain text."""
    return (each for each in content if isinstance(each, dict)) if isinstance(content, list) else iter(())


def texts(content: Any) -> list[str]:
    """The texts of a content: itself if it is one, else those of its text blocks. Never what a tool result holds."""
    if isinstance(content, str):
        return [content]
    if not isinstance(content, list):
        return []
    found = [each.get("text") for each in content if isinstance(each, dict) and each.get("type") == "text"]
    return [text for text in found if isinstance(text, str)]


def without_reminders(text: str) -> str:
    """The text without what the client put between `<system-reminder>` tags; one that does not end takes the rest."""
    kept: list[str] = []
    at = 0
    while (start := text.find(REMINDER, at)) != -1:
        kept.append(text[at:start])
        end = text.find(_REMINDER_END, start)
        at = len(text) if end == -1 else end + len(_REMINDER_END)
    return "".join((*kept, text[at:]))


def _prompt(message: Mapping[str, Any]) -> str | None:
    """The text a person wrote, or None if this message carries tool results or only reminders."""
    content = message.get("content")
    kinds = set()
    for each in content if isinstance(content, list) else ():
        kind = each.get("type") if isinstance(each, dict) else None
        if kind == "tool_result":
            return None
        if isinstance(kind, str):
            kinds.add(kind)
    text = "\n".join(kept for each in texts(content) if (kept := without_reminders(each).strip()))
    return text if text or kinds - {"text"} else None


def _count_media(content: Any) -> tuple[int, int]:
    """(images, documents) of a content, also those inside tool results and inside documents."""
    images = documents = 0
    todo = [content] if isinstance(content, list) else []
    while todo:
        for block in todo.pop():
            if not isinstance(block, dict):
                continue
            kind = block.get("type")
            if kind == "image":
                images += 1
            elif kind == "document":
                documents += 1
                source = block.get("source")
                todo += _lists(source.get("content") if isinstance(source, dict) else None)
            todo += _lists(block.get("content"))
    return images, documents


def _lists(content: Any) -> list[Any]:
    return [content] if isinstance(content, list) else []
