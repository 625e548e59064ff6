"""Read rule files over and say what is wrong with them.

Each PATH takes the place of the user layer, everything else stays as `ccr serve` would find it: a folder is one layer,
each file a layer of its own, `-` is standard input. Files in a `.ccr` folder are a project's, whose rules may use names
that each colleague gives; a file by itself is taken for one if all that is wrong with it is that nobody here gives the
aliases it names. Without PATHS the layers in force are checked. Exit codes: 0 good, 1 an error (with --strict also a warning), 2 nothing to check or
misused.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
from msgspec import Struct

from ccr.cli import report
from ccr.config.read import read_config
from ccr.diagnostics.diagnostic import Diagnostic, Edit, in_order
from ccr.diagnostics.source import SourceFile
from ccr.lang import ast
from ccr.lang.syntax import parse
from ccr.lang.tidy import untidy
from ccr.live.files import decode, layer_files, read_layer, read_sources, write_atomic
from ccr.live.paths import home, places
from ccr.live.standing import ORDER, as_project, layer_name, may_be_a_projects, standing
from ccr.live.surroundings import look
from ccr.routing.surroundings import LayerSources, Sources
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load

_ROUNDS = 10
"""A mended text can show the next mistake; this many times it is read again."""


class Checked(Struct, frozen=True):
    files: tuple[SourceFile, ...]
    findings: tuple[Diagnostic, ...]


@click.command("check", epilog="Example: ccr check rules/ --strict")
@click.argument("paths", nargs=-1)
@click.option("--format", "form", type=click.Choice(report.FORMS), default="text", help="How findings are printed.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--strict", is_flag=True, help="A warning counts as an error.")
@click.option("--fix", is_flag=True, help="Mend what can be mended without a doubt.")
@click.option("--unsafe", is_flag=True, help="With --fix: mend also what may change a meaning.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Another config.json.")
@click.option(
    "--layer",
    type=click.Choice(ORDER),
    help="What PATHS are (default: project for files in a `.ccr` folder, else user).",
)
@click.option("--explain", metavar="CODE", help="Print the page of a code, such as CCR101, and stop.")
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[str, ...],
    form: str,
    as_json: bool,
    strict: bool,
    fix: bool,
    unsafe: bool,
    config: Path | None,
    layer: str | None,
    explain: str | None,
) -> None:
    """Read rule files over and say what is wrong with them."""
    report.prepare()
    if explain is not None:
        context.exit(_explain(explain))
    missing = [path for path in paths if path != "-" and not Path(path).exists()]
    if missing:
        report.say(f"there is no file or folder {missing[0]!r}", sys.stderr)
        context.exit(report.MISUSED)
    for path in (path for path in paths if path.endswith(".json")):
        report.say(f"{path} is no rule file; a config.json is checked by: ccr check --config {path}", sys.stderr)
        context.exit(report.MISUSED)
    stdin = decode(sys.stdin.buffer.read()) if "-" in paths else None
    checked = _check(paths, config, layer, stdin)
    for _ in range(_ROUNDS if fix else 0):
        if not _mend(checked.findings, unsafe):
            break
        checked = _check(paths, config, layer, stdin)
    if not checked.files:
        report.say("nothing to check: no rule file (NAME.ccr) in " + (", ".join(paths) or str(home())), sys.stderr)
    report.show(checked.findings, checked.files, "json" if as_json else form, _counts(checked.files))
    context.exit(report.exit_code(checked.findings, strict) if checked.files else report.MISUSED)


def _explain(word: str) -> int:
    page = report.page(word)
    if page is None:
        report.say(f"there is no finding {word!r}", sys.stderr)
        return report.MISUSED
    report.say(page)
    return report.GOOD


# ---- what is checked ----------------------------------------------------------------------------------------------


def _check(paths: Sequence[str], config: Path | None, named: str | None, stdin: str | None) -> Checked:
    base = read_sources(places(config=config))
    layers = [layer for path in paths for layer in _layers(path, named, stdin)]
    spliced = {file.name for layer in layers for file in layer.mentioned}
    own = [layer for layer in layers if len(layer.files) != 1 or layer.files[0].name not in spliced]
    worlds = [standing(base, layer) for layer in own] if paths else [base]
    alone = named is None and not any(path == "-" or Path(path).is_dir() for path in paths)
    findings = [finding for world in worlds for finding in _findings(world, alone)]
    files = tuple(_files(own) if paths else _own_files(base))
    return Checked(files, in_order([*findings, *_untidy(files)]))


def _untidy(files: Sequence[SourceFile]) -> Iterator[Diagnostic]:
    """A note for each file that `ccr fmt` would change."""
    notes = (untidy(file) for file in files if file.name.endswith(".ccr"))
    yield from (each for each in notes if each is not None)


def _findings(world: Sources, alone: bool) -> tuple[Diagnostic, ...]:
    """`alone`: a file by itself, which may be a project's."""
    found = load(world, look(home(), {}), vocabulary()).diagnostics
    if not alone or not may_be_a_projects(found):
        return found
    return load(as_project(world), look(home(), {}), vocabulary()).diagnostics


def _layers(path: str, named: str | None, stdin: str | None) -> Iterator[LayerSources]:
    if path == "-":
        yield LayerSources(named or "user", (SourceFile("<stdin>", stdin),))
        return
    place = Path(path).absolute()
    folder = place if place.is_dir() else place.parent
    if files := layer_files(place):
        yield read_layer(named or layer_name(folder), files)


def _files(layers: Sequence[LayerSources]) -> list[SourceFile]:
    """The rule files of some layers, each once, without files that are only mentioned and not there."""
    spliced = [file for layer in layers for file in layer.mentioned if file.name.endswith(".ccr")]
    found = {file.name: file for file in (*(file for layer in layers for file in layer.files), *spliced)}
    return [file for file in found.values() if file.text is not None]


def _own_files(base: Sources) -> list[SourceFile]:
    own = [layer for layer in base.layers if layer.name != "shipped"]
    return [*_files(own), *([base.config] if base.config is not None else [])]


def _counts(files: Sequence[SourceFile]) -> dict[str, int]:
    trees = (read_config(file).file if file.name.endswith(".json") else parse(file)[0] for file in files)
    statements = [node for tree in trees if tree is not None for node in tree.statements]
    return {
        "rules": sum(_rules(node) for node in statements),
        "providers": sum(isinstance(node, ast.Provider) for node in statements),
    }


def _rules(node: ast.Statement) -> int:
    """How many actions a statement holds."""
    if isinstance(node, ast.When):
        return sum(_rules(inner) for inner in node.body)
    return int(isinstance(node, ast.Default | ast.Action))


# ---- mending ------------------------------------------------------------------------------------------------------


def _mend(findings: Sequence[Diagnostic], unsafe: bool) -> bool:
    """Writes the fixes into the rule files; whether anything was written."""
    by_file: dict[str, list[Edit]] = {}
    for finding in findings:
        if finding.fix is None or not (finding.fix.safe or unsafe):
            continue
        names = {edit.span.file.name for edit in finding.fix.edits}
        taken = [edit for name in names for edit in by_file.get(name, [])]
        if all(name.endswith(".ccr") and not name.startswith("ccr:") for name in names) and not _clash(
            finding.fix.edits, taken
        ):
            for edit in finding.fix.edits:
                by_file.setdefault(edit.span.file.name, []).append(edit)
    for name, edits in by_file.items():
        path = Path(name).expanduser()
        write_atomic(path, _edited(edits).encode("utf-8", "surrogateescape"), path.stat().st_mode & 0o777)
    return bool(by_file)


def _clash(edits: Sequence[Edit], taken: Sequence[Edit]) -> bool:
    return any(
        one.span.file.name == other.span.file.name
        and one.span.start <= other.span.end
        and other.span.start <= one.span.end
        for one in edits
        for other in taken
    )


def _edited(edits: Sequence[Edit]) -> str:
    text = edits[0].span.file.content
    for edit in sorted(edits, key=lambda edit: -edit.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text
