"""What else is wrong with a statement that could not be read, seen by reading it with its mistake mended.

One mistake must not hide the next: `when toknes > 60k rout a/b` has two. Only a mistake that can be mended without a doubt
is, the statement is read again, and what is wrong with its names and types on the same line is told where it stands in the text as it is. Of other lines
nothing is said: there it may be the same mistake.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import structs

from ccr.diagnostics.diagnostic import Diagnostic, Edit
from ccr.diagnostics.source import SourceFile, Span
from ccr.lang import ast
from ccr.lang.syntax import parse

Look = Callable[[ast.File], Iterable[Diagnostic]]
"""What is wrong with the names and types of a file's statements."""
_MOST = 10
"""Mistakes of a file that are tried; each costs reading it again."""


def beside(mistakes: Sequence[Diagnostic], look: Look) -> Iterator[Diagnostic]:
    """What is wrong beside mistakes of the syntax, in the same statements."""
    tried = 0
    for mistake in mistakes:
        if mistake.fix is not None and mistake.fix.safe and tried < _MOST:
            tried += 1
            yield from _beside(mistake.at.file, sorted(mistake.fix.edits, key=lambda edit: edit.span.start), look)


def _beside(file: SourceFile, edits: Sequence[Edit], look: Look) -> Iterator[Diagnostic]:
    mended = SourceFile(file.name, _with(file.content, edits))
    tree, _ = parse(mended)
    first, line = edits[0].span.start, edits[0].span.position[0]
    whole = [each for each in tree.statements if each.span.start <= first <= each.span.end]
    for finding in look(ast.File(tuple(whole), tree.span, (), tree.lost)):
        at = _back(finding.at, file, edits)
        labels = [(_back(each.span, file, edits), each) for each in finding.labels]
        if (
            at is not None
            and at.position[0] == line
            and finding.at.file is mended
            and all(span is not None for span, _ in labels)
        ):
            moved = tuple(structs.replace(each, span=span) for span, each in labels)
            yield structs.replace(finding, at=at, labels=moved, fix=None)


def _with(text: str, edits: Sequence[Edit]) -> str:
    for edit in reversed(edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def _back(span: Span, file: SourceFile, edits: Sequence[Edit]) -> Span | None:
    """The place in the text as it is; None if it lies in what was mended."""
    moved = 0
    for edit in edits:
        start = edit.span.start + moved
        if span.end <= start:
            break
        if span.start < start + len(edit.text) or (span.start <= start and edit.text == ""):
            return None
        moved += len(edit.text) - (edit.span.end - edit.span.start)
    return Span(file, span.start - moved, span.end - moved)
