"""Replaces the prompt in the system text: `use rewrite_system(text = \"\"\"…\"\"\")`, or `use rewrite_system(file = "prompt.txt")`.

Claude Code sends its billing line, a line that says who it is, and the prompt; the prompt, everything behind those two,
is replaced, with what the client says of its environment kept behind the new text: from `<env>` on, or from the heading
`# Environment` that clients since 2.1 write. A file is one beside the rule file that names it. Reading it is not done
here: whoever loads the sources hands its text over as `text`.
"""

import re
from typing import Any

from ccr.lang.types import STRING
from ccr.messages.request import MessagesRequest
from ccr.transformers.transformer import Arguments, Transformer

_BILLING, _IDENTITY = "x-anthropic-billing-header:", "You are "
_ENVIRONMENT = re.compile(r"<env>|^# Environment$", re.MULTILINE)


def _rewrite(request: MessagesRequest, arguments: Arguments) -> MessagesRequest:
    text = arguments.get("text")
    if not isinstance(text, str) or not text:
        return request
    system = request.system
    blocks: list[Any] = system if isinstance(system, list) else [{"type": "text", "text": system or ""}]
    head = _head(blocks)
    old = "\n".join(_text(block) for block in blocks[head:])
    found = list(_ENVIRONMENT.finditer(old))
    kept = old[found[-1].start() :] if found else ""
    return request.replace(system=[*blocks[:head], _block(text + ("\n" + kept if kept else ""), blocks[head:])])


def _head(blocks: list[Any]) -> int:
    """How many blocks stand before the prompt. A prompt that is the only block is no identity line."""
    head = 1 if blocks and _text(blocks[0]).startswith(_BILLING) else 0
    has_identity = len(blocks) > head + 1 and _text(blocks[head]).startswith(_IDENTITY)
    return head + 1 if has_identity and len(_text(blocks[head])) < 200 else head


def _text(block: Any) -> str:
    text = block.get("text") if isinstance(block, dict) else None
    return text if isinstance(text, str) else ""


def _block(text: str, replaced: list[Any]) -> dict[str, Any]:
    marks = [block["cache_control"] for block in replaced if isinstance(block, dict) and "cache_control" in block]
    return {"type": "text", "text": text, **({"cache_control": marks[-1]} if marks else {})}


TRANSFORMER = Transformer(
    "rewrite_system",
    "Replaces the prompt in the system text by another one.",
    {"text": STRING, "file": STRING},
    on_request=_rewrite,
    edits_history=True,
)
