"""Look after config.json: show, edit, validate, back up, restore, export and import it.

What is changed is checked first and a copy of what was there is kept in `backups/` of the ccr home. Keys are stars on a
screen and `$VARIABLES` in an export, unless you say otherwise. Exit codes: 0 good, 1 it has errors, 2 misused or not found.
"""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click
from msgspec import structs

from ccr.cli import report
from ccr.cli.overwriting import findings_of, mine, take_over, told
from ccr.cli.subcommands import Subcommands
from ccr.config.portable import PARTS, exported, merged
from ccr.config.veil import veiled
from ccr.diagnostics.render_json import to_json
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.live import backups
from ccr.live.backups import Backup
from ccr.live.files import decode, read, write_atomic
from ccr.live.paths import home, places, shown
from ccr.live.replacement import overwrite

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="For a program.")
_YES = click.option("--yes", is_flag=True, help="Write without asking.")
_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group("config", cls=Subcommands, epilog="Example: ccr config export providers --output providers.json")
def command() -> None:
    """Look after config.json: show, edit, validate, back up, restore, export and import it."""
    report.prepare()


@command.command("path")
def path_command() -> None:
    """Where it is, or would be."""
    report.say(str(_path()))


@command.command("show")
@_AS_JSON
def show_command(as_json: bool) -> None:
    """Print it, its keys as stars; with --json as plain JSON with `$VARIABLES` for keys."""
    file = _there()
    if not as_json:
        report.say(veiled(file).content.rstrip("\n"))
        return
    with told():
        report.say(json.dumps(exported(file, "all").tree, ensure_ascii=False, indent=2))


@command.command("validate")
@click.argument("file", required=False, type=_FILE)
@_AS_JSON
@click.pass_context
def validate_command(context: click.Context, file: Path | None, as_json: bool) -> None:
    """Check it, or another FILE: what cannot be read, unknown keys, and what a key means here."""
    source = read(file) if file is not None else _there()
    if source.text is None:
        raise _refused(f"{file} cannot be read")
    findings = findings_of(source)
    if as_json:
        report.say(json.dumps(to_json(findings, [source]), ensure_ascii=False, indent=2))
    else:
        if findings:
            report.say(render(findings, report.colourful(sys.stdout)).rstrip("\n"))
        report.say(report.summary(findings, 1, {}))
    context.exit(report.exit_code(findings))


@command.command("edit")
@click.pass_context
def edit_command(context: click.Context) -> None:
    """Open it in your editor ($VISUAL, $EDITOR); it is taken over only once it has no errors."""
    path = _path()
    before = decode(path.read_bytes()) if path.exists() else "{\n}\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix="config.", suffix=".draft.json")
    os.close(handle)
    place = Path(draft)
    write_atomic(place, before.encode("utf-8", "surrogateescape"))
    code = _edited(place, before, path)
    if code != report.FOUND:
        place.unlink()
    context.exit(code)


@command.command("backup")
@_AS_JSON
@click.option("--list", "listing", is_flag=True, help="List the copies there are.")
def backup_command(as_json: bool, listing: bool) -> None:
    """Make a copy of it; ccr makes one before each change."""
    if not listing:
        _there()
        copy = backups.keep(home(), _path())
        assert copy is not None, "it is there"
        report.say(json.dumps({"backup": str(copy)}) if as_json else shown(copy))
        return
    copies = _copies()
    if as_json:
        report.say(json.dumps({"backups": [structs.asdict(each) for each in copies]}, indent=2))
    else:
        report.say("\n".join(f"{each.id}  {each.size:,} bytes" for each in copies) or "no copies yet")


@command.command("restore")
@click.argument("copy", metavar="COPY", required=False)
@_YES
def restore_command(copy: str | None, yes: bool) -> None:
    """Put a copy back, the newest unless COPY names one (`ccr config backup --list`)."""
    copies = _copies()
    chosen = next((each for each in copies if copy in (None, each.id)), None)
    if chosen is None:
        raise _refused(
            f"there is no copy {copy!r}; `ccr config backup --list` lists them" if copy else "there are no copies yet"
        )
    text = decode((home() / backups.FOLDER / chosen.id).read_bytes())
    take_over(text, yes, f"as it was in {chosen.id}")


@command.command("export")
@click.argument("part", type=click.Choice(PARTS), default="all")
@click.option("--output", type=_FILE, help="Write to this file (0600) instead of printing; it must not be there yet.")
@click.option("--with-keys", is_flag=True, help="With the keys themselves: for a safe place, not for others.")
def export_command(part: str, output: Path | None, with_keys: bool) -> None:
    """Print all of it, its providers, or its settings, keys as `$VARIABLES`."""
    with told():
        made = exported(_there(), part, with_keys=with_keys)
    text = json.dumps(made.tree, ensure_ascii=False, indent=2)
    if output is None:
        report.say(text)
    elif output.exists():
        raise _refused(f"{output} is there already; nothing was written")
    else:
        write_atomic(output.absolute(), f"{text}\n".encode())
        report.say(f"wrote {shown(output)}", sys.stderr)
    for name, what in made.variables.items():
        report.say(f"{name} stands for {what}", sys.stderr)


@command.command("import")
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Where both have something, take the file's; your keys stay.")
@_YES
def import_command(file: Path, replace: bool, yes: bool) -> None:
    """Merge an export, or somebody's config.json, into yours: shows what changes, asks, keeps a copy."""
    other = read(file.absolute())
    if other.text is None:
        raise _refused(f"{file} cannot be read")
    with told():
        made = merged(mine(), other, replace=replace)
    for word, names in (("new", made.added), ("replaced", made.replaced), ("kept as yours", made.kept)):
        if names:
            report.say(f"{word}: {', '.join(names)}")
    take_over(made.text, yes, "with what was imported")


# ---- the file -----------------------------------------------------------------------------------------------------------


def _path() -> Path:
    return places().config


def _there() -> SourceFile:
    if not _path().is_file():
        raise _refused(f"{shown(_path())} is not there; ccr needs none: `ccr init` writes rules instead")
    return read(_path())


def _copies() -> Sequence[Backup]:
    return [each for each in backups.kept(home()) if each.name == _path().name]


def _refused(words: str) -> click.exceptions.Exit:
    report.say(words, sys.stderr)
    return click.exceptions.Exit(report.MISUSED)


# ---- changing it --------------------------------------------------------------------------------------------------------


def _edited(place: Path, before: str, path: Path) -> int:
    """Lets the person edit until it is good, or they leave. FOUND: the draft stays."""
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ("notepad" if os.name == "nt" else "vi")
    while True:
        try:
            subprocess.run([*shlex.split(editor, posix=os.name != "nt"), str(place)], check=True)
        except (OSError, subprocess.CalledProcessError) as error:
            report.say(f"{editor}: {error}; nothing was changed", sys.stderr)
            return report.MISUSED
        text = decode(place.read_bytes())
        if text == before and path.exists():
            report.say("nothing was changed")
            return report.GOOD
        findings = findings_of(SourceFile(shown(path), text))
        if findings:
            report.say(render(findings).rstrip("\n"), sys.stderr)
        if not report.exit_code(findings):
            copy = overwrite(home(), path, text)
            report.say(f"{shown(path)} is written" + (f"   (before: {shown(copy)})" if copy else ""))
            return report.GOOD
        if not (sys.stdin.isatty() and click.confirm("Edit it again?", default=True)):
            report.say(f"nothing was changed; what you wrote is in {shown(place)}", sys.stderr)
            return report.FOUND
