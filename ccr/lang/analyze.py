"""The front door of the language: sources to checked and compiled layers, and everything that was found.

parse → splice imports → declare → resolve, check, … (a table of passes) → lint → compile. A pass sees one layer with the
names visible in it; a layer with an error is neither linted nor compiled. An error in a session's or project's layer
keeps that layer out, any other keeps all out (rulings 1.22).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TypeVar

from msgspec import Struct, structs

from ccr.diagnostics.diagnostic import Diagnostic, Severity, in_order
from ccr.diagnostics.source import SourceFile
from ccr.lang import ast
from ccr.lang.check_blocks import check_layer
from ccr.lang.compile import compile_layer
from ccr.lang.conditions import Conditions
from ccr.lang.echoes import is_echo
from ccr.lang.environment import Environment
from ccr.lang.findings import RESERVED_NAME
from ccr.lang.formula import Formula, Formulas
from ccr.lang.functions import unfounded
from ccr.lang.locations import normal
from ccr.lang.mended import beside
from ccr.lang.projects import PRIVATE, refused
from ccr.lang.resolve import resolve
from ccr.lang.safety import leaks, look_alikes, loose
from ccr.lang.scope import Scope, declare
from ccr.lang.shadow import meant
from ccr.lang.splice import Splicer, missing
from ccr.lang.syntax import parse
from ccr.lang.tree import Program
from ccr.lang.unbuilt import not_built
from ccr.lang.unused import unused, used_names


class LayerText(Struct, frozen=True, eq=False):
    """The sources of one layer. `mentioned` are files that its files name; `transcribed` came from config.json as trees."""

    name: str
    files: tuple[SourceFile, ...] = ()
    mentioned: tuple[SourceFile, ...] = ()
    transcribed: tuple[ast.File, ...] = ()


class AnalyzedLayer(Struct, frozen=True, eq=False):
    """A layer without errors. `files` have their imports spliced; `aliases` are all that its rules may use."""

    name: str
    files: tuple[ast.File, ...]
    program: Program
    providers: tuple[ast.Provider, ...]
    users: tuple[ast.User, ...]
    server: tuple[ast.Option, ...]
    aliases: Mapping[str, ast.Alias]
    expects: tuple[ast.Expect, ...]


class Analysis(Struct, frozen=True, eq=False):
    """`layers` is empty when an error keeps all of them from loading. `aliases`: those that a client may name."""

    layers: tuple[AnalyzedLayer, ...]
    diagnostics: tuple[Diagnostic, ...]
    aliases: Mapping[str, ast.Alias] = {}


class _Draft(Struct, frozen=True, eq=False):
    """A layer on its way: `own` its files as they stand, `files` with imports spliced."""

    name: str
    mentioned: tuple[SourceFile, ...]
    own: tuple[ast.File, ...]
    files: tuple[ast.File, ...]
    scope: Scope
    findings: tuple[Diagnostic, ...]

    @property
    def statements(self) -> tuple[ast.Statement, ...]:
        return tuple(statement for file in self.files for statement in file.statements)

    @property
    def broken(self) -> bool:
        return any(each.level is Severity.ERROR for each in self.findings)


Given = TypeVar("Given")
Pass = Callable[[_Draft, Environment], Iterable[Diagnostic]]

_WRITTEN = frozenset({"policy", "session", "project", "user"})
"""Layers that people write in the language."""

PASSES: tuple[Pass, ...] = (
    lambda draft, environment: missing(draft.files, draft.mentioned),
    lambda draft, environment: unfounded(draft.files, draft.mentioned),
    lambda draft, environment: resolve(draft.files, draft.scope, environment, shared=draft.name == "project"),
    lambda draft, environment: check_layer(draft.statements, environment, draft.scope.all_lets),
    lambda draft, environment: (
        refused(draft.statements, _imports(draft.own), draft.name) if draft.name in PRIVATE else ()
    ),
    lambda draft, environment: leaks(draft.statements, draft.name) if draft.name in _WRITTEN else (),
    lambda draft, environment: loose(draft.files, draft.mentioned) if draft.name in _WRITTEN else (),
    lambda draft, environment: (
        (finding for file in draft.own for finding in look_alikes(file.span.file)) if draft.name in _WRITTEN else ()
    ),
    lambda draft, environment: not_built(draft.statements, environment),
)
"""What looks at one layer after its names are known; order does not matter."""


def analyze(layers: Sequence[LayerText], environment: Environment) -> Analysis:
    """Layers, strongest first, to checked and compiled ones, with every finding in the order of the text."""
    drafts = _visible([_draft(layer, environment) for layer in layers])
    drafts = [_passed(draft, environment) for draft in drafts]
    findings = [finding for draft in drafts for finding in (*draft.findings, *_unused(draft, drafts))]
    if any(draft.broken and draft.name not in PRIVATE for draft in drafts):
        return Analysis((), in_order(findings))
    good = [draft for draft in drafts if not draft.broken]
    everybodys = [draft for draft in good if draft.name not in PRIVATE]
    named = meant(_strongest([draft.scope.aliases for draft in everybodys]), _homes(everybodys))
    return Analysis(_compiled(good, environment), in_order(findings), named)


def _draft(layer: LayerText, environment: Environment) -> _Draft:
    parsed, findings = _parsed(layer)
    splicer = Splicer(parsed)
    names = [normal(source.name) for source in layer.files if normal(source.name) in parsed]
    own = (*(parsed[name] for name in names), *layer.transcribed)
    files = (*splicer.splice(names), *layer.transcribed)
    scope, declared = declare(files, environment)
    told = [_as_given(each, layer.transcribed) for each in declared]
    return _Draft(layer.name, layer.mentioned, own, files, scope, (*findings, *splicer.findings, *told))


def _parsed(layer: LayerText) -> tuple[dict[str, ast.File], list[Diagnostic]]:
    """The trees of a layer's files and of the rule files among those it mentions, by path."""
    findings: list[Diagnostic] = []
    parsed: dict[str, ast.File] = {}
    rules = [source for source in layer.mentioned if source.name.endswith(".ccr")]
    for source in (*layer.files, *rules):
        name = normal(source.name)
        if source.text is not None and name not in parsed:
            parsed[name], found = parse(source)
            findings.extend(found)
    return parsed, findings


def _as_given(finding: Diagnostic, transcribed: Sequence[ast.File]) -> Diagnostic:
    """Names in config.json were given before there were words of ours: they are told of, and kept."""
    if finding.code is RESERVED_NAME and any(finding.at.file is file.span.file for file in transcribed):
        return structs.replace(finding, severity=Severity.WARNING)
    return finding


def _imports(files: Iterable[ast.File]) -> list[ast.Import]:
    return [each for file in files for each in file.statements if isinstance(each, ast.Import)]


# ---- names of other layers -------------------------------------------------------------------------------------------


def _visible(drafts: list[_Draft]) -> list[_Draft]:
    """Each layer with the names of others that it may use: of stronger ones, and in a session's or project's also of
    weaker ones (rulings R8, amendments S24). What those two name themselves is seen by nobody else."""
    users = frozenset().union(*(draft.scope.users for draft in drafts))
    providers = frozenset().union(*(draft.scope.providers for draft in drafts))
    result = []
    for place, draft in enumerate(drafts):
        givers = [
            each
            for at, each in enumerate(drafts)
            if each.name not in PRIVATE and at != place and (at < place or draft.name in PRIVATE)
        ]
        outer = structs.replace(
            draft.scope,
            users=users,
            providers=providers,
            lost=draft.scope.lost.union(*(each.scope.lost for each in givers)),
            outer_lets=_strongest([each.scope.lets for each in givers]),
            outer_aliases=_strongest([each.scope.aliases for each in givers]),
        )
        result.append(structs.replace(draft, scope=outer))
    return result


def _homes(drafts: Sequence[_Draft]) -> list[tuple[str, Scope]]:
    return [(draft.name, draft.scope) for draft in drafts]


def _strongest(given: Sequence[Mapping[str, Given]]) -> dict[str, Given]:
    return {name: each for names in reversed(given) for name, each in names.items()}


def _passed(draft: _Draft, environment: Environment) -> _Draft:
    found = [finding for run in PASSES for finding in run(draft, environment)]
    syntax = [each for each in draft.findings if each.code.number < "CCR1"]
    kept = [each for each in found if not is_echo(each, syntax)]
    return structs.replace(
        draft, findings=(*draft.findings, *kept, *beside(syntax, partial(_names, draft, environment)))
    )


def _names(draft: _Draft, environment: Environment, file: ast.File) -> Iterator[Diagnostic]:
    """What is wrong with the names and types of one more file of the layer."""
    others = (each.lost for each in draft.files if each.span.file.name != file.span.file.name)
    scope = structs.replace(draft.scope, lost=file.lost.union(*others))
    yield from resolve((file,), scope, environment, shared=draft.name == "project")
    yield from check_layer(file.statements, environment, draft.scope.all_lets)


def _unused(draft: _Draft, drafts: Sequence[_Draft]) -> Iterator[Diagnostic]:
    """Not said while something is broken: what uses the name may be what could not be read."""
    if any(each.broken for each in drafts):
        return
    names = [used_names(each.files) for each in drafts]
    lets, aliases = (frozenset().union(*(each[kind] for each in names)) for kind in (0, 1))
    yield from unused(draft.own, draft.scope, lets, aliases)


# ---- compiling -------------------------------------------------------------------------------------------------------


def _compiled(drafts: Sequence[_Draft], environment: Environment) -> tuple[AnalyzedLayer, ...]:
    """Layers that give names first, so that a let is made once, in the layer that gives it."""
    formulas, made, named = Formulas(), dict[int, AnalyzedLayer](), dict[str, Mapping[str, Formula]]()
    for draft in sorted(drafts, key=lambda each: each.name in PRIVATE):
        own = draft.scope.lets
        outer = {name: _home(let, drafts, named) for name, let in draft.scope.outer_lets.items() if name not in own}
        conditions = Conditions(formulas, environment, own, outer)
        named[draft.name] = conditions.named()
        made[id(draft)] = _layer(
            draft, compile_layer(draft.name, draft.files, conditions), meant(draft.scope.all_aliases, _homes(drafts))
        )
    return tuple(made[id(draft)] for draft in drafts)


def _home(let: ast.Let, drafts: Sequence[_Draft], named: Mapping[str, Mapping[str, Formula]]) -> Formula:
    name = let.name.text
    home = next(draft for draft in drafts if draft.scope.lets.get(name) is let)
    return named[home.name][name]


def _layer(draft: _Draft, program: Program, aliases: Mapping[str, ast.Alias]) -> AnalyzedLayer:
    statements = draft.statements
    return AnalyzedLayer(
        name=draft.name,
        files=draft.files,
        program=program,
        providers=tuple(each for each in statements if isinstance(each, ast.Provider)),
        users=tuple(each for each in statements if isinstance(each, ast.User)),
        server=tuple(option for each in statements if isinstance(each, ast.Server) for option in each.options),
        aliases=aliases,
        expects=tuple(each for each in statements if isinstance(each, ast.Expect)),
    )
