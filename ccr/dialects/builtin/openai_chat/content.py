"""Content blocks as chat parts: text, pictures, documents, and words for what a target cannot take (never silence).

Parts: `text`, `image_url`, `file` (https://platform.openai.com/docs/api-reference/chat/create).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ccr.dialects.profile import Profile
from ccr.dialects.stand_ins import (
    ERROR,
    NO_OUTPUT,
    UNSEEN_IMAGE,
    document_text,
    image_address,
    pdf_name,
    source_of,
    unreadable_image,
    words_of,
)
from ccr.messages.blocks import content_blocks, is_blank

Part = dict[str, Any]


def text_part(text: str, block: Mapping[str, Any] | None = None, profile: Profile | None = None) -> Part:
    part: Part = {"type": "text", "text": text}
    if profile is not None and profile.cache_markers and block is not None and block.get("cache_control"):
        part["cache_control"] = block["cache_control"]
    return part


def parts_of(content: Any, profile: Profile) -> list[Part]:
    """A user's blocks but for tool results. Text, by far the commonest, is not looked up."""
    parts: list[Part] = []
    for block in content_blocks(content):
        if block.get("type") == "text" and not profile.cache_markers:
            text = block.get("text")
            if isinstance(text, str) and text and not text.isspace():
                parts.append({"type": "text", "text": text})
        elif not is_blank(block) and (part := part_of(block, profile)) is not None:
            parts.append(part)
    return parts


def part_of(block: Mapping[str, Any], profile: Profile) -> Part | None:
    match block.get("type"):
        case "text":
            return text_part(str(block.get("text", "")), block, profile)
        case "image":
            return _image(block, profile)
        case "document":
            return _document(block, profile)
        case _:
            words = words_of(block)
            return None if words is None else text_part(words)


def _image(block: Mapping[str, Any], profile: Profile) -> Part:
    if not profile.sees_images or profile.string_content:
        return text_part(UNSEEN_IMAGE)
    url = image_address(block)
    if url is None:
        return text_part(unreadable_image(block))
    return {"type": "image_url", "image_url": {"url": url}}


def _document(block: Mapping[str, Any], profile: Profile) -> Part:
    source = source_of(block)
    if source.get("type") != "base64" or not profile.takes_documents or profile.string_content:
        return text_part(document_text(block))
    media = source.get("media_type", "application/pdf")
    data = f"data:{media};base64,{source.get('data')}"
    return {"type": "file", "file": {"filename": pdf_name(block), "file_data": data}}


def is_text(part: Part) -> bool:
    return bool(part["type"] == "text")


def as_content(parts: Sequence[Part]) -> Any:
    """A string where nothing but plain text is said, else the parts."""
    if len(parts) == 1 and len(parts[0]) == 2 and is_text(parts[0]):
        return parts[0]["text"]
    if all(is_text(part) and "cache_control" not in part for part in parts):
        return "\n".join(part["text"] for part in parts)
    return list(parts)


def result_content(block: Mapping[str, Any], profile: Profile) -> tuple[Any, list[Part]]:
    """A tool result's content for the `tool` message, which holds text only, and the parts that must stand elsewhere."""
    parts = parts_of(block.get("content"), profile)
    texts = [part for part in parts if is_text(part)]
    media = [part for part in parts if not is_text(part)]
    if media:
        texts.append(text_part(f"[{len(media)} attached in the next message]"))
    if block.get("is_error") is True:
        texts.insert(0, text_part(ERROR))
    content = as_content(texts) if texts else NO_OUTPUT
    mark = block.get("cache_control")
    if profile.cache_markers and mark and isinstance(content, str):
        content = [{"type": "text", "text": content, "cache_control": mark}]
    return content, media
