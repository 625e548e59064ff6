"""What each conversation did lately, for the status line: the target and rule of its last answer, and its sums.

In memory and bounded: the conversations that spoke last. A session's id is the client's word, so it is known by the
caller's name too (rulings 2.8): nobody is told of another's.
"""

from collections import OrderedDict
from typing import Any

from ccr.usage.entry import Entry

_MOST = 500
_MAIN = "main"


class Lately:
    """Hears every entry."""

    def __init__(self, most: int = _MOST) -> None:
        self._sessions: OrderedDict[tuple[str, str], dict[str, Any]] = OrderedDict()
        self._most = most

    def hear(self, entry: Entry) -> None:
        """Adds it to its conversation's. What is asked beside the conversation (titles, searches) and by subagents costs,
        but does not tell where the conversation goes."""
        record = entry.record
        if not record.session:
            return
        key = (record.user, record.session)
        told = self._sessions.pop(key, None) or {"requests": 0, "cost": 0.0, "saved": 0.0}
        told["requests"] += 1
        told["cost"] += (entry.cost or 0) / 1e6
        told["saved"] += (entry.saved or 0) / 1e6
        if record.target and (record.kind == _MAIN or "target" not in told):
            told |= _last(entry)
        self._sessions[key] = told
        while len(self._sessions) > self._most:
            self._sessions.popitem(last=False)

    def of(self, user: str, session: str) -> dict[str, Any]:
        """Dollars, tokens and seconds; empty for a conversation that nobody knows."""
        return dict(self._sessions.get((user, session), {}))


def _last(entry: Entry) -> dict[str, Any]:
    record = entry.record
    speaks = record.duration - (record.first_byte or 0.0)
    return {
        "target": record.target,
        "rule": record.rule,
        "kind": record.kind,
        "outcome": record.outcome,
        "input": record.usage.prompt,
        "output": record.usage.output,
        "first_byte": record.first_byte,
        "speed": round(record.usage.output / speaks, 1) if speaks > 0 and record.usage.output else None,
    }
