"""A rule file in the one style, if it can be shown that it means what it meant.

The proof is made on every file: the formatted text is read again, and its tree must be the tree of the text that came in,
places and needless quotes aside, with every comment.
"""

import re
from collections.abc import Sequence

from ccr.diagnostics.diagnostic import Code, Diagnostic, Severity
from ccr.diagnostics.source import SourceFile, Span
from ccr.lang import ast
from ccr.lang.comments import said
from ccr.lang.format import bare, format_file
from ccr.lang.syntax import parse
from ccr.lang.words import unquoted

NOT_FORMATTED = Code(
    "CCR601",
    "not-formatted",
    Severity.NOTE,
    "The file is not in the one style. `ccr fmt FILE` puts it right and changes no meaning; `ccr fmt --diff FILE` shows what "
    "would change. Told once for a file, at the first line that would change, and only by `ccr check`.",
)


class Refused(Exception):
    """A text that is not formatted, with the findings that say why."""

    def __init__(self, why: str, findings: Sequence[Diagnostic] = ()) -> None:
        super().__init__(why)
        self.findings = tuple(findings)


def tidy(file: SourceFile) -> str:
    """The file in the one style, with the line ending it has. Raises Refused where it has a mistake in its syntax."""
    tree, findings = parse(file)
    errors = [each for each in findings if each.level is Severity.ERROR]
    if errors:
        raise Refused("it has a mistake in its syntax", errors)
    tree = unquoted(tree)
    text = format_file(tree, file.content, _ending(file.content))
    again, odd = parse(SourceFile(file.name, text))
    if bare(unquoted(again)) != bare(tree) or _remarks(again) != _remarks(tree):
        raise Refused("the formatted text would not mean the same, which is a mistake of ccr", odd)
    return text


def untidy(file: SourceFile) -> Diagnostic | None:
    """A note at the first line that is not in the style; None if there is none, or it cannot be said."""
    try:
        text = tidy(file)
    except Refused:
        return None
    if text == file.content:
        return None
    lines, wanted = file.content.splitlines(True), text.splitlines(True)
    same = next((at for at, (one, other) in enumerate(zip(lines, wanted, strict=False)) if one != other), len(wanted))
    start = sum(map(len, lines[:same]))
    line = file.content[start:].partition("\n")[0].rstrip("\r")
    name = file.name if " " not in file.name else f'"{file.name}"'
    span = Span(file, start + len(line) - len(line.lstrip()), start + len(line))
    return Diagnostic(NOT_FORMATTED, "this file is not in the style", span, "the first place", help=f"ccr fmt {name}")


def _ending(text: str) -> str:
    """The line ending of a file; a long string keeps its own."""
    return "\r\n" if "\r\n" in re.sub(r'"""[\s\S]*?"""', "", text) else "\n"


def _remarks(tree: ast.File) -> list[str]:
    return sorted(map(said, tree.comments))
