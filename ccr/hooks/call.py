"""Asks functions in Python what rules want of them: `when python`, `route python` and `use python` (language §8).

One shape: `def` or `async def name(request, config)`; a transformer's is `request(body, context)`, and `response(event,
context)` for what comes back. A function has two seconds; what it raises, a file that cannot be run, and an answer of a
wrong kind mean "no opinion" and a line in the log. Three failures within a minute switch a function off for half a
minute. Foreign code is called here and nowhere else, so everything it raises is caught here.
"""

import asyncio
import inspect
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from functools import partial
from types import MappingProxyType
from typing import Any

from ccr.diagnostics.source import SourceFile
from ccr.exchange.steps import Ask, Changed
from ccr.facts.facts import Facts
from ccr.hooks.breaker import FAILURES, REST, Breaker
from ccr.hooks.context import Request, settings_of
from ccr.hooks.listener import Listener
from ccr.hooks.load import Module
from ccr.hooks.threads import Busy, Outcome, Threads
from ccr.lang.locations import normal
from ccr.lang.values import Reading, Undecided
from ccr.messages.validity import mistake_in
from ccr.routing.scene import Scene
from ccr.routing.snapshot import Snapshot
from ccr.routing.surroundings import Sources
from ccr.routing.targets import chosen

DEADLINE = 2.0
"""Seconds a function has."""
KEPT = 64
"""Versions of files kept."""
_UNCHANGED = "no opinion, the request passes unchanged"
_EVENT_UNCHANGED = "no opinion, this event passes unchanged"

Answer = Callable[[Facts, Undecided], Awaitable[Reading]]
_log = logging.getLogger("ccr.hooks")


class Hooks:
    """The functions of all snapshots that are in use. `others` answers what is no question about Python."""

    def __init__(
        self,
        others: Mapping[str, Answer],
        deadline: float = DEADLINE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._others, self._deadline = others, deadline
        self._threads, self._breaker, self._clock = Threads(), Breaker(clock), clock
        self._modules: OrderedDict[tuple[str, str | None], Module] = OrderedDict()

    def answers(self, snapshot: Snapshot) -> Mapping[str, Answer]:
        """Question to answer, for a request that is decided by this snapshot."""
        python = {"python": partial(self._holds, snapshot), "python.target": partial(self._target, snapshot)}
        return {**self._others, **python}

    def close(self) -> None:
        for module in self._modules.values():
            module.close()

    # ---- the two questions ----------------------------------------------------------------------------------------

    async def _holds(self, snapshot: Snapshot, facts: Facts, asked: Undecided) -> Reading:
        return await self._asked(snapshot, facts, asked, bool) is True

    async def _target(self, snapshot: Snapshot, facts: Facts, asked: Undecided) -> Reading:
        """The name of a target, "" for no opinion."""
        named = await self._asked(snapshot, facts, asked, _as_given)
        if named is None:
            return ""
        place = _place(asked)
        if not isinstance(named, str):
            self._failed(place, f"it gave {type(named).__name__}, not a text or None")
            return ""
        known = chosen(named, Scene(snapshot, facts, snapshot.policy.aliases))
        if named and not isinstance(known, Undecided) and not known.stands:
            _log.warning("python %s: it named %r, which nobody here serves; no opinion", place, named[:100])
        return named

    # ---- a request changed --------------------------------------------------------------------------------------------

    async def change(self, snapshot: Snapshot, facts: Facts, asked: Ask) -> Changed | None:
        """The body as a transformer gives it, nobody else's, and who looks at the answer; None for no opinion, which is
        logged whatever its cause: somebody may rely on the change."""
        place = asked.question.partition(":")[2]
        if self._breaker.is_open(place):
            _log.warning("python %s: it is switched off after failures; %s", place, _UNCHANGED)
            return None
        file, _, name = place.rpartition(":")
        for known, value in (("provider", asked.target.provider), ("model", asked.target.wire)):
            facts = facts.know(f"target.{known}", value)
        context = self._request(snapshot, facts, asyncio.get_running_loop(), asked.options)
        work = partial(self._changed, self._module(file, snapshot), name, asked.value, context)
        made = await self._timed(place, work, _UNCHANGED)
        if made is None:
            return None
        body, response = made
        if response is None:
            return Changed(body)
        ask, model = partial(_shown, response, context), facts.inputs.request.model
        return Changed(body, Listener(ask, _Watch(place, self._breaker, self._failed), model, self._clock))

    def _changed(self, module: Module, name: str, body: Any, context: Request) -> Outcome:
        """In a thread: what the transformer makes of a copy of the body, with its `response`; or what went wrong."""
        try:
            request, response = module.halves(name)
            if request is None:
                return (body, response), ""
            given = request(deepcopy(body), context)
            if inspect.isawaitable(given):
                given = module.wait_for(_awaited(given), self._deadline)
            if not isinstance(given, dict):
                return None, f"it gave {type(given).__name__}, not the body"
            # Through JSON, so that it can be sent, and so that nothing the file still holds is part of it.
            made = json.loads(json.dumps(given))
            wrong = mistake_in(made)
            return (None, f"what it gave is no request: {wrong}") if wrong else ((made, response), "")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code may raise anything
            return None, _said(error)

    # ---- one call -------------------------------------------------------------------------------------------------

    async def _asked(self, snapshot: Snapshot, facts: Facts, asked: Undecided, read: Callable[[Any], Any]) -> Any:
        """What the function gives, as `read` takes it; None for no opinion."""
        place = _place(asked)
        if self._breaker.is_open(place):
            return None
        file, _, name = place.rpartition(":")
        request = self._request(snapshot, facts, asyncio.get_running_loop())
        work = partial(self._called, self._module(file, snapshot), name, request, snapshot.origin, read)
        return await self._timed(place, work)

    async def _timed(self, place: str, work: Callable[[], Outcome], so: str = "no opinion") -> Any:
        """What the work comes to within the deadline; None, and a line in the log that ends with `so`, if that is nothing."""
        try:
            value, wrong = await self._threads.run(work, self._deadline)
        except TimeoutError:
            value, wrong = None, f"it took longer than {self._deadline:g} s"
        except Busy as busy:  # no fault of this function
            _log.warning("python %s: %s; %s", place, busy, so)
            return None
        if wrong:
            self._failed(place, wrong, so)
        return value

    def _failed(self, place: str, why: str, so: str = "no opinion") -> None:
        off = self._breaker.failed(place)
        more = f"; it failed {FAILURES} times and is not asked for {REST:g} s" if off else ""
        _log.warning("python %s: %s; %s%s", place, why, so, more)

    def _called(
        self, module: Module, name: str, request: Request, origin: Sources | None, read: Callable[[Any], Any]
    ) -> Outcome:
        """In a thread: the function's answer, or what went wrong."""
        try:
            given = module.function(name)(request, settings_of(origin.config if origin is not None else None))
            if inspect.isawaitable(given):
                given = module.wait_for(_awaited(given), self._deadline)
            return (None if given is None else read(given)), ""
        except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code may raise anything
            return None, _said(error)

    def _request(
        self,
        snapshot: Snapshot,
        facts: Facts,
        loop: asyncio.AbstractEventLoop,
        arguments: Mapping[str, Any] = MappingProxyType({}),
    ) -> Request:
        assert snapshot.environment is not None, "a snapshot is made by workspace.load"
        return Request(facts, snapshot.environment, partial(self._found_out, facts, loop), arguments)

    def _found_out(self, facts: Facts, loop: asyncio.AbstractEventLoop, asked: Undecided) -> Reading:
        """Waits in the function's thread for what the loop finds out."""
        if _is_running(loop):
            raise RuntimeError(f"`{asked.attribute}` has to be found out: ask for it in `request`, not in `response`")
        answer = self._others[asked.question](facts, asked)
        found: Reading = asyncio.run_coroutine_threadsafe(_awaited(answer), loop).result(self._deadline)
        return found

    def _module(self, file: str, snapshot: Snapshot) -> Module:
        source = next((each for each in snapshot.sources if normal(each.name) == file), SourceFile(file, None))
        key = (file, source.text)
        module = self._modules.get(key) or self._modules.setdefault(key, Module(source))
        while len(self._modules) > KEPT:
            self._modules.popitem(last=False)[1].close()
        return module


class _Watch:
    """How one transformer does with answers."""

    def __init__(self, place: str, breaker: Breaker, failed: Callable[[str, str, str], None]) -> None:
        self._place, self._breaker, self._failed = place, breaker, failed

    @property
    def is_off(self) -> bool:
        return self._breaker.is_open(self._place)

    def failed(self, why: str) -> None:
        self._failed(self._place, why, _EVENT_UNCHANGED)

    def slow(self, seconds: float) -> None:
        self._breaker.trip(self._place)
        words = (
            "python %s: `response` took %.1f s for one event, in which nobody else was served; it is not asked for %g s"
        )
        _log.warning(words, self._place, seconds, REST)


def _shown(response: Callable[..., Any], context: Request, event: dict[str, Any]) -> Outcome:
    """What `response` makes of an event, or what went wrong."""
    try:
        return response(event, context), ""
    except (Exception, SystemExit) as error:  # noqa: BLE001 - foreign code may raise anything
        return None, _said(error)


def _is_running(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether this is the loop's own thread, which must not wait for itself."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False


async def _awaited(given: Awaitable[Any]) -> Any:
    return await given


def _as_given(value: Any) -> Any:
    return value


def _place(asked: Undecided) -> str:
    """`FILE:FUNCTION` of a question."""
    return asked.attribute.partition(":")[2]


def _said(error: BaseException) -> str:
    """An error in one line: its kind and its words."""
    if isinstance(error, TimeoutError) and not str(error):
        return "it took too long"
    words = "".join(char for char in " ".join(str(error).split()) if char.isprintable())[:200]
    return f"{type(error).__name__}: {words}" if words else type(error).__name__
