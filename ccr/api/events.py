"""What happens, as a stream of server-sent events: rules that went live or failed to, requests as they end, who rests.

What other workers answered is read in the log, where several serve and somebody listens: it comes a moment later. Each listener has a queue of its own with a bound: one that does not read is dropped, and comes back and asks anew.
Nothing is stored here; a page that connects first reads `/api/status`.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from typing import Any

import msgspec

from ccr.api.findings import Findings, findings_of
from ccr.api.logbook import newest
from ccr.api.parts import Parts
from ccr.api.refusal import Refused
from ccr.api.resting import rests
from ccr.api.told import told
from ccr.live.live import Change
from ccr.usage.entry import Entry

QUEUE = 200
"""Events that wait for one listener."""
LOOK = 2.0
"""Seconds between looks at who rests, while somebody listens."""
SEEN = 100
"""Requests of the log that are looked at."""
QUIET = 15.0
"""Seconds of silence after which a line is sent that says nothing, so that no proxy on the way gives up."""


class Live(msgspec.Struct, frozen=True):
    """Event `snapshot`: rules are in force. `seconds` is how long loading took."""

    snapshot: str
    previous: str | None
    seconds: float
    findings: Findings


class Failed(msgspec.Struct, frozen=True):
    """Event `failure`: the sources do not load; `snapshot` stays in force. `fault`: a mistake of ccr itself."""

    snapshot: str
    at: float
    fault: str
    findings: Findings


class Events:
    """Made once; listens to the running world from then on."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._listeners: set[asyncio.Queue[bytes | None]] = set()
        self._resting: frozenset[tuple[str, str, str]] = frozenset()
        self._looking: asyncio.Future[None] | None = None
        self._told: deque[str] = deque(maxlen=4 * SEEN)
        parts.live.listen(self._changed)
        parts.heard.append(self._ended)
        parts.stopping.append(self.close)

    async def listen(self, still: Callable[[], bool] = lambda: True) -> AsyncIterator[bytes]:
        """Frames for one listener, until the server stops, it is too slow, or it may not listen any longer."""
        queue: asyncio.Queue[bytes | None] = asyncio.Queue(QUEUE)
        self._listeners.add(queue)
        if self._looking is None:
            self._looking = asyncio.ensure_future(self._look())
        try:
            yield b"retry: 1000\n\n" + frame("hello", {"snapshot": self._parts.live.current.id})
            while True:
                try:
                    piece = await asyncio.wait_for(queue.get(), QUIET)
                except TimeoutError:
                    piece = b": still here\n\n"
                if piece is None or not still():
                    return
                yield piece
        finally:
            self._listeners.discard(queue)
            if not self._listeners and self._looking is not None:
                self._looking.cancel()
                self._looking = None

    def close(self) -> None:
        """Ends all streams."""
        for queue in self._listeners:
            _put(queue, None)

    def tell(self, name: str, value: Any) -> None:
        """One event to everybody who listens."""
        piece = frame(name, value) if self._listeners else b""
        for queue in tuple(self._listeners):
            if not _put(queue, piece):
                self._listeners.discard(queue)
                queue.get_nowait()
                _put(queue, None)

    async def _look(self) -> None:
        await self._others(tell=False)
        while True:
            now = rests(self._parts)
            resting = frozenset((each.provider, each.model, each.why) for each in now.resting)
            if resting != self._resting:
                self.tell("health", now)
            self._resting = resting
            await asyncio.sleep(LOOK)
            await self._others(tell=True)

    async def _others(self, *, tell: bool) -> None:
        """Requests that other workers answered since the last look; at the first one they are known already."""
        if self._parts.workers() < 2:
            return
        try:
            entries = await newest(self._parts, SEEN)
        except Refused:  # the page of the log says why it cannot be read
            return
        for entry in reversed(entries):
            if entry.record.request_id not in self._told:
                self._told.append(entry.record.request_id)
                if tell:
                    self.tell("request", told(entry))

    def _ended(self, entry: Entry) -> None:
        self._told.append(entry.record.request_id)
        if self._listeners:
            self.tell("request", told(entry))

    def _changed(self, change: Change) -> None:
        running, failure = change.snapshot, change.failure
        if failure is not None:
            found = findings_of(failure.diagnostics)
            self.tell("failure", Failed(running.id, failure.at, failure.fault, found))
        else:
            previous = change.previous.id if change.previous is not None else None
            self.tell("snapshot", Live(running.id, previous, change.seconds, findings_of(running.findings)))


def frame(name: str, value: Any) -> bytes:
    """One event. JSON has no line ends, so it is one line."""
    return f"event: {name}\ndata: ".encode() + msgspec.json.encode(value) + b"\n\n"


def _put(queue: "asyncio.Queue[bytes | None]", piece: bytes | None) -> bool:
    try:
        queue.put_nowait(piece)
    except asyncio.QueueFull:
        return False
    return True
