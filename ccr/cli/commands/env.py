"""Print the variables with which Claude Code goes through the proxy.

As lines for the shell to evaluate, like `ccr activate`; `--json` for a program. What Claude Code's own settings files
would overrule is said. On a terminal keys are masked. Exit codes: 0 good, 1 the rules do not load.
"""

import click

from ccr.cli import activating


@click.command(epilog="Example: ccr env --json")
@activating.OPTIONS
@click.pass_context
def command(context: click.Context, shell: str | None, as_json: bool) -> None:
    """Print the variables with which Claude Code goes through the proxy."""
    context.exit(activating.tell_changes(shell, as_json, "env"))
