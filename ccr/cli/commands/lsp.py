"""Speak to an editor: findings while typing, completion, hovers, renaming, formatting.

An editor starts it and speaks the Language Server Protocol over standard input and output; examples/editors/README.md says
how, for VS Code, Neovim, Helix and Zed. Needs the extra `lsp`. Exit codes: 0 the editor ended it, 2 the extra is missing.
"""

import logging
import sys
from importlib.util import find_spec
from pathlib import Path

import click

from ccr.cli import report
from ccr.live.paths import places
from ccr.routing.vocabulary import vocabulary

_MISSING = (
    "ccr lsp needs the extra `lsp`; in a clone of ccr:  ./install.sh --extras lsp\n"
    "or where pip or pipx put ccr:  pip install '.[lsp]'   pipx install --force '.[lsp]'"
)


@click.command("lsp", epilog="Example: ccr lsp --stdio")
@click.option("--stdio", is_flag=True, help="Standard input and output, as always: editors like to say so.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False), help="Another config.json.")
@click.option("--rules", type=click.Path(path_type=Path), help="Folder or file of the user layer.")
@click.option("--policy", type=click.Path(path_type=Path), help="Folder of the policy layer.")
@click.pass_context
def command(context: click.Context, stdio: bool, config: Path | None, rules: Path | None, policy: Path | None) -> None:
    """Speak to an editor, which starts this command: findings while typing, completion, hovers, renaming, formatting."""
    report.prepare()
    if find_spec("pygls") is None:
        report.say(_MISSING, sys.stderr)
        context.exit(report.MISUSED)
    if sys.stdin.isatty():
        report.say("this speaks to an editor, which starts it by itself; Ctrl-C ends it", sys.stderr)
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR)
    from ccr.lsp.server import serve

    serve(places(config, rules, policy), vocabulary(), report.page)
