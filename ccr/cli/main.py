"""The command line: a group that finds its commands by file name and imports one when it is called.

A file `cli/commands/<name>.py` gives `command`, a click command; `import_.py` is `import`, a word that Python keeps for
itself. The first line of its docstring is its short help, read without importing it, so that `ccr --help` and completion
stay fast. Exit codes of all commands: 0 good, 1 found something, 2 misused or not found.
"""

import sys
from collections.abc import Iterator
from keyword import iskeyword
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from ccr import __version__
from ccr.registry import Registry

_FOLDER = Path(__file__).parent / "commands"
_COMMANDS = Registry("ccr.cli.commands", "command")
SECTIONS = (
    ("First", "init code serve"),
    ("Claude Code through ccr", "model claude activate deactivate env statusline ui"),
    ("The service", "start stop restart status logs doctor"),
    ("Providers, keys, configuration", "providers key user config preset install import trust session"),
    ("Rules", "check fmt test explain replay usage diff graph rules reference tour lsp"),
    ("ccr itself", "version completion report"),
)
"""Commands by what they are for, in the order of `ccr --help`. One that stands nowhere here comes last."""


class LazyGroup(click.Group):
    """Commands by file name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(_name(file.stem) for file in _FOLDER.glob("*.py") if file.stem != "__init__")

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command: click.Command = _COMMANDS[_stem(cmd_name).replace("_", "-")]
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """A word that is nearly a command gets its name told."""
        if args and not args[0].startswith("-") and args[0] not in self.list_commands(ctx):
            from ccr.diagnostics.suggest import nearest

            meant = nearest(args[0], tuple(self.list_commands(ctx)))
            hint = f"did you mean `ccr {meant[0]}`?" if meant else "`ccr --help` lists them"
            ctx.fail(f"there is no command {args[0]!r}; {hint}")
        return super().resolve_command(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem[str]]:
        """Names and short helps, without importing a command."""
        found: list[CompletionItem[str]] = [
            CompletionItem(name, help=_short_help(name))
            for name in self.list_commands(ctx)
            if name.startswith(incomplete)
        ]
        return [*found, *click.Command.shell_complete(self, ctx, incomplete)]

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        sections = list(_sections(self.list_commands(ctx)))
        widest = max((len(name) for _, names in sections for name in names), default=0)
        for title, names in sections:
            with formatter.section(title):
                formatter.write_dl([(name.ljust(widest), _short_help(name)) for name in names])


def _sections(there: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Those that have a command; the rest last."""
    placed = {name for _, names in SECTIONS for name in names.split()}
    rest = " ".join(name for name in there if name not in placed)
    for title, names in (*SECTIONS, ("More", rest)):
        found = [name for name in names.split() if name in there]
        if found:
            yield title, found


def _name(stem: str) -> str:
    return stem.rstrip("_").replace("_", "-")


def _stem(name: str) -> str:
    return name.replace("-", "_") + ("_" if iskeyword(name) else "")


def _short_help(name: str) -> str:
    """The first line of the file, which is that of its docstring."""
    with (_FOLDER / f"{_stem(name)}.py").open(encoding="utf-8") as file:
        return file.readline().strip().strip('"').rstrip(".")


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]}, invoke_without_command=True)
@click.version_option(__version__, "-V", "-v", "--version", prog_name="ccr", message="%(prog)s %(version)s")
@click.pass_context
def group(context: click.Context) -> None:
    """Claude Code through any model, by rules.

    \b
    ccr init                   find what you have, write the first rules
    ccr code                   start Claude Code through ccr
    ccr serve --watch          the proxy in this terminal, reloading on every change
    ccr COMMAND --help         what a command does, with an example
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main() -> None:
    """Whatever a terminal's encoding lacks is a `?`, also in help and in click's own words."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    group(prog_name="ccr")
