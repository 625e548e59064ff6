"""Let this shell's `claude` go through the proxy.

Prints lines for the shell to evaluate: `eval "$(ccr activate)"`, in fish `ccr activate | source`. `ccr deactivate` takes
it back. Nothing is started: `ccr start` does that. The folder is not told (it would stay that of this moment): `ccr
code` does that at each start. On a terminal keys are masked. Exit codes: 0 good, 1 the rules do not load.
"""

import click

from ccr.cli import activating


@click.command(epilog='Example: eval "$(ccr activate)" && claude')
@activating.OPTIONS
@click.pass_context
def command(context: click.Context, shell: str | None, as_json: bool) -> None:
    """Let this shell's `claude` go through the proxy."""
    context.exit(activating.tell_changes(shell, as_json, "activate"))
