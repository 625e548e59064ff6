"""Plays an exchange against a provider and a client: the only place that waits.

One task does it all. While it waits for something it may be woken by two things: the client has gone, or patience is at
its end; both cancel the wait (never the connection) and become a reply. So a read costs no task and no timer of its
own. A cancellation from outside is a shutdown: the story is told so and ends in its own way.
"""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Protocol

from ccr.exchange.failure import Failure
from ccr.exchange.flow import Story
from ccr.exchange.record import UsageRecord
from ccr.exchange.steps import (
    Answered,
    Ask,
    Chunk,
    ClientGone,
    Close,
    Done,
    Ended,
    Failed,
    Open,
    Opened,
    Quiet,
    Read,
    ReadAll,
    Record,
    Remember,
    Reply,
    SendBody,
    SendHead,
    Step,
    Stopped,
    Wait,
    Whole,
)
from ccr.exchange.telling import error_head
from ccr.messages.errors import ApiError, ErrorKind, envelope
from ccr.messages.request import Headers
from ccr.messages.sse import encode_frame
from ccr.upstream.client import Answer, Client

_LAST_WORDS = 1.0
"""Seconds a client is given to take what it is told at a shutdown."""

_NEVER = float("inf")
_DONE_ALWAYS = frozenset({Close, Remember, Record})
"""Steps that are carried out for a client that has left, too."""

_log = logging.getLogger("ccr.exchange")


class Sink(Protocol):
    """The client's side. `gone` is done when the client has left; OSError from a send means the same. That `gone` is
    cancelled means only that nobody listens any more, as at a shutdown."""

    @property
    def gone(self) -> "asyncio.Future[Any]": ...

    async def send_head(self, status: int, headers: Headers) -> None: ...

    async def send_body(self, data: bytes, last: bool) -> None: ...


class Memory(Protocol):
    """What outlives the exchange. Nothing here may raise, and only `take` may wait. Each `begin` of a provider has its
    `end`, and what `take` gave is called once."""

    async def take(self, step: Open) -> Callable[[], None] | Failure: ...

    def begin(self, provider: str) -> None: ...

    def told(self, provider: str, headers: Headers) -> None: ...

    def end(self, provider: str) -> None: ...

    def remember(self, key: str, value: Any) -> None: ...

    def record(self, record: UsageRecord) -> None: ...


Answers = Callable[[Ask], Awaitable[Any]]
"""Finds the answer to a question of the story; None for no opinion. What raises is a mistake of ours."""


async def _no_opinion(asked: Ask) -> None:
    return None


async def drive(
    steps: Story, client: Client, sink: Sink, memory: Memory, *, request_id: str = "", answer: Answers = _no_opinion
) -> None:
    """Plays `steps` to their end. A mistake of ours in them is answered with a 500, logged under `request_id`."""
    await _Drive(steps, client, sink, memory, request_id, answer).play()


class _Drive:
    def __init__(
        self, steps: Story, client: Client, sink: Sink, memory: Memory, request_id: str, answer: Answers
    ) -> None:
        self._steps, self._client, self._sink, self._memory, self._id = steps, client, sink, memory, request_id
        self._find_answer = answer
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.current_task()
        self._began = self._loop.time()
        self._opening: asyncio.Task[Answer | Failure] | None = None
        self._arrived: asyncio.Future[None] | None = None
        """Done when what is opened has come, if anybody waits for it."""
        self._answer: Answer | None = None
        self._provider = ""
        self._release: Callable[[], None] | None = None
        self._gone = self._stopping = self._woken = self._waiting = False
        self._head_sent = self._over = False
        self._due = self._rings = _NEVER
        self._timer: asyncio.TimerHandle | None = None

    async def play(self) -> None:
        gone = self._sink.gone
        gone.add_done_callback(self._leave)
        self._gone = gone.done() and not gone.cancelled()
        steps, do = self._steps, self._do
        try:
            step = next(steps)
            while True:
                step = steps.send(await do(step))
        except StopIteration:
            pass
        except Exception as error:  # noqa: BLE001 (the outermost frame: whatever happens, the client gets an answer)
            await self._confess(error)
        finally:
            gone.remove_done_callback(self._leave)
            if self._timer is not None:
                self._timer.cancel()
            self._close()
        if self._stopping:
            raise asyncio.CancelledError

    async def _do(self, step: Step) -> Reply:
        """Does one step. Read and SendBody come once per chunk, so they are asked for first."""
        kind = type(step)
        if self._gone and kind not in _DONE_ALWAYS:
            return ClientGone(self._now())
        try:
            if kind is Read:
                reply = await self._read(step)  # type: ignore[arg-type]
            elif kind is SendBody:
                reply = await self._send_body(step)  # type: ignore[arg-type]
            else:
                reply = await self._do_rarer(step)
            if self._woken:
                # Too late: what was waited for has come in the same moment.
                self._uncancel()
            return reply
        except asyncio.CancelledError:
            return self._interrupted()
        finally:
            self._waiting = False

    async def _do_rarer(self, step: Step) -> Reply:
        match step:
            case Open():
                self._close()
                self._provider = step.provider
                self._memory.begin(step.provider)
                self._opening = asyncio.ensure_future(self._open(step))
                return await self._await_head(step.patience)
            case ReadAll(limit, patience):
                return await self._read_all(limit, patience)
            case SendHead(status, headers):
                self._head_sent = True
                return await self._send(self._sink.send_head(status, headers))
            case Wait(base, spread):
                self._expect(None)
                await asyncio.sleep(base + random.random() * spread)
            case Ask():
                self._expect(None)
                return Answered(await self._find_answer(step), self._now())
            case Close():
                self._close()
            case Remember(key, value):
                self._memory.remember(key, value)
            case Record(record):
                self._memory.record(record)
            case _:
                raise AssertionError(f"nobody knows how to do {type(step).__name__}")
        return Done(self._now())

    def _interrupted(self) -> Reply:
        """The reply when a wait was cancelled: by us (the client left, patience ended), or from outside (a shutdown)."""
        if self._woken and not self._uncancel():
            return ClientGone(self._now()) if self._gone else Quiet(self._now())
        if self._stopping:
            raise asyncio.CancelledError
        self._stopping = True
        return Stopped(self._now())

    # ---- the provider -----------------------------------------------------------------------------------------------

    async def _open(self, step: Open) -> Answer | Failure:
        """Sends the request when it is its turn. The task has ended by the time that whoever waits goes on."""
        try:
            if step.allowance:
                turn = await self._memory.take(step)
                if isinstance(turn, Failure):
                    return turn
                self._release = turn
            return await self._client.open(step)
        finally:
            if asyncio.current_task() is self._opening and self._arrived is not None and not self._arrived.done():
                self._arrived.set_result(None)

    async def _await_head(self, patience: float) -> Reply:
        opening = self._opening
        assert opening is not None, "a Read needs an Open before it"
        if not opening.done():
            self._expect(patience)
            # A future for each wait: to cancel it cancels the waiting, not the task (as asyncio.wait does, for 10 µs).
            waiting = self._arrived = self._loop.create_future()
            await waiting
        self._opening = None
        opened = opening.result()
        if isinstance(opened, Failure):
            return Failed(opened, self._now())
        self._answer = opened
        self._memory.told(self._provider, opened.headers)
        return Opened(opened.status, opened.headers, self._now())

    async def _read(self, step: Read) -> Reply:
        if self._answer is None:
            return await self._await_head(step.patience)
        self._expect(step.patience)
        data = await self._answer.read()
        at = self._loop.time() - self._began
        if type(data) is bytes:
            return Chunk(data, at) if data else Ended(at)
        assert isinstance(data, Failure)
        return Failed(data, at)

    async def _read_all(self, limit: int, patience: float) -> Reply:
        """What comes of a body within the limits; a break or the end of patience ends it."""
        pieces: list[bytes] = []
        size = 0
        assert self._answer is not None, "a ReadAll needs an Opened before it"
        self._expect(patience)
        try:
            while size < limit and isinstance(data := await self._answer.read(), bytes) and data:
                pieces.append(data)
                size += len(data)
        except asyncio.CancelledError:
            if self._gone or not self._woken or self._uncancel():
                raise
        return Whole(b"".join(pieces)[:limit], self._now())

    def _close(self) -> None:
        if self._opening is not None:
            self._opening.add_done_callback(_close_late)
            self._opening.cancel()
            self._opening = None
        if self._answer is not None:
            self._answer.close()
            self._answer = None
        if self._release is not None:
            self._release()
            self._release = None
        if self._provider:
            self._memory.end(self._provider)
            self._provider = ""

    # ---- the client -------------------------------------------------------------------------------------------------

    async def _send_body(self, step: SendBody) -> Reply:
        self._over = step.last
        return await self._send(self._sink.send_body(step.data, step.last))

    async def _send(self, sending: Awaitable[None]) -> Reply:
        try:
            if self._stopping:
                # At once, in this task: the loop may have no time left for another.
                async with asyncio.timeout(_LAST_WORDS):
                    await sending
            else:
                self._expect(None)
                await sending
        except OSError:
            self._gone = True
            return ClientGone(self._now())
        return Done(self._loop.time() - self._began)

    async def _confess(self, error: Exception) -> None:
        """A mistake of ours: logged, answered as far as it can still be, and recorded."""
        _log.error("exchange %s failed in ccr itself", self._id, exc_info=error)
        self._close()
        with suppress(StopIteration, type(error)):
            last = self._steps.throw(error)
            if isinstance(last, Record):
                self._memory.record(last.record)
        said = ApiError(ErrorKind.SERVER, f"a mistake in ccr itself; its log says more under {self._id or 'this time'}")
        body = envelope(said, self._id)
        if self._gone or self._over:
            return
        with suppress(OSError):
            if self._head_sent:
                await self._sink.send_body(encode_frame("error", body), True)
            else:
                head = error_head(said, (("request-id", self._id),))
                await self._sink.send_head(head.status, head.headers)
                await self._sink.send_body(body, True)

    # ---- waiting ----------------------------------------------------------------------------------------------------

    def _expect(self, patience: float | None) -> None:
        """From now on the task waits, at most so many seconds; None: as long as the client is there."""
        self._waiting = True
        if patience is None:
            self._due = _NEVER
            return
        self._due = self._loop.time() + patience
        if self._timer is None or self._rings > self._due:
            self._arm()

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._rings = self._due
        self._timer = self._loop.call_at(self._due, self._ring)

    def _ring(self) -> None:
        """One timer serves all waits: it looks whether the present one is due, and else waits on."""
        self._timer = None
        if self._waiting and self._due <= self._loop.time():
            self._wake()
        elif self._waiting and self._due != _NEVER:
            self._arm()

    def _leave(self, gone: "asyncio.Future[Any]") -> None:
        if gone.cancelled():
            return
        self._gone = True
        if self._waiting:
            self._wake()

    def _wake(self) -> None:
        assert self._task is not None
        self._waiting, self._woken = False, True
        self._task.cancel()

    def _uncancel(self) -> int:
        """Takes our own cancellation back; what is left are others'."""
        assert self._task is not None
        self._woken = False
        return self._task.uncancel()

    def _now(self) -> float:
        return self._loop.time() - self._began


def _close_late(opening: "asyncio.Task[Answer | Failure]") -> None:
    """An answer that came in the very moment its request was given up."""
    if not opening.cancelled() and opening.exception() is None and isinstance(opened := opening.result(), Answer):
        opened.close()
