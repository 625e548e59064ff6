"""Pictures in words, where rules ask for it: `use describe_images(by = …)` (rulings 2.11).

The words come from whoever answers the question (`Ask`), and stand where the picture stood. A picture of the last message
that nobody could put into words ends the attempt with an error: a model that answers about a picture it never saw is worse
than none, and another target may see. An earlier one becomes a line that says so.
"""

from collections.abc import Callable, Generator, Mapping
from typing import Any

from ccr.exchange.steps import Answered, Ask, Reply, Step, Text, Texts
from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.request import MessagesRequest
from ccr.routing.effects import DESCRIBES, Rewrite
from ccr.routing.plan import Attempt

QUESTION = "picture.text"
SAID = "pictures in words"
"""What the record says of it."""
_NOBODY = Text(wrong="nobody here describes it")


def in_sight(
    request: MessagesRequest, attempt: Attempt, ask: Callable[[Step], Generator[Step, Reply, Reply]]
) -> Generator[Step, Reply, MessagesRequest | ApiError]:
    """The request as this target is told it; itself where no rule wants words, or where there is no picture."""
    by = _asked_of(attempt)
    pictures = [block for block in request.rare if block.get("type") == "image"] if by and request.rare else []
    if not pictures:
        return request
    reply = yield from ask(Ask(QUESTION, tuple(pictures), attempt.destination, {"by": by}))
    found = reply.value.texts if isinstance(reply, Answered) and isinstance(reply.value, Texts) else ()
    texts = [*found, *[_NOBODY] * (len(pictures) - len(found))]
    told = {id(block): text for block, text in zip(pictures, texts, strict=False)}
    for block in _pictures(request.messages[-1]):
        if told[id(block)].wrong:
            return ApiError(ErrorKind.BAD_GATEWAY, f"{by} was to describe a picture: {told[id(block)].wrong}")
    return request.replace(messages=[_with(message, told) for message in request.messages])


def _asked_of(attempt: Attempt) -> str:
    """Who is to describe; "" if nobody, or if that is the target itself."""
    named = (str(e.arguments.get("by", "")) for e in attempt.effects if isinstance(e, Rewrite) and e.name == DESCRIBES)
    by, target = next(named, ""), attempt.destination
    return "" if by in (str(target), f"{target.provider}/{target.wire}") else by


def _pictures(holder: Any) -> list[Mapping[str, Any]]:
    content = holder.get("content") if isinstance(holder, dict) else None
    found: list[Mapping[str, Any]] = []
    for block in content if isinstance(content, list) else ():
        if isinstance(block, dict):
            found += [block] if block.get("type") == "image" else _pictures(block)
    return found


def _with(holder: Any, told: Mapping[int, Text]) -> Any:
    """The message or result with words for its pictures; itself if it has none."""
    content = holder.get("content") if isinstance(holder, dict) else None
    if not isinstance(content, list):
        return holder
    made = [_block(block, told) for block in content]
    return {**holder, "content": made} if any(a is not b for a, b in zip(made, content, strict=True)) else holder


def _block(block: Any, told: Mapping[int, Text]) -> Any:
    text = told.get(id(block))
    if text is None:
        return _with(block, told) if isinstance(block, dict) and block.get("type") == "tool_result" else block
    words = (
        f"[image, which could not be described: {text.wrong}]" if text.wrong else f"[image, described:\n{text.text}]"
    )
    marks = {"cache_control": block["cache_control"]} if "cache_control" in block else {}
    return {"type": "text", "text": words, **marks}
