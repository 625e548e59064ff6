"""Makes a model that cannot think write its reasoning first, in tags, and turns that into thinking.

Earlier thinking is given back in the same tags, so that the model sees its own form. The wish stands at the end of the
system text and never changes, for the sake of the prefix cache. A model that does not comply answers as it likes.
"""

from typing import Any

from ccr.messages.request import MessagesRequest
from ccr.transformers.prompt import append_system
from ccr.transformers.tags import TagStage
from ccr.transformers.transformer import Arguments, Transformer

_TAG = "reasoning_content"
_WISH = (
    f"Before every answer and before every tool call, first write down your reasoning between <{_TAG}> and </{_TAG}>. "
    f"Begin your message with <{_TAG}>, close the tag when you know what to do, then answer or call the tool as usual."
)
_KEPT = 10  # assistant turns whose thinking is given back, newest first: more would only fill the window


def _ask(request: MessagesRequest, arguments: Arguments) -> MessagesRequest:
    return append_system(request.replace(messages=_with_reasoning(request.messages)), _WISH)


def _with_reasoning(messages: list[Any]) -> list[Any]:
    spoken = [at for at, message in enumerate(messages) if _is_assistant(message)]
    kept = frozenset(spoken[-_KEPT:])
    return [_inlined(message, at in kept) if _is_assistant(message) else message for at, message in enumerate(messages)]


def _is_assistant(message: Any) -> bool:
    return isinstance(message, dict) and message.get("role") == "assistant" and isinstance(message.get("content"), list)


def _inlined(message: dict[str, Any], keep: bool) -> dict[str, Any]:
    blocks = message["content"]
    rest = [block for block in blocks if not _is_thinking(block)]
    thoughts = "\n".join(str(block.get("thinking") or "") for block in blocks if _is_thinking(block)).strip()
    if len(rest) == len(blocks) or not (rest or thoughts):
        return message
    told = [{"type": "text", "text": f"<{_TAG}>{thoughts}</{_TAG}>"}] if thoughts and (keep or not rest) else []
    return {**message, "content": [*told, *rest]}


def _is_thinking(block: Any) -> bool:
    return isinstance(block, dict) and block.get("type") == "thinking"


def _stage(request: MessagesRequest, arguments: Arguments) -> TagStage:
    return TagStage(_TAG)


TRANSFORMER = Transformer(
    "forcereasoning",
    "Makes a model without thinking reason aloud, and shows that as thinking.",
    on_request=_ask,
    on_stream=_stage,
    edits_history=True,
)
