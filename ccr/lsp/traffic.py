"""What a rule has done lately, from the log: `231 requests · $12.40 · last 7 days` above the rule.

Without a log there is nothing, and nothing is made. The log knows a rule by its line; it is told only where the rule that
was last chosen there reads as the one that stands there now, so that an edit does not give a rule another's traffic.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from lsprotocol import types as lsp
from msgspec import Struct

from ccr.desk.desk import View
from ccr.diagnostics.veil import veil
from ccr.live.paths import placed
from ccr.lsp.convert import Places
from ccr.routing.decision import RuleRef
from ccr.routing.explain import said
from ccr.usage.opening import exists, open_store
from ccr.usage.store import Store, StoreError, Sum

DAYS = 7
_EVER = 1e12
_TEXT = 300
"""Characters of a rule's text that the log keeps."""


class _Rule(Struct, frozen=True):
    ref: RuleRef
    text: str


def lenses(view: View, home: Path, today: date, places: Places) -> list[lsp.CodeLens]:
    """For each rule of the document that was chosen in the last days."""
    snapshot = view.world.loaded.snapshot
    address = snapshot.settings.store if snapshot is not None else ""
    if snapshot is None or not exists(address, home):
        return []
    try:
        store = open_store(address, home, writing=False)
        try:
            return [*_told(view, store, today, places)]
        finally:
            store.close()
    except StoreError:
        return []


def _told(view: View, store: Store, today: date, places: Places) -> Iterator[lsp.CodeLens]:
    here = {rule.ref.at.position[0]: rule for rule in _rules(view)}
    since = (today - timedelta(days=DAYS - 1)).isoformat()
    for total in store.sums(since, today.isoformat(), "rule"):
        name, _, line = total.key.rpartition(":")
        rule = here.get(int(line)) if line.isdigit() and _fits(name, view.source.name) else None
        if rule is not None and _still(rule, store, total.key):
            yield lsp.CodeLens(places.range(rule.ref.at), lsp.Command(words(total), ""))


def _rules(view: View) -> Iterator[_Rule]:
    """The rules of the document that route or deny."""
    snapshot = view.world.loaded.snapshot
    assert snapshot is not None
    for layer in snapshot.policy.layers:
        found = [RuleRef(layer.name, rule.at, rule.action) for rule in layer.program.tree.rules]
        default = layer.program.default
        refs = [*found, *([RuleRef(layer.name, default.span, default.action)] if default is not None else [])]
        for ref in refs:
            if ref.at.file is view.source:
                yield _Rule(ref, veil(said(ref, snapshot))[:_TEXT])


def _fits(name: str, own: str) -> bool:
    """Whether the log's name of a file, as it is called from where the proxy was started, is this document."""
    path = placed(own).as_posix()
    return placed(name).as_posix() == path or (not name.startswith(("/", "~")) and path.endswith(f"/{name}"))


def _still(rule: _Rule, store: Store, key: str) -> bool:
    """Whether what was chosen there last reads as it does now."""
    newest = next(iter(store.read(0.0, _EVER, {"rule": key}, limit=1)), None)
    chosen = [each.text for each in newest.looked if each.chosen] if newest is not None else []
    return rule.text in chosen


def words(total: Sum) -> str:
    count = f"{total.requests:,} request{'' if total.requests == 1 else 's'}"
    money = f"${total.cost / 1_000_000:,.2f}" if total.cost else "no known cost"
    failed = f" · {total.failed:,} failed" if total.failed else ""
    return f"{count} · {money}{failed} · last {DAYS} days"
