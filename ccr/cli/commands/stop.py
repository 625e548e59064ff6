"""Stop the service that runs in the background.

Answers that run may end first, for at most 20 seconds; then it is ended, and that is told. A `ccr serve` of another
terminal is left alone unless --force says otherwise. If nothing runs, that is told and all is well. Exit codes: 0 nothing
runs now, 1 something still does.
"""

import json
import sys
from typing import Any

import click

from ccr.cli import report, serving
from ccr.cli.waiting import ticker
from ccr.daemon import login, records, service
from ccr.daemon.neighbours import npm_pid
from ccr.live.paths import home


@click.command("stop", epilog="Example: ccr stop")
@click.option("--port", type=click.IntRange(1, 65535), help="The service at this port, if there are several.")
@click.option("--force", is_flag=True, help="Also one that runs in a terminal, or by a service manager.")
@click.option("--at-login", is_flag=True, help="Also start it at login no more.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_context
def command(context: click.Context, port: int | None, force: bool, at_login: bool, as_json: bool) -> None:
    """Stop the service that runs in the background."""
    report.prepare()
    try:
        unit = login.remove(home()) if at_login else ""
    except login.NotDone as why:
        report.say(str(why), sys.stderr)
        context.exit(report.FOUND)
    there = service.running(home(), port)
    stopped = _stop(there, force)
    if as_json:
        report.say(json.dumps(_as_json(there, stopped, unit), ensure_ascii=False, indent=2))
    else:
        _tell(there, stopped)
        if at_login:
            report.say(unit or "it was not started at login")
    context.exit(report.GOOD if there is None or (stopped is not None and stopped.ended) else report.FOUND)


def _stop(there: service.Running | None, force: bool) -> service.Stopped | None:
    """None if there is nothing that may be stopped."""
    if there is None or (there.kept_by == records.TERMINAL and not force):
        return None
    with ticker("letting answers end") as ticking:
        return service.stop(there, ticking=ticking)


def _tell(there: service.Running | None, stopped: service.Stopped | None) -> None:
    if there is None:
        report.say("nothing to stop: no ccr runs")
        pid = npm_pid(home())
        if pid is not None:
            report.say(f"npm's claude-code-router seems to run (pid {pid}); its own `ccr stop` stops it")
    elif stopped is None:
        report.say(
            f"left running: {there.url} (pid {there.pid}) was started by {serving.keeper(there)}; "
            "end it there with Ctrl-C, or:  ccr stop --force",
            sys.stderr,
        )
    elif stopped.ended:
        how = "did not end by itself and was killed" if stopped.killed else "stopped"
        report.say(f"{how}: {there.url} (pid {there.pid}) after {stopped.seconds:.1f} s")
    else:
        report.say(f"still running: pid {there.pid} could not be ended; end it by the system's own means", sys.stderr)


def _as_json(there: service.Running | None, stopped: service.Stopped | None, unit: str) -> dict[str, Any]:
    return {
        "running": there is not None and not (stopped is not None and stopped.ended),
        "stopped": stopped is not None and stopped.ended,
        "killed": stopped is not None and stopped.killed,
        "service": serving.as_json(there) if there is not None else None,
        "at_login_removed": unit or None,
    }
