"""PDF documents for a target that takes no files: their text in their places (acceptance G4).

The text comes from whoever answers the question (`Ask`). A document whose text cannot be had ends the attempt with an
error that names the block: another target may take the file, and a model that answers about a file it never saw is worse
than none.
"""

from collections.abc import Callable, Generator, Mapping
from typing import Any

from ccr.exchange.steps import Answered, Ask, Reply, Step, Texts
from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.request import MessagesRequest
from ccr.routing.plan import Attempt

QUESTION = "pdf.text"
SAID = "documents as text"
"""What the record says of it."""


def in_words(
    request: MessagesRequest, attempt: Attempt, ask: Callable[[Step], Generator[Step, Reply, Reply]]
) -> Generator[Step, Reply, MessagesRequest | ApiError]:
    """The request as this target can be told it; itself where it takes files, or where there are none."""
    files = [block for block in request.rare if _is_file(block)] if request.rare else []
    if not files or attempt.dialect.takes_files(attempt.profile):
        return request
    wanted = tuple(str(block["source"]["data"]) for block in files)
    reply = yield from ask(Ask(QUESTION, wanted, attempt.destination))
    found = reply.value.texts if isinstance(reply, Answered) and isinstance(reply.value, Texts) else ()
    told: dict[int, str] = {}
    for block, text in zip(files, found, strict=False):
        if text.wrong:
            return _refused(request, block, text.wrong)
        told[id(block)] = text.text or f"[{text.pages} pages without text: this model cannot see them]"
    if len(told) < len(files):
        return _refused(request, files[len(told)], "nobody here reads it")
    return request.replace(messages=[_with(message, told) for message in request.messages])


def _is_file(block: Mapping[str, Any]) -> bool:
    source = block.get("source")
    return block.get("type") == "document" and isinstance(source, dict) and source.get("type") == "base64"


def _with(holder: Any, told: Mapping[int, str]) -> Any:
    """The message or result with texts for its files; itself if it has none."""
    content = holder.get("content") if isinstance(holder, dict) else None
    if not isinstance(content, list):
        return holder
    made = [_block(block, told) for block in content]
    return {**holder, "content": made} if any(a is not b for a, b in zip(made, content, strict=True)) else holder


def _block(block: Any, told: Mapping[int, str]) -> Any:
    if id(block) in told:
        source = {"type": "text", "media_type": "text/plain", "data": told[id(block)]}
        return {**block, "title": block.get("title") or "document", "source": source}
    return _with(block, told) if isinstance(block, dict) and block.get("type") == "tool_result" else block


def _refused(request: MessagesRequest, block: Mapping[str, Any], why: str) -> ApiError:
    title = f" ({str(block['title'])[:100]})" if block.get("title") else ""
    message = f"{_place(request, block)}: a document{title} which this model does not take as a file, and {why}"
    return ApiError(ErrorKind.INVALID_REQUEST, message)


def _place(request: MessagesRequest, wanted: Mapping[str, Any]) -> str:
    """`messages.3.content.1`, as Anthropic's own errors say it."""
    for number, message in enumerate(request.messages):
        found = _inside(message, wanted, f"messages.{number}")
        if found:
            return found
    return "messages"


def _inside(holder: Any, wanted: Mapping[str, Any], path: str) -> str:
    content = holder.get("content") if isinstance(holder, dict) else None
    for number, block in enumerate(content if isinstance(content, list) else ()):
        here = f"{path}.content.{number}"
        if block is wanted:
            return here
        if found := _inside(block, wanted, here):
            return found
    return ""
