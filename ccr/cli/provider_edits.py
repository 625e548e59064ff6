"""`ccr providers add` and `remove`: a block more or less in the person's rule files, after a look at what comes of it.

An edit that would bring an error is not made. What was there is kept in `backups/`.
"""

import sys
from collections.abc import Iterator

import click

from ccr.cli import report
from ccr.diagnostics.render_text import render
from ccr.live.files import read_sources
from ccr.live.paths import Places, home, shown
from ccr.live.provider_blocks import Edit, adding, find
from ccr.live.surroundings import look
from ccr.providers.spec import ProviderSpec
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.setup.provider_edits import Wanted, block_of, judge, stays, variable_of, why_not, write


def add(where: Places, wanted: Wanted, only_print: bool) -> int:
    """Writes the block, or says why not. The exit code."""
    spec: ProviderSpec | None = vocabulary().providers.get(wanted.name)
    if why := why_not(where, wanted, vocabulary()):
        report.say(why, sys.stderr)
        return report.MISUSED
    text = block_of(wanted, spec)
    if only_print:
        report.say(text.rstrip("\n"))
        return report.GOOD
    code = _made(where, adding(where, text), f"added: {wanted.name}")
    if code == report.GOOD:
        for line in _next(wanted.name, variable_of(wanted, spec), spec):
            report.say(line)
    return code


def remove(where: Places, name: str) -> int:
    """Takes the block out, or says where the provider comes from instead. The exit code."""
    found = find(where, name)
    if found is not None:
        return _made(where, found.edit, f"removed: {name}, which stood in {shown(found.path)}:{found.line}")
    loaded = load(read_sources(where), look(home(), {}), vocabulary(), proofs=False)
    report.say(stays(name, loaded.snapshot.catalog if loaded.snapshot is not None else None), sys.stderr)
    return report.MISUSED


def _made(where: Places, edit: Edit, words: str) -> int:
    outcome = judge(where, edit, look(home(), {}), vocabulary())
    if outcome.errors:
        report.say(render(outcome.errors, report.colourful(sys.stderr)).rstrip("\n"), sys.stderr)
        report.say("nothing was changed: the rules would not load with it", sys.stderr)
        return report.FOUND
    try:
        kept = write(home(), edit)
    except OSError as error:
        report.say(f"nothing was changed: {error.filename} cannot be written ({error.strerror})", sys.stderr)
        return report.FOUND
    report.say(f"{words} ({shown(edit.path)}" + (f"; before: {shown(kept)})" if kept is not None else ")"))
    if outcome.fresh:
        report.say(render(outcome.fresh, report.colourful(sys.stdout)).rstrip("\n"))
    return report.GOOD


def _next(name: str, variable: str, spec: ProviderSpec | None) -> Iterator[str]:
    needed = variable or (spec.auth.variables[0] if spec is not None and spec.auth.variables else "")
    if needed and not look(home(), {}).variables.get(needed):
        yield f"key:   ccr key set {needed}"
    yield f"try:   ccr providers test {name}"
    yield f"use:   default route {name}/MODEL   in a rule file"


ADD_OPTIONS = (
    click.option(
        "--url", default="", help="Its address, as its documents give it; needed if the catalogue does not know it."
    ),
    click.option("--dialect", default="", help="How it is spoken to: ccr reference options lists them."),
    click.option("--key", "variable", default="", metavar="NAME", help="The variable that holds its key."),
    click.option("--no-key", "keyless", is_flag=True, help="It asks for none."),
    click.option("--model", "models", multiple=True, help="A model it has; may be said several times."),
    click.option("--print", "only_print", is_flag=True, help="Print the block and write nothing."),
)
