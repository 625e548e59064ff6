"""Start Claude Code through the proxy; everything after `code` is Claude Code's own.

Starts the service if none runs, and one that was started so ends after the last Claude Code, also if that was killed.
Arguments arrive as they were typed and the exit code is Claude Code's. What a settings file would lead elsewhere is
overruled for this run (`--settings`), and a status line is shown unless you have one. Exit code 2: it was not started.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import click

from ccr.cli import launching, report
from ccr.cli.launching import World
from ccr.cli.waiting import ticker
from ccr.daemon import service
from ccr.launcher import executables, settings
from ccr.launcher.environment import Wishes, applied
from ccr.launcher.executables import Executable
from ccr.launcher.login import logged_in, repository
from ccr.launcher.run import run
from ccr.live.paths import home, shown

_TOLD = ".auto-mode-told"
"""In the ccr home, once the note was shown."""
_AUTO_MODE = (
    "ccr: auto mode, Claude Code's default, needs an Anthropic target to judge risky commands; Claude Code was started as "
    "you have it. To be asked about each instead: ccr code --permission-mode default   (said once)"
)
_INSTALL = (
    "Claude Code is not on this machine, or not where it is looked for (`ccr claude` says where). To install it:\n"
    "  npm install -g @anthropic-ai/claude-code\n"
    "or name it: ccr claude use PATH"
)


class Untouched(click.Command):
    """A command that looks at none of its arguments, not even at `--` and `--help`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.args = list(args)
        return []


@click.command(
    cls=Untouched,
    add_help_option=False,
    options_metavar="[ANYTHING]...",
    epilog="Example: ccr code -p 'what does this repository do?'",
)
@click.pass_context
def command(context: click.Context) -> None:
    """Start Claude Code through the proxy; everything after `code` is Claude Code's own."""
    report.prepare()
    world = launching.look_at_world(service.running(home()))
    if isinstance(world, tuple):
        launching.tell(world)
        raise _not_started("mend what is said above")
    if world.broken:
        launching.tell(world.broken)
        report.say("ccr: the service keeps the last rules that were good", sys.stderr)
    executable = _executable(world)
    world = _offered(world, context.args)
    try:
        context.exit(_with_service(world, executable, context.args))
    except OSError as error:
        raise _not_started(f"{error.filename or executable.path}: {error.strerror or error}") from None


def _not_started(why: str) -> click.exceptions.Exit:
    report.say(f"ccr: Claude Code was not started: {why}", sys.stderr)
    return click.exceptions.Exit(report.MISUSED)


def _executable(world: World) -> Executable:
    found = executables.found(home(), os.environ, world.terminal.executable)
    if not found:
        raise _not_started(_INSTALL)
    if not found[0].command:
        raise _not_started(f"{found[0].path} ({found[0].source}): {found[0].problem}")
    return found[0]


def _with_service(world: World, executable: Executable, arguments: Sequence[str]) -> int:
    """The lease comes first: so no service ends between being found and being used."""
    with service.Lease(home()) as lease:
        with ticker("starting the service") as ticking:
            try:
                started = service.start(home(), kept_by=service.CODE, ticking=ticking)
            except service.NotStarted as why:
                raise _not_started(str(why)) from None
        if started.fresh:
            report.say(f"ccr: started at {started.service.url}; it ends with the last `ccr code`", sys.stderr)
        place = Path.cwd()
        wanted = launching.wishes(world, started.service.url, project=str(place), repo=repository(place))
        _hints(world, wanted, arguments)
        with ExitStack() as stack:
            before = stack.enter_context(settings.written(home(), _said_over(world, wanted, place, arguments)))
            variables = applied(os.environ, launching.made_changes(wanted))
            return run(
                [*executable.command, *before, *arguments], variables, deaf=wanted.non_interactive,
                handles=lease.handles,
            )  # fmt: skip


def _said_over(world: World, wanted: Wishes, place: Path, arguments: Sequence[str]) -> dict[str, Any]:
    """What `--settings` has to say for this run; nothing where the person gives settings, which would replace ours."""
    files = launching.files_of(place)
    clashes = launching.leading_elsewhere(wanted, files)
    theirs = settings.says_settings(arguments)
    for clash in clashes:
        path = shown(Path(clash.path))
        if clash.managed:
            report.say(
                f"ccr: {path} sets {clash.name} and is managed: Claude Code goes by it, past the proxy", sys.stderr
            )
        elif theirs:
            report.say(f"ccr: {path} sets {clash.name}, and your --settings keep ccr from overruling it", sys.stderr)
        else:
            report.say(f"ccr: {path} sets {clash.name}; overruled for this run", sys.stderr)
    if theirs:
        return {}
    line = None if settings.has_status_line(files) or _line_is_off(world) else _ourselves("statusline")
    return dict(settings.overriding(clashes, launching.leading_here(wanted), line))


def _line_is_off(world: World) -> bool:
    said = world.terminal.status_line
    return said is not None and said.get("enabled") is False


def _ourselves(*words: str) -> tuple[str, ...]:
    """This very ccr, whatever else is called `ccr` on PATH."""
    script = Path(sys.executable).with_name("ccr.exe" if os.name == "nt" else "ccr")
    return (str(script), *words) if script.is_file() else (sys.executable, "-P", "-m", "ccr", *words)


# ---- what is said once ----------------------------------------------------------------------------------------------


def _converses(arguments: Sequence[str]) -> bool:
    """On a terminal, before a conversation: a task of `-p` is a program's business."""
    return sys.stderr.isatty() and sys.stdin.isatty() and not {"-p", "--print", "--version", "-v"} & set(arguments)


def _offered(world: World, arguments: Sequence[str]) -> World:
    """Offers `ccr init` where no rule says where requests go (amendments S3); the world as it is then."""
    if world.broken or not _converses(arguments) or not launching.goes_nowhere(world, logged_in(os.environ)):
        return world
    report.say("No rule says where requests go. `ccr init` looks at this machine and writes some.", sys.stderr)
    if not click.confirm("Run it now?", default=True, err=True):
        return world
    subprocess.run(_ourselves("init"), check=False)
    now = launching.look_at_world(None)
    return world if isinstance(now, tuple) else now


def _hints(world: World, wanted: Wishes, arguments: Sequence[str]) -> None:
    """What a person should know who is about to talk."""
    if not _converses(arguments):
        return
    told = home() / _TOLD
    if launching.goes_elsewhere(world, wanted.login) and "--permission-mode" not in arguments and not told.exists():
        report.say(_AUTO_MODE, sys.stderr)
        with suppress(OSError):
            told.touch()
