"""Show what can change when rules replace others, for any request: proved.

OLD and NEW are folders or files, or `REV:PATH` for what git has at a revision; each takes the place of the user layer,
everything else stays as it is. Where there is a log, it says what share of its newest requests the change concerns. Exit codes: 0 proved equal, 1 they differ (or could not be told apart), 2 misused or one
of them has an error.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from ccr.cli import differences, past, report
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.lang.formula import Formulas
from ccr.lang.syntax import mentions
from ccr.live.files import decode, read_sources
from ccr.live.paths import home, places
from ccr.live.surroundings import look
from ccr.routing.changes import compare
from ccr.routing.prospects import Prospects
from ccr.routing.surroundings import LayerSources, Sources
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import world
from ccr.usage.differences import shares, shares_as_json
from ccr.usage.replaying import moved

_PATIENCE = 20
"""Seconds git may take for one file."""


@click.command("diff", epilog="Example: ccr diff main:rules/ rules/")
@click.argument("old")
@click.argument("new")
@click.option("--summary", is_flag=True, help="One line.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Another config.json.")
@click.pass_context
def command(context: click.Context, old: str, new: str, summary: bool, as_json: bool, config: Path | None) -> None:
    """Show what can change when rules replace others, for any request: proved."""
    report.prepare()
    formulas = Formulas()
    worlds = [_prospects(named, config, formulas) for named in (old, new)]
    before, after = worlds
    if before is None or after is None:
        context.exit(report.MISUSED)
    changed = compare(before, after)
    served = past.newest(config) if changed.kinds else []
    traffic = moved(served, before.snapshot, after.snapshot) if served else None
    if as_json:
        said = differences.as_json(changed) | ({"traffic": shares_as_json(traffic)} if traffic is not None else {})
        report.say(json.dumps(said, ensure_ascii=False, indent=2))
    elif summary:
        report.say("; ".join([differences.summary(changed), *([next(shares(traffic))] if traffic is not None else [])]))
    else:
        report.say("\n".join([*differences.lines(changed), *(shares(traffic) if traffic is not None else [])]))
    context.exit(report.FOUND if changed else report.GOOD)


def _prospects(named: str, config: Path | None, formulas: Formulas) -> Prospects | None:
    """The world with these rules as the user layer; None, and words on standard error, if it does not load."""
    layer = _layer(named, config)
    base = read_sources(places(config=config))
    others = [each for each in base.layers if each.name != "user"]
    at = next((index for index, each in enumerate(others) if each.name != "policy"), len(others))
    made = world(
        Sources((*others[:at], layer, *others[at:]), base.config), look(home(), {}), vocabulary(), proofs=False
    )
    if made.loaded.snapshot is None:
        errors = [each for each in made.loaded.diagnostics if each.level is Severity.ERROR]
        report.say(f"{named} has an error:\n{render(errors, report.colourful(sys.stderr))}".rstrip("\n"), sys.stderr)
        return None
    return Prospects(made.loaded.snapshot, made.layers, formulas)


# ---- where rules come from --------------------------------------------------------------------------------------------


def _layer(named: str, config: Path | None) -> LayerSources:
    """A folder or a file; what no path is called and has a colon in it is a revision and a path."""
    place = Path(named)
    if place.exists():
        layers = read_sources(places(config=config, rules=place)).layers
        return next((each for each in layers if each.name == "user"), LayerSources("user", ()))
    revision, colon, path = named.partition(":")
    if not colon or not revision:
        raise click.UsageError(f"there is no file or folder {named!r}")
    return _at_revision(revision, path)


def _at_revision(revision: str, path: str) -> LayerSources:
    """Files as git has them, with what they mention."""
    prefix = _git("rev-parse", "--show-prefix").decode().strip()
    below = (Path(prefix) / path).as_posix()
    kind = _git("cat-file", "-t", f"{revision}:{below}").decode().strip()
    names = [below]
    if kind == "tree":
        listed = _git("ls-tree", "--name-only", "-z", f"{revision}:{below}").decode().split("\0")
        names = sorted(f"{below.rstrip('/')}/{name}" for name in listed if name.endswith(".ccr"))
    files = [_file(revision, name) for name in names]
    if not files:
        raise click.UsageError(f"there is no rule file in {revision}:{path}")
    return LayerSources("user", tuple(files), tuple(_mentioned(revision, files)))


def _mentioned(revision: str, files: list[SourceFile]) -> Iterator[SourceFile]:
    seen = {file.name for file in files}
    waiting = list(files)
    while waiting:
        file = waiting.pop()
        for named in mentions(file):
            name = _joined(Path(file.name).parent / named)
            if name not in seen:
                seen.add(name)
                found = _file(revision, name)
                yield found
                waiting += [found] if name.endswith(".ccr") else []


def _joined(path: Path) -> str:
    parts: list[str] = []
    for part in path.parts:
        if part == ".." and parts:
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _file(revision: str, name: str) -> SourceFile:
    """Text None if the revision has no such file."""
    try:
        return SourceFile(name, decode(_git("cat-file", "blob", f"{revision}:{name}")))
    except click.UsageError:
        return SourceFile(name, None)


def _git(*arguments: str) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, timeout=_PATIENCE, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise click.UsageError(f"git cannot be asked: {error}") from None
    if done.returncode != 0:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise click.UsageError(f"git says: {words[0] if words else 'nothing'}")
    return done.stdout
