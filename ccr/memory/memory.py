"""All that is remembered between requests, in one place: asked once before a decision, told while and after an exchange.

`sample` gives the state a decision is made with, `health` what a plan needs, `recall` what a dialect wants back;
`remember`, `record` and the rest take in what exchanges say. Used from one event loop.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from ccr.exchange.failure import Failure
from ccr.exchange.record import RESTING, AttemptRecord, Resting, UsageRecord
from ccr.exchange.steps import Open
from ccr.facts.health import Health, Rest
from ccr.facts.kinds import SIDE_KINDS
from ccr.facts.state import State
from ccr.memory.health import HealthMemory
from ccr.memory.limits import ProviderLimits
from ccr.memory.local import Clock, LocalStore
from ccr.memory.sessions import Last, Sessions, Who
from ccr.memory.shared import SharedStore
from ccr.memory.spend import Spend, accounts
from ccr.memory.store import Store
from ccr.messages.request import Headers
from ccr.routing.settings import Allowance

ROOMS = {"notes": 256, "spend": 50_000, "requests": 50_000}
"""Bounds of rooms that need another than the store's own."""
KINDS: Mapping[str, Any] = {"last": Last, "rest": Rest}
"""Of what type values are that are more than plain data, for stores that write them down."""
MAPPINGS = frozenset({"notes"})
"""Rooms whose values are mappings."""
BEAT = 0.5
"""Seconds after which, at the latest, others see what was spent here."""


class Memory:
    """`clock` gives seconds that never go back, or hardly; `store` must use the same."""

    def __init__(self, clock: Clock = time.monotonic, store: Store | None = None) -> None:
        self._store = kept = store if store is not None else LocalStore(clock, limits=ROOMS)
        self.sessions = Sessions(kept, clock)
        self.providers = HealthMemory(kept, clock)
        self.spend = Spend(kept, clock)
        self.limits = ProviderLimits(kept, clock)

    @property
    def is_shared(self) -> bool:
        """Whether other processes remember together with this one: then `refresh` comes before a sample."""
        return self._store.is_shared

    async def refresh(
        self,
        now: datetime,
        who: Who,
        kind: str,
        asked: Collection[str] | None,
        allowances: Mapping[str, Allowance],
        project: str = "",
    ) -> None:
        """Makes known here what others remember of all that a request of `who` will look at."""

        def look() -> None:
            self.sample(now, who, kind, project, asked)
            self.health(kind, allowances)
            self.recall(who)

        payers = self.spend.providers()
        await self._store.refresh(look)
        if self.spend.providers() != payers:
            await self._store.refresh(look)  # of those nobody had paid here, the sums were not asked for

    async def keep(self) -> None:
        """Beside the server, until cancelled: tells others what is spent and what runs here. Ends at once where nobody
        else is."""
        while isinstance(self._store, SharedStore):
            await asyncio.sleep(BEAT)
            self.spend.settle()
            self.limits.renew()
            await self._store.settle()

    async def close(self) -> None:
        """What others should know is told first."""
        self.spend.settle()
        if isinstance(self._store, SharedStore):
            await self._store.close()

    def sample(
        self, now: datetime, who: Who, kind: str = "main", project: str = "", asked: Collection[str] | None = None
    ) -> State:
        """The state as it is now. `asked`: attributes that rules mention, so that nobody else's sums are looked up;
        None: all. `project`: where it takes place, if the caller knows better than the session's memory."""
        values = {**self.sessions.sample(who, kind), **self.providers.sample()}
        if asked is None or any("spend" in name or "requests" in name for name in asked):
            place = project or str(values.get("project", ""))
            values |= self.spend.sample(now, accounts(who.user, place, who.session))
            for provider in self.spend.providers():
                values |= self.spend.sample(now, accounts("", "", "", provider)[1:])
        return State(values)

    def health(self, kind: str = "main", allowances: Mapping[str, Allowance] = MappingProxyType({})) -> Health:
        """Who is better left alone by a request of this kind. `allowances`: the limits set for providers; one that is at
        its limit counts as resting (amendments C.12)."""
        health = self.providers.health(side=kind in SIDE_KINDS)
        full = {name: rest for name, each in allowances.items() if (rest := self.limits.rest(name, each)) is not None}
        if not full:
            return health
        return Health({**health.resting, **{(name, "", ""): rest for name, rest in full.items()}})

    async def take(self, step: Open) -> Callable[[], None] | Failure:
        """A turn at the provider, as its limits allow; what is given must be called when it is over."""
        return await self.limits.take(step.provider, step.allowance, step.tokens, step.limits.first_byte)

    def recall(self, who: Who) -> dict[str, object]:
        """What earlier answers of this session asked to be remembered, by key."""
        return self.sessions.recall(who)

    def remember(self, who: Who, key: str, value: Any) -> None:
        """The step `Remember`: a target that rests, or a note of the dialect."""
        if key == RESTING and isinstance(value, Resting):
            self.providers.rest(value)
        else:
            self.sessions.note(who, key, value)

    def begin(self, provider: str) -> None:
        """A request is sent to this provider; every `begin` needs its `end`."""
        self.providers.begin(provider)

    def end(self, provider: str) -> None:
        self.providers.end(provider)

    def told(self, provider: str, headers: Headers) -> None:
        """The head of an answer has come."""
        self.providers.told(provider, headers)

    def record(self, now: datetime, record: UsageRecord, cost: int = 0, project: str = "", tokens: int = 0) -> None:
        """An exchange has ended. `cost` in micro-dollars (`spend.price`); `tokens`: our own count of the prompt."""
        who = Who(record.user, record.session, record.agent)
        for attempt in _last_words(record.attempts):
            self.providers.learn(attempt, side=record.kind in SIDE_KINDS)
        if record.attempts and (reserved := record.attempts[-1].reserved) is not None:
            self.limits.used(record.attempts[-1].provider, record.usage.prompt + record.usage.output - reserved)
        if record.outcome == "ok":
            self.sessions.answered(who, record.kind, record.target, record.usage, tokens)
        self.sessions.learn_project(who, project)
        place = project or self.sessions.project(who)
        provider = record.target.partition("/")[0]
        self.spend.add(now, accounts(who.user, place, who.session, provider), cost)


def _last_words(attempts: Iterable[AttemptRecord]) -> Iterable[AttemptRecord]:
    """The last try of each target: what was repeated in place counts once."""
    return {(each.provider, each.model, each.key): each for each in attempts}.values()
