"""What is remembered of a conversation: what answered it last, where it takes place, notes that a dialect wants back.

Keyed by user and session, because a session id alone is the client's word and on a gateway would hand one person
another's (rulings 2.8); what answered last also by agent, since a subagent has its own. Requests beside the
conversation (title, summary, search …) neither read nor set what answered last (decision 8).
"""

from typing import Any

from msgspec import Struct

from ccr.facts.kinds import SIDE_KINDS
from ccr.lang.values import Value
from ccr.memory.local import Clock
from ccr.memory.store import Store
from ccr.messages.usage import Usage

SESSION_AGE = 24 * 3600.0
"""Seconds after which a silent conversation is forgotten."""
NOTES = 512
"""Notes kept of one session: the newest."""
NOTES_SIZE = 2_000_000
"""Characters of notes kept of one session."""


class Who(Struct, frozen=True):
    """Who asks: the name tied to the key, the session, the subagent; "" where there is none."""

    user: str = ""
    session: str = ""
    agent: str = ""


class Last(Struct, frozen=True):
    """`target` is `provider/model` as on the wire; `tokens` and `cached` of the prompt, as the provider counted; `at` in seconds."""

    target: str
    tokens: int
    cached: int
    at: float


class Sessions:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store, self._clock = store, clock

    def sample(self, who: Who, kind: str) -> dict[str, Value]:
        """The attributes `last.*`, and `project` as this session told it before. Nothing without a session."""
        if not who.session:
            return {}
        values: dict[str, Value] = {}
        if project := self.project(who):
            values["project"] = project
        last = None if kind in SIDE_KINDS else self._store.get("last", (who.user, who.session, who.agent))
        return {**values, **self._told(last)} if last is not None else values

    def _told(self, last: Last) -> dict[str, Value]:
        return {
            "last.model": last.target,
            "last.provider": last.target.partition("/")[0],
            "last.tokens": last.tokens,
            "last.cached": last.cached,
            "last.age": round((self._clock() - last.at) * 1000),
        }

    def answered(self, who: Who, kind: str, target: str, usage: Usage, tokens: int = 0) -> None:
        """A target answered. `tokens`: our own count, for providers that report none; at least 1 is kept, so that
        something answered exactly where `last.tokens` is above 0 (rulings 1.8)."""
        if who.session and target and kind not in SIDE_KINDS:
            last = Last(target, max(usage.prompt or tokens, 1), usage.cache_read, self._clock())
            self._store.put("last", (who.user, who.session, who.agent), last, SESSION_AGE)

    def project(self, who: Who) -> str:
        """The working directory this session told before, "" if none."""
        return self._store.get("project", (who.user, who.session)) or ""

    def learn_project(self, who: Who, project: str) -> None:
        """The working directory this session told, for requests of it that do not tell (amendments C.9)."""
        if who.session and project:
            self._store.put("project", (who.user, who.session), project, SESSION_AGE)

    def note(self, who: Who, key: str, value: Any) -> None:
        """Keeps what an answer asked to be remembered: reasoning by call id, signatures. The oldest give way."""
        known = dict(self.recall(who))
        known.pop(key, None)
        size, gone = sum(map(_size, known.values())) + _size(value), []
        while known and (len(known) >= NOTES or size > NOTES_SIZE):
            oldest = next(iter(known))
            size -= _size(known.pop(oldest))
            gone.append(oldest)
        self._store.fold("notes", (who.user, who.session), {key: value}, gone, SESSION_AGE)

    def recall(self, who: Who) -> dict[str, object]:
        """All notes of this session, by key."""
        found: dict[str, object] | None = self._store.get("notes", (who.user, who.session))
        return found or {}


def _size(value: object) -> int:
    return len(value) if isinstance(value, str) else len(repr(value))
