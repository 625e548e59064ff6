"""A new config.json in the place of a person's: checked, shown and asked about, with a copy of what was there."""

import sys
from collections.abc import Iterator
from difflib import unified_diff

import click

from ccr.cli import report
from ccr.config.edit import NotEdited
from ccr.config.veil import veiled
from ccr.diagnostics.diagnostic import Diagnostic
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.live.files import read, read_sources
from ccr.live.paths import home, places, shown
from ccr.live.replacement import overwrite
from ccr.live.surroundings import look
from ccr.routing.surroundings import Sources
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load


class told:
    """What cannot be edited is said with its places, and ends the command."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, at: object) -> None:
        if isinstance(error, NotEdited):
            if error.findings:
                report.say(render(error.findings).rstrip("\n"), sys.stderr)
            report.say(f"{error}; nothing was changed", sys.stderr)
            raise click.exceptions.Exit(report.FOUND)


def findings_of(source: SourceFile) -> tuple[Diagnostic, ...]:
    """What loading says of this file in the place of config.json."""
    shipped = tuple(layer for layer in read_sources(places()).layers if layer.name == "shipped")
    loaded = load(Sources(shipped, source), look(home(), {}), vocabulary(), proofs=False)
    return tuple(each for each in loaded.diagnostics if each.at.file.name == source.name)


def mine() -> SourceFile:
    """The person's config.json; an empty one where there is none."""
    path = places().config
    return read(path) if path.is_file() else SourceFile(shown(path), "{\n}\n")


def take_over(text: str, yes: bool, words: str) -> bool:
    """Checks, shows and asks; then writes, with a copy of what was there. Whether it is so now."""
    old, new = mine(), SourceFile(shown(places().config), text)
    if places().config.is_file() and text == old.content:
        report.say("nothing changes")
        return True
    findings = findings_of(new)
    if report.exit_code(findings):
        report.say(render(findings).rstrip("\n"), sys.stderr)
        report.say("nothing was changed", sys.stderr)
        raise click.exceptions.Exit(report.FOUND)
    report.say("\n".join(_differing(old, new)))
    if not yes and not sys.stdin.isatty():
        report.say("nothing was changed: nobody is there to ask; --yes writes it", sys.stderr)
        return False
    if not yes and not click.confirm("Write it?", default=True):
        report.say("nothing was changed")
        return False
    copy = overwrite(home(), places().config, text)
    report.say(f"{shown(places().config)} is {words}" + (f"   (before: {shown(copy)})" if copy else ""))
    return True


def _differing(old: SourceFile, new: SourceFile) -> Iterator[str]:
    before, after = (veiled(file).content.splitlines() for file in (old, new))
    told = list(unified_diff(before, after, n=1, lineterm=""))[2:]
    yield from (f"  {line}" for line in told if not line.startswith("@@"))
