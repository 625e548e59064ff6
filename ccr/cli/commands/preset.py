"""Install, make and share presets: providers and routes as a folder or one file.

`install` takes a folder, a `.zip` or a `.tar.gz` with a manifest.json as claude-code-router 2 makes them, keeps it in
`presets/` of the ccr home, and merges what it says into config.json: shown first, asked about, with a copy, and what you have
stays yours. `export` makes one of your config.json, without a key. Exit codes: 0 good, 1 it would not load, 2 misused or not found.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from ccr.cli import report
from ccr.cli.overwriting import mine, take_over, told
from ccr.cli.subcommands import Subcommands
from ccr.config.portable import exported, inputs_of, left_out, merged, of_preset
from ccr.diagnostics.source import SourceFile
from ccr.diagnostics.veil import keylike
from ccr.live.files import write_atomic
from ccr.live.paths import home, shown
from ccr.presets import archive, shelf
from ccr.presets.archive import MANIFEST, Unsafe

_AS_JSON = click.option("--json", "as_json", is_flag=True, help="For a program.")
_ABOUT = ("version", "description", "author", "homepage", "license")


@click.group("preset", cls=Subcommands, epilog="Example: ccr preset export mine --output mine.zip")
def command() -> None:
    """Install, make and share presets: providers and routes as a folder or one file."""
    report.prepare()


@command.command("list")
@_AS_JSON
def list_command(as_json: bool) -> None:
    """Those that are installed."""
    there = list(shelf.installed(home()))
    if as_json:
        report.say(
            json.dumps(
                {"presets": [{"name": name, **_about(said)} for name, said in there]}, ensure_ascii=False, indent=2
            )
        )
    elif not there:
        report.say("no presets yet: `ccr preset install FOLDER|FILE`")
    else:
        report.say(
            "\n".join("  ".join(part for part in (name, *_about(said).values()) if part) for name, said in there)
        )


@command.command("info")
@click.argument("name")
@_AS_JSON
def info_command(name: str, as_json: bool) -> None:
    """What a preset says, and what it asks for; keys are `$VARIABLES`."""
    said = _installed(name)
    with told():
        shown_ = exported(SourceFile(MANIFEST, json.dumps(said)), "all").tree
    if as_json:
        report.say(json.dumps(shown_, ensure_ascii=False, indent=2))
        return
    lines = [name, *(f"  {key}: {value}" for key, value in _about(said).items() if value)]
    lines += [
        f"  asks for {row['id']}: {row.get('label') or row.get('prompt') or ''}".rstrip(": ") for row in inputs_of(said)
    ]
    with told():
        put = exported(SourceFile(MANIFEST, json.dumps(of_preset(said, {}))), "all").tree
    report.say("\n".join([*lines, "", json.dumps(put, ensure_ascii=False, indent=2)]))


@command.command("install")
@click.argument("source", type=click.Path(path_type=Path, exists=True))
@click.option("--name", help="What it is called here (default: what its manifest says).")
@click.option("--set", "given", multiple=True, metavar="ID=VALUE", help="What it asks for; several times.")
@click.option("--yes", is_flag=True, help="Write without asking.")
def install_command(source: Path, name: str | None, given: tuple[str, ...], yes: bool) -> None:
    """Take a preset from a folder or an archive, and merge it into config.json."""
    try:
        files = archive.read(source)
        said = shelf.manifest_in(files)
        called = name or str(said.get("name") or source.name.partition(".")[0])
        place = shelf.folder(home(), called)
        if place.exists():
            raise Unsafe(f"preset {called} is there already: `ccr preset delete {called}` first")
    except Unsafe as why:
        raise _refused(f"{why}; nothing was installed") from None
    except OSError as error:
        raise _refused(f"{source} cannot be read: {error.strerror}") from None
    values = _values(said, given)
    other = SourceFile(f"{called}/{MANIFEST}", json.dumps(of_preset(said, values)))
    with told():
        made = merged(mine(), other)
    out = left_out(said)
    for word, names in (("new", made.added), ("kept as yours", made.kept), ("left out, a preset may not say it", out)):
        if names:
            report.say(f"{word}: {', '.join(names)}")
    if take_over(made.text, yes, f"with preset {called}"):
        report.say(f"installed {called}: {shown(shelf.put(home(), called, files))}")


@command.command("export")
@click.argument("name")
@click.option("--output", type=click.Path(path_type=Path), help="A new .zip, or a new folder (default: NAME.zip).")
@click.option("--description", default="", help="A sentence about it.")
def export_command(name: str, output: Path | None, description: str) -> None:
    """Make a preset of config.json; keys become `$VARIABLES`, always."""
    try:
        shelf.folder(home(), name)
    except Unsafe as why:
        raise _refused(str(why)) from None
    with told():
        made = exported(mine(), "all")
    manifest = {"name": name, "version": "1.0.0", "description": description, **made.tree}
    files = {MANIFEST: (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()}
    target = (output or Path(f"{name}.zip")).absolute()
    if target.exists():
        raise _refused(f"{shown(target)} is there already; nothing was written")
    if target.suffix == ".zip":
        write_atomic(target, archive.packed(files), 0o644)
    else:
        for inside, data in files.items():
            write_atomic(target / inside, data, 0o644)
    report.say(f"wrote {shown(target)}")
    for variable, what in made.variables.items():
        report.say(f"{variable} stands for {what}", sys.stderr)


@command.command("delete")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Without asking.")
def delete_command(name: str, yes: bool) -> None:
    """Take a preset away; what it put into config.json stays there."""
    _installed(name)
    if not yes and not sys.stdin.isatty():
        raise _refused(f"nobody is there to ask; `ccr preset delete {name} --yes`")
    if not yes and not click.confirm(f"Delete preset {name}?", default=False):
        report.say("nothing was deleted")
        return
    shelf.remove(home(), name)
    report.say(f"deleted {name}; config.json is as it was (`ccr config restore` puts a copy back)")


def _about(said: Mapping[str, Any]) -> dict[str, str]:
    return {key: str(said[key]) for key in _ABOUT if isinstance(said.get(key), str)}


def _installed(name: str) -> Mapping[str, Any]:
    found = dict(shelf.installed(home())).get(name)
    if found is None:
        raise _refused(f"there is no preset {name!r}; `ccr preset list` lists them")
    return found


def _refused(words: str) -> click.exceptions.Exit:
    report.say(words, sys.stderr)
    return click.exceptions.Exit(report.MISUSED)


def _values(said: Mapping[str, Any], given: tuple[str, ...]) -> Mapping[str, str]:
    """What the preset asks for: said with --set, else asked for at a terminal, else its own default."""
    values = dict(pair.split("=", 1) for pair in given if "=" in pair)
    missing = []
    for row in inputs_of(said):
        name, default = str(row["id"]), row.get("defaultValue", row.get("default"))
        if name in values:
            continue
        if sys.stdin.isatty():
            secret = row.get("type") == "password" or keylike(name)
            values[name] = click.prompt(
                str(row.get("label") or name), default=default, hide_input=secret, show_default=not secret
            )
        elif default is not None:
            values[name] = str(default)
        elif row.get("required", True):
            missing.append(name)
    if missing:
        raise _refused(
            f"it asks for {', '.join(missing)}: say it with " + " ".join(f"--set {name}=..." for name in missing)
        )
    return values
