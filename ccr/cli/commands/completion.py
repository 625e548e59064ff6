"""Let the shell complete commands and options of ccr.

Prints a script for bash, zsh, fish or powershell; without a name the line to paste for the shell that is in use. Exit
codes: 0 good, 2 misused.
"""

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from ccr.cli import report
from ccr.cli.main import group

_VARIABLE = "_CCR_COMPLETE"
_LINES = {
    "bash": ("~/.bashrc", 'eval "$(ccr completion bash)"'),
    "zsh": ("~/.zshrc", 'eval "$(ccr completion zsh)"'),
    "fish": ("~/.config/fish/config.fish", "ccr completion fish | source"),
    "powershell": ("$PROFILE", "ccr completion powershell | Out-String | Invoke-Expression"),
}
"""Where to put which line, by shell."""


@click.command("completion", epilog='Example: eval "$(ccr completion bash)"')
@click.argument("shell", required=False, type=click.Choice(tuple(_LINES)))
def command(shell: str | None) -> None:
    """Let the shell complete commands and options of ccr."""
    report.prepare()
    if shell is None:
        _tell_lines()
        return
    found = get_completion_class(shell)
    if found is None:
        raise click.ClickException(
            f"the click that is installed knows no {shell}; a newer one does: pip install -U click"
        )
    report.say(found(group, {}, "ccr", _VARIABLE).source())


def _tell_lines() -> None:
    used = Path(os.environ.get("SHELL", "")).name
    for name, (file, line) in _LINES.items():
        if used not in _LINES or name == used:
            report.say(f"{line:60}  # in {file}")
