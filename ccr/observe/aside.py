"""Work that is done aside: entries and lines go to a thread through a bounded queue, and nothing waits for it.

What comes when too much waits is left out, and counted. The thread is started by the first thing to do.
"""

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 10_000
BREATH = 0.0002
"""Seconds to step aside after what took Python some time: the event loop wants its turn."""
GATHER = 0.05
"""Seconds in which things gather: to wake a thread for each costs more than the work."""


class Aside(Generic[T]):
    """`work` is given what has come, oldest first, on the thread of that name; what it raises ends nothing but that batch
    where it is one of `forgives`."""

    def __init__(
        self, name: str, work: Callable[[list[T]], None], most: int = MOST, forgives: tuple[type[Exception], ...] = ()
    ) -> None:
        self._name, self._work, self._most, self._forgives = name, work, most, forgives
        self._waiting: SimpleQueue[T | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closing = threading.Event()
        self.dropped = 0

    def put(self, thing: T) -> None:
        """Takes about a microsecond."""
        if self._waiting.qsize() >= self._most:
            self.dropped += 1
            return
        if self._thread is None:
            self._closing.clear()
            self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
            self._thread.start()
        self._waiting.put(thing)

    def close(self, patience: float = 2.0) -> None:
        """Waits until what has come is done, at most `patience` seconds."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._waiting.put(None)
            self._closing.set()
            thread.join(patience)

    def _run(self) -> None:
        while True:
            batch = [self._waiting.get()]
            if batch[0] is not None:
                self._closing.wait(GATHER)
            try:
                while len(batch) < 500:
                    batch.append(self._waiting.get_nowait())
            except Empty:
                pass
            things = [each for each in batch if each is not None]
            try:
                self._work(things)
            except self._forgives:
                self.dropped += len(things)
            if None in batch:
                return
