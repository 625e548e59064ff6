"""Findings as the API tells them: the same JSON as `ccr check --json`, typed."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from ccr.diagnostics.diagnostic import Diagnostic
from ccr.diagnostics.render_json import to_json
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile


class Position(Struct, frozen=True):
    """`line` and `column` from 1, in code points; `byte` the offset in UTF-8."""

    line: int
    column: int
    byte: int


class Range(Struct, frozen=True):
    start: Position
    end: Position


class Edit(Struct, frozen=True):
    file: str
    range: Range
    text: str


class Fix(Struct, frozen=True):
    """`safe`: keeps the meaning that was plainly intended."""

    title: str
    safe: bool
    edits: tuple[Edit, ...]


class Label(Struct, frozen=True):
    file: str
    range: Range
    text: str


class Finding(Struct, frozen=True):
    """`severity`: error, warning or note."""

    code: str
    name: str
    severity: str
    message: str
    label: str
    file: str
    range: Range
    labels: tuple[Label, ...]
    notes: tuple[str, ...]
    help: str | None
    fix: Fix | None
    witness: dict[str, Any] | None


class Findings(Struct, frozen=True):
    """`text`: all of them as `ccr check` prints them."""

    version: int
    files: tuple[str, ...]
    findings: tuple[Finding, ...]
    summary: dict[str, int]
    text: str


def findings_of(
    found: Sequence[Diagnostic], files: Sequence[SourceFile] = (), counts: Mapping[str, int] | None = None
) -> Findings:
    """No key is shown: the JSON and the text are veiled where they are made."""
    said = to_json(found, files, counts)
    return msgspec.convert({**said, "text": render(found).rstrip("\n") if found else ""}, Findings)
