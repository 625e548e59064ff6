"""What is said of the word under the pointer: what it means, what it costs, what it comes to; and the page of a finding."""

import re
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from ccr.desk import facts
from ccr.desk.desk import View
from ccr.desk.symbols import Symbol, known, symbol_at, symbols
from ccr.diagnostics.source import Span
from ccr.lang import ast
from ccr.lang.pieces import scraps
from ccr.lang.resolve import attribute_of, field_of

Page = Callable[[str], str | None]
"""The manual page of a finding, by its number or name."""
_CODE = re.compile(r"CCR\d{3}|(?<=allow\()[\w-]+")

_GIVEN: Mapping[str, type] = {"let": ast.Let, "alias": ast.Alias}


class Said(Struct, frozen=True):
    """`text` is Markdown; `at` what it is said of."""

    text: str
    at: Span


def hover(view: View, offset: int, page: Page) -> Said | None:
    symbol = symbol_at(symbols(view.tree, known(view)), offset)
    parts = [_symbol(view, symbol)] if symbol is not None else []
    span = symbol.span if symbol is not None and parts[0] else None
    if span is None:
        parts, span = _elsewhere(view, offset, page)
    for finding in view.findings:
        if finding.at.file.name == view.source.name and finding.at.start <= offset <= finding.at.end:
            parts.append(f"**{finding.code.number} {finding.code.name}**\n\n{finding.code.manual}")
            span = span or finding.at
    text = "\n\n---\n\n".join(part for part in parts if part)
    return Said(text, span) if text and span is not None else None


def _symbol(view: View, symbol: Symbol) -> str:
    return _TOLD[symbol.kind](view, symbol) if symbol.kind in _TOLD else ""


def _attribute(view: View, symbol: Symbol) -> str:
    declared = attribute_of(view.environment, symbol.name)
    return facts.attribute(declared) if declared is not None else ""


def _given(view: View, symbol: Symbol) -> str:
    """A name that somebody gives: as it is written, where, and what an alias comes to."""
    found = view.named.get((_GIVEN[symbol.kind], symbol.name))
    if found is None:
        return ""
    parts = [f"```ccr\n{facts.statement(found)}\n```"]
    if isinstance(found, ast.Alias):
        parts.append(f"comes to {facts.expansion(view, symbol.name)}")
    if found.span.file.name != view.source.name:
        parts.append(f"in {found.span.file.name}")
    return "\n\n".join(parts)


def _field(view: View, symbol: Symbol) -> str:
    declared = field_of(view.environment, symbol.name)
    if declared is None:
        return ""
    name = f"{declared.name}NAME" if declared.name.endswith(".") else declared.name
    entry = facts.entry(view, "fields", name)
    return facts.told(entry) if entry is not None else ""


def _entry(topic: str) -> Callable[[View, Symbol], str]:
    def told(view: View, symbol: Symbol) -> str:
        declared = view.environment.transformers.get(symbol.name) if topic == "transformers" else None
        name = declared.name.lower() if declared is not None else symbol.name
        entry = facts.entry(view, f"{topic} {symbol.owner}".strip(), name)
        return facts.told(entry) if entry is not None else f"**{symbol.name}**\n\n{declared.doc}" if declared else ""

    return told


def _user(view: View, symbol: Symbol) -> str:
    found = view.named.get((ast.User, symbol.name))
    return f"**user {symbol.name}**, given in {found.span.file.name}" if found is not None else ""


_TOLD: Mapping[str, Callable[[View, Symbol], str]] = {
    "attribute": _attribute,
    "let": _given,
    "alias": _given,
    "model": lambda view, symbol: facts.model(view.catalog, symbol.name),
    "provider": lambda view, symbol: facts.provider(view, symbol.name),
    "special": lambda view, symbol: f"**{symbol.name}**\n\n{view.environment.special_targets[symbol.name]}",
    "field": _field,
    "option": _entry("options"),
    "transformer": _entry("transformers"),
    "user": _user,
}


def _elsewhere(view: View, offset: int, page: Page) -> tuple[list[str], Span | None]:
    """A number, a word of the language, or a code in a comment."""
    scrap = next((each for each in scraps(view.source.content) if each.start <= offset < each.end), None)
    if scrap is None:
        return [], None
    span = Span(view.source, scrap.start, scrap.end)
    if scrap.kind == "comment":
        code = next((c for c in _CODE.finditer(scrap.text) if c.start() <= offset - scrap.start <= c.end()), None)
        return [page(code[0]) or ""] if code else [], span
    entry = facts.entry(view, "statements", scrap.text) if scrap.kind == "word" else None
    return [_number(view, span) or (facts.told(entry) if entry is not None else _guess(view, span))], span


def _guess(view: View, span: Span) -> str:
    """What the word of a statement that cannot be read would mean."""
    given = next((kind for kind, node in _GIVEN.items() if span.text in view.names(node)), "attribute")
    return _symbol(view, Symbol("model" if "/" in span.text else given, span.text, span))


def _number(view: View, span: Span) -> str:
    """A literal that an attribute is compared with, in full."""
    for test in _compared(view.tree):
        if test.value.span.start == span.start:
            declared = attribute_of(view.environment, test.attribute.text)
            return facts.number(test.value, declared.type) if declared is not None else ""
    return ""


def _compared(node: object) -> Iterator[ast.Compare]:
    if isinstance(node, ast.Compare):
        yield node
    elif isinstance(node, tuple):
        yield from (found for each in node for found in _compared(each))
    elif isinstance(node, Struct) and not isinstance(node, Span):
        yield from (found for field in node.__struct_fields__ for found in _compared(getattr(node, field)))
