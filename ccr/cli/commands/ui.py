"""Open the web UI in the browser.

Starts the service if none runs. The address that is printed holds a code, which opens the door once within ten minutes
without a password: for another machine, for a first password, or for a forgotten one. Whoever can read the ccr home can
print one, nobody else. Exit codes: 0 it runs, 1 it could not be started.
"""

import json
import os
import sys
import time
import webbrowser
from contextlib import suppress
from typing import Any

import click

from ccr.api.pages import FOLDER, INDEX
from ccr.api.password import INVITATION_AGE, Keeper
from ccr.cli import report, serving
from ccr.cli.waiting import ticker
from ccr.daemon import service
from ccr.live.paths import home

_NOT_BUILT = (
    "its pages are not built: install Node 20 or newer and run `make ui` in the checkout; /ui says so until then"
)


@click.command("ui", epilog="Example: ccr ui --no-open")
@serving.with_options
@click.option("--no-open", is_flag=True, help="Only print the address.")
@click.option("--json", "as_json", is_flag=True, help="For a program; opens nothing.")
@click.pass_context
def command(context: click.Context, /, no_open: bool, as_json: bool, **options: Any) -> None:
    """Open the web UI in the browser."""
    report.prepare()
    try:
        started = _start(serving.arguments(**options))
        code = Keeper(home(), lambda: None, time.time).invite()
    except service.NotStarted as why:
        report.say(f"not started:\n{why}", sys.stderr)
        context.exit(report.FOUND)
    except OSError as error:
        report.say(f"{error.filename or home()} cannot be written ({error.strerror})", sys.stderr)
        context.exit(report.FOUND)
    except KeyboardInterrupt:
        report.say("stopped waiting; `ccr status` says whether it runs", sys.stderr)
        context.exit(report.FOUND)
    address = f"{started.service.url}/ui"
    opened = not (no_open or as_json) and _open(address)
    if as_json:
        report.say(json.dumps(_as_json(started, address, code), ensure_ascii=False, indent=2))
    else:
        _tell(started, address, code, opened)


def _start(arguments: list[str]) -> service.Started:
    with ticker("starting") as ticking:
        return service.start(home(), arguments, ticking=ticking)


def _open(address: str) -> bool:
    """Whether a browser was opened. The code is not handed to it: other users see the arguments of programs."""
    seen = sys.platform in ("win32", "darwin") or any(map(os.environ.get, ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY")))
    if not seen:
        return False
    with suppress(webbrowser.Error, OSError):
        return webbrowser.open(address)
    return False


def _as_json(started: service.Started, address: str, code: str) -> dict[str, Any]:
    told = {"url": address, "once": f"{address}#code={code}", "seconds": INVITATION_AGE, "built": _is_built()}
    return {**told, "started": started.fresh, "service": serving.as_json(started.service)}


def _tell(started: service.Started, address: str, code: str, opened: bool) -> None:
    if started.fresh:
        report.say(f"ccr runs now at {started.service.url}; `ccr stop` ends it")
    report.say(f"opened {address}" if opened else f"open  {address}")
    report.say(f"without a password, once within {INVITATION_AGE / 60:.0f} minutes:  {address}#code={code}")
    if not _is_built():
        report.say(_NOT_BUILT, sys.stderr)


def _is_built() -> bool:
    return (FOLDER / INDEX).is_file()
