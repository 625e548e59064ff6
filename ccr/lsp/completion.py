"""What can be written at the cursor, as the protocol says it; which words these are, the desk knows."""

from lsprotocol import types as lsp

from ccr.desk.completion import Item, complete
from ccr.desk.desk import View
from ccr.lsp.convert import Places


def completed(view: View, offset: int, places: Places) -> list[lsp.CompletionItem]:
    """All that can be written there, the best first; nothing in a comment."""
    text, offered = view.source.content, complete(view, offset)
    span = lsp.Range(places.position(text, offered.start), places.position(text, offset))
    return [_shown(item, span) for item in offered.items]


def _shown(item: Item, span: lsp.Range) -> lsp.CompletionItem:
    return lsp.CompletionItem(
        label=item.word,
        kind=lsp.CompletionItemKind[item.kind.name],
        detail=item.detail or None,
        documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, item.doc) if item.doc else None,
        sort_text=f"{item.rank}{item.word}",
        filter_text=item.word,
        text_edit=lsp.TextEdit(span, item.word),
    )
