"""Take back what `ccr activate` did to this shell.

Prints lines for the shell to evaluate: `eval "$(ccr deactivate)"`, in fish `ccr deactivate | source`. What was set
before is set again. Where nothing is active nothing is printed.
"""

import click

from ccr.cli import activating


@click.command(epilog='Example: eval "$(ccr deactivate)"')
@activating.OPTIONS
@click.pass_context
def command(context: click.Context, shell: str | None, as_json: bool) -> None:
    """Take back what `ccr activate` did to this shell."""
    context.exit(activating.tell_return(shell, as_json))
