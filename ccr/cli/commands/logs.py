"""Show what the service in the background said: starts, requests, reloads, what went wrong.

The last 50 entries unless --lines or --since say otherwise; --follow goes on with what comes until Ctrl-C. A request's text
and keys are never in it. What rules decided and what it cost stands in the log of requests (`ccr usage`). Exit codes: 0
good, 1 there is no log or nothing fits, 2 misused.
"""

import json
import re
import sys
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import click

from ccr.cli import report, serving
from ccr.daemon import log, service
from ccr.live.paths import home, shown

_LAST = 50
_PATIENCE = 0.2
_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}
_AGO = re.compile(r"(\d+(?:\.\d+)?) ?(s|m|min|h|d|w)")
_MOMENTS = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d")
_CLOCKS = ("%H:%M", "%H:%M:%S")


class Moment(click.ParamType[float]):
    """`10m`, `2h`, `1d`, `13:05`, `2026-11-22 13:05`: seconds since the epoch."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        found = moment(str(value), time.time())
        if found is None:
            self.fail(f"{value!r} is no moment; say 10m, 2h, 1d, 13:05 or 2026-11-22 13:05", param, ctx)
        return found


def moment(text: str, now: float) -> float | None:
    """What a person means by it, in seconds since the epoch."""
    ago = _AGO.fullmatch(text.strip())
    if ago is not None:
        return now - float(ago[1]) * _UNITS[ago[2]]
    today = time.strftime("%Y-%m-%d", time.localtime(now))
    forms = [(text, form) for form in _MOMENTS] + [(f"{today} {text}", f"%Y-%m-%d {form}") for form in _CLOCKS]
    for said, form in forms:
        try:
            return time.mktime(time.strptime(said.strip(), form))
        except ValueError:
            continue
    return None


@click.command("logs", epilog="Example: ccr logs --follow --level warning")
@click.option("--follow", "-f", is_flag=True, help="Go on with what comes, until Ctrl-C.")
@click.option("--lines", "-n", type=click.IntRange(1), help=f"So many entries at most (default: {_LAST}).")
@click.option("--since", type=Moment(), help="From this moment on: 10m, 2h, 1d, 13:05, 2026-11-22 13:05.")
@click.option("--level", type=click.Choice(log.LEVELS), default="debug", help="This and what is worse.")
@click.option("--text", "-t", help="Only entries with these words in them, in any case.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_context
def command(
    context: click.Context,
    follow: bool,
    lines: int | None,
    since: float | None,
    level: str,
    text: str | None,
    as_json: bool,
) -> None:
    """Show what the service in the background said: starts, requests, reloads, what went wrong."""
    report.prepare()
    if not follow and not log.log_file(home()).exists():
        report.say(_no_log(), sys.stderr)
        context.exit(report.FOUND)
    worst = log.LEVELS.index(level)

    def fits(entry: log.Entry) -> bool:
        return (
            log.LEVELS.index(entry.level) >= worst
            and (since is None or entry.at >= since)
            and (text is None or text.casefold() in entry.text.casefold())
        )

    coming = log.coming(home(), _PATIENCE) if follow else iter(())
    next(coming, "")  # the end of the log is noted before the past is read
    most = lines if lines is not None or since is not None else _LAST
    past = deque((each for each in log.entries(log.past(home())) if fits(each)), maxlen=most)
    for entry in past:
        _say(entry, as_json)
    if follow:
        _follow(coming, fits, as_json)
    elif not past:
        report.say("nothing fits", sys.stderr)
        context.exit(report.FOUND)


def _no_log() -> str:
    """Why there is nothing to read, and where it is said instead."""
    there = service.running(home())
    if there is not None and there.kept_by == service.TERMINAL:
        return (
            f"there is no log: {there.url} (pid {there.pid}) was started by {serving.keeper(there)}, and says there what "
            "it says; its requests are in `ccr usage` and `ccr explain last`"
        )
    return f"there is no log yet: {shown(log.log_file(home()))}; `ccr start` begins one"


def _follow(coming: Iterator[str], fits: Any, as_json: bool) -> None:
    """Entry by entry: one is whole when another begins, or when nothing came for a moment."""
    if service.running(home()) is None:
        report.say("no service runs now; waiting for one", sys.stderr)
    try:
        held: list[str] = []
        for line in coming:
            if line and (not held or not log.begins(line)):
                held.append(line)
                continue
            for entry in log.entries(held):
                if fits(entry):
                    _say(entry, as_json)
            held = [line] if line else []
    except KeyboardInterrupt:
        return


def _say(entry: log.Entry, as_json: bool) -> None:
    if as_json:
        report.say(json.dumps({"at": entry.at or None, "level": entry.level, "text": entry.text}, ensure_ascii=False))
    else:
        report.say(entry.text)
    sys.stdout.flush()
