"""Say whether the service runs, where, by which rules, and how its providers do.

Also which Claude Code there is. If it does not run: whether its port is free, who has it, and the last lines of its log.
Exit codes: 0 it runs and answers, 1 it does not.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click
from msgspec import Struct

from ccr import __version__
from ccr.cli import report, roster, serving
from ccr.config.terminal import read_terminal
from ccr.daemon import login, records, service
from ccr.daemon.log import log_file
from ccr.daemon.neighbours import commands, npm_pid
from ccr.daemon.ports import holder
from ccr.launcher.executables import Executable, found, with_version
from ccr.live.paths import Places, home, places, shown
from ccr.routing.settings import Settings
from ccr.routing.snapshot import Snapshot
from ccr.upstream.roster import providers_json
from ccr.usage.opening import exists, open_store
from ccr.usage.queries import ask, period
from ccr.usage.store import StoreError, Sum

_LOG_LINES = 8


class Known(Struct, frozen=True):
    """All that was found out. `said`: what the service says of itself, None if it does not answer. `snapshot`: what lies
    on disk, None if it does not load. `held`: who has the port when nothing of ours runs."""

    places: Places
    there: service.Running | None
    said: Mapping[str, Any] | None
    snapshot: Snapshot | None
    port: int
    held: str
    claude: tuple[Executable, ...]
    today: Sum | None = None
    """What was asked today, by the log; None where there is none."""


@click.command("status", epilog="Example: ccr status --json")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """Say whether the service runs, where, by which rules, and how its providers do."""
    report.prepare()
    known = _look()
    if as_json:
        report.say(json.dumps(_as_json(known), ensure_ascii=False, indent=2))
    else:
        report.say("\n".join(_text(known)))
    context.exit(report.GOOD if known.said is not None else report.FOUND)


def _look() -> Known:
    there = service.running(home())
    where = serving.places_of(there.arguments) if there is not None else places()
    snapshot = serving.world(where).snapshot
    settings = snapshot.settings if snapshot is not None else None
    configured = read_terminal(settings.launcher).executable if settings is not None else ""
    with ThreadPoolExecutor(1) as aside:
        claude = aside.submit(_claude, configured)
        said = serving.health(there, settings) if there is not None else None
        host, port = (settings.host, settings.port) if settings is not None else ("127.0.0.1", 3456)
        held = "" if there is not None else holder(host, port)
        return Known(where, there, said, snapshot, port, held, claude.result(), _today(settings))


def _today(settings: Settings | None) -> Sum | None:
    if settings is None or not exists(settings.store, home()):
        return None
    today = datetime.now(ZoneInfo(settings.zone)).date() if settings.zone else date.today()
    try:
        store = open_store(settings.store, home(), writing=False)
        try:
            return ask(store, period("today", today), "", {}).total
        finally:
            store.close()
    except StoreError:
        return None


def _claude(configured: str) -> tuple[Executable, ...]:
    """The one that would be started, asked for its version, and the others."""
    all_there = found(home(), os.environ, configured)
    return (with_version(all_there[0]), *all_there[1:]) if all_there else ()


# ---- for a program --------------------------------------------------------------------------------------------------


def _as_json(known: Known) -> dict[str, Any]:
    there, said = known.there, known.said or {}
    unit = login.arranged(home())
    return {
        "running": known.said is not None,
        "version": there.version if there is not None else __version__,
        "service": serving.as_json(there) if there is not None else None,
        "pid_file": str(records.file_of(home(), there.port)) if there is not None else None,
        "port": {"number": there.port if there is not None else known.port, "held_by": known.held or None},
        "uptime": said.get("uptime"),
        "snapshot": {name: said.get(name) for name in ("snapshot", "age", "rules", "sources", "findings", "failure")},
        "today": {"requests": known.today.requests, "cost": known.today.cost / 1e6} if known.today else None,
        "providers": _configured(known, said.get("resting")),
        "claude": [
            {"path": each.path, "version": each.version or None, "source": each.source, "problem": each.problem or None}
            for each in known.claude
        ],
        "log": str(log_file(home())),
        "at_login": str(unit) if unit is not None else None,
    }


def _configured(known: Known, resting: Any) -> list[dict[str, Any]] | None:
    """Those the person has; None where the configuration does not load."""
    if known.snapshot is None:
        return None
    return [each for each in providers_json(known.snapshot.catalog, resting) if each["configured"]]


# ---- for a person ---------------------------------------------------------------------------------------------------


def _text(known: Known) -> Iterator[str]:
    if known.there is None:
        yield from _stopped(known)
    else:
        yield from _running(known, known.there)
    yield from _providers(known)
    yield from _executables(known.claude)
    yield ""
    yield _next(known.there)


def _next(there: service.Running | None) -> str:
    """What can be done now: one that has a terminal keeps no log and is not started anew from another."""
    if there is None:
        return "next:  ccr start · ccr doctor"
    alone = there.kept_by == service.TERMINAL
    return "next:  ccr usage · ccr stop --force" if alone else "next:  ccr logs · ccr restart · ccr stop"


def _running(known: Known, there: service.Running) -> Iterator[str]:
    now = time.time()
    answers = "runs" if known.said is not None else "is there and does not answer; ccr restart"
    yield f"ccr {there.version} {answers}"
    rows = [
        ("endpoint", there.url),
        ("process", f"pid {there.pid}, since {serving.since(there.since, now)}, started by {serving.keeper(there)}"),
        ("pid file", shown(records.file_of(home(), there.port))),
        *([("log", shown(Path(there.log)))] if there.log else []),
        *_rules(known, now),
        *_requests(known.today),
    ]
    yield roster.table(rows)


def _rules(known: Known, now: float) -> Iterator[tuple[str, str]]:
    said = known.said or {}
    if "snapshot" not in said:
        if known.said is not None:
            yield (
                "rules",
                "the service tells a stranger no more: the key in the configuration is not the one it runs with",
            )
        return
    files = ", ".join(name for name in said["sources"] if not name.startswith("ccr:")) or "no rule files"
    yield "rules", f"snapshot {said['snapshot']}, {serving.age(said['age'])} old, from {files}"
    if said.get("findings"):
        yield "", f"{said['findings']} findings; ccr check shows them"
    if failure := said.get("failure"):
        when = serving.since(failure["at"], now)
        yield "stale", f"the reload of {when} failed, and the rules of before are in force:"
        yield from (("", line) for line in failure["text"].splitlines())


def _requests(today: Sum | None) -> Iterator[tuple[str, str]]:
    if today is not None:
        failed = f", {today.failed} failed" if today.failed else ""
        noun = "request" if today.requests == 1 else "requests"
        yield "today", f"{today.requests:,} {noun}{failed}, ${today.cost / 1e6:.2f}   (ccr usage)"


def _stopped(known: Known) -> Iterator[str]:
    yield f"ccr {__version__} does not run"
    yield roster.table([("port", f"{known.port} is {f'taken by {known.held}' if known.held else 'free'}"), *_npm()])
    lines = service.said(home()).splitlines()[-_LOG_LINES:]
    if lines:
        yield ""
        yield f"the last lines of {shown(log_file(home()))}:"
        yield from (f"  {line}" for line in lines)
    if known.snapshot is None:
        yield ""
        yield "config.json or the rules do not load; ccr check says why"


def _npm() -> Iterator[tuple[str, str]]:
    """The other program with this name (amendments S18, S26)."""
    pid = npm_pid(home())
    theirs = next((each for each in commands(os.environ.get("PATH", "")) if each.npm), None)
    if pid is not None:
        with_what = f"{theirs.path} stop" if theirs is not None else "its own `ccr stop`"
        yield "npm", f"claude-code-router seems to run, too (pid {pid}); {with_what} stops it"


def _providers(known: Known) -> Iterator[str]:
    if known.snapshot is None:
        return
    yield ""
    resting = (known.said or {}).get("resting")
    rows = roster.providers_rows(known.snapshot.catalog, resting)
    yield "providers" if rows else "providers: none yet; ccr providers says what each needs"
    if rows:
        yield roster.table(rows)


def _executables(claude: tuple[Executable, ...]) -> Iterator[str]:
    yield ""
    if not claude:
        yield "Claude Code: not found; https://docs.anthropic.com/en/docs/claude-code/setup says how to install it"
        return
    yield "Claude Code"
    first, *others = claude
    yield roster.table([(first.version or first.problem or "?", first.path, first.source)])
    if others:
        yield f"  and {len(others)} more; ccr claude lists them"
