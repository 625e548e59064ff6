"""`ccr providers add` and `remove`: a block more or less in the person's rule files, after a look at what comes of it.

An edit that would bring an error is not made. What was there is kept in `backups/`.
"""

import sys
from collections.abc import Iterator

import click
from msgspec import Struct

from ccr.cli import report
from ccr.diagnostics.diagnostic import Severity, unseen
from ccr.diagnostics.render_text import render
from ccr.diagnostics.suggest import nearest
from ccr.live.backups import keep
from ccr.live.files import read_sources, write_atomic
from ccr.live.paths import Places, home, shown
from ccr.live.provider_blocks import NAME, Edit, adding, block, find, sources_with
from ccr.live.surroundings import look
from ccr.providers.spec import ProviderSpec
from ccr.routing.server import is_loopback
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load


class Wanted(Struct, frozen=True):
    """What somebody said of a provider; "" for what they left out. `keyless`: it asks for no key."""

    name: str
    url: str = ""
    dialect: str = ""
    variable: str = ""
    models: tuple[str, ...] = ()
    keyless: bool = False


def add(where: Places, wanted: Wanted, only_print: bool) -> int:
    """Writes the block, or says why not. The exit code."""
    spec: ProviderSpec | None = vocabulary().providers.get(wanted.name)
    if why := _why_not(where, wanted, spec):
        report.say(why, sys.stderr)
        return report.MISUSED
    variable = _variable(wanted, spec)
    keyless = wanted.keyless or (spec is None and not variable)
    text = block(wanted.name, wanted.url, wanted.dialect, variable, wanted.models, keyless)
    if only_print:
        report.say(text.rstrip("\n"))
        return report.GOOD
    code = _made(where, adding(where, text), f"added: {wanted.name}")
    if code == report.GOOD:
        for line in _next(wanted.name, variable, spec):
            report.say(line)
    return code


def remove(where: Places, name: str) -> int:
    """Takes the block out, or says where the provider comes from instead. The exit code."""
    found = find(where, name)
    if found is not None:
        return _made(where, found.edit, f"removed: {name}, which stood in {shown(found.path)}:{found.line}")
    loaded = load(read_sources(where), look(home(), {}), vocabulary(), proofs=False)
    provider = loaded.snapshot.catalog.providers.get(name) if loaded.snapshot is not None else None
    if provider is None:
        known = tuple(loaded.snapshot.catalog.providers) if loaded.snapshot is not None else ()
        meant = nearest(name, known)
        report.say(f"there is no provider {name!r}" + (f"; did you mean {meant[0]}?" if meant else ""), sys.stderr)
    elif provider.at is not None:
        place = f"{provider.at.file.name}:{provider.at.position[0]}"
        report.say(f"{name} stands in {place}, which this command does not write; take it out there", sys.stderr)
    else:
        variables = " or ".join(provider.auth.variables)
        why = f"because {variables} is set: unset it, or: ccr key forget {name}" if variables else "by itself"
        report.say(f"{name} stands in no file; it is there {why}", sys.stderr)
    return report.MISUSED


def _why_not(where: Places, wanted: Wanted, spec: ProviderSpec | None) -> str:
    there = find(where, wanted.name)
    if not NAME.fullmatch(wanted.name):
        return f"{wanted.name!r} is no name for a provider: small letters, digits, - and _, a letter first"
    if there is not None:
        return f"{wanted.name} is there already, at {shown(there.path)}:{there.line}; edit it there"
    if spec is None and not wanted.url:
        meant = nearest(wanted.name, tuple(vocabulary().providers))
        hint = f"did you mean {meant[0]}? Else say" if meant else "say"
        return f"the catalogue knows no {wanted.name}; {hint} where it is: --url https://…"
    return ""


def _variable(wanted: Wanted, spec: ProviderSpec | None) -> str:
    """The variable that the block names; "" where the catalogue knows it, or none is needed."""
    if wanted.variable or spec is not None or wanted.keyless or is_loopback(_host(wanted.url)):
        return wanted.variable
    return f"{wanted.name.upper().replace('-', '_')}_API_KEY"


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition(":")[0] or url.partition("://")[2].partition("/")[0]


def _made(where: Places, edit: Edit, words: str) -> int:
    machine, words_known = look(home(), {}), vocabulary()
    before = load(read_sources(where), machine, words_known, proofs=False)
    after = load(sources_with(where, edit), machine, words_known, proofs=False)
    fresh = unseen(after.diagnostics, before.diagnostics)
    errors = [each for each in fresh if each.level is Severity.ERROR]
    if errors:
        report.say(render(errors, report.colourful(sys.stderr)).rstrip("\n"), sys.stderr)
        report.say("nothing was changed: the rules would not load with it", sys.stderr)
        return report.FOUND
    try:
        kept = keep(home(), edit.path)
        write_atomic(edit.path, edit.after.encode("utf-8", "surrogateescape"))
    except OSError as error:
        report.say(f"nothing was changed: {error.filename} cannot be written ({error.strerror})", sys.stderr)
        return report.FOUND
    report.say(f"{words} ({shown(edit.path)}" + (f"; before: {shown(kept)})" if kept is not None else ")"))
    if fresh:
        report.say(render(fresh, report.colourful(sys.stdout)).rstrip("\n"))
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
