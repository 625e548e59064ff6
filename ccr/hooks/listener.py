"""Shows a transformer in Python the events of an answer, one by one and in the order in which the client reads them.

It is called in the loop itself, because a turn through a thread costs more than most of them do; so it is timed, and one
that is slow is switched off at once (rulings 2.10). What it makes no sense of passes unchanged. Who calls the foreign
code and takes what it raises is `call.py`.
"""

import inspect
import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any, Protocol

from ccr.hooks.threads import Outcome
from ccr.messages.decode import EventReader
from ccr.messages.encode import Told, as_json
from ccr.messages.events import BlockDelta, BlockExtra, BlockStart, BlockStop, Event

SLOW = 0.2
"""Seconds. One event that takes longer holds up everybody, and switches the transformer off."""


class Watch(Protocol):
    """Who knows whether the transformer is switched off, and hears how it does."""

    @property
    def is_off(self) -> bool: ...

    def failed(self, why: str) -> None: ...

    def slow(self, seconds: float) -> None: ...


class Listener:
    """One answer. `ask` gives what `response` makes of an event, or what went wrong; `clock` gives seconds."""

    def __init__(
        self, ask: Callable[[dict[str, Any]], Outcome], watch: Watch, model: str, clock: Callable[[], float]
    ) -> None:
        self._ask, self._watch, self._model, self._clock = ask, watch, model, clock
        self._reader = EventReader("")
        self._dropped: set[int] = set()
        """Blocks whose start it has taken away: what belongs to them can no longer pass unchanged."""

    def feed(self, event: Event) -> list[Event]:
        if not isinstance(event, Told) or self._watch.is_off:
            return self._unchanged(event)
        shown = as_json(event, self._model)
        began = self._clock()
        given, wrong = self._ask(shown if type(event) is BlockDelta else deepcopy(shown))
        taken = self._clock() - began
        if taken > SLOW:
            self._watch.slow(taken)
        made = None if wrong else self._read(given)
        if isinstance(made, str) or wrong:
            self._watch.failed(wrong or str(made))
            made = None
        return self._unchanged(event) if made is None else self._noted(event, made)

    def finish(self) -> list[Event]:
        return []

    def _read(self, given: Any) -> list[Event] | str | None:
        """The events it gave, what is wrong with them, or None if it gave none: then the event stays as it is."""
        if given is None:
            return None
        if inspect.isawaitable(given):
            if inspect.iscoroutine(given):
                given.close()
            return "its `response` is `async`, and has to be a plain `def`"
        listed = list(given) if isinstance(given, list | tuple) else [given]
        made: list[Event] = []
        for each in listed:
            read = self._event(each)
            if isinstance(read, str):
                return read
            made += read
        return made

    def _event(self, given: Any) -> list[Event] | str:
        if not isinstance(given, dict):
            return f"it gave {type(given).__name__}, not an event"
        try:
            # Through JSON, so that it can be sent, and so that nothing the file still holds is part of it.
            plain = json.loads(json.dumps(given))
        except (TypeError, ValueError, RecursionError) as error:
            return f"it gave an event that is no JSON: {error}"
        return self._reader.read(plain) or f"it gave an event of no kind there is: {str(plain.get('type'))[:40]!r}"

    def _unchanged(self, event: Event) -> list[Event]:
        lost = isinstance(event, BlockDelta | BlockExtra | BlockStop) and event.index in self._dropped
        return [] if lost else [event]

    def _noted(self, event: Event, made: list[Event]) -> list[Event]:
        if isinstance(event, BlockStart):
            kept = any(isinstance(each, BlockStart) and each.index == event.index for each in made)
            (self._dropped.discard if kept else self._dropped.add)(event.index)
        return made
