"""Makes a model that would rather talk use its tools: some tool has to be called, and one of them means "just answer".

With tools in the request, `tool_choice` becomes `any` (unless the client chose otherwise), the tool ExitTool is added,
and the system text says what it is for. A call of ExitTool comes back as ordinary text, streamed; the client never
hears of it, so no later request holds one. Without tools nothing is done.
"""

import json
import re
from typing import Any

from ccr.messages.events import BlockDelta, BlockStart, BlockStop, Event, MessageDelta
from ccr.messages.request import MessagesRequest
from ccr.transformers.prompt import append_system
from ccr.transformers.transformer import Arguments, Transformer

_EXIT = "ExitTool"
_TOOL = {
    "name": _EXIT,
    "description": "Ends the work with tools: gives the person your answer in words. Use it when the task is done, "
    "when no other tool helps, or when you have a question.",
    "input_schema": {
        "type": "object",
        "properties": {
            "response": {"type": "string", "description": "Your answer, exactly as the person shall read it."}
        },
        "required": ["response"],
    },
}
_WISH = (
    "Work by calling tools: every message of yours has to call one. As long as a tool brings the task forward, call that "
    f"tool. When nothing is left to do or you want to speak to the person, call {_EXIT} with your answer."
)


def _ask(request: MessagesRequest, arguments: Arguments) -> MessagesRequest:
    if not request.tools:
        return request
    asked = append_system(request, _WISH).replace(tools=[*request.tools, _TOOL])
    chosen: Any = request.body.get("tool_choice")
    free = not isinstance(chosen, dict) or chosen.get("type") == "auto"
    return asked.replace(tool_choice={**(chosen or {}), "type": "any"}) if free else asked


class _Stage:
    """`_answer` reads the argument of an ExitTool call; None while another block is open."""

    def __init__(self) -> None:
        self._answer: _Answer | None = None
        self._called = self._answered = False

    def feed(self, event: Event) -> list[Event]:
        match event:
            case BlockStart(index=index, block=block) if block.get("type") == "tool_use":
                if block.get("name") != _EXIT:
                    self._called = True
                    return [event]
                self._answer, self._answered = _Answer(), True
                return [BlockStart(index, {"type": "text", "text": ""})]
            case BlockDelta(index=index, kind="input_json_delta", text=text) if self._answer is not None:
                return _piece(index, self._answer.feed(text))
            case BlockStop(index=index) if self._answer is not None:
                rest, self._answer = self._answer.finish(), None
                return [*_piece(index, rest), event]
            case MessageDelta(stop_reason="tool_use", usage=usage) if self._answered and not self._called:
                return [MessageDelta("end_turn", usage, event.stop_sequence, event.extra)]
            case _:
                return [event]

    def finish(self) -> list[Event]:
        return []


class _Answer:
    """The text of `{"response": "…"}` as it streams; arguments of another form come out whole, as they are."""

    _OPENING = re.compile(r'\s*\{\s*"response"\s*:\s*"')
    _WHOLE = re.compile(r'(?:[^"\\]|\\(?:[^u]|u[0-9a-fA-F]{4}))*')
    _PAIR_BEGUN = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}$")

    def __init__(self) -> None:
        self._text = ""
        self._at: int | None = None
        """Up to where the string has been told; None before it begins."""

    def feed(self, piece: str) -> str:
        self._text += piece
        if self._at is None:
            opening = self._OPENING.match(self._text)
            if opening is None:
                return ""
            self._at = opening.end()
        whole = self._WHOLE.match(self._text, self._at)
        told = whole.group() if whole else ""
        told = self._PAIR_BEGUN.sub("", told)  # half of a surrogate pair waits for its other half
        self._at += len(told)
        return str(json.loads(f'"{told}"', strict=False)) if told else ""

    def finish(self) -> str:
        if self._at is not None:
            return ""
        return _response(self._text)


def _response(text: str) -> str:
    try:
        value = json.loads(text)
    except ValueError:
        return text
    said = value.get("response") if isinstance(value, dict) else None
    return said if isinstance(said, str) else text if value else ""


def _piece(index: int, text: str) -> list[Event]:
    return [BlockDelta(index, "text_delta", text)] if text else []


def _stage(request: MessagesRequest, arguments: Arguments) -> _Stage:
    return _Stage()


TRANSFORMER = Transformer(
    "tooluse",
    "Makes a model call tools; its plain answers come through a tool of ours.",
    on_request=_ask,
    on_stream=_stage,
    edits_history=True,
)
