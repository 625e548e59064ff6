"""Start the service in the background.

Waits until it answers. It reads config.json and the rules of the ccr home, takes every change of them while it runs, and
writes what it says to logs/service.log there. If it runs already, that is told and nothing changes. With --at-login the
system starts it at each login, too. Exit codes: 0 it runs, 1 it could not be started, 2 misused.
"""

import json
import sys
import time
from typing import Any

import click

from ccr.cli import report, serving
from ccr.cli.waiting import ticker
from ccr.daemon import login, service
from ccr.daemon.log import log_file
from ccr.live.files import SHIPPED
from ccr.live.paths import home, shown


@click.command("start", epilog="Example: ccr start --port 3456")
@serving.with_options
@click.option("--at-login", is_flag=True, help="Also start it at each login (ccr stop --at-login undoes that).")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_context
def command(context: click.Context, /, at_login: bool, as_json: bool, **options: Any) -> None:
    """Start the service in the background."""
    report.prepare()
    arguments = serving.arguments(**options)
    try:
        started = _start(arguments)
        unit = login.install(home(), serving.changed(started.service.arguments, arguments)) if at_login else ""
    except (service.NotStarted, login.NotDone) as why:
        report.say(f"not started:\n{why}" if isinstance(why, service.NotStarted) else str(why), sys.stderr)
        context.exit(report.FOUND)
    except OSError as error:
        report.say(f"not started: {error.filename or home()} cannot be written ({error.strerror})", sys.stderr)
        context.exit(report.FOUND)
    except KeyboardInterrupt:
        report.say("stopped waiting; `ccr status` says whether it runs", sys.stderr)
        context.exit(report.FOUND)
    if as_json:
        report.say(json.dumps(_as_json(started, unit), ensure_ascii=False, indent=2))
    else:
        _tell(started, arguments, unit)


def _start(arguments: list[str]) -> service.Started:
    with ticker("starting") as ticking:
        return service.start(home(), arguments, ticking=ticking)


def _as_json(started: service.Started, unit: str) -> dict[str, Any]:
    told = {"running": True, "started": started.fresh, **serving.as_json(started.service)}
    return {**told, "at_login": unit or None}


def _tell(started: service.Started, arguments: list[str], unit: str) -> None:
    there = started.service
    if started.fresh:
        report.say(f"ccr {there.version} runs at {there.url}  (pid {there.pid}, started in {started.seconds:.1f} s)")
        if found := serving.findings(started.said):
            report.say(f"\n{found}\n")
        report.say(f"log:   {shown(log_file(home()))}")
    else:
        when = serving.since(there.since, time.time())
        report.say(f"ccr {there.version} runs already at {there.url}  (pid {there.pid}, since {when})")
        report.say(f"started by {serving.keeper(there)}")
        if arguments and serving.changed(there.arguments, arguments) != list(there.arguments):
            report.say(f"it was started otherwise; to change that:  {serving.anew(there, arguments)}")
    if unit:
        report.say(f"login: {unit}; variables of your shell are not there then, so give it keys by `ccr key set`")
    if started.fresh and _is_bare(there):
        report.say("rules: none yet; `ccr init` finds what you have and writes the first ones")
    report.say(
        "next:  ccr status · ccr logs · ccr stop"
        if there.kept_by != service.TERMINAL
        else "next:  ccr status · ccr stop --force"
    )


def _is_bare(there: service.Running) -> bool:
    """Nothing of the person's says where requests go (amendments S3)."""
    snapshot = serving.world(serving.places_of(there.arguments)).snapshot
    return snapshot is not None and all(file.name.startswith(SHIPPED) for file in snapshot.sources)
