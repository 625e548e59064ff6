"""The shape of a file: an outline of its statements under the headings of its comments, and what can be folded."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lsprotocol import types as lsp

from ccr.desk.desk import View
from ccr.diagnostics.source import Span
from ccr.lang import ast
from ccr.lsp.convert import Places

_KINDS = lsp.SymbolKind
_HEADING = re.compile(r"#+\s*(?:-{2,}|={2,})\s*(?P<title>.*?)[\s=-]*$")
_LONGEST = 80


def outline(view: View, places: Places) -> list[lsp.DocumentSymbol]:
    """Statements in order; those below `# ---- heading ----` stand in it."""
    found: list[lsp.DocumentSymbol] = []
    rows = sorted([*_statements(view.tree, places), *_headings(view.tree, places)], key=lambda each: _start(each[0]))
    current: list[lsp.DocumentSymbol] = found
    heading: lsp.DocumentSymbol | None = None
    for symbol, is_heading in rows:
        if is_heading:
            heading, current = symbol, []
            symbol.children = current
            found.append(symbol)
        else:
            current.append(symbol)
            if heading is not None:
                heading.range = lsp.Range(heading.range.start, symbol.range.end)
    return found


def _start(symbol: lsp.DocumentSymbol) -> tuple[int, int]:
    return symbol.range.start.line, symbol.range.start.character


def _headings(tree: ast.File, places: Places) -> Iterator[tuple[lsp.DocumentSymbol, bool]]:
    for comment in tree.comments:
        found = _HEADING.match(comment.text)
        if found and found["title"]:
            span = places.range(comment)
            yield lsp.DocumentSymbol(found["title"], _KINDS.Namespace, span, span), True


def _statements(tree: ast.File, places: Places) -> Iterator[tuple[lsp.DocumentSymbol, bool]]:
    for statement in tree.statements:
        yield _symbol(statement, places), False


def _symbol(node: Any, places: Places) -> lsp.DocumentSymbol:
    kind, name = _SHOWN.get(type(node), (_KINDS.Event, _text))
    inner = [
        each for each in getattr(node, "body", ()) if isinstance(each, ast.When | ast.Model | ast.Route | ast.Deny)
    ]
    return lsp.DocumentSymbol(
        name(node)[:_LONGEST] or "?",
        kind,
        places.range(node.span),
        places.range(_name_span(node)),
        children=[_symbol(each, places) for each in inner] or None,
    )


def _name_span(node: Any) -> Span:
    name = getattr(node, "name", None)
    span: Span = name.span if isinstance(name, ast.Name) else node.span
    return span


def _text(node: Any) -> str:
    return " ".join(str(node.span.text).split())


def _named(node: Any) -> str:
    return str(node.name.text)


def _when(node: Any) -> str:
    return _text(node.condition).join(("when ", "")) if node.block else _text(node)


_SHOWN: Mapping[type, tuple[lsp.SymbolKind, Callable[[Any], str]]] = {
    ast.Let: (_KINDS.Variable, _named),
    ast.Alias: (_KINDS.Function, _named),
    ast.Provider: (_KINDS.Class, _named),
    ast.Model: (_KINDS.Field, _named),
    ast.User: (_KINDS.Constant, _named),
    ast.Server: (_KINDS.Object, lambda _: "server"),
    ast.Import: (_KINDS.File, lambda node: str(node.path.text)),
    ast.Expect: (_KINDS.Boolean, _text),
    ast.When: (_KINDS.Event, _when),
}


def folds(view: View, places: Places) -> list[lsp.FoldingRange]:
    """Statements of several lines, and runs of comments."""
    found = [places.range(each.span) for each in _blocks(view.tree.statements)]
    ranges = [lsp.FoldingRange(each.start.line, each.end.line) for each in found if each.end.line > each.start.line]
    return [*ranges, *_comment_runs(view.tree.comments, places)]


def _blocks(nodes: Any) -> Iterator[Any]:
    for node in nodes:
        yield node
        yield from _blocks(getattr(node, "body", ()))


def _comment_runs(comments: tuple[Span, ...], places: Places) -> Iterator[lsp.FoldingRange]:
    lines = [places.range(each).start.line for each in comments]
    start = 0
    for at, line in enumerate(lines):
        if at + 1 == len(lines) or lines[at + 1] != line + 1:
            if line > lines[start]:
                yield lsp.FoldingRange(lines[start], line, kind=lsp.FoldingRangeKind.Comment)
            start = at + 1
