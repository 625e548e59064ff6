"""The lines that `ccr activate`, `ccr env` and `ccr deactivate` print for a shell."""

import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from ccr.cli import launching, report
from ccr.daemon import service
from ccr.launcher.environment import Changes, Wishes
from ccr.launcher.shells import SHELLS, lines, shell_named, taken_back, with_return
from ccr.live.paths import home, shown


def OPTIONS(function: Callable[..., Any]) -> Callable[..., Any]:
    """What the three take."""
    named = click.option("--shell", type=click.Choice(list(SHELLS)), help="Which shell (default: that of $SHELL).")
    told = click.option("--json", "as_json", is_flag=True, help="For a program.")
    return named(told(function))


def tell_changes(shell: str | None, as_json: bool, command: str) -> int:
    """Prints what to set and unset. The exit code."""
    report.prepare()
    there = service.running(home())
    world = launching.look_at_world(there)
    if isinstance(world, tuple):
        launching.tell(world)
        return report.FOUND
    url = launching.service_url(world.settings, there)
    wanted = launching.wishes(world, url)
    made = launching.made_changes(wanted)
    if as_json:
        _print_json(made, wanted, running=there is not None)
        return report.GOOD
    _print_lines(with_return(os.environ, made), shell, command, wanted.key)
    for clash in launching.leading_elsewhere(wanted, launching.files_of(Path.cwd())):
        means = "and is managed" if clash.managed else "and wins over these; `ccr code` overrules it"
        report.say(f"{shown(Path(clash.path))} sets {clash.name} {means}", sys.stderr)
    if there is None:
        report.say("no service runs yet: `ccr start` starts it", sys.stderr)
    return report.GOOD


def tell_return(shell: str | None, as_json: bool) -> int:
    """Prints what takes the last activation back. The exit code."""
    report.prepare()
    made = taken_back(os.environ)
    if as_json:
        report.say(
            json.dumps(
                {"set": dict(made.to_set), "unset": made.to_unset} if made else {"set": {}, "unset": []}, indent=2
            )
        )
    elif made is None:
        report.say("nothing is active in this shell", sys.stderr)
    else:
        _print_lines(made, shell, "deactivate", "")
    return report.GOOD


def _print_lines(made: Changes, named: str | None, command: str, key: str) -> None:
    called = named or shell_named(os.environ.get("SHELL", ""), os.name == "nt")
    shell = SHELLS[called]
    text = "\n".join(lines(shell, made))
    if sys.stdout.isatty():
        report.say(text.replace(key, "***") if key else text)
        report.say(f"to have it in this shell: {shell.evaluate.format(command=command)}", sys.stderr)
    else:
        report.say(text)


def _print_json(made: Changes, wanted: Wishes, *, running: bool) -> None:
    found = launching.leading_elsewhere(wanted, launching.files_of(Path.cwd()))
    told = {
        "url": wanted.url,
        "running": running,
        "set": dict(made.to_set),
        "unset": list(made.to_unset),
        "overruled": [
            {"variable": each.name, "file": shown(Path(each.path)), "managed": each.managed} for each in found
        ],
    }
    text = json.dumps(told, ensure_ascii=False, indent=2)
    report.say(text.replace(wanted.key, "***") if wanted.key and sys.stdout.isatty() else text)
