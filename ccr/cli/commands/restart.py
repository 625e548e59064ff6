"""Start the service anew, with what it was started with.

What is said here comes in place of what was said to `ccr start`. The sources are read first: if they do not load, the
service that runs is left alone. If none runs, one is started. Exit codes: 0 it runs, 1 it does not load or could not be
started, 2 misused.
"""

import json
import sys
from typing import Any

import click

from ccr.cli import report, serving
from ccr.cli.waiting import ticker
from ccr.daemon import records, service
from ccr.daemon.log import log_file
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.render_text import render
from ccr.live.paths import home, shown


@click.command("restart", epilog="Example: ccr restart")
@serving.with_options
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_context
def command(context: click.Context, /, as_json: bool, **options: Any) -> None:
    """Start the service anew, with what it was started with."""
    report.prepare()
    there = service.running(home())
    said = serving.changed(_kept(there) if there is not None else [], serving.arguments(**options))
    if there is not None and (why := _why_not(there, said)):
        report.say(why, sys.stderr)
        context.exit(report.FOUND)
    try:
        stopped, started = _again(there, said)
    except service.NotStarted as failure:
        report.say(f"not started:\n{failure}", sys.stderr)
        context.exit(report.FOUND)
    except OSError as error:
        report.say(f"not started: {error.filename or home()} cannot be written ({error.strerror})", sys.stderr)
        context.exit(report.FOUND)
    if as_json:
        told = {"running": True, "was_running": there is not None, **serving.as_json(started.service)}
        report.say(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        _tell(stopped, started)


def _kept(there: service.Running) -> list[str]:
    """What it was started with; at a port of the system's choice it stays."""
    said = list(there.arguments)
    return serving.changed(said, ["--port", str(there.port)]) if serving.value(said, "--port") == "0" else said


def _why_not(there: service.Running, said: list[str]) -> str:
    if there.kept_by == records.TERMINAL:
        return (
            f"left as it is: {there.url} (pid {there.pid}) was started by {serving.keeper(there)}; start it anew there. "
            "Rules and config.json are taken by `ccr serve --watch` without a restart"
        )
    loaded = serving.world(serving.places_of(said))
    if loaded.snapshot is not None:
        return ""
    errors = [each for each in loaded.diagnostics if each.level is Severity.ERROR]
    return f"{render(errors, report.colourful(sys.stderr))}\nleft running as it is (pid {there.pid}): mend that first"


def _again(there: service.Running | None, said: list[str]) -> tuple[service.Stopped | None, service.Started]:
    stopped = None
    if there is not None:
        with ticker("letting answers end") as ticking:
            stopped = service.stop(there, ticking=ticking)
        if not stopped.ended:
            raise service.NotStarted(f"the one that runs (pid {there.pid}) could not be ended")
    with ticker("starting") as ticking:
        kept_by = there.kept_by if there is not None else service.STARTED
        return stopped, service.start(home(), said, kept_by=kept_by, ticking=ticking)


def _tell(stopped: service.Stopped | None, started: service.Started) -> None:
    there = started.service
    if stopped is None:
        report.say("none was running")
    else:
        report.say(f"the old one {'was killed' if stopped.killed else 'ended'} after {stopped.seconds:.1f} s")
    report.say(f"ccr {there.version} runs at {there.url}  (pid {there.pid}, started in {started.seconds:.1f} s)")
    if found := serving.findings(started.said):
        report.say(f"\n{found}\n")
    report.say(f"log:   {shown(log_file(home()))}")
