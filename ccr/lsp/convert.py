"""Places in a text as editors count them, and back: the one spot where positions and findings change their form.

Ours count code points from the start of the text; an editor's are a line from 0 and a column in the units that client and
server agreed on (UTF-16 unless said). A line ends at `\\n`, `\\r\\n` or `\\r`, and nowhere else.
"""

import re
from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache

from lsprotocol import types as lsp
from msgspec import Struct

from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.source import SourceFile, Span

_LINE_END = re.compile(r"\r\n|\n|\r")
_CODECS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}
_SEVERITIES = {
    Severity.ERROR: lsp.DiagnosticSeverity.Error,
    Severity.WARNING: lsp.DiagnosticSeverity.Warning,
    Severity.NOTE: lsp.DiagnosticSeverity.Information,
}


@lru_cache(maxsize=64)
def _lines(text: str) -> tuple[int, ...]:
    """Where each line begins."""
    return (0, *(found.end() for found in _LINE_END.finditer(text)))


class Places(Struct, frozen=True):
    """How places are told to a client: in `encoding`'s units, under the URIs it knows files by (by our names for them)."""

    encoding: str = "utf-16"
    uris: Mapping[str, str] = {}

    def position(self, text: str, offset: int) -> lsp.Position:
        """The position of an offset in code points."""
        starts = _lines(text)
        line = bisect_right(starts, offset) - 1
        codec, size = _CODECS[self.encoding]
        before = text[starts[line] : offset].encode(codec, "surrogatepass")
        return lsp.Position(line, len(before) // size)

    def offset(self, text: str, position: lsp.Position) -> int:
        """The offset in code points of a position; one behind the end of a line is its end."""
        starts = _lines(text)
        if position.line >= len(starts):
            return len(text)
        start = starts[position.line]
        end = starts[position.line + 1] if position.line + 1 < len(starts) else len(text)
        line = text[start:end].rstrip("\r\n")
        codec, size = _CODECS[self.encoding]
        before = line.encode(codec, "surrogatepass")[: max(position.character, 0) * size]
        return start + len(before.decode(codec, "ignore"))

    def range(self, span: Span) -> lsp.Range:
        text = span.file.content
        return lsp.Range(self.position(text, span.start), self.position(text, span.end))

    def location(self, span: Span) -> lsp.Location | None:
        """None for a place in no file of the person's: what ships with ccr."""
        uri = self.uris.get(span.file.name)
        return lsp.Location(uri, self.range(span)) if uri is not None else None

    def diagnostic(self, finding: Diagnostic) -> lsp.Diagnostic:
        return lsp.Diagnostic(
            range=self.range(finding.at),
            message=words(finding),
            severity=_SEVERITIES[finding.level],
            code=finding.code.number,
            source="ccr",
            tags=[lsp.DiagnosticTag.Unnecessary] if finding.code.name.startswith("unused-") else None,
            related_information=[
                lsp.DiagnosticRelatedInformation(place, label.text)
                for label in finding.labels
                if (place := self.location(label.span)) is not None
            ]
            or None,
        )


def words(finding: Diagnostic) -> str:
    """All that is said of it, the shortest first."""
    said = [finding.message, finding.label, *finding.notes, *([f"help: {finding.help}"] if finding.help else [])]
    return "\n".join(line for line in said if line)


def whole(file: SourceFile) -> Span:
    return Span(file, 0, len(file.content))
