"""What stands in the text without being written: the full names that short ones come to, and what each word is.

The colours of semantic tokens are those that a plain grammar cannot know: which bare word is a `let`, which an attribute,
which an alias.
"""

from collections.abc import Iterator

from lsprotocol import types as lsp

from ccr.desk import facts
from ccr.desk.desk import View
from ccr.desk.symbols import Symbol, known, symbols
from ccr.lsp.convert import Places

TOKENS = ("variable", "function", "class", "enumMember", "property", "parameter", "macro", "string")
_TYPES = {
    "let": "variable", "alias": "function", "provider": "class", "user": "enumMember", "attribute": "property",
    "field": "parameter", "option": "parameter", "parameter": "parameter", "transformer": "macro", "special": "enumMember",
}  # fmt: skip
MODIFIERS = ("declaration",)
_LONGEST = 60


def hints(view: View, start: int, end: int, places: Places) -> Iterator[lsp.InlayHint]:
    """`→ provider/full-name` behind a target that says less than it means."""
    for symbol in symbols(view.tree, known(view)):
        if symbol.kind not in ("model", "alias") or symbol.declares or not start <= symbol.span.start <= end:
            continue
        full = facts.resolved(view, symbol.name)
        if full != symbol.name:
            text = full if len(full) <= _LONGEST else full[: _LONGEST - 1] + "…"
            place = places.position(view.source.content, symbol.span.end)
            yield lsp.InlayHint(place, f"→ {text}", tooltip=_tooltip(view, symbol, full), padding_left=True)


def _tooltip(view: View, symbol: Symbol, full: str) -> lsp.MarkupContent:
    card = facts.model(view.catalog, symbol.name) if symbol.kind == "model" else full
    return lsp.MarkupContent(lsp.MarkupKind.Markdown, card)


def tokens(view: View, places: Places) -> list[int]:
    """Five numbers a word, as the protocol wants them: lines and columns relative to the word before."""
    data: list[int] = []
    line = column = 0
    for symbol in _apart(view):
        area = places.range(symbol.span)
        if area.start.line != area.end.line:
            continue
        if area.start.line != line:
            column = 0
        data += [
            area.start.line - line,
            area.start.character - column,
            area.end.character - area.start.character,
            TOKENS.index(_TYPES[symbol.kind]),
            int(symbol.declares),
        ]
        line, column = area.start.line, area.start.character
    return data


def _apart(view: View) -> Iterator[Symbol]:
    """In the order of the text, none over another."""
    found = [
        each for each in symbols(view.tree, known(view)) if each.kind in _TYPES and each.span.end > each.span.start
    ]
    end = -1
    for symbol in sorted(found, key=lambda each: (each.span.start, each.span.end)):
        if symbol.span.start >= end:
            yield symbol
            end = symbol.span.end
