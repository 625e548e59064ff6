"""A request of the log as facts, so that rules can decide it again: exactly, or not at all.

What the log does not know is `Unknown`, and what hangs on it is undecided. The caller's own login is stood for by one
that no provider ever sees: deciding asks only whether there is one.
"""

from datetime import UTC, datetime

from ccr.facts.facts import Facts
from ccr.facts.inputs import Inputs
from ccr.lang.values import Reading, Undecided
from ccr.messages.request import Headers, MessagesRequest
from ccr.routing.decide import decide
from ccr.routing.decision import Decision
from ccr.routing.snapshot import Snapshot
from ccr.usage.entry import Entry


class Logged:
    """Reads what the log knows."""

    def __init__(self, entry: Entry) -> None:
        self._entry = entry

    def read(self, inputs: Inputs, name: str) -> Reading:
        return self._entry.read(name)


def inputs_of(entry: Entry, snapshot: Snapshot) -> Inputs:
    """What a decision looks at beside facts. `snapshot`: by whose rules it will be decided."""
    request = MessagesRequest({"model": entry.record.model}, b"", _login(entry, snapshot) if entry.logins else ())
    return Inputs(request, datetime.fromtimestamp(entry.at, UTC), user=entry.record.user, draw=entry.draw)


def facts_of(entry: Entry, snapshot: Snapshot) -> Facts:
    """The facts as they were known when the request was decided."""
    return Facts(Logged(entry), inputs_of(entry, snapshot))


def _login(entry: Entry, snapshot: Snapshot) -> Headers:
    for name in entry.logins:
        provider = snapshot.catalog.providers.get(name)
        if provider is not None and provider.auth.callers:
            return (("authorization", f"Bearer {provider.auth.callers[0]}of-the-log"),)
    return ()


def decided_again(entry: Entry, snapshot: Snapshot) -> Decision | Undecided:
    """What these rules make of it."""
    return decide(snapshot, facts_of(entry, snapshot))
