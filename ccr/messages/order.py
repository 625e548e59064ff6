"""Which event may follow which: the last look at an answer before it is written.

Decoders are legal by construction (`writer.py`); transformers and relayed hosts need not be. The guard closes what was
left open, counts blocks 0, 1, 2 …, and refuses what cannot be: a refused event becomes an error, after which nothing
follows. The table is the protocol: https://docs.anthropic.com/en/docs/build-with-claude/streaming
"""

from collections.abc import Iterable
from enum import Enum, IntEnum, auto

from msgspec import structs

from ccr.messages.errors import ApiError, ErrorKind
from ccr.messages.events import (
    BlockDelta,
    BlockExtra,
    BlockStart,
    BlockStop,
    ErrorEvent,
    Event,
    MessageDelta,
    MessageStart,
    MessageStop,
    Note,
    Ping,
)
from ccr.messages.usage import Usage


class State(IntEnum):
    """Numbers, because these are looked up for every event and an Enum is hashed in Python."""

    SILENT = auto()
    """Nothing said yet."""
    BETWEEN = auto()
    """Begun, no block open."""
    INSIDE = auto()
    """A block is open."""
    ENDING = auto()
    """The stop reason is told."""
    OVER = auto()


class Verdict(Enum):
    PASS = auto()
    DROP = auto()
    CLOSE = auto()
    """Close the open block first, then pass."""
    END = auto()
    """Tell a stop reason first, then pass."""
    REFUSE = auto()


_P, _D, _C, _R = Verdict.PASS, Verdict.DROP, Verdict.CLOSE, Verdict.REFUSE

# fmt: off
FOLLOWS: dict[type, dict[State, Verdict]] = {
    kind: dict(zip(State, verdicts, strict=True))
    for kind, verdicts in {
        #              SILENT BETWEEN      INSIDE       ENDING OVER
        MessageStart: (_P,    _D,          _D,          _D,    _D),
        BlockStart:   (_R,    _P,          _C,          _R,    _D),
        BlockDelta:   (_R,    _R,          _P,          _R,    _D),
        BlockExtra:   (_R,    _R,          _P,          _R,    _D),
        BlockStop:    (_D,    _D,          _P,          _D,    _D),
        MessageDelta: (_R,    _P,          _C,          _D,    _D),
        MessageStop:  (_R,    Verdict.END, Verdict.END, _P,    _D),
        Ping:         (_P,    _P,          _P,          _P,    _D),
        ErrorEvent:   (_P,    _P,          _P,          _P,    _D),
    }.items()
}
# fmt: on

NEXT: dict[type, State] = {
    MessageStart: State.BETWEEN,
    BlockStart: State.INSIDE,
    BlockStop: State.BETWEEN,
    MessageDelta: State.ENDING,
    MessageStop: State.OVER,
    ErrorEvent: State.OVER,
}

PIECES: dict[str, frozenset[str]] = {
    "text": frozenset({"text_delta"}),
    "thinking": frozenset({"thinking_delta", "signature_delta"}),
    "tool_use": frozenset({"input_json_delta"}),
    "server_tool_use": frozenset({"input_json_delta"}),
    "mcp_tool_use": frozenset({"input_json_delta"}),
}
"""Kinds of delta a block may carry, by its type. A type that is not here is the provider's own affair."""

_INDEXED = (BlockStart, BlockDelta, BlockExtra, BlockStop)
_ANY = frozenset({"text_delta", "thinking_delta", "signature_delta", "input_json_delta"})


class OrderGuard:
    """One answer. `finish` says so when it broke off."""

    def __init__(self) -> None:
        self._state = State.SILENT
        self._index = -1
        """Index of the open or last block as it leaves."""
        self._arriving = -1
        """Index by which the sender knows it."""
        self._pieces = _ANY
        self._called = False

    def feed(self, events: Iterable[Event]) -> list[Event]:
        passed: list[Event] = []
        for event in events:
            if (
                type(event) is BlockDelta
                and self._state is State.INSIDE
                and event.index == self._index == self._arriving
                and event.kind in self._pieces
            ) or type(event) is Note:
                passed.append(event)
            else:
                self._judge(event, passed)
        return passed

    def finish(self) -> list[Event]:
        if self._state is State.OVER:
            return []
        if self._state is State.ENDING:
            self._state = State.OVER
            return [MessageStop()]
        silent = self._state is State.SILENT
        self._state = State.OVER
        if silent:
            return [ErrorEvent(ApiError(ErrorKind.BAD_GATEWAY, "the provider's answer was empty"))]
        return [ErrorEvent(ApiError(ErrorKind.TRUNCATED, "upstream closed the stream before the answer's end"))]

    def _judge(self, event: Event, passed: list[Event]) -> None:
        verdict = FOLLOWS[type(event)][self._state]
        if verdict is Verdict.DROP:
            return
        if verdict is Verdict.REFUSE or (verdict is Verdict.PASS and self._misplaced(event)):
            self._refuse(event, passed)
            return
        if verdict in (Verdict.CLOSE, Verdict.END) and self._state is State.INSIDE:
            passed.append(BlockStop(self._index))
        if verdict is Verdict.END:
            passed.append(MessageDelta("tool_use" if self._called else "end_turn", Usage()))
        passed.append(self._numbered(event))
        self._state = NEXT.get(type(event), self._state)

    def _misplaced(self, event: Event) -> bool:
        """A piece of a block that is not open, or of another kind than the block."""
        if isinstance(event, BlockDelta):
            return event.index != self._arriving or event.kind not in self._pieces
        return isinstance(event, (BlockExtra, BlockStop)) and event.index != self._arriving

    def _numbered(self, event: Event) -> Event:
        if not isinstance(event, _INDEXED):
            return event
        if isinstance(event, BlockStart):
            self._index += 1
            self._arriving = event.index
            kind = str(event.block.get("type"))
            self._pieces = PIECES.get(kind, _ANY)
            self._called = self._called or kind == "tool_use"
        return event if event.index == self._index else structs.replace(event, index=self._index)

    def _refuse(self, event: Event, passed: list[Event]) -> None:
        self._state = State.OVER
        message = f"the answer broke the protocol: {type(event).__name__} cannot stand here"
        passed.append(ErrorEvent(ApiError(ErrorKind.BAD_GATEWAY, message)))
