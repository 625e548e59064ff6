"""Content blocks as Ollama takes them: one text, and pictures beside it in base64.

What cannot be said so is told in words, never left out in silence. Source:
https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion, read 2026-11-22.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from ccr.dialects.profile import Profile
from ccr.dialects.stand_ins import (
    ERROR,
    NO_OUTPUT,
    UNSEEN_IMAGE,
    document_text,
    source_of,
    unreadable_image,
    words_of,
)
from ccr.messages.blocks import content_blocks


class Said(Struct, frozen=True):
    text: str = ""
    images: tuple[str, ...] = ()
    """Base64, without a media type: the server looks for itself."""


def read_content(content: Any, profile: Profile) -> Said:
    """A message's blocks but for calls and results."""
    texts: list[str] = []
    images: list[str] = []
    for block in content_blocks(content):
        if block.get("type") == "image" and (data := _image(block, profile)):
            images.append(data)
        elif (words := _words(block, profile)) and not words.isspace():
            texts.append(words)
    return Said("\n".join(texts), tuple(images))


def read_result(block: Mapping[str, Any], profile: Profile) -> Said:
    """A tool's result; its pictures may stay with it."""
    said = read_content(block.get("content"), profile)
    texts = [*([ERROR] if block.get("is_error") is True else []), *([said.text] if said.text else [])]
    return Said("\n".join(texts) or NO_OUTPUT, said.images)


def together(parts: Sequence[Said]) -> Said:
    text = "\n".join(part.text for part in parts if part.text)
    return Said(text, tuple(image for part in parts for image in part.images))


def _image(block: Mapping[str, Any], profile: Profile) -> str:
    source = source_of(block)
    return str(source.get("data") or "") if profile.sees_images and source.get("type") == "base64" else ""


def _words(block: Mapping[str, Any], profile: Profile) -> str:
    match block.get("type"):
        case "text":
            return str(block.get("text") or "")
        case "image":
            return unreadable_image(block) if profile.sees_images else UNSEEN_IMAGE
        case "document":
            return document_text(block)
        case _:
            return words_of(block) or ""
