"""Let a project's own rules run, after showing them.

DIR is the project or any folder in it (default: here). Its `.ccr` files come with the repository and do nothing until
they are trusted; a file that changes is not trusted any more. Shown are the files, what they can do, which of their
denials stand, and what becomes of requests otherwise than under your own rules, proved. They may choose among the targets that your own rules
declare, refuse, and change requests; your guards hold for them. Exit codes: 0 trusted, 1 not trusted or the rules have
errors, 2 there are none.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from ccr.cli import differences, report
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.render_text import render
from ccr.lang.formula import Formulas
from ccr.lang.syntax import parse
from ccr.live.files import read_sources
from ccr.live.paths import home, places, shown
from ccr.live.projects import printable, with_layers
from ccr.live.surroundings import look
from ccr.live.trust import Contents, Trusted, Unreadable, listed, nearest, read_contents
from ccr.routing.changes import Denying, compare, standing_denials
from ccr.routing.powers import ORDER, ROUTES, powers, targets
from ccr.routing.prospects import Prospects
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load, world


@click.command("trust", epilog="Example: ccr trust ~/work/acme")
@click.argument("directory", required=False, default=".", type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Trust without asking.")
@click.option("--list", "listing", is_flag=True, help="List what is trusted, and stop.")
@click.option("--revoke", is_flag=True, help="Trust this project no longer.")
@click.pass_context
def command(context: click.Context, directory: Path, yes: bool, listing: bool, revoke: bool) -> None:
    """Let a project's own rules run, after showing them."""
    report.prepare()
    trusted = Trusted(home())
    if listing:
        report.say("\n".join(_listed(trusted)) or "no project is trusted")
        return
    place = directory.expanduser().resolve()
    project = nearest(place)
    if revoke:
        context.exit(_revoke(trusted, project or place))
    if project is None:
        report.say(printable(f"there is no `.ccr` folder in {shown(place)} or above it in its repository"), sys.stderr)
        context.exit(report.MISUSED)
    try:
        contents = read_contents(project)
    except Unreadable as unreadable:
        report.say(printable(str(unreadable)), sys.stderr)
        context.exit(report.MISUSED)
    if not contents.layer.files:
        report.say(printable(f"there are no rules: no .ccr file in {shown(project)}/.ccr"), sys.stderr)
        context.exit(report.MISUSED)
    context.exit(_ask(trusted, contents, yes))


def _ask(trusted: Trusted, contents: Contents, yes: bool) -> int:
    for line in _shown(contents):
        report.say(printable(line))
    if _wrong(contents):
        report.say("not trusted: mend what is said above first", sys.stderr)
        return report.FOUND
    for line in _effect(contents):
        report.say(printable(line))
    if trusted.projects().get(listed(contents.project)) == contents.hash:
        report.say("trusted already, as it is now")
        return report.GOOD
    if not yes and not _confirmed():
        report.say("not trusted: nothing was changed", sys.stderr)
        return report.FOUND
    trusted.trust(contents)
    report.say(printable(f"trusted: {shown(contents.project)}, until one of these files changes"))
    return report.GOOD


def _confirmed() -> bool:
    try:
        return click.confirm("Let these rules run?", default=False)
    except click.Abort:
        return False


def _revoke(trusted: Trusted, project: Path) -> int:
    if trusted.revoke(project):
        report.say(printable(f"not trusted any more: {shown(project)}"))
        return report.GOOD
    report.say(printable(f"{shown(project)} was not trusted"), sys.stderr)
    return report.MISUSED


# ---- what is shown ------------------------------------------------------------------------------------------------


def _shown(contents: Contents) -> Iterator[str]:
    for file in contents.files:
        yield f"── {file.name}"
        yield from (f"  {number:>4}  {line}" for number, line in enumerate(_lines(file.content), 1))
        yield ""
    yield "These rules can"
    yield from _abilities(contents)
    yield "and nothing else: no new provider, address or key, no Python, no file elsewhere. Your guards hold."
    yield ""


def _lines(text: str) -> list[str]:
    """Lines as an editor counts them; a lone carriage return or a form feed is shown and ends none."""
    return text.replace("\r\n", "\n").removesuffix("\n").split("\n")


def _abilities(contents: Contents) -> Iterator[str]:
    layer = contents.layer
    trees = [parse(file)[0] for file in (*layer.files, *layer.mentioned) if file.name.endswith(".ccr")]
    found = powers(trees)
    for does in ORDER:
        those = [each for each in found if each.does == does]
        if those:
            named = f" {', '.join(targets(trees))}" if does == ROUTES else ""
            yield f"  {does}{named}"
        for each in those:
            place = f"{each.at.file.name}:{each.at.position[0]}"
            yield f"      {place}  {' '.join(each.at.text.split())}"


def _effect(contents: Contents) -> Iterator[str]:
    """Which denials stand, and what else becomes of requests than under this person's rules alone."""
    formulas, base = Formulas(), read_sources(places())
    surroundings, words = look(home(), {}), vocabulary()
    made = [world(each, surroundings, words, proofs=False) for each in (base, with_layers(base, [contents.layer]))]
    before, after = (
        Prospects(each.loaded.snapshot, each.layers, formulas) if each.loaded.snapshot is not None else None
        for each in made
    )
    if before is None or after is None:
        yield "Your own rules have an error, so what would change cannot be shown: ccr check"
        yield ""
        return
    denials = list(standing_denials(after, "project"))
    if denials:
        yield "Its denials hold whatever your rules say of such a request"
        for deny in denials:
            yield f"  {deny.at.file.name}:{deny.at.position[0]}  {_said(deny)}"
        yield ""
    yield "Beside your own rules, in this project, proved for every request"
    yield from (f"  {line}" for line in differences.lines(compare(before, after)))
    yield ""


def _said(deny: Denying) -> str:
    if deny.example is None:
        return "never: a rule before it takes every request it could"
    return f"denies for example {deny.example}" if deny.example else "whether it is ever met was not settled"


def _wrong(contents: Contents) -> bool:
    """Whether the rules cannot be loaded among this person's; says why."""
    sources = with_layers(read_sources(places()), [contents.layer])
    loaded = load(sources, look(home(), {}), vocabulary())
    own = {file.name for file in contents.files}
    findings = [each for each in loaded.diagnostics if each.at.file.name in own]
    if findings:
        report.say(printable(render(findings).rstrip("\n")), sys.stderr)
    return any(each.level is Severity.ERROR for each in findings)


def _listed(trusted: Trusted) -> Iterator[str]:
    for name, known in sorted(trusted.projects().items()):
        project = Path(name)
        try:
            now = read_contents(project).hash
        except Unreadable:
            now = ""
        state = "" if now == known else "   changed since: not in force" if now else "   cannot be read: not in force"
        yield printable(shown(project) + state)
