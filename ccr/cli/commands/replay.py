"""Decide the requests of the log by other rules: what would have changed, and what it would have cost.

Nothing is sent: the log holds the facts of each request, and rules decide by facts. What hangs on something the log does
not hold, such as the text of a prompt, is counted as not decidable, never guessed. FILE is a copy of another log. Cost is
an interval, since nobody knows how much would have been read from a cache. --live does so with requests as they are
written to the log: a line for each that would go elsewhere, and the sum at Ctrl-C. Exit codes: 0 told, 1 a limit of --fail-over or
--fail-changed is passed, the rules do not load or there is no log, 2 misused.
"""

import json
import re
import sys
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from ccr.cli import past, report
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.render_text import render
from ccr.live.files import read_sources
from ccr.live.paths import places
from ccr.usage import differences
from ccr.usage.replaying import GROUPS, Change, Replay, Result
from ccr.usage.store import Store, StoreError


class Percent(click.ParamType[float]):
    """`5%`, `+5%` or `5`: a part of one."""

    name = "percent"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        if isinstance(value, float):
            return value
        found = re.fullmatch(r"\+?(\d+(?:\.\d+)?)\s*%?", value)
        if found is None:
            self.fail(f"{value!r} is no percentage: write 5%", param, ctx)
        return float(found[1]) / 100


@click.command("replay", epilog="Example: ccr replay --last 7d --rules new-rules/")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--last", "seconds", metavar="7d", type=past.Span(), help="How far back (default: 7d, of FILE all).")
@click.option(
    "--rules", type=click.Path(path_type=Path, exists=True), help="The folder or file in the user layer's place."
)
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Another config.json.")
@click.option("--group-by", "by", type=click.Choice(GROUPS), help="Tell changes apart by this, not by from and to.")
@click.option("--fail-over", metavar="+5%", type=Percent(), help="Exit 1 if all may cost more than this much more.")
@click.option("--fail-changed", metavar="1%", type=Percent(), help="Exit 1 if more requests than this go elsewhere.")
@click.option("--live", is_flag=True, help="Requests as they come from now on, until Ctrl-C; nothing is routed by it.")
@click.option("--all", "everything", is_flag=True, help=f"All rows, not only {differences.SHOWN}.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is told.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_context
def command(
    context: click.Context,
    file: Path | None,
    seconds: float | None,
    rules: Path | None,
    config: Path | None,
    by: str | None,
    fail_over: float | None,
    fail_changed: float | None,
    live: bool,
    everything: bool,
    form: str,
    as_json: bool,
) -> None:
    """Decide the requests of the log by other rules."""
    report.prepare()
    if live and (file is not None or seconds is not None):
        raise click.UsageError("--live hears requests from now on: leave FILE and --last out")
    as_json = as_json or form == "json"
    span = seconds if seconds is not None else past.FAR if file is not None else past.Span().convert("7d", None, None)
    try:
        store = past.store_of(past.running_settings(config), file)
        try:
            result = _replayed(store, span, rules, config, by or "", _Live(as_json) if live else None)
        finally:
            store.close()
    except StoreError as error:
        report.say(str(error), sys.stderr)
        context.exit(report.FOUND)
    if result is None:
        context.exit(report.FOUND)
    if as_json:
        report.say(json.dumps(differences.as_json(result, by or ""), ensure_ascii=False, indent=None if live else 2))
    elif not result.requests:
        nothing = "no request came" if live else "no request is logged in that time: --last 30d looks further back"
        report.say(nothing, sys.stderr)
    else:
        report.say(differences.text(result, by or "", everything))
    context.exit(report.FOUND if _passed(result, fail_over, fail_changed) else report.GOOD)


class _Live:
    """Tells each change as it is heard."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json

    def hear(self, run: Replay, store: Store) -> None:
        """Until Ctrl-C."""
        since = time.time()  # before it is said: a generator begins only when it is asked
        report.say("hearing every request that is logged from now on; Ctrl-C ends and adds up", sys.stderr)
        with suppress(KeyboardInterrupt):
            for entry in past.follow(store, since):
                change = run.hear(entry)
                if change is not None:
                    report.say(self._line(change))
                    sys.stdout.flush()

    def _line(self, change: Change) -> str:
        if self._as_json:
            return json.dumps(differences.change_as_json(change), ensure_ascii=False)
        return f"{datetime.fromtimestamp(change.entry.at):%H:%M:%S}  {differences.line(change)}"


def _replayed(
    store: Store, seconds: float, rules: Path | None, config: Path | None, by: str, live: _Live | None
) -> Result | None:
    """None, and words on standard error, if the rules do not load."""
    loaded = past.loaded_as_then(read_sources(places(config=config, rules=rules)), store, seconds)
    if loaded.snapshot is None:
        errors = [each for each in loaded.diagnostics if each.level is Severity.ERROR]
        report.say(render(errors, report.colourful(sys.stderr)).rstrip("\n"), sys.stderr)
        return None
    run = Replay(past.worlds(loaded.snapshot), by)
    if live is not None:
        live.hear(run, store)
        return run.result
    for entry in past.entries(store, seconds, "deciding again"):
        run.hear(entry)
    return run.result


def _passed(result: Result, over: float | None, changed: float | None) -> bool:
    """Says which limit is passed."""
    told: list[str] = []
    if over is not None and (result.dearer is None or result.dearer > over):
        more = f"{100 * result.dearer:.1f} %" if result.dearer is not None else "something, where it cost nothing"
        told.append(f"all may cost {more} more, which is over {100 * over:g} %")
    if changed is not None and result.share > changed:
        told.append(f"{100 * result.share:.1f} % of the requests go elsewhere, which is over {100 * changed:g} %")
    for each in told:
        report.say(each, sys.stderr)
    return bool(told)
