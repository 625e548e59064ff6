"""Content blocks as Gemini's parts: text, pictures, documents, and words for what cannot be sent (never silence).

Pictures and PDF files go inline (https://ai.google.dev/gemini-api/docs/image-understanding, …/document-processing).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ccr.dialects.profile import Profile
from ccr.dialects.stand_ins import (
    NO_OUTPUT,
    UNSEEN_IMAGE,
    document_text,
    source_of,
    unreadable_image,
    words_of,
)
from ccr.messages.blocks import content_blocks, is_blank

Part = dict[str, Any]

_PICTURES = frozenset({"image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"})
"""https://ai.google.dev/gemini-api/docs/image-understanding (supported formats), read 2026-11-22."""


def parts_of(content: Any, profile: Profile) -> list[Part]:
    """A turn's blocks but for calls, their results and thoughts."""
    blocks = content_blocks(content)
    return [part for block in blocks if not is_blank(block) and (part := part_of(block, profile)) is not None]


def part_of(block: Mapping[str, Any], profile: Profile) -> Part | None:
    match block.get("type"):
        case "text":
            return {"text": str(block.get("text", ""))}
        case "image":
            return _picture(block, profile)
        case "document":
            return _document(block, profile)
        case _:
            words = words_of(block)
            return None if words is None else {"text": words}


def _picture(block: Mapping[str, Any], profile: Profile) -> Part:
    if not profile.sees_images:
        return {"text": UNSEEN_IMAGE}
    source = source_of(block)
    media = source.get("media_type", "image/png")
    if source.get("type") != "base64":
        return {"text": unreadable_image(block)}
    if media not in _PICTURES:
        return {"text": f"[image: {media}, which this provider cannot read]"}
    return {"inlineData": {"mimeType": media, "data": source.get("data", "")}}


def _document(block: Mapping[str, Any], profile: Profile) -> Part:
    source = source_of(block)
    media = source.get("media_type", "application/pdf")
    if source.get("type") != "base64" or media != "application/pdf" or not profile.sees_images:
        return {"text": document_text(block)}
    return {"inlineData": {"mimeType": media, "data": source.get("data", "")}}


def text_of_parts(parts: Iterable[Part]) -> str:
    return "\n".join(str(part["text"]) for part in parts if "text" in part)


def response_of(result: Mapping[str, Any], profile: Profile) -> tuple[dict[str, str], list[Part]]:
    """A tool result as a function's response, `{"output": …}` or `{"error": …}`, and its pictures and documents."""
    parts = parts_of(result.get("content"), profile)
    media = [part for part in parts if "inlineData" in part]
    text = text_of_parts(parts)
    if not text:
        text = f"[{len(media)} attached]" if media else NO_OUTPUT
    return {"error" if result.get("is_error") is True else "output": text}, media
