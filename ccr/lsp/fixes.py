"""What a person is offered at a place: the mendings of the findings there, those that keep the meaning and those that may
not, all safe ones of the file at once, and rewrites where nothing is wrong."""

from collections.abc import Iterable, Iterator, Sequence

from lsprotocol import types as lsp

from ccr.desk.desk import View
from ccr.diagnostics.diagnostic import Diagnostic, Edit, Fix
from ccr.lsp.convert import Places
from ccr.lsp.rewrites import EXTRACT, rewrites

FIX_ALL = "source.fixAll.ccr"
KINDS = (lsp.CodeActionKind.QuickFix, lsp.CodeActionKind.Refactor, EXTRACT, FIX_ALL)


def actions(
    view: View, findings: Sequence[Diagnostic], start: int, end: int, only: Sequence[str], places: Places
) -> Iterator[lsp.CodeAction]:
    """`findings` are those of the document that were shown last; `only` the kinds that the client wants, none: all."""
    here = [each for each in findings if each.at.file.name == view.source.name and each.fix is not None]
    if _wanted(lsp.CodeActionKind.QuickFix, only):
        for finding in here:
            if finding.at.start <= end and start <= finding.at.end and finding.fix is not None:
                yield _quick(finding, finding.fix, places)
    safe = _together(each.fix for each in here if each.fix is not None and each.fix.safe)
    if safe and _wanted(FIX_ALL, only):
        yield lsp.CodeAction("Mend all that is safe to mend", FIX_ALL, edit=_edit(safe, places))
    for kind, title, edits in rewrites(view, findings, start, end):
        if _wanted(kind, only):
            yield lsp.CodeAction(title, kind, edit=_edit(edits, places))


def _wanted(kind: str, only: Sequence[str]) -> bool:
    return not only or any(kind == each or kind.startswith(f"{each}.") for each in only)


def _quick(finding: Diagnostic, fix: Fix, places: Places) -> lsp.CodeAction:
    title = fix.title if fix.safe else f"{fix.title} (may change the meaning)"
    return lsp.CodeAction(
        title[:1].upper() + title[1:],
        lsp.CodeActionKind.QuickFix,
        diagnostics=[places.diagnostic(finding)],
        is_preferred=fix.safe or None,
        edit=_edit(fix.edits, places),
    )


def _together(fixes: Iterable[Fix]) -> list[Edit]:
    """The edits of all of them that do not meet."""
    taken: list[Edit] = []
    for fix in fixes:
        if not any(_meet(one, other) for one in fix.edits for other in taken):
            taken += fix.edits
    return taken


def _meet(one: Edit, other: Edit) -> bool:
    same = one.span.file.name == other.span.file.name
    return same and one.span.start <= other.span.end and other.span.start <= one.span.end


def _edit(edits: Iterable[Edit], places: Places) -> lsp.WorkspaceEdit:
    changes: dict[str, list[lsp.TextEdit]] = {}
    for each in edits:
        if (place := places.location(each.span)) is not None:
            changes.setdefault(place.uri, []).append(lsp.TextEdit(place.range, each.text))
    return lsp.WorkspaceEdit(changes=changes)
