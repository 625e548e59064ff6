"""`ccr lsp`: the table of what an editor may ask, over standard input and output.

Each row hands a question to the file that knows the answer. The whole text of a document is sent at each change: rule
files are small, and so nobody has to agree with the client on what a line is.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from ccr import __version__
from ccr.desk.desk import Desk, View
from ccr.desk.hover import Page
from ccr.diagnostics.source import SourceFile
from ccr.lang.tidy import Refused, tidy
from ccr.live.paths import Places as Where
from ccr.lsp import completion, fixes, hover, marks, names, outline, traffic
from ccr.lsp.convert import Places, whole
from ccr.lsp.session import Session, path_of
from ccr.routing.vocabulary import Vocabulary

_TRIGGERS = [" ", "/", "{", '"', "."]
_WATCHED = ("**/*.ccr", "**/config.json", "**/*.py")


def serve(where: Where, vocabulary: Vocabulary, page: Page) -> None:
    """Speaks until the client says `exit` or closes the pipe. `page` gives the manual page of a finding."""
    make(where, vocabulary, page).start_io()


def make(where: Where, vocabulary: Vocabulary, page: Page) -> LanguageServer:
    server = LanguageServer("ccr", __version__, text_document_sync_kind=lsp.TextDocumentSyncKind.Full)
    session = Session(server, Desk(where, vocabulary))
    for method, options, handler in (*_documents(server, session), *_questions(session, page), *_names(session)):
        server.feature(method, options)(handler)
    return server


T = TypeVar("T")


class _Point(Protocol):
    """What the protocol's questions about one position have in common."""

    text_document: lsp.TextDocumentIdentifier
    position: lsp.Position


_Row = tuple[str, Any, Callable[..., Any]]


def _documents(server: LanguageServer, session: Session) -> tuple[_Row, ...]:
    def opened(params: lsp.DidOpenTextDocumentParams | lsp.DidChangeTextDocumentParams) -> None:
        session.put(params.text_document.uri)

    def closed(params: lsp.DidCloseTextDocumentParams) -> None:
        session.close(params.text_document.uri)

    def changed(_: lsp.DidChangeWatchedFilesParams | lsp.DidSaveTextDocumentParams) -> None:
        session.refresh()

    async def initialized(_: lsp.InitializedParams) -> None:
        """Asks to be told of files on the disk, where the client can."""
        told = server.client_capabilities.workspace
        watches = told.did_change_watched_files if told is not None else None
        if watches is not None and watches.dynamic_registration:
            globs = [lsp.FileSystemWatcher(glob) for glob in _WATCHED]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(globs)
            wish = lsp.Registration("watch", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options)
            await server.client_register_capability_async(lsp.RegistrationParams([wish]))

    return (
        (lsp.INITIALIZED, None, initialized),
        (lsp.TEXT_DOCUMENT_DID_OPEN, None, opened),
        (lsp.TEXT_DOCUMENT_DID_CHANGE, None, opened),
        (lsp.TEXT_DOCUMENT_DID_CLOSE, None, closed),
        (lsp.TEXT_DOCUMENT_DID_SAVE, None, changed),
        (lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, None, changed),
    )


def _questions(session: Session, page: Page) -> tuple[_Row, ...]:
    async def completed(params: lsp.CompletionParams) -> list[lsp.CompletionItem] | None:
        return await _at(session, params, completion.completed)

    async def hovered(params: lsp.HoverParams) -> lsp.Hover | None:
        return await _at(session, params, lambda view, offset, places: hover.hovered(view, offset, places, page))

    async def actions(params: lsp.CodeActionParams) -> list[lsp.CodeAction] | None:
        def answer(view: View, places: Places) -> list[lsp.CodeAction]:
            found = session.findings.get(path_of(params.text_document.uri), view.findings)
            current = [each for each in found if each.at.file.content == view.source.content]
            stands = current or view.findings
            start, end = _span(view, places, params.range)
            return [*fixes.actions(view, stands, start, end, params.context.only or (), places)]

        return await session.ask(params.text_document.uri, answer)

    async def formatting(params: lsp.DocumentFormattingParams) -> list[lsp.TextEdit] | None:
        return await session.ask(params.text_document.uri, lambda view, places: formatted(view.source, places))

    async def hints(params: lsp.InlayHintParams) -> list[lsp.InlayHint] | None:
        def answer(view: View, places: Places) -> list[lsp.InlayHint]:
            return [*marks.hints(view, *_span(view, places, params.range), places)]

        return await session.ask(params.text_document.uri, answer)

    async def symbols(params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol] | None:
        return await session.ask(params.text_document.uri, outline.outline)

    async def folds(params: lsp.FoldingRangeParams) -> list[lsp.FoldingRange] | None:
        return await session.ask(params.text_document.uri, outline.folds)

    async def tokens(params: lsp.SemanticTokensParams) -> lsp.SemanticTokens | None:
        data = await session.ask(params.text_document.uri, marks.tokens)
        return lsp.SemanticTokens(data) if data is not None else None

    async def lenses(params: lsp.CodeLensParams) -> list[lsp.CodeLens] | None:
        def answer(view: View, places: Places) -> list[lsp.CodeLens]:
            return traffic.lenses(view, session.desk.where.home, datetime.now().date(), places)

        return await session.ask(params.text_document.uri, answer)

    legend = lsp.SemanticTokensLegend(list(marks.TOKENS), list(marks.MODIFIERS))
    return (
        (lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=_TRIGGERS), completed),
        (lsp.TEXT_DOCUMENT_HOVER, None, hovered),
        (lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=fixes.KINDS), actions),
        (lsp.TEXT_DOCUMENT_FORMATTING, None, formatting),
        (lsp.TEXT_DOCUMENT_INLAY_HINT, None, hints),
        (lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, None, symbols),
        (lsp.TEXT_DOCUMENT_FOLDING_RANGE, None, folds),
        (lsp.TEXT_DOCUMENT_SEMANTIC_TOKENS_FULL, legend, tokens),
        (lsp.TEXT_DOCUMENT_CODE_LENS, None, lenses),
    )


def _names(session: Session) -> tuple[_Row, ...]:
    async def definition(params: lsp.DefinitionParams) -> list[lsp.Location] | None:
        def answer(view: View, offset: int, places: Places) -> list[lsp.Location]:
            symbol = names.at(view, offset)
            return names.definition(view, symbol, places) if symbol is not None else []

        return await _at(session, params, answer)

    async def references(params: lsp.ReferenceParams) -> list[lsp.Location] | None:
        def answer(view: View, offset: int, places: Places) -> list[lsp.Location]:
            symbol, declared = names.at(view, offset), params.context.include_declaration
            return names.references(view, symbol, places, declared) if symbol is not None else []

        return await _at(session, params, answer)

    async def prepare(params: lsp.PrepareRenameParams) -> lsp.Range | None:
        def answer(view: View, offset: int, places: Places) -> lsp.Range:
            return places.range(names.renamable(view, names.at(view, offset)))

        return await _told(_at(session, params, answer))

    async def rename(params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
        def answer(view: View, offset: int, places: Places) -> lsp.WorkspaceEdit:
            return names.rename(session.desk, view, names.at(view, offset), params.new_name, places)

        return await _told(_at(session, params, answer))

    return (
        (lsp.TEXT_DOCUMENT_DEFINITION, None, definition),
        (lsp.TEXT_DOCUMENT_REFERENCES, None, references),
        (lsp.TEXT_DOCUMENT_PREPARE_RENAME, None, prepare),
        (lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True), rename),
    )


async def _at(session: Session, params: _Point, answer: Callable[[View, int, Places], T]) -> T | None:
    """What is answered for one position of a document."""

    def at(view: View, places: Places) -> T:
        return answer(view, places.offset(view.source.content, params.position), places)

    return await session.ask(params.text_document.uri, at)


async def _told(asked: Awaitable[T]) -> T:
    """A refusal reaches the person as a message of the editor."""
    try:
        return await asked
    except names.NotRenamed as refused:
        raise JsonRpcException(str(refused), lsp.LSPErrorCodes.RequestFailed) from None


def _span(view: View, places: Places, area: lsp.Range) -> tuple[int, int]:
    text = view.source.content
    return places.offset(text, area.start), places.offset(text, area.end)


def formatted(file: SourceFile, places: Places) -> list[lsp.TextEdit]:
    """The text as `ccr fmt` writes it; nothing where it has a mistake in its syntax, which the findings tell."""
    try:
        text = tidy(file)
    except Refused:
        return []
    return [lsp.TextEdit(places.range(whole(file)), text)] if text != file.content else []
