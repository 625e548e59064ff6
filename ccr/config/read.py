"""config.json as a second syntax: the same tree a `.ccr` file gives, with places in the JSON.

The result is one file of the layer `config` (below the person's own rules): `server`, the providers, then what Router
means. Nothing is understood here, only transcribed; names are resolved, and providers completed, where `.ccr` files
are. Reading never writes and never fails: what is wrong is in `diagnostics`, and `file` is None where no tree could be
made.

*Variables.* `$NAME` and `${NAME}` may stand in every text. A key that is nothing else becomes `env.NAME`. In other
texts the values that the caller gives (`values`) are filled in; what is not set, or when nobody looked (`values` is
None), stays as `${NAME}`. `variables` lists every name that was met, so that the caller knows what to look up.

*Keys.* A key that stands in the file is a literal of the tree like any text. Trees are not printed but by
`ccr rules`, which masks them first (`masking.py`); and places point into a text with stars for keys (`veil.py`), so
that no finding shows one.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from ccr.config import json5, providers, spelling
from ccr.config.findings import DOES_NOTHING
from ccr.config.json5 import Node, read_json5
from ccr.config.keys import LAUNCHER, ROOT, Key, Kind
from ccr.config.lenient import Entries, Entry, Notebook, Text, entries
from ccr.config.scenarios import Remarked, custom_router, default_to, read_rules, rewritten_system
from ccr.config.transforms import read_plugins, tell_unused, to_python
from ccr.config.veil import veiled
from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.source import SourceFile
from ccr.lang import ast
from ccr.lang.literals import duration

_ROUTER = "Router"


class Transcript(Struct, frozen=True):
    """What a config.json says. `settings` holds what is for the terminal (`Settings.launcher`), as plain values.

    `remarks` are comments by the index of the statement they belong to; `variables` every name that was mentioned, in order.
    """

    file: ast.File | None
    settings: Mapping[str, Any] = {}
    diagnostics: tuple[Diagnostic, ...] = ()
    variables: tuple[str, ...] = ()
    remarks: Mapping[int, str] = {}


def read_config(
    file: SourceFile | None, values: Mapping[str, str] | None = None, router: SourceFile | None = None
) -> Transcript:
    """The transcript of one config.json. `values` are environment variables; None: nobody looked. The `Router` of the file
    `router`, if there is one, stands whole in the place of config.json's own."""
    found = [_document(each) for each in (file, router) if each is not None]
    broken = tuple(finding for _, findings in found for finding in findings)
    nodes = [node for node, _ in found if node is not None]
    if not nodes or len(nodes) < len(found) or any(each.level is Severity.ERROR for each in broken):
        return Transcript(None, diagnostics=broken)
    notes = Notebook(values)
    given = entries(nodes[0], ROOT, "config.json", notes) if file is not None else {}
    if router is not None:
        given = {**given, **_routes(nodes[-1], router.name, notes)}
    statements = tuple(_statements(given, notes))
    tree = ast.File(tuple(each.statement for each in statements), nodes[0].span)
    remarks = {index: each.remark for index, each in enumerate(statements) if each.remark}
    settings = _launcher(given, notes)
    return Transcript(tree, settings, tuple(notes.findings), tuple(notes.mentioned), remarks)


def says_routes(file: SourceFile) -> bool:
    """Whether a project's or session's file says `Router` at all; one that cannot be read might."""
    node, _ = _document(file)
    return node is None or bool(_routes(node, file.name, Notebook(None)))


def _document(file: SourceFile) -> tuple[Node | None, tuple[Diagnostic, ...]]:
    return read_json5(file, veiled(file))


def _routes(node: Node, name: str, notes: Notebook) -> Entries:
    """`Router`, and nothing else that such a file says."""
    return {key: entry for key, entry in entries(node, ROOT, name, notes).items() if key == _ROUTER}


def _statements(given: Entries, notes: Notebook) -> Iterator[Remarked]:
    yield from _server(given, notes)
    plugins = read_plugins(_node(given, "transformers"), notes)
    declared = providers.read_providers(_node(given, "Providers"), plugins, notes)
    tell_unused(plugins, declared, notes)
    simple = _simple(declared, given, notes)
    yield from (Remarked(provider) for provider in (*declared, *simple))
    yield from rewritten_system(given)
    yield from custom_router(given, notes)
    rules = tuple(read_rules(given.get(_ROUTER), given.get("fallback"), notes, given.get("forceUseImageAgent")))
    yield from rules
    if simple and "OPENAI_MODEL" in given and not any(isinstance(each.statement, ast.Default) for each in rules):
        yield default_to(providers.SIMPLE, given["OPENAI_MODEL"].value)


def _node(given: Entries, key: str) -> Node | None:
    return given[key].value if key in given else None


def _simple(declared: tuple[ast.Provider, ...], given: Entries, notes: Notebook) -> tuple[ast.Provider, ...]:
    made = providers.read_simple(given, notes)
    if made is None:
        return ()
    if any(provider.name.text == providers.SIMPLE for provider in declared):
        message = f"`Providers` has an entry `{providers.SIMPLE}`, so these keys are not needed"
        notes.say(DOES_NOTHING, message, made.span)
        return ()
    return (made,)


# ---- server -----------------------------------------------------------------------------------------------------------


def _server(given: Entries, notes: Notebook) -> Iterator[Remarked]:
    options: dict[str, ast.Option] = {}
    for key in ROOT.values():
        if key.option and key.name in given and key.option not in options:
            entry = given[key.name]
            if key.unit and entry.value == 0:
                notes.say(DOES_NOTHING, f"`{key.name}` is 0, which nothing could keep", entry.at, "read as not set")
            else:
                options[key.option] = spelling.option(key.option, _value(key, entry, notes), entry.at)
    log = options.get("log")
    if (
        log is not None
        and "log_level" not in options
        and isinstance(log.value, ast.Literal)
        and log.value.text != "off"
    ):
        options["log_level"] = spelling.option("log_level", spelling.word("info", given["LOG"].at), given["LOG"].at)
    if options:
        parts = tuple(options.values())
        yield Remarked(ast.Server(parts, parts[0].span))


def _value(key: Key, entry: Entry, notes: Notebook) -> ast.Literal:
    match key.kind:
        case Kind.SECRET:
            return providers.secret(entry, notes)
        case Kind.NUMBER:
            told = duration(entry.value) if key.unit == "ms" else f"{entry.value}{key.unit}"
            return spelling.number(told, entry.at)
        case Kind.LOG:
            return spelling.word(entry.value, entry.at)
        case Kind.WORD:
            return spelling.word(entry.value.text, entry.at)
        case _:
            return providers.text(entry, notes)


# ---- the rest ---------------------------------------------------------------------------------------------------------


def _launcher(given: Entries, notes: Notebook) -> Mapping[str, Any]:
    return {key: _plain(given[key], notes) for key in LAUNCHER if key in given}


def _plain(entry: Entry, notes: Notebook) -> Any:
    match entry.value:
        case Text(text):
            return text
        case json5.Node():
            return to_python(entry.value, notes)
        case value:
            return value
