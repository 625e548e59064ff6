"""List the Claude Codes on this machine, and choose the one that `ccr code` starts.

`ccr claude` lists them with version and place, the one that is started first. `ccr claude use N` (of the list) or
`ccr claude use PATH` chooses one, `ccr claude use --auto` forgets the choice. CLAUDE_PATH has more say than the choice,
config.json less. Nothing is installed or changed. Exit codes: 0 good, 1 none can be started, 2 misused or not found.
"""

import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import click
from msgspec import structs

from ccr.cli import launching, report
from ccr.cli.subcommands import Subcommands
from ccr.config.terminal import EXECUTABLE
from ccr.launcher import executables
from ccr.launcher.executables import Executable
from ccr.live.paths import home, shown

_NONE = (
    "no Claude Code was found: on PATH, where its installer puts it, or where npm, yarn, pnpm, bun, Volta and nvm put theirs\n"
    "install it: npm install -g @anthropic-ai/claude-code   or name it: ccr claude use PATH"
)


@click.group(cls=Subcommands, invoke_without_command=True, epilog="Example: ccr claude use 2")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_context
def command(context: click.Context, as_json: bool) -> None:
    """List the Claude Codes on this machine, and choose the one that `ccr code` starts."""
    report.prepare()
    if context.invoked_subcommand is None:
        context.exit(_tell(as_json))


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_context
def list_command(context: click.Context, as_json: bool) -> None:
    """Those there are, the one that is started first."""
    context.exit(_tell(as_json))


@command.command("use")
@click.argument("which", metavar="N|PATH", required=False)
@click.option("--auto", is_flag=True, help="Forget the choice: take the first that is found.")
@click.pass_context
def use_command(context: click.Context, which: str | None, auto: bool) -> None:
    """Choose the one that `ccr code` starts: its number in the list, or a path."""
    if auto == (which is not None):
        raise click.UsageError("say which: a number of `ccr claude`, a path, or --auto")
    if auto:
        executables.choose_none(home())
    else:
        chosen = executables.with_version(_meant(str(which)))
        if chosen.problem:
            report.say(f"{shown(Path(chosen.path))}: {chosen.problem}; nothing was changed", sys.stderr)
            context.exit(report.MISUSED)
        executables.choose(home(), chosen.path)
    _tell_started()


def _tell_started() -> None:
    first = next(iter(_found()), None)
    if first is None:
        report.say(_NONE, sys.stderr)
        return
    report.say(f"`ccr code` starts {shown(Path(first.path))} from now on ({first.source})")
    if os.environ.get(EXECUTABLE):
        report.say(f"the variable {EXECUTABLE} has more say than what is chosen here", sys.stderr)


def _meant(which: str) -> Executable:
    if not which.isdigit():
        path = str(Path(which).expanduser().absolute())
        return executables.found(home(), {**os.environ, EXECUTABLE: path})[0]
    known = _found()
    if not 1 <= int(which) <= len(known):
        report.say(f"there is no number {which}; `ccr claude` lists {len(known)}", sys.stderr)
        raise click.exceptions.Exit(report.MISUSED)
    return known[int(which) - 1]


def _found() -> tuple[Executable, ...]:
    world = launching.look_at_world(None)
    configured = "" if isinstance(world, tuple) else world.terminal.executable
    return executables.found(home(), os.environ, configured)


def _tell(as_json: bool) -> int:
    found = _found()
    with ThreadPoolExecutor() as several:
        known = list(several.map(executables.with_version, found))
    started = next((each for each in known[:1] if not each.problem), None)
    if as_json:
        told = [{**structs.asdict(each), "started": each is started} for each in known]
        report.say(json.dumps({"executables": told}, ensure_ascii=False, indent=2))
    elif not known:
        report.say(_NONE)
    else:
        report.say("\n".join(_line(number, each) for number, each in enumerate(known, 1)))
    return report.GOOD if started is not None else report.FOUND


def _line(number: int, each: Executable) -> str:
    mark = "*" if number == 1 else " "
    what = each.problem or each.version
    return f"{mark} {number}  {what:<10}  {shown(Path(each.path))}  ({each.source})"
