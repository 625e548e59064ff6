"""Content blocks as input parts: text, pictures, files, and words for what a target cannot take (never silence).

Parts: `input_text`, `input_image`, `input_file` (https://platform.openai.com/docs/api-reference/responses/create). They may
stand in tool outputs too.
"""

from collections.abc import Mapping
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


def text_part(text: str) -> Part:
    return {"type": "input_text", "text": text}


def parts_of(content: Any, profile: Profile) -> list[Part]:
    """A user's blocks but for tool results."""
    parts = (part_of(block, profile) for block in content_blocks(content) if not is_blank(block))
    return [part for part in parts if part is not None]


def part_of(block: Mapping[str, Any], profile: Profile) -> Part | None:
    match block.get("type"):
        case "text":
            return text_part(str(block.get("text", "")))
        case "image":
            return _image(block, profile)
        case "document":
            return _document(block, profile)
        case _:
            words = words_of(block)
            return None if words is None else text_part(words)


def _image(block: Mapping[str, Any], profile: Profile) -> Part:
    if not profile.sees_images:
        return text_part(UNSEEN_IMAGE)
    url = image_address(block)
    if url is None:
        return text_part(unreadable_image(block))
    return {"type": "input_image", "image_url": url, "detail": "auto"}


def _document(block: Mapping[str, Any], profile: Profile) -> Part:
    source = source_of(block)
    if not profile.takes_documents or source.get("type") not in ("base64", "url"):
        return text_part(document_text(block))
    if source.get("type") == "url":
        return {"type": "input_file", "file_url": str(source.get("url", ""))}
    media = source.get("media_type", "application/pdf")
    data = f"data:{media};base64,{source.get('data')}"
    return {"type": "input_file", "filename": pdf_name(block), "file_data": data}


def output_of(block: Mapping[str, Any], profile: Profile) -> str | list[Part]:
    """A tool result as a call's output: a string where nothing but text is said."""
    parts = parts_of(block.get("content"), profile)
    if block.get("is_error") is True:
        parts.insert(0, text_part(ERROR))
    if not parts:
        return NO_OUTPUT
    return parts if any(part["type"] != "input_text" for part in parts) else joined_text(parts)


def joined_text(parts: list[Part]) -> str:
    return "\n".join(str(part.get("text", "")) for part in parts)
