"""Counts requests, no further than a question needs: known texts from the cache, the largest unknown one first.

The tokenizer is loaded at the first count that bounds could not decide, in the one thread that also does long counts
(tiktoken lets go of the interpreter meanwhile), so the event loop never waits for either. Under 16 kB of uncounted text
the thread would cost more than the work, and it is done in place.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from ccr.counting.cache import LIMIT, Cache
from ccr.counting.engine import Engine, load_engine
from ccr.lang.values import Bounds
from ccr.messages.request import MessagesRequest
from ccr.messages.tokens import Interval, Pieces, least, pieces, utf8

INLINE = 16_384
"""Characters of uncounted text up to which counting takes about a millisecond."""


class _Tally:
    """A count under way: what is known for certain, and the texts that are not counted yet, largest last."""

    def __init__(self, counted: Pieces, cache: Cache, at_blanks: bool) -> None:
        self.known, self.open = counted.fixed, list[tuple[int, int, str]]()
        for text, known in zip(counted.texts, cache.get_all(counted.texts), strict=True):
            if type(known) is int:
                self.known += known
                continue
            if known is None:
                cache.put(text, known := _bounds(text, at_blanks))
            assert isinstance(known, Interval)
            self.open.append((known.high, known.low, text))
        self.open.sort(key=lambda each: each[0])
        self.low = self.known + sum(low for _, low, _ in self.open)
        self.high = self.known + sum(high for high, _, _ in self.open)

    def decides(self, threshold: int | None) -> bool:
        """Whether every comparison with the threshold comes out one way; without one only a number will do."""
        return not self.open or (threshold is not None and not self.low <= threshold <= self.high)

    def count_next(self, engine: Engine, cache: Cache) -> None:
        high, low, text = self.open.pop()
        count = engine.count(text)
        cache.put(text, count)
        self.low += count - low
        self.high += count - high

    @property
    def outcome(self) -> int | Bounds:
        return Bounds(self.low, self.high, "tokens") if self.open else self.low


def _bounds(text: str, at_blanks: bool) -> Interval:
    encoded = utf8(text)
    return Interval(least(encoded) if at_blanks else 0, len(encoded))


class Counter:
    """One tokenizer with its cache and thread. Used from one event loop; `close` when that ends."""

    def __init__(self, tokenizer: str = "cl100k", limit: int = LIMIT) -> None:
        self._tokenizer = tokenizer
        self._at_blanks = tokenizer != "chars/4"
        self._cache = Cache(limit)
        self._engine: Engine | None = None
        self._thread: ThreadPoolExecutor | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether a count has made it load its tokenizer."""
        return self._engine is not None

    async def count(self, request: MessagesRequest) -> int:
        """Tokens of the request, the number that the attribute `tokens` and `count_tokens` give."""
        outcome = await self.narrow(request, None)
        assert isinstance(outcome, int)
        return outcome

    async def narrow(self, request: MessagesRequest, threshold: int | None) -> int | Bounds:
        """The number of tokens, or bounds of it that leave the threshold outside. None: the number."""
        tally = _Tally(pieces(request), self._cache, self._at_blanks)
        if tally.decides(threshold):
            return tally.outcome
        if self._engine is not None and sum(len(text) for _, _, text in tally.open) <= INLINE:
            self._work(tally, threshold)
        else:
            await asyncio.get_running_loop().run_in_executor(self._executor(), self._work, tally, threshold)
        return tally.outcome

    def close(self) -> None:
        """Ends the thread; a count under way is waited for."""
        if self._thread is not None:
            self._thread.shutdown()
            self._thread = None

    def _work(self, tally: _Tally, threshold: int | None) -> None:
        if self._engine is None:
            self._engine = load_engine(self._tokenizer)
        while not tally.decides(threshold):
            tally.count_next(self._engine, self._cache)

    def _executor(self) -> ThreadPoolExecutor:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="ccr-count")
        return self._thread
