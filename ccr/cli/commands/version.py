"""Say which ccr this is, on which Python and machine, and where its files are.

What to put into a report of a mistake: nothing of it is secret. Exit code 0.
"""

import json
import os
import platform
import sys
from pathlib import Path

import click

import ccr
from ccr.cli import report
from ccr.cli.roster import table
from ccr.daemon.neighbours import commands
from ccr.live.paths import home, shown


@click.command("version", epilog="Example: ccr version --json")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
def command(as_json: bool) -> None:
    """Say which ccr this is, on which Python and machine, and where its files are."""
    report.prepare()
    known = {
        "ccr": ccr.__version__,
        "python": platform.python_version(),
        "executable": sys.executable,
        "platform": platform.platform(),
        "installed": str(Path(ccr.__file__).parent),
        "home": str(home()),
    }
    on_path = commands(os.environ.get("PATH", ""))
    if as_json:
        report.say(json.dumps({**known, "on_path": [each.path for each in on_path]}, indent=2))
        return
    report.say(f"ccr {known['ccr']}")
    rows = [
        ("python", f"{known['python']}  {sys.executable}"),
        ("platform", known["platform"]),
        ("installed", known["installed"]),
        ("home", shown(home()) if home().is_dir() else f"{shown(home())} (not there yet)"),
        *(("on PATH", each.words) for each in on_path),
    ]
    report.say(table(rows))
