"""Runs the proxy under uvicorn on a socket that is already bound, until a signal ends it.

uvloop and httptools where they exist (dependencies.md: 28 against 40 µs a chunk). A stop lets running streams end for
a bounded time, then cancels them; an exchange that is cancelled tells its client with an error event.
"""

import asyncio
import gc
import signal
import socket
from collections.abc import Awaitable, Callable, Sequence
from importlib.util import find_spec
from types import FrameType
from typing import Any, Protocol, TypeVar

import uvicorn

from ccr.proxy.tls import Certificate

GRACE_SECONDS = 20
"""How long running streams may go on after a stop was asked for."""
LAST_WORDS_SECONDS = 1.5
"""How long a cancelled exchange has to tell its client with an error event."""
KEEP_ALIVE_SECONDS = 300
"""Longer than a person thinks between two prompts, so that a connection is not closed under a request."""

Background = Callable[[], Awaitable[object]]


class Served(Protocol):
    """What is served: an ASGI application, and how to end what it opened. `stopping` is told before running
    answers are waited for: those that have no end of their own end."""

    @property
    def asgi(self) -> Any: ...

    @property
    def close(self) -> Callable[[], Awaitable[None]]: ...

    @property
    def stopping(self) -> Callable[[], None]: ...


S = TypeVar("S", bound=Served)


def run(
    build: Callable[[], S],
    listener: socket.socket,
    backgrounds: Callable[[S], Sequence[Background]],
    started: Callable[[], None],
    certificate: Certificate | None = None,
    waits: Callable[[int], None] = lambda _: None,
) -> None:
    """Serves until SIGINT or SIGTERM, by TLS with a certificate. `build` is called on the event loop; `backgrounds` run
    beside the server and are cancelled at its end; `started` is told when it listens, `waits` for how many answers the
    end waits, if any still run."""
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(build, listener, backgrounds, started, certificate, waits))


async def _serve(
    build: Callable[[], S],
    listener: socket.socket,
    backgrounds: Callable[[S], Sequence[Background]],
    started: Callable[[], None],
    certificate: Certificate | None,
    waits: Callable[[int], None],
) -> None:
    application = build()
    server = _Server(_config(application.asgi, certificate), started, application.stopping, waits)
    tasks = [asyncio.ensure_future(background()) for background in backgrounds(application)]
    try:
        await server.serve(sockets=[listener])
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await application.close()


def _config(app: Any, certificate: Certificate | None = None) -> uvicorn.Config:
    config = uvicorn.Config(
        app,
        http=_protocol(),
        ws="none",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_config=None,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        backlog=2048,
    )
    if certificate is not None:
        config.load()
        config.ssl = certificate.context  # not by file names: it is renewed while the server runs
    return config


class _Server(uvicorn.Server):
    """Says when it listens, and lets exchanges say their last words."""

    def __init__(
        self,
        config: uvicorn.Config,
        started: Callable[[], None],
        stopping: Callable[[], None],
        waits: Callable[[int], None],
    ) -> None:
        super().__init__(config)
        self._say_started, self._say_stopping, self._say_waits = started, stopping, waits

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A stop that was asked for is no failure: uvicorn would raise the signal again when all has ended, which ends in
        "Aborted!" and keeps `close` from running. Asked for twice, running streams are not waited for."""
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _settle_garbage()
        self._say_started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """After its grace uvicorn cancels what still runs and ends the loop before that could tell its client."""
        self._say_stopping()
        if self.server_state.tasks:
            self._say_waits(len(self.server_state.tasks))
        await super().shutdown(sockets)
        running = list(self.server_state.tasks)
        if running:
            if self.force_exit:
                for task in running:
                    task.cancel()
            await asyncio.wait(running, timeout=LAST_WORDS_SECONDS)


def _settle_garbage() -> None:
    """What was loaded stays, so the collector need not look at it again and again; and a request of 400 kB makes
    thousands of objects that die with it, which at the default of 700 would start it many times in vain."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def _protocol() -> Any:
    """How HTTP is read: a class, or the name of one."""
    if not _has("httptools"):
        return "h11"
    from ccr.proxy.head import BoundedHttp

    return BoundedHttp


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if not _has("uvloop"):
        return None
    import uvloop

    factory: Callable[[], asyncio.AbstractEventLoop] = uvloop.new_event_loop
    return factory


def _has(module: str) -> bool:
    return find_spec(module) is not None
