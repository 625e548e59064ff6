"""A provider made of scripts: answers with pauses, cuts, resets and silence, on port 0 of loopback.

A `Script` is what is played to one request; scripts are used in turn and the last one again and again. Everything that
arrived is kept in `requests`. In async code `async with FakeUpstream(…) as upstream`; elsewhere `with in_thread(…)`.
"""

import asyncio
import json
import socket
import struct
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any, NamedTuple


class Pause(NamedTuple):
    seconds: float


class Cut(NamedTuple):
    """The connection is closed here, without a proper end of the body."""


class Reset(NamedTuple):
    """The connection is reset here (RST)."""


class Silence(NamedTuple):
    """Nothing more comes, until the other side closes."""


class Until(NamedTuple):
    """Nothing more comes until the test sets this."""

    event: threading.Event


class Script(NamedTuple):
    """One answer. Actions before `head_after` of them are played before the head; `framing`: chunked, length, close, or
    raw, where the actions are all that is sent, the head too if there is one.

    With `length` the body's own length is said, unless `declared` says another.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    actions: tuple[Any, ...] = ()
    head_after: int = 0
    framing: str = "chunked"
    declared: int | None = None


class Received(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


SSE = (("content-type", "text/event-stream"),)
JSON = (("content-type", "application/json"),)


def stream(*actions: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = SSE, **options: Any) -> Script:
    """A streamed answer: bytes, pauses and breaks in order."""
    return Script(status, headers, actions, **options)


def whole(body: Any, status: int = 200, headers: tuple[tuple[str, str], ...] = JSON, **options: Any) -> Script:
    """A whole answer with its length; anything but bytes is sent as JSON."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Script(status, headers, (data,), framing="length", **options)


def raw(*actions: Any) -> Script:
    """Bytes as they are, with their own status line and headers or without; then the connection is closed."""
    return Script(actions=actions, framing="raw")


def sse(*events: dict[str, Any], named: bool = True) -> bytes:
    """Events as frames; `named` as Anthropic does it, else as OpenAI does."""
    lines = [(f"event: {each['type']}\n" if named else "") + f"data: {json.dumps(each)}\n\n" for each in events]
    return "".join(lines).encode()


def anthropic_events(*texts: str, model: str = "upstream-model") -> list[bytes]:
    """The frames of a whole answer of one text block, each on its own."""
    usage = {"input_tokens": 11, "output_tokens": 1}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "model": model, "content": [], "usage": usage}
    events = [
        {"type": "message_start", "message": {**message, "stop_reason": None, "stop_sequence": None}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": text}} for text in texts),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 7},
        },
        {"type": "message_stop"},
    ]
    return [sse(event) for event in events]


def anthropic_message(text: str, model: str = "upstream-model") -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 11, "output_tokens": 7},
    }


def openai_events(*texts: str, model: str = "upstream-model") -> list[bytes]:
    """The frames of a whole answer of text, each on its own, `[DONE]` last."""

    def chunk(delta: dict[str, Any], finish: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        frame = {"id": "c1", "object": "chat.completion.chunk", "model": model, "choices": [choice], **more}
        return sse(frame, named=False)

    return [
        chunk({"role": "assistant", "content": ""}),
        *(chunk({"content": text}) for text in texts),
        chunk({}, "stop", usage={"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}),
        b"data: [DONE]\n\n",
    ]


def openai_message(text: str, model: str = "upstream-model") -> dict[str, Any]:
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    return {"id": "c1", "object": "chat.completion", "model": model, "choices": [choice], "usage": usage}


def ollama_message(text: str, model: str = "upstream-model") -> dict[str, Any]:
    message = {"role": "assistant", "content": text}
    counts = {"prompt_eval_count": 11, "eval_count": 7}
    return {"model": model, "message": message, "done": True, "done_reason": "stop", **counts}


Choose = Callable[[Received], Script]


class FakeUpstream:
    """`open` is the number of sockets open just now, `busy` of those that are played at; `requests` what arrived, in order."""

    def __init__(self, *scripts: Script, choose: Choose | None = None) -> None:
        self.scripts: Sequence[Script] = scripts
        self.choose = choose
        self.requests: list[Received] = []
        self.open = self.busy = 0
        self.connections = 0
        self._port = 0
        self._server: asyncio.Server | None = None
        self._serving: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def __aenter__(self) -> "FakeUpstream":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        for task in list(self._serving):
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)

    async def until_open(self, count: int, within: float = 1.0) -> None:
        """Waits until `count` sockets are open; AssertionError when that takes longer than `within` seconds."""
        deadline = asyncio.get_running_loop().time() + within
        while self.open != count:
            assert asyncio.get_running_loop().time() < deadline, f"{self.open} sockets are open, not {count}"
            await asyncio.sleep(0.005)

    async def until_idle(self, within: float = 1.0) -> None:
        """Waits until nothing is played; AssertionError when that takes longer than `within` seconds."""
        deadline = asyncio.get_running_loop().time() + within
        while self.busy:
            assert asyncio.get_running_loop().time() < deadline, f"{self.busy} answers are still played"
            await asyncio.sleep(0.005)

    async def until_requests(self, count: int, within: float = 2.0) -> None:
        deadline = asyncio.get_running_loop().time() + within
        while len(self.requests) < count:
            assert asyncio.get_running_loop().time() < deadline, f"{len(self.requests)} requests came, not {count}"
            await asyncio.sleep(0.005)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self.open += 1
        self.connections += 1
        try:
            while (received := await _receive(reader)) is not None:
                self.requests.append(received)
                self.busy += 1
                try:
                    await _play(self._script(received), reader, writer)
                finally:
                    self.busy -= 1
        except (ConnectionError, asyncio.IncompleteReadError, _Over, asyncio.CancelledError):
            pass
        finally:
            self.open -= 1
            self._serving.discard(task)
            writer.close()

    def _script(self, received: Received) -> Script:
        if self.choose is not None:
            return self.choose(received)
        return self.scripts[min(len(self.requests), len(self.scripts)) - 1]


class _Over(Exception):
    """The connection has ended."""


async def _receive(reader: asyncio.StreamReader) -> Received | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Received(method, path, headers, body)


async def _play(script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    for action in script.actions[: script.head_after]:
        await _act(action, script, reader, writer)
    if script.framing != "raw":
        writer.write(_head(script))
    for action in script.actions[script.head_after :]:
        await _act(action, script, reader, writer)
    if script.framing == "chunked":
        writer.write(b"0\r\n\r\n")
    await writer.drain()
    if script.framing in ("close", "raw"):
        raise _Over


def _head(script: Script) -> bytes:
    headers = list(script.headers)
    if script.framing == "chunked":
        headers.append(("transfer-encoding", "chunked"))
    elif script.framing == "length":
        length = sum(len(each) for each in script.actions if isinstance(each, bytes))
        headers.append(("content-length", str(length if script.declared is None else script.declared)))
    else:
        headers.append(("connection", "close"))
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers)
    return f"HTTP/1.1 {script.status} X\r\n{lines}\r\n".encode("latin-1")


async def _act(action: Any, script: Script, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    match action:
        case bytes():
            chunked = b"%x\r\n%b\r\n" % (len(action), action)
            writer.write(chunked if script.framing == "chunked" else action)
            await writer.drain()
        case Pause():
            await _pause(action.seconds, reader)
        case Until():
            assert await asyncio.to_thread(action.event.wait, 30.0), "the test did not set the event"
        case Silence():
            await _pause(3600.0, reader)
        case Cut():
            raise _Over
        case Reset():
            raw = writer.get_extra_info("socket")
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
            raise _Over


async def _pause(seconds: float, reader: asyncio.StreamReader) -> None:
    """Sleeps, but notices when the other side closes meanwhile."""
    try:
        async with asyncio.timeout(seconds):
            await reader.read(1)
    except TimeoutError:
        return
    raise _Over


@asynccontextmanager
async def playing(*scripts: Script, choose: Choose | None = None) -> AsyncIterator[FakeUpstream]:
    async with FakeUpstream(*scripts, choose=choose) as upstream:
        yield upstream


@contextmanager
def in_thread(*scripts: Script, choose: Choose | None = None) -> Iterator[FakeUpstream]:
    """The same provider for code that has no event loop, or its own: served from a thread."""
    upstream, ready, loop = FakeUpstream(*scripts, choose=choose), threading.Event(), asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with upstream:
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    assert ready.wait(5.0), "the fake upstream did not start"
    try:
        yield upstream
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(5.0)
        loop.close()


def free_port() -> int:
    """A port on which nobody listens just now, for "connection refused"."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
