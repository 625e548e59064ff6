"""The limits that a person set for a provider: requests at once, in a minute, in a day, tokens in a minute.

A request waits for its turn here, in order of arrival, before it is sent. Windows slide and are counted in twelve
slices, each of which counts until it lies wholly outside: so no window ever holds more than was allowed, and a turn may
come a twelfth of it late. Both are kept by the store, which workers may share: there a turn is taken in one step, and
what a process has running is leased, so that the share of one that was killed comes back.
"""

import asyncio
import secrets
from collections import defaultdict, deque
from collections.abc import Callable

from ccr.exchange.failure import Failure
from ccr.facts.health import Rest
from ccr.memory.local import Clock
from ccr.memory.store import Addition, Bound, Key, Store
from ccr.messages.errors import ApiError, ErrorKind
from ccr.routing.settings import Allowance

QUEUE = 64
"""Requests that may wait for one provider; the next one is refused at once, so that its fallback is tried."""
LONGEST_WAIT = 300.0
"""Seconds a request waits for its turn at most."""
ASK_AGAIN = 1.0
"""Seconds after which a provider that answers as many as it may is looked at again: nobody knows when it is free."""
ASK_OTHERS = 0.1
"""The same where other processes have turns, too: nobody tells this one when theirs end."""
LEASE = 10.0
"""Seconds for which others count what a process has running, unless it says so again."""

_SLICES = 12
_MINUTE, _DAY = 60.0, 86_400.0
Release = Callable[[], None]
Place = asyncio.Future[None]
"""In the queue; done when it is worth looking again."""


class ProviderLimits:
    def __init__(self, store: Store, clock: Clock, lease: float = LEASE) -> None:
        self._store, self._clock, self._lease = store, clock, lease
        self._me = (secrets.token_hex(6),)
        self._running: defaultdict[str, int] = defaultdict(int)
        self._leased: set[str] = set()
        """Providers of which others count what runs here."""
        self._waiting: defaultdict[str, deque[Place]] = defaultdict(deque)

    def rest(self, provider: str, allowance: Allowance) -> Rest | None:
        """Why and for how long it is better left alone; None if a request could be sent now."""
        seconds, why = self._until_free(provider, allowance)
        return Rest(seconds, limited=True, why=why) if seconds else None

    async def take(self, provider: str, allowance: Allowance, tokens: int, patience: float) -> Release | Failure:
        """Waits for a turn, at most `patience` seconds, and takes it. The Release, called once, ends it."""
        queue = self._waiting[provider]
        if len(queue) >= QUEUE:
            return _refusal(provider, f"{QUEUE} requests wait for it already", ASK_AGAIN)
        ends = self._clock() + min(patience, LONGEST_WAIT)
        place = _place()
        queue.append(place)
        try:
            while True:
                first = queue[0] is place
                seconds, why = self._until_free(provider, allowance)
                if first and not seconds:
                    if (release := await self._given(provider, allowance, tokens)) is not None:
                        return release
                    seconds, why = self._until_free(provider, allowance)
                    seconds, why = seconds or ASK_OTHERS, why or "is asked by others, too"
                left = ends - self._clock()
                if left <= 0 or (first and seconds > left):
                    return _refusal(provider, why or "others wait for it before this request", seconds or ASK_AGAIN)
                await asyncio.wait((place,), timeout=min(left, seconds) if first else left)
                if place.done():
                    queue[queue.index(place)] = place = _place()
                if self._store.is_shared and queue[0] is place:
                    await self._store.refresh(lambda: self._until_free(provider, allowance))
        finally:
            queue.remove(place)
            _wake(queue)

    async def _given(self, provider: str, allowance: Allowance, tokens: int) -> Release | None:
        """The turn, put down everywhere in one step; None if others were faster."""
        self._running[provider] += 1  # before it is asked for, so that a lease renewed meanwhile counts it
        bounds, additions = self._accounts(provider, allowance, tokens)
        try:
            given = not bounds or await self._store.reserve(bounds, additions)
        except BaseException:
            self._running[provider] -= 1
            raise
        if not given:
            self._running[provider] -= 1
            return None

        def release() -> None:
            self._running[provider] -= 1
            if provider in self._leased:
                self._store.add(_running(provider), self._me, -1, self._lease)
            _wake(self._waiting[provider])

        return release

    def _accounts(self, provider: str, allowance: Allowance, tokens: int) -> tuple[list[Bound], list[Addition]]:
        """What must hold for a turn, and what it puts down."""
        bounds, additions = [], []
        for room, _, window, limit in _windows(allowance):
            if limit:
                bounds.append(Bound(room, self._slices(provider, window), limit))
                amount = tokens if room == "tokens" else 1
                additions.append(Addition(room, self._slice(provider, window), amount, window * 1.25))
        if allowance.concurrency and self._store.is_shared:
            self._leased.add(provider)
            bounds.append(Bound(_running(provider), None, allowance.concurrency))
            additions.append(Addition(_running(provider), self._me, 1, self._lease))
        return bounds, additions

    def renew(self) -> None:
        """Says again what runs here. To be called a few times in the time of a lease."""
        for provider in self._leased:
            if self._running[provider]:
                self._store.put(_running(provider), self._me, self._running[provider], self._lease)

    def used(self, provider: str, tokens: int) -> None:
        """Tokens of an answer beyond those that were put down before it."""
        if tokens > 0:
            self._store.add("tokens", self._slice(provider, _MINUTE), tokens, _MINUTE * 1.25)

    def _until_free(self, provider: str, allowance: Allowance) -> tuple[float, str]:
        """Seconds until a request may be sent, 0 for now, and which limit it is."""
        found = [(0.0, "")]
        if allowance.concurrency and self._at_once(provider) >= allowance.concurrency:
            again = ASK_OTHERS if self._store.is_shared else ASK_AGAIN
            found.append((again, f"answers as many requests as it may (concurrency = {allowance.concurrency})"))
        for room, name, window, limit in _windows(allowance):
            if limit and (seconds := self._until_below(room, provider, window, limit)):
                found.append((seconds, f"was asked as often as it may be ({name} = {limit})"))
        return max(found)

    def _at_once(self, provider: str) -> int:
        """Running here, and elsewhere as far as it is known."""
        here = self._running[provider]
        if not self._store.is_shared:
            return here
        return here + sum(int(count) for key, count, _ in self._store.items(_running(provider)) if key != self._me)

    def _until_below(self, room: str, provider: str, window: float, limit: int) -> float:
        """Seconds until fewer than `limit` lie in the window."""
        length, now = window / _SLICES, self._clock()
        here = int(now // length)
        counts = [self._store.get(room, key) or 0 for key in self._slices(provider, window)]
        total = sum(counts)
        for back in range(_SLICES, -1, -1):
            if total < limit:
                return 0.0 if back == _SLICES else (here - back + _SLICES) * length - now
            total -= counts[back]
        return (here + _SLICES + 1) * length - now

    def _slices(self, provider: str, window: float) -> tuple[Key, ...]:
        """The slices of a window, the one that runs first."""
        here = int(self._clock() // (window / _SLICES))
        return tuple((provider, f"{window:g}", str(here - back)) for back in range(_SLICES + 1))

    def _slice(self, provider: str, window: float) -> Key:
        return (provider, f"{window:g}", str(int(self._clock() // (window / _SLICES))))


def _windows(allowance: Allowance) -> tuple[tuple[str, str, float, int], ...]:
    """Room, the option's name, seconds, and what is allowed; 0 is no limit."""
    return (
        ("asked", "rpm", _MINUTE, allowance.rpm),
        ("asked", "rpd", _DAY, allowance.rpd),
        ("tokens", "tpm", _MINUTE, allowance.tpm),
    )


def _running(provider: str) -> str:
    """The room of what runs at a provider: a number for each process."""
    return f"running {provider}"


def _refusal(provider: str, why: str, seconds: float) -> Failure:
    error = ApiError(ErrorKind.RATE_LIMITED, f"{provider} {why}", retry_after=seconds)
    return Failure(error, provider, sent=False, ours=True)


def _place() -> Place:
    return asyncio.get_running_loop().create_future()


def _wake(queue: deque[Place]) -> None:
    """Tells the first who waits to look again."""
    if queue and not queue[0].done():
        queue[0].set_result(None)
