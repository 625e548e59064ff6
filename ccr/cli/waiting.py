"""A line that says what is being waited for, on a terminal only; it is gone when the wait is over."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

from ccr.cli.report import sayable

_EVERY = 0.2
_ERASE = "\r\x1b[K"


@asynccontextmanager
async def waiting(words: str) -> AsyncIterator[None]:
    """`words … 3 s` on standard error while the block runs; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield
        return
    ticking = asyncio.ensure_future(_tick(words))
    try:
        yield
    finally:
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
        _write(_ERASE)


@contextmanager
def ticker(words: str) -> Iterator[Callable[[], None]]:
    """The same for code that waits by itself: it calls what is given as often as it likes."""
    began, shown = time.monotonic(), sys.stderr.isatty()

    def tick() -> None:
        if shown:
            _write(f"{_ERASE}{words} … {time.monotonic() - began:.0f} s")

    try:
        yield tick
    finally:
        if shown:
            _write(_ERASE)


async def _tick(words: str) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    while True:
        _write(f"{_ERASE}{words} … {loop.time() - began:.0f} s")
        await asyncio.sleep(_EVERY)


def _write(text: str) -> None:
    sys.stderr.write(sayable(text, sys.stderr.encoding))
    sys.stderr.flush()
