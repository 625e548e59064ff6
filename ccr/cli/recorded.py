"""A request of the log explained: found by its id, told as it was, and decided again by other rules if there are some."""

import json
import re
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from ccr.cli import report
from ccr.lang.values import Undecided
from ccr.live.paths import home, shown
from ccr.routing.decision import Decision
from ccr.routing.settings import Settings
from ccr.routing.snapshot import Snapshot
from ccr.routing.vocabulary import vocabulary
from ccr.usage import recounting
from ccr.usage.again import decided_again
from ccr.usage.entry import Entry
from ccr.usage.opening import NAME, exists, open_store
from ccr.usage.store import StoreError

_ID = re.compile(r"(?:#|req_)?(?P<id>[0-9a-f]{4,20})")
NEWEST = 5
"""Requests that are named to somebody whose id is not in the log."""


def is_recorded(request: str) -> bool:
    """Whether this names a request of the log: `last`, or an id or its beginning, with or without `#`. A file of that
    name comes first."""
    return (request == "last" or _ID.fullmatch(request) is not None) and not Path(request).exists()


def explain(request: str, snapshot: Snapshot | None, other: bool, as_json: bool, body: bool) -> int:
    """Tells it; gives the exit code. `snapshot`: the rules in force, or with `other` those that decide it again."""
    settings = snapshot.settings if snapshot is not None else Settings()
    try:
        found = _found(request, settings)
    except StoreError as error:
        report.say(str(error), sys.stderr)
        return report.FOUND
    zoned = _zoned(settings)
    if len(found) > 1:
        report.say(f"several requests begin with {request}; write more of it:", sys.stderr)
        for each in found:
            report.say(f"  {each.record.request_id}  {recounting.in_a_line(each, zoned)}", sys.stderr)
        return report.MISUSED
    if not found:
        _not_there(request, settings, zoned)
        return report.FOUND
    if body:
        return _body(found[0])
    return _told(found[0], snapshot if other else None, as_json, zoned)


def _found(request: str, settings: Settings) -> tuple[Entry, ...]:
    """Raises StoreError if there is no log, or it cannot be read."""
    if not exists(settings.store, home()):
        off = "`server { log = off }` keeps it empty" if settings.log == "off" else "it begins with the first request"
        raise StoreError(f"nothing is logged yet in {shown(home() / NAME)}: {off}")
    match = _ID.fullmatch(request)
    store = open_store(settings.store, home(), writing=False)
    try:
        return store.find(f"req_{match['id']}" if match is not None else "last")
    finally:
        store.close()


def _not_there(request: str, settings: Settings, zoned: recounting.Zoned) -> None:
    store = open_store(settings.store, home(), writing=False)
    newest = list(store.read(0.0, 1e11, limit=NEWEST))
    store.close()
    report.say(f"no request {request} in the log{'; the newest are:' if newest else ', which is empty'}", sys.stderr)
    for each in newest:
        report.say(f"  {recounting.in_a_line(each, zoned)}", sys.stderr)


def _zoned(settings: Settings) -> Callable[[float], datetime]:
    zone = ZoneInfo(settings.zone) if settings.zone else None
    return lambda at: datetime.fromtimestamp(at, zone)


def _body(entry: Entry) -> int:
    if not entry.body:
        report.say(
            f"what {recounting.called(entry)} sent was not kept; `set log = full` keeps it from then on", sys.stderr
        )
        return report.FOUND
    sys.stdout.buffer.write(entry.body + b"\n")
    return report.GOOD


# ---- told -------------------------------------------------------------------------------------------------------------


def _told(entry: Entry, other: Snapshot | None, as_json: bool, zoned: recounting.Zoned) -> int:
    again = decided_again(entry, other) if other is not None else None
    if as_json:
        said = recounting.as_json(entry) | ({"again": _again_json(again, entry)} if again is not None else {})
        report.say(json.dumps(said, ensure_ascii=False, indent=2))
    else:
        report.say(recounting.text(entry, vocabulary().environment, zoned))
        if again is not None:
            report.say(f"\n  with these rules  {_again(again, entry)}")
    return report.FOUND if isinstance(again, Undecided) else report.GOOD


def _again(again: Decision | Undecided, entry: Entry) -> str:
    if isinstance(again, Undecided):
        return f"not decidable from the log: it hangs on `{again.attribute}`, which was not kept"
    outcome, rule = _outcome(again), f" ({again.rule.place})" if again.rule is not None else ""
    same = _same(again, entry)
    return f"the same: {outcome}{rule}" if same else f"{outcome}{rule}, where it was {_then(entry)}"


def _same(again: Decision, entry: Entry) -> bool:
    status = again.denial.status if again.denial is not None else 0
    return (tuple(map(str, again.chain)), status) == (entry.chain, entry.denied)


def _outcome(again: Decision) -> str:
    return f"denied, {again.denial.status}" if again.denial else ", then ".join(map(str, again.chain))


def _then(entry: Entry) -> str:
    return f"denied, {entry.denied}" if entry.denied else ", then ".join(entry.chain)


def _again_json(again: Decision | Undecided, entry: Entry) -> dict[str, object]:
    if isinstance(again, Undecided):
        return {"undecided": again.attribute}
    return {
        "same": _same(again, entry),
        "chain": [str(each) for each in again.chain],
        "denied": again.denial.status if again.denial else None,
        "rule": again.rule.place if again.rule else None,
    }
