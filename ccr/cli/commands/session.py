"""Rules for one conversation: set them, show them, clear them.

ID is the session's id, which Claude Code shows under `/status`. The rules stand above a project's and your own and
below a policy, and are in force at once: `ccr session set ID 'default route anthropic/claude-opus-4-5'`. They hold
rules, names and a default, nothing else. Exit codes: 0 good, 1 the rules have errors, 2 misused or not found.
"""

import sys
from pathlib import Path

import click

from ccr.cli import report
from ccr.cli.subcommands import Subcommands
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.live.files import decode, read, read_sources, write_atomic
from ccr.live.paths import home, places, shown
from ccr.live.projects import with_layers
from ccr.live.surroundings import look
from ccr.live.whereabouts import SESSION_ID
from ccr.routing.surroundings import LayerSources
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load


def _checked_id(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """An id becomes a file's name (rulings R42)."""
    if value is not None and not SESSION_ID.match(value):
        raise click.BadParameter("a session's id is letters, digits and `-`, 64 at most")
    return value


@click.group(
    "session", cls=Subcommands, epilog="Example: ccr session set 3f2a-77 'default route ollama/qwen3-coder:30b'"
)
def command() -> None:
    """Rules for one conversation."""
    report.prepare()


@command.command("set")
@click.argument("session", metavar="ID", callback=_checked_id)
@click.argument("rules")
@click.pass_context
def set_rules(context: click.Context, session: str, rules: str) -> None:
    """Put RULES in force for a session; `-` reads them from standard input."""
    text = decode(sys.stdin.buffer.read()) if rules == "-" else rules
    path = _path(session)
    layer = LayerSources("session", (SourceFile(shown(path), text if text.endswith("\n") else f"{text}\n"),))
    loaded = load(with_layers(read_sources(places()), [layer]), look(home(), {}), vocabulary())
    findings = [each for each in loaded.diagnostics if each.at.file is layer.files[0]]
    if findings:
        report.say(render(findings).rstrip("\n"), sys.stderr)
    if any(each.level is Severity.ERROR for each in findings):
        report.say("nothing was changed", sys.stderr)
        context.exit(report.FOUND)
    write_atomic(path, layer.files[0].content.encode("utf-8", "surrogateescape"))
    report.say(f"in force for session {session}: {shown(path)}")


@command.command("show")
@click.argument("session", metavar="ID", required=False, callback=_checked_id)
@click.pass_context
def show_rules(context: click.Context, session: str | None) -> None:
    """Print a session's rules; without ID, the sessions that have rules."""
    if session is None:
        report.say(
            "\n".join(sorted(path.stem for path in _folder().glob("*.ccr"))) or "no session has rules of its own"
        )
        return
    if not _path(session).is_file():
        report.say(f"session {session} has no rules of its own", sys.stderr)
        context.exit(report.MISUSED)
    report.say(read(_path(session)).content.rstrip("\n"))


@command.command("clear")
@click.argument("session", metavar="ID", callback=_checked_id)
@click.pass_context
def clear_rules(context: click.Context, session: str) -> None:
    """Take a session's rules out of force."""
    if not _path(session).is_file():
        report.say(f"session {session} has no rules of its own", sys.stderr)
        context.exit(report.MISUSED)
    _path(session).unlink()
    report.say(f"session {session} has no rules of its own any more")


def _folder() -> Path:
    return home() / "sessions"


def _path(session: str | None) -> Path:
    return _folder() / f"{session}.ccr"
