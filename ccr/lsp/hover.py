"""What is said of the word under the pointer, as the protocol says it; the words are the desk's."""

from lsprotocol import types as lsp

from ccr.desk.desk import View
from ccr.desk.hover import Page, hover
from ccr.lsp.convert import Places


def hovered(view: View, offset: int, places: Places, page: Page) -> lsp.Hover | None:
    said = hover(view, offset, page)
    return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, said.text), places.range(said.at)) if said else None
