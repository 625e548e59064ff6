"""A chat completion, chunk by chunk, as Anthropic events. Order, indexes and stop reasons are the writer's business.

The end is told late: usage may follow the finish reason in a chunk of its own, so the message is ended at `[DONE]` or when
the bytes end. A stream that ends without either said its end is a broken one (acceptance A5).
"""

from collections.abc import Callable, Mapping
from typing import Any

from ccr.dialects.builtin.openai_chat.calls import CallReader
from ccr.dialects.builtin.openai_chat.chunk import Choice, Chunk, Delta, read_chunk
from ccr.dialects.builtin.openai_chat.reasoning import EXTRA, RECALL, ReasoningReader
from ccr.dialects.builtin.openai_chat.usage import read_chat_usage
from ccr.dialects.failures import Told, error_inside, error_of
from ccr.dialects.think_tags import ThinkSplitter
from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.events import Event, Note
from ccr.messages.runs import TextRuns
from ccr.messages.sse import Frame
from ccr.messages.usage import Usage
from ccr.messages.writer import MessageWriter

STOP_REASONS: dict[str, str] = {
    "stop": "end_turn",
    "eos": "end_turn",
    "eos_token": "end_turn",
    "end_turn": "end_turn",
    "tool_calls": "tool_use",
    "tool_use": "tool_use",
    "function_call": "tool_use",
    "length": "max_tokens",
    "max_tokens": "max_tokens",
    "model_length": "max_tokens",
    "stop_sequence": "stop_sequence",
    "content_filter": "refusal",
    "refusal": "refusal",
    "safety": "refusal",
}
"""Finish reasons, in lower case, as Anthropic's stop reasons. An unknown one: what was written decides."""

FAILURES: dict[str, ErrorKind] = {
    "error": ErrorKind.BAD_GATEWAY,
    "malformed_function_call": ErrorKind.BAD_GATEWAY,
    "malformed_response": ErrorKind.BAD_GATEWAY,
    "unexpected_tool_call": ErrorKind.BAD_GATEWAY,
    "network_error": ErrorKind.BAD_GATEWAY,
    "insufficient_system_resource": ErrorKind.OVERLOADED,
    "abort": ErrorKind.TRUNCATED,
}
"""Finish reasons that say that there is no answer."""

_PIECES = ("content", "reasoning_content", "reasoning")
"""Fields of a delta whose pieces are added up."""

_BYTES_PER_TOKEN = 4
"""For an answer whose usage nobody told; flagged as ours."""


class ChunkDecoder:
    """One answer. `returns`: the profile's field for earlier reasoning, "" if none has to come back."""

    def __init__(
        self, seed: str, restore: Callable[[str], str], returns: str = "", stops: tuple[str, ...] = ()
    ) -> None:
        self.runs = TextRuns(*_PIECES)
        self._writer = MessageWriter(f"msg_{seed}")
        self._calls = CallReader(self._writer, seed, restore)
        self._reasoning = ReasoningReader()
        self._think = ThinkSplitter(self)
        self._returns = returns
        self._stops = stops
        self._thinking_now = False
        self._finish: str | None = None
        self._stop_sequence: str | None = None
        self._usage: Usage | None = None
        self._refused = self._any = False
        self._length = 0

    # ---- the two methods of everything stream-shaped --------------------------------------------------------------

    def feed(self, frame: Frame) -> list[Event]:
        data = frame.data
        if not data:
            return self._feed_bare(frame)
        if data.startswith(b"[DONE]"):
            self._end(told=True)
        elif not self._writer.finished:
            chunk = read_chunk(data)
            if chunk is not None:
                self.read(chunk)
            elif b"\n" in data:
                for line in data.split(b"\n"):  # blank lines between the events were forgotten
                    self.feed_line(line)
            elif frame.complete:
                self._no_json(data)
        return self._writer.drain()

    def finish(self) -> list[Event]:
        self._end(told=False)
        return self._writer.drain()

    def feed_line(self, data: bytes) -> None:
        if data.startswith(b"[DONE]"):
            self._end(told=True)
        elif (chunk := read_chunk(data)) is not None:
            self.read(chunk)

    def _feed_bare(self, frame: Frame) -> list[Event]:
        """Bytes that are no event: a comment, or a JSON answer where a stream was asked for."""
        raw = frame.raw.strip()
        if raw.startswith(b"{") and not self._writer.finished and (chunk := read_chunk(raw)) is not None:
            self.read(chunk)
            if self._finish is not None:
                self._end(told=True)
        return self._writer.drain()

    # ---- chunks ---------------------------------------------------------------------------------------------------

    def read(self, chunk: Chunk) -> None:
        if self._writer.finished:
            return
        if chunk.error or (chunk.choices is None and _is_error(chunk)):
            self._fail_as_told(chunk.error or {"message": chunk.message or chunk.detail})
            return
        self._any = True
        if chunk.usage or chunk.x_groq:
            self._read_usage(chunk)
        for choice in chunk.choices or ():
            if not choice.index:  # only the first of several answers: the client has room for one
                self._read_choice(choice)

    def _read_choice(self, choice: Choice) -> None:
        if choice.error:
            self._fail_as_told(choice.error)
            return
        delta = choice.delta
        if choice.message is not None and (delta is None or self._adds_nothing(delta)):
            delta = choice.message
        if delta is not None:
            self._read_delta(delta)
        if choice.finish_reason:
            self._finish = choice.finish_reason.lower()
        if isinstance(choice.stop_reason, str) and choice.stop_reason in self._stops:
            self._stop_sequence = choice.stop_reason

    def _adds_nothing(self, delta: Delta) -> bool:
        """An empty delta beside a whole message: in an answer that has said nothing yet, the message is the answer."""
        return self._length == 0 and not self._calls.first_id and not delta.content and not delta.tool_calls

    def _read_delta(self, delta: Delta) -> None:
        if (delta.reasoning_content or delta.reasoning or delta.reasoning_details) and (
            text := self._reasoning.read(delta)
        ):
            self.thinking(text)
        content = delta.content
        if content:
            if isinstance(content, list):
                self._read_parts(content)
            elif self._think.plain:
                self.text(content)
            else:
                self._think.feed(content)
        if delta.refusal:
            self._refused = True
            self.text(delta.refusal)
        if delta.tool_calls:
            self._leave_text()
            self._calls.read(delta.tool_calls)
        if delta.function_call is not None:
            self._leave_text()
            self._calls.read_legacy(delta.function_call.name, delta.function_call.arguments)

    def _read_parts(self, parts: list[Any]) -> None:
        """Content in parts: text, and thoughts `{"type": "thinking", "thinking": [{"type": "text", …}]}`."""
        for part in parts:
            kind = part.get("type") if isinstance(part, Mapping) else None
            if kind == "thinking":
                thought = _part_text(part.get("thinking"))
                self._reasoning.add(thought)
                self.thinking(thought)
            elif kind in ("text", "output_text", None):
                self._think.feed(_part_text(part))

    def text(self, text: str) -> None:
        """Words of the answer; ends the thoughts before it."""
        if self._thinking_now and not text.isspace():
            self._end_thinking()
        self._length += len(text)
        self._writer.text(text)

    def thinking(self, text: str) -> None:
        self._thinking_now = True
        self._length += len(text)
        self._writer.thinking(text)

    def _end_thinking(self) -> None:
        self._thinking_now = False
        self._writer.signature(self._reasoning.signature())

    def _leave_text(self) -> None:
        self._think.finish()
        if self._thinking_now:
            self._end_thinking()

    def _read_usage(self, chunk: Chunk) -> None:
        aside = chunk.x_groq.get("usage") if isinstance(chunk.x_groq, Mapping) else None
        self._usage = read_chat_usage(chunk.usage) or read_chat_usage(aside) or self._usage

    # ---- the end --------------------------------------------------------------------------------------------------

    def _end(self, told: bool) -> None:
        """`told`: the provider said that this is the end; otherwise its bytes just stopped."""
        if self._writer.finished:
            return
        self._leave_text()
        if (error := self._failure(told)) is not None:
            self._writer.fail(error)
            return
        if not self._writer.made_calls:
            self._think.fail_open()
        self._remember()
        reason = "refusal" if self._refused else STOP_REASONS.get(self._finish or "")
        if self._stop_sequence is not None and reason == "end_turn":
            reason = "stop_sequence"
        self._writer.finish(reason, self._final_usage(), self._stop_sequence)

    def _failure(self, told: bool) -> ApiError | None:
        wrote = self._writer.wrote_content or self._writer.made_calls
        if self._finish in FAILURES:
            return ApiError(FAILURES[self._finish], f"the provider ended its answer with {self._finish.upper()}")
        if self._calls.nameless:
            return ApiError(ErrorKind.BAD_GATEWAY, "the provider sent a tool call without a name")
        if self._finish is not None:
            return None
        if not self._any or (told and not wrote):
            return ApiError(ErrorKind.BAD_GATEWAY, "the provider's answer was empty")
        if not told:
            return ApiError(ErrorKind.TRUNCATED, "upstream closed the stream before the answer's end")
        return None

    def _remember(self) -> None:
        """For the next request: the reasoning that its calls must come back with."""
        first = self._calls.first_id
        if first and self._returns:
            value = self._reasoning.details if self._returns == "reasoning_details" else self._reasoning.text
            if value:
                self._writer.note(Note(RECALL + first, value))
        for identity, extra in self._calls.extras.items():
            self._writer.note(Note(EXTRA + identity, extra))

    def _final_usage(self) -> Usage:
        if self._usage is not None:
            return self._usage
        return Usage(output=-(-self._length // _BYTES_PER_TOKEN), estimated=True)

    def _fail_as_told(self, said: Any) -> None:
        self._think.finish()
        self._writer.fail(error_inside(said))

    def _no_json(self, data: bytes) -> None:
        excerpt = data[:200].decode("utf-8", "replace")
        self._writer.fail(error_of(Told(f"the provider sent an event that is no JSON: {excerpt}")))


def _is_error(chunk: Chunk) -> bool:
    return chunk.object == "error" or bool(chunk.message) or bool(chunk.detail)


def _part_text(part: Any) -> str:
    match part:
        case str():
            return part
        case list():
            return "".join(_part_text(inner) for inner in part)
        case Mapping():
            return _part_text(part.get("text") or "")
        case _:
            return ""
