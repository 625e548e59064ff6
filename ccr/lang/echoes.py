"""One mistake, one message: what is only the echo of a mistake in the syntax is not said.

Beside a place that could not be read, what could be read may not be what was written: a word that slipped out of its
statement reads as an unknown name of the next. When the mistake is mended, what is left is said.
"""

import re
from collections.abc import Iterable

from ccr.diagnostics.diagnostic import Diagnostic
from ccr.lang.findings import UNKNOWN_ALIAS, UNKNOWN_ATTRIBUTE, UNKNOWN_LET
from ccr.lang.pieces import STATEMENTS

_GIVES = re.compile(r"\b(?:let|alias)\b")
_NEXT = re.compile(rf";\s*(?:{'|'.join(sorted(STATEMENTS))})\b")
"""Where the next statement of a line begins."""
_GIVEN = (UNKNOWN_ALIAS, UNKNOWN_ATTRIBUTE, UNKNOWN_LET)


def is_echo(finding: Diagnostic, syntax: Iterable[Diagnostic]) -> bool:
    """Whether a finding may come from one of the mistakes in the syntax."""
    return any(_echoes(finding, each) for each in syntax)


def _echoes(finding: Diagnostic, mistake: Diagnostic) -> bool:
    if finding.at.file is not mistake.at.file:
        return finding.code in _GIVEN and _hides_a_name(mistake) and "." not in finding.at.text
    if finding.code.number < "CCR3" and _near(finding, mistake):
        return True
    return finding.code in _GIVEN and "." not in finding.at.text and _hides_a_name(mistake)


def _near(finding: Diagnostic, mistake: Diagnostic) -> bool:
    """Whether what was read there may be a part of what could not be: on the same line unless `;` and a word of the language
    stand between them, above if the mistake begins its own line, below if the mistake ends its own; only blank lines may lie
    between."""
    content, above = mistake.at.file.content, finding.at.start < mistake.at.start
    first, last = (finding.at, mistake.at) if above else (mistake.at, finding.at)
    between = content[first.end : last.start]
    if "\n" not in between:
        return not _NEXT.search(content[first.end : max(first.end, last.start)] + content[last.start : last.end])
    return not (between.partition("\n")[2] if above else between.rpartition("\n")[0]).strip()


def _hides_a_name(mistake: Diagnostic) -> bool:
    """The mistake stands where a `let` or an alias was to be given: which name it would have given is not known."""
    line = mistake.at.position[0]
    return any(_GIVES.search(mistake.at.file.line(each)) for each in (line - 1, line) if each > 0)
