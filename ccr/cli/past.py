"""The log for commands that decide its requests again: from when on, from which file, and by whose rules.

The rules are loaded as the machine that served had them: keys that are not set in this shell are stood in for, and models
that local servers had are there, as far as the log shows. Nothing is sent anywhere.
"""

import asyncio
import re
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from ccr.cli import report
from ccr.cli.waiting import ticker
from ccr.lang.literals import UNITS
from ccr.lang.types import Kind
from ccr.live.files import read_sources
from ccr.live.paths import home, places, shown
from ccr.live.projects import Projects
from ccr.live.surroundings import look
from ccr.routing.replay import as_served
from ccr.routing.settings import Settings
from ccr.routing.snapshot import Loaded, Snapshot
from ccr.routing.surroundings import Sources, Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.usage.again import facts_of
from ccr.usage.entry import Entry
from ccr.usage.opening import NAME, exists, open_store
from ccr.usage.replaying import Worlds
from ccr.usage.store import Store, StoreError

_SPAN = re.compile(r"(\d+)(ms|s|m|h|d|w)")
_WEEK = 7 * UNITS[Kind.DURATION]["d"]
FAR = 1e11
"""Later than anything, in seconds since the epoch."""
_TICK = 500
_LONGEST = 3600.0
"""Seconds that a request may last and is still heard of while following: it is written when it has ended."""


class Span(click.ParamType[float]):
    """`7d`, `12h`: seconds. What the language calls a duration, and weeks."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        found = _SPAN.fullmatch(value)
        if found is None or not int(found[1]):
            self.fail(f"{value!r} is no time span: write 7d, 12h or 2w", param, ctx)
        return int(found[1]) * {**UNITS[Kind.DURATION], "w": _WEEK}[found[2]] / 1000


def store_of(settings: Settings, file: Path | None = None) -> Store:
    """The log to read, or a copy of one. Raises StoreError if there is none, with why."""
    if file is not None:
        from ccr.usage.sqlite import SqliteStore

        return SqliteStore(file, writing=False)
    if not exists(settings.store, home()):
        off = "`server { log = off }` keeps it empty" if settings.log == "off" else "it begins with the first request"
        raise StoreError(f"nothing is logged yet in {shown(home() / NAME)}: {off}; start with `ccr serve`")
    return open_store(settings.store, home(), writing=False)


def running_settings(config: Path | None) -> Settings:
    """Those in force, which say where the log is."""
    loaded = load(read_sources(places(config=config)), look(home(), {}), vocabulary(), proofs=False)
    return loaded.snapshot.settings if loaded.snapshot is not None else Settings()


def surroundings_of(sources: Sources, store: Store, seconds: float) -> Surroundings:
    """What was known on the machine that served the last so many seconds."""
    here = look(home(), {})
    loaded = load(sources, here, vocabulary(), proofs=False)
    if loaded.snapshot is None:
        return here
    since = datetime.now(UTC) - timedelta(seconds=min(seconds, FAR / 100), days=1)
    targets = store.sums(since.date().isoformat(), "9999-99-99", "target")
    return as_served(here, loaded.snapshot, [each.key for each in targets])


def loaded_as_then(sources: Sources, store: Store, seconds: float) -> Loaded:
    """The rules, as they would have been loaded there."""
    return load(sources, surroundings_of(sources, store, seconds), vocabulary(), proofs=False)


def entries(store: Store, seconds: float, words: str) -> Iterator[Entry]:
    """The requests of the last so many seconds, oldest first; a line on the terminal says that it takes a while."""
    with ticker(words) as tick:
        for number, entry in enumerate(store.read(time.time() - seconds, FAR)):
            if not number % _TICK:
                tick()
            yield entry


def follow(store: Store, since: float, every: float = 1.0) -> Iterator[Entry]:
    """The requests that began after `since` (seconds since the epoch), as they are written, until Ctrl-C."""
    seen = dict[str, float]()
    while True:
        floor = max(since, time.time() - _LONGEST)
        for entry in store.read(floor, FAR):
            if entry.record.request_id not in seen:
                seen[entry.record.request_id] = entry.at
                yield entry
        seen = {id_: at for id_, at in seen.items() if at >= floor}
        time.sleep(every)


def worlds(running: Snapshot) -> Worlds:
    """By whose rules a request is decided: somebody at this machine gets those of their project and session, too."""
    projects = Projects(home(), vocabulary(), lambda line: report.say(line, sys.stderr))
    known: dict[tuple[str, str], Snapshot] = {}

    def world(entry: Entry) -> Snapshot:
        if not entry.local:
            return running
        key = entry.record.session, entry.project
        if key not in known:
            known[key] = asyncio.run(projects.own(running, facts_of(entry, running)))
        return known[key]

    return world if _has_own(home()) else lambda entry: running


def _has_own(base: Path) -> bool:
    """Whether any project is trusted or any session has rules."""
    from ccr.live.trust import Trusted

    return bool(Trusted(base).projects()) or (base / "sessions").is_dir()


# ---- beside a proof ---------------------------------------------------------------------------------------------------

_NEWEST = 20_000
"""Requests that are looked at beside a proof: under a second."""


def newest(config: Path | None) -> list[Entry]:
    """The newest requests of the log; none where there is no log that can be read, since nobody asked for it."""
    settings = running_settings(config)
    if not exists(settings.store, home()):
        return []
    try:
        store = store_of(settings)
        try:
            return list(store.read(0.0, FAR, limit=_NEWEST))
        finally:
            store.close()
    except StoreError:
        return []
