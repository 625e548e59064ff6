"""Rewrites a person may want where nothing is wrong: a condition gets a name, and what a finding found becomes an example
that is tried from now on."""

from collections.abc import Iterator, Sequence
from itertools import count

from lsprotocol import types as lsp

from ccr.desk.desk import View
from ccr.diagnostics.diagnostic import Diagnostic, Edit
from ccr.diagnostics.source import Span
from ccr.lang import ast
from ccr.lang.proofs import sample

EXTRACT = lsp.CodeActionKind.RefactorExtract
Rewrite = tuple[str, str, tuple[Edit, ...]]
"""Kind, title, edits."""
_NAME = "condition"


def rewrites(view: View, findings: Sequence[Diagnostic], start: int, end: int) -> Iterator[Rewrite]:
    yield from _named(view, start, end)
    yield from _examples(view, findings, start, end)


def _named(view: View, start: int, end: int) -> Iterator[Rewrite]:
    """The condition of the rule at the cursor, unless it is a name or a single test that says it all."""
    for statement, top in _rules(view.tree.statements):
        condition = statement.condition
        if isinstance(condition, ast.And | ast.Or) and condition.span.start <= start and end <= condition.span.end:
            name = _free(view)
            line = view.source.content.rfind("\n", 0, top.span.start) + 1
            above = Edit(Span(view.source, line, line), f"let {name} = {' '.join(condition.span.text.split())}\n")
            yield EXTRACT, "Name this condition", (above, Edit(condition.span, name))


def _rules(body: Sequence[object], top: ast.When | None = None) -> Iterator[tuple[ast.When, ast.When]]:
    """Every `when`, with the outermost one around it."""
    for each in body:
        if isinstance(each, ast.When):
            yield each, top or each
            yield from _rules(each.body, top or each)


def _free(view: View) -> str:
    """A name that no `let` has yet; the person gives it a better one."""
    names = (_NAME if number == 1 else f"{_NAME}-{number}" for number in count(1))
    return next(name for name in names if (ast.Let, name) not in view.named)


def _examples(view: View, findings: Sequence[Diagnostic], start: int, end: int) -> Iterator[Rewrite]:
    """The request for which an `expect` does not hold, below it as an example of its own."""
    for finding in findings:
        if finding.witness is None or not (finding.at.start <= end and start <= finding.at.end):
            continue
        expect = next((each for each in view.tree.statements if _around(each, finding)), None)
        if isinstance(expect, ast.Expect):
            goal = expect.goal.span.text if expect.goal is not None else "deny"
            facts = {name: _value(value) for name, value in finding.witness.items()}
            line = f"\nexpect {goal} for {sample(facts, view.environment)}"
            at = Span(view.source, expect.span.end, expect.span.end)
            yield lsp.CodeActionKind.Refactor, "Keep this request as an example", (Edit(at, line),)


def _around(statement: ast.Statement, finding: Diagnostic) -> bool:
    same = finding.at.file.name == statement.span.file.name
    return same and statement.span.start <= finding.at.start and finding.at.end <= statement.span.end


def _value(value: object) -> bool | int | float | str | frozenset[str]:
    """A value of the witness, as facts have it."""
    if isinstance(value, list):
        return frozenset(map(str, value))
    assert isinstance(value, bool | int | float | str)
    return value
