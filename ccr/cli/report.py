"""How findings and results reach a terminal, a pipe or a file; and the exit codes of all commands.

Colour only on a terminal and never with NO_COLOR. What the output's encoding cannot say is said in ASCII, and a character
that has no ASCII is a `?`: printing never fails.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TextIO

from ccr import __version__
from ccr.diagnostics import render_github
from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.render_json import to_json
from ccr.diagnostics.render_sarif import to_sarif
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.live.codes import codes

GOOD, FOUND, MISUSED = 0, 1, 2
SERVICES = ("github", "sarif")
"""Forms that a service reads, which shows findings beside the lines they are about."""
FORMS = ("text", "concise", "json", *SERVICES)
_ASCII = str.maketrans(
    {
        "→": "->",
        "…": "...",
        "–": "-",
        "—": "-",
        "·": "|",
        "“": '"',
        "”": '"',
        "’": "'",
        "≠": "!=",
        "≤": "<=",
        "✓": "ok",
        "✗": "no",
    }
)


def prepare() -> None:
    """Makes the standard streams say everything: UTF-8 where nobody looks, `?` for what a terminal lacks."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def say(text: str, stream: TextIO | None = None) -> None:
    """One text and a line ending, to standard output unless said otherwise."""
    stream = stream or sys.stdout
    stream.write(sayable(text, stream.encoding) + "\n")


def sayable(text: str, encoding: str | None) -> str:
    """The text in what the encoding has."""
    try:
        text.encode(encoding or "ascii")
        return text
    except UnicodeEncodeError:
        plain = text.translate(_ASCII)
        return plain.encode(encoding or "ascii", "replace").decode(encoding or "ascii")


def colourful(stream: TextIO) -> bool:
    """Whether colour is welcome there."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def show(findings: Sequence[Diagnostic], files: Sequence[SourceFile], form: str, counts: Mapping[str, int]) -> None:
    """The findings and one line of summary, in one of FORMS."""
    if form == "json":
        say(json.dumps(to_json(findings, files, counts), ensure_ascii=False, indent=2))
        return
    if form in SERVICES:
        for_services(findings, form)
    elif findings:
        say(render(findings, colourful(sys.stdout), form).removesuffix("\n" if form == "concise" else ""))
    if form != "sarif":
        say(summary(findings, len(files), counts))


def for_services(findings: Sequence[Diagnostic], form: str) -> None:
    """The findings in one of SERVICES: as commands, with what is too much in the job's summary, or as SARIF."""
    if form == "sarif":
        say(json.dumps(to_sarif(findings, __version__, _manual()), ensure_ascii=False, indent=2))
        return
    if findings:
        say(render_github.commands(findings).removesuffix("\n"))
    job, more = os.environ.get("GITHUB_STEP_SUMMARY"), render_github.rest(findings)
    if job and more:
        with Path(job).open("a", encoding="utf-8", errors="replace", newline="\n") as stream:
            stream.write(more)


def _manual() -> str:
    """Where the page of findings is published, after the package's own `Documentation` address; empty if it has none."""
    try:
        entries = metadata.metadata("claude-code-rules").get_all("Project-URL") or []
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return ""
    named = (entry.partition(", ") for entry in entries)
    found = next((address for name, _, address in named if name.lower() == "documentation"), "")
    return f"{found.rstrip('/')}/reference/codes.md" if found else ""


def summary(findings: Iterable[Diagnostic], files: int, counts: Mapping[str, int]) -> str:
    """`2 files, 14 rules, 3 providers: 1 warning   (fixable: 1 with --fix)`."""
    findings = tuple(findings)
    levels = Counter(finding.level for finding in findings)
    parts = [_many(files, "file"), *(_many(number, noun.removesuffix("s")) for noun, number in counts.items())]
    outcome = [_many(levels[level], level.value) for level in Severity if levels[level]]
    return f"{', '.join(parts)}: {', '.join(outcome) or 'nothing to report'}{_fixable(findings)}"


def _fixable(findings: Iterable[Diagnostic]) -> str:
    safe = Counter(finding.fix.safe for finding in findings if finding.fix is not None)
    words = [f"{safe[True]} with --fix"] if safe[True] else []
    words += [f"{safe[False]} with --fix --unsafe"] if safe[False] else []
    return f"   (fixable: {', '.join(words)})" if words else ""


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def exit_code(findings: Iterable[Diagnostic], strict: bool = False) -> int:
    """FOUND for an error, and for a warning if strict."""
    bad = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return FOUND if any(finding.level in bad for finding in findings) else GOOD


def page(word: str) -> str | None:
    """The manual page of a code, by its number or its name; None if there is no such code."""
    wanted = word.upper() if word.upper().startswith("CCR") else "CCR" + word if word.isdigit() else word
    for code in codes():
        if wanted in (code.number, code.name):
            title = f"{code.number} {code.name} ({code.severity.value})"
            return f"{title}\n\n{code.manual}"
    return None
