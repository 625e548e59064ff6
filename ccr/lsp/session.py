"""One editor's session: what it has open, when it is checked, and what it was told last.

Checking begins when typing has paused. First comes what reading shows, then what proofs show, which may take seconds; a
change in between drops what is under way. All work on texts is done in a thread, so that the wire is never held up.
"""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar

from lsprotocol import types as lsp
from pygls import uris
from pygls.lsp.server import LanguageServer

from ccr.desk.desk import Desk, View, normal
from ccr.diagnostics.diagnostic import Diagnostic
from ccr.lsp.convert import Places

PAUSE = 0.15
"""Seconds without typing after which a text is checked."""
_UNTITLED = Path("/untitled")
"""Where documents stand that are no file yet: nothing is beside them."""
T = TypeVar("T")


class Session:
    """Joins the client's documents to a desk."""

    def __init__(self, server: LanguageServer, desk: Desk) -> None:
        self._server, self.desk = server, desk
        self.findings: dict[Path, tuple[Diagnostic, ...]] = {}
        self._told: dict[str, list[lsp.Diagnostic]] = {}
        self._checking: asyncio.Task[None] | None = None

    # ---- documents ------------------------------------------------------------------------------------------------

    def put(self, uri: str) -> None:
        """A document was opened or changed. What is no rule file and no config.json of ours is let be."""
        document = self._server.workspace.get_text_document(uri)
        path = path_of(uri)
        if path == self.desk.where.config or path.suffix == ".ccr" or document.language_id == "ccr":
            self.desk.put(path, uri, document.source)
            self.check()

    def close(self, uri: str) -> None:
        self.desk.close(path_of(uri))
        self.findings.pop(path_of(uri), None)
        self.check()

    def refresh(self) -> None:
        """Files on the disk have changed."""
        self.desk.forget()
        self.check()

    # ---- questions ------------------------------------------------------------------------------------------------

    async def ask(self, uri: str, answer: Callable[[View, Places], T]) -> T | None:
        """What a thread makes of a document; None for one that is not ours."""
        path = path_of(uri)
        if path not in self.desk.open:
            return None
        return await asyncio.to_thread(lambda: answer(*self._laid_out(path)))

    def _laid_out(self, path: Path) -> tuple[View, Places]:
        view = self.desk.view(path)
        return view, self.places(view)

    def places(self, view: View) -> Places:
        encoding = self._server.server_capabilities.position_encoding or lsp.PositionEncodingKind.Utf16
        return Places(str(getattr(encoding, "value", encoding)), view.uris)

    # ---- findings -------------------------------------------------------------------------------------------------

    def check(self) -> None:
        """Soon, and instead of a check that is under way."""
        if self._checking is not None:
            self._checking.cancel()
        self._checking = asyncio.get_running_loop().create_task(self._check())

    async def _check(self) -> None:
        await asyncio.sleep(PAUSE)
        paths = self.desk.open
        for path in paths:
            self.findings[path] = (await asyncio.to_thread(self.desk.view, path)).findings
        self._publish(paths)
        for path in paths:
            self.findings[path] = await asyncio.to_thread(self.desk.proved, path)
        self._publish(paths)

    def _publish(self, paths: Iterable[Path]) -> None:
        """Tells of each file what is new; a file of which nothing is left to say is told so."""
        found: dict[str, dict[tuple[object, ...], lsp.Diagnostic]] = {}
        for path in paths:
            view = self.desk.view(path)
            places = self.places(view)
            found.setdefault(view.uris.get(view.source.name, path.as_uri()), {})
            for finding in self.findings[path]:
                uri = view.uris.get(finding.at.file.name)
                key = (finding.code.number, finding.at.start, finding.message)
                if uri is not None:
                    found.setdefault(uri, {})[key] = places.diagnostic(finding)
        said = {uri: list(rows.values()) for uri, rows in found.items()}
        for uri in said.keys() | self._told.keys():
            if said.get(uri, []) != self._told.get(uri) and not (uri not in said and not self._told[uri]):
                self._tell(uri, said.get(uri, []))
        self._told = said

    def _tell(self, uri: str, diagnostics: list[lsp.Diagnostic]) -> None:
        known = self._server.workspace.text_documents
        version = known[uri].version if uri in known else None
        self._server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, diagnostics, version))


def path_of(uri: str) -> Path:
    """Where a document stands; one that is no file stands by itself."""
    path = uris.to_fs_path(uri) if uri.startswith("file:") else None
    return normal(Path(path)) if path else _UNTITLED / uri.replace("/", "_")
