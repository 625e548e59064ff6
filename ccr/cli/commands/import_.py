"""Bring an old config.json: print what it means as rules.

CONFIG is the one in the ccr home unless said. Keys that stand in it become variables; their values are printed to
standard error as a `.env` fragment, in clear only if that is no terminal (`2> .env`). Nothing is ever overwritten, and
config.json is never changed. Exit codes: 0 good, 1 the file has an error or --verify found a difference, 2 misused,
nothing to import, or a file stands where one should be written.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import click
from msgspec import Struct, structs

from ccr.cli import report
from ccr.config.anchor import anchored
from ccr.config.masking import Masked, masked
from ccr.config.read import Transcript, read_config
from ccr.config.show import as_rules, only_routes
from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.render_json import to_json
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.lang.syntax import mentions
from ccr.lang.tidy import tidy
from ccr.live.files import read, read_sources, write_atomic
from ccr.live.paths import home, places, shown, typed
from ccr.live.surroundings import look
from ccr.routing.parity import Difference, compare, grid
from ccr.routing.secret import Secret
from ccr.routing.surroundings import LayerSources, Sources
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.setup.machine import databases_of_version_3

_DATABASE = b"SQLite format 3\0"
_VERSION_3 = (
    "version 3 of claude-code-router keeps its settings in a database, which ccr does not read: export them there as "
    "JSON and name that file, or write rules (`ccr reference statements` shows how)"
)
_SHOWN = 20
"""Differences that are printed; the others are counted."""
_PLACE = Path("rules") / "10-routes.ccr"


class Imported(Struct, frozen=True):
    """What a config.json became. `text` is whole; `routes` leaves out what stays in config.json."""

    path: Path
    file: SourceFile
    transcript: Transcript
    hidden: Masked
    text: str
    routes: str


@click.command("import", epilog="Example: ccr import ~/old/config.json --verify > rules/10-routes.ccr")
@click.argument("config", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option("--write", is_flag=True, help=f"Write <ccr home>/{_PLACE.as_posix()} instead of printing.")
@click.option("--force", is_flag=True, help="With --write: replace a file that is there.")
@click.option("--verify", is_flag=True, help="Ask both worlds a grid of requests; print where they differ.")
@click.option("--json", "as_json", is_flag=True, help="Tell everything as JSON.")
@click.pass_context
def command(context: click.Context, config: Path | None, write: bool, force: bool, verify: bool, as_json: bool) -> None:
    """Bring an old config.json: print what it means as rules."""
    report.prepare()
    path = (config or places().config).expanduser()
    missing = _missing(path)
    target = home() / _PLACE
    if missing or (write and not force and target.exists()):
        there = f"{shown(target)} is there already; --force replaces it"
        report.say(missing or there, sys.stderr)
        context.exit(report.MISUSED)
    done = _import(path)
    if done is None or any(each.level is Severity.ERROR for each in done.transcript.diagnostics):
        _complain(path)
        context.exit(report.FOUND)
    differences = _verify(done) if verify else ()
    if as_json:
        report.say(json.dumps(_as_json(done, differences if verify else None), ensure_ascii=False, indent=2))
    elif not write:
        report.say(done.text.rstrip("\n"))
    _tell(done, as_json)
    if verify:
        _tell_differences(done, differences)
    if write and not differences:
        _write(done, target)
    context.exit(report.FOUND if differences else report.GOOD)


def _missing(path: Path) -> str:
    """Why there is nothing to import; "" if there is."""
    try:
        with path.open("rb") as file:
            return f"{shown(path)} is a database: {_VERSION_3}" if file.read(16) == _DATABASE else ""
    except OSError as error:
        kept = [each.name for each in databases_of_version_3(path.parent)]
        hint = f"; {', '.join(kept)} is there, and " if kept else "; "
        return f"{shown(path)} cannot be read: {error.strerror}{hint}{_VERSION_3}"


def _import(path: Path) -> Imported | None:
    file = read(path)
    transcript = read_config(file, os.environ)
    if transcript.file is None:
        return None
    tree = anchored(transcript.file, typed(path.absolute().parent))
    transcript = structs.replace(transcript, file=tree)
    whole = tidy(SourceFile("import", as_rules(transcript, os.environ)))
    routes = tidy(SourceFile("import", as_rules(only_routes(transcript), os.environ)))
    return Imported(path, file, transcript, masked(tree, os.environ), whole, routes)


# ---- both worlds ------------------------------------------------------------------------------------------------------


def _verify(done: Imported) -> tuple[Difference, ...]:
    """Where config.json, and the printed rules in its place, decide differently."""
    assert done.transcript.file is not None, "only what could be read is verified"
    layers = tuple(layer for layer in read_sources(places()).layers if layer.name == "shipped")
    folder = typed(done.path.absolute().parent)
    printed = SourceFile(f"{folder}/imported.ccr", done.text)
    beside = tuple(structs.replace(read(Path(named).expanduser()), name=named) for named in mentions(printed))
    machine = look(home(), {})
    keys = {name: Secret(value) for name, value in done.hidden.values.items()}
    config = structs.replace(done.file, name=f"{folder}/{done.path.name}")
    before = load(Sources(layers, config), machine, vocabulary(), proofs=False)
    rules = Sources((LayerSources("user", (printed,), beside), *layers))
    with_keys = structs.replace(machine, variables={**machine.variables, **keys})
    after = load(rules, with_keys, vocabulary(), proofs=False)
    for loaded in (before, after):
        errors = [each.message for each in loaded.diagnostics if each.level is Severity.ERROR]
        if loaded.snapshot is None:
            return (Difference("loading", "; ".join(errors) if loaded is before else "loads", "; ".join(errors)),)
    assert before.snapshot is not None and after.snapshot is not None, "looked at above"
    return tuple(compare(before.snapshot, after.snapshot, tuple(grid(done.transcript.file))))


def _tell_differences(done: Imported, differences: Sequence[Difference]) -> None:
    assert done.transcript.file is not None, "only what could be read is verified"
    for each in differences[:_SHOWN]:
        report.say(f"# differs: {each.what}\n#   config.json  {each.before}\n#   the rules    {each.after}", sys.stderr)
    if len(differences) > _SHOWN:
        report.say(f"# … and {len(differences) - _SHOWN} more", sys.stderr)
    asked = sum(1 for _ in grid(done.transcript.file))
    told = f"{len(differences)} difference{'s' * (len(differences) > 1)}" if differences else "no difference"
    report.say(f"# verified with {asked:,} requests and every provider: {told}", sys.stderr)


# ---- what is said -----------------------------------------------------------------------------------------------------


def _complain(path: Path) -> None:
    findings = read_config(read(path), os.environ).diagnostics
    report.say(render(findings, report.colourful(sys.stderr)).rstrip("\n"), sys.stderr)


def _tell(done: Imported, as_json: bool) -> None:
    """Findings as comments, so that standard error as a whole is a `.env` file."""
    lines = [] if as_json else list(_findings(done.transcript.diagnostics))
    lines += _environment(done.hidden, sys.stderr.isatty())
    if lines:
        report.say("\n".join(lines), sys.stderr)


def _findings(findings: Sequence[Diagnostic]) -> Iterator[str]:
    if findings:
        yield from (f"# {line}" for line in render(findings, form="concise").splitlines())


def _environment(hidden: Masked, terminal: bool) -> Iterator[str]:
    if hidden.variables:
        yield "# keys that stand in config.json" + (": `2> .env` has their values" if terminal else "")
    if any("address" in what for what in hidden.variables.values()):
        yield "# keys within an address are not filled in from variables by a rule file: write them in its place"
    for name, what in hidden.variables.items():
        meant = " ".join(what.split())
        yield f"# {name}: {meant}" if terminal else f"{name}={_quoted(hidden.values[name])}   # {meant}"


def _quoted(value: str) -> str:
    """A value as shells and dotenv read it."""
    plain = all(char.isalnum() or char in "-_./:@+" for char in value)
    return value if plain and value else "'" + value.replace("'", "'\\''") + "'"


def _write(done: Imported, target: Path) -> None:
    """Routes alone where config.json stays in force: a provider written down twice would lose its key."""
    stays = done.path.resolve() == places().config.resolve()
    write_atomic(target, (done.routes if stays else done.text).encode("utf-8"))
    rest = f"; providers and keys stay in {shown(done.path)}" if stays else ""
    report.say(f"# wrote {shown(target)}{rest}", sys.stderr)


def _as_json(done: Imported, differences: Sequence[Difference] | None) -> Mapping[str, object]:
    told = {
        **to_json(done.transcript.diagnostics, [done.file]),
        "rules": done.text,
        "variables": dict(done.hidden.variables),
    }
    if differences is None:
        return told
    return {**told, "differences": [structs.asdict(each) for each in differences]}
