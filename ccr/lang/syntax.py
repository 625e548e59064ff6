"""Text into the syntax tree: the one door to the parser.

A good file is parsed whole. When that fails the text is cut into what looks like one statement each and every piece is
parsed on its own, so that one mistake does not hide the next and good statements survive. In a block the statement with the
mistake is left out and the rest is kept. One mistake gives one finding, in our words.
"""

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

import lark
from lark.exceptions import UnexpectedInput
from msgspec import Struct

from ccr.diagnostics.diagnostic import Diagnostic, in_order
from ccr.diagnostics.source import SourceFile, Span
from ccr.lang import ast, syntax_codes, tables
from ccr.lang.braces import unbalanced
from ccr.lang.characters import plain, removed
from ccr.lang.comments import comments
from ccr.lang.habits import Complaint
from ccr.lang.layout import look_over
from ccr.lang.pieces import ENDS_NOTHING, KEYWORDS, STATEMENTS, Piece, cut, scraps
from ccr.lang.statements import Maker, unescape
from ccr.lang.syntax_errors import explain

_MENTIONS = {"import", "python", "for"}
_OPENING, _CLOSING = frozenset(("LPAR", "LSQB")), frozenset(("RPAR", "RSQB"))
_ENDS_NOTHING = frozenset(
    [
        "CMP",
        "MATCH",
        "HAS",
        "IN",
        "SETOP",
        "EQUAL",
        "COMMA",
        "AND",
        "OR",
        "NOT",
        "ROUTE",
        "ALWAYS",
        "EXAMPLE",
        "DEFAULT",
        "LET",
        "ALIAS",
        "SET",
        "DROP",
        "USE",
        "TAG",
        "ONLY",
        "NEVER",
        "EXPECT",
        "PROVIDER",
        "USER",
        "IMPORT",
        "PYTHON",
        "BY",
        "CCR",
        "SERVER",
    ]
)
_BETWEEN = frozenset(("_SEP", "ALWAYS", "KEY"))
"""One of these is expected where one statement has ended and the next may begin."""
_WORDLIKE = re.compile(r"[A-Za-z0-9_]")
_MISTAKES, _MISTAKES_PER_BLOCK, _LARGE = 100, 20, 20_000
"""So many mistakes are looked for in a text, in one of its blocks; in a block of more characters than the last, two."""


class _Separators:
    """Between lexer and parser: drops separators inside `( )` and `[ ]`, and a newline after what cannot end a statement."""

    always_accept = ()

    def process(self, stream: Iterator[lark.Token]) -> Iterator[lark.Token]:
        depth, last, end, word = 0, "", -1, False
        for token in stream:
            kind = token.type
            if word and token.start_pos == end and _WORDLIKE.match(token):
                raise lark.UnexpectedToken(token, set())  # type: ignore[no-untyped-call]  # `settokens` is not `set tokens`, `$5route` not `$5 route`
            if kind == "_SEP" and (depth > 0 or (last in _ENDS_NOTHING and ";" not in _bare(token))):
                continue
            depth += (kind in _OPENING) - (kind in _CLOSING)
            last, end, word = kind, token.end_pos or -1, _WORDLIKE.match(token[-1:]) is not None
            yield token


def _bare(separator: str) -> str:
    return re.sub(r"#[^\n]*", "", separator)


@cache
def _parser() -> lark.Lark:
    return tables.load(_Separators())


@lru_cache(maxsize=16)
def parse(file: SourceFile) -> tuple[ast.File, tuple[Diagnostic, ...]]:
    """The statements that can be read, and what is wrong with the others. Several passes ask for the same file."""
    text, odd = plain(file)
    outcome = _whole(file, text) if not removed(odd) else None
    reading = outcome or _Recovery(file, text, odd).reading()
    findings = [*odd, *reading.findings]
    findings += [f for f in look_over(file, text, reading.statements, reading.gaps) if not reading.hushed(f.at.start)]
    whole = Span(file, 0, len(file.content))
    return ast.File(reading.statements, whole, comments(file, text), reading.lost), in_order(findings)


def mentions(file: SourceFile) -> tuple[str, ...]:
    """The paths that a text names (imports, Python files, recorded requests, `file =`), as written; broken texts too."""
    found = [s for s in scraps(plain(file)[0]) if s.kind not in ("comment", "newline")]
    paths: list[str] = []
    for index, scrap in enumerate(found):
        lead = found[index - 1].text if index else ""
        handed = lead == "=" and index > 1 and found[index - 2].text == "file"
        if handed and scrap.kind == "word":
            paths.append(scrap.text)
        elif scrap.kind == "string" and (handed or lead in _MENTIONS):
            path = unescape(scrap.text[1:-1])
            paths.append(path.rpartition(":")[0] if lead == "python" and ":" in path else path)
    return tuple(dict.fromkeys(paths))


class _Reading(Struct, frozen=True):
    statements: tuple[ast.Statement, ...]
    findings: tuple[Diagnostic, ...] = ()
    lost: frozenset[str] = frozenset()
    ranges: tuple[tuple[int, int], ...] = ()
    gaps: tuple[int, ...] = ()
    """Where statements that could not be read begin."""

    def hushed(self, offset: int) -> bool:
        return any(start <= offset <= end for start, end in self.ranges)


def _whole(file: SourceFile, text: str) -> _Reading | None:
    try:
        return _Reading(Maker(file, 0).file(_parser().parse(text)))
    except (UnexpectedInput, RecursionError):
        return None


class _Failure(Struct, frozen=True):
    at: int
    expected: frozenset[str]


def _attempt(file: SourceFile, text: str, base: int) -> tuple[ast.Statement, ...] | _Failure:
    try:
        return Maker(file, base).file(_parser().parse(text))
    except UnexpectedInput as error:
        at = _position(error, len(text))
        state: Any = getattr(error, "interactive_parser", None)
        glued = next((s.start for s in scraps(text) if s.kind == "word" and s.start < at < s.end), None)
        if glued is not None and (state is None or text[glued:at] in KEYWORDS):
            return _Failure(base + glued, accepted(text[:glued]))
        return _Failure(base + at, frozenset(state.accepts()) if state is not None else frozenset())


def _position(error: Any, length: int) -> int:
    token = getattr(error, "token", None)
    if token is None:
        return int(error.pos_in_stream)
    return length if token.type == "$END" else int(token.start_pos)


def accepted(text: str) -> frozenset[str]:
    """What the grammar would take after a text that is the beginning of something good."""
    try:
        parser = _parser().parse_interactive(text)
        parser.exhaust_lexer()
        return frozenset(parser.accepts())  # type: ignore[no-untyped-call]
    except UnexpectedInput:
        return frozenset()


class _Recovery:
    """Reads a text with mistakes, piece by piece."""

    def __init__(self, file: SourceFile, text: str, odd: tuple[Diagnostic, ...]) -> None:
        self._file, self._text = file, text
        self._odd = tuple(edit.span.start for f in odd if f.fix for edit in f.fix.edits)
        self._unreadable = removed(odd)
        self._findings: list[Diagnostic] = []
        self._ranges: list[tuple[int, int]] = []
        self._lost: set[str] = set()
        self._gaps: list[int] = []
        self._told: Complaint | None = None

    def reading(self) -> _Reading:
        if not any(s.kind == "open" for s in scraps(self._text)):
            self._findings, self._ranges = unbalanced(self._file, self._text)
        statements: list[ast.Statement] = []
        for piece in cut(self._text, 0, len(self._text)):
            if len(self._findings) >= _MISTAKES:
                break
            statements += self._piece(piece)
        return _Reading(
            tuple(statements), tuple(self._findings), frozenset(self._lost), tuple(self._ranges), tuple(self._gaps)
        )

    def _piece(self, piece: Piece) -> tuple[ast.Statement, ...]:
        if any(piece.start <= offset < piece.end for offset in self._unreadable):
            return self._lose(piece)
        hushed = self._is_hushed(piece)
        text = self._text[piece.start : piece.end]
        gone: list[Piece] = []
        for count in range(_MISTAKES_PER_BLOCK if len(text) < _LARGE else 2):
            try:
                outcome = _attempt(self._file, text, piece.start)
            except RecursionError:
                self._findings.append(self._too_deep(piece))
                return self._lose(piece)
            if isinstance(outcome, tuple):
                return outcome
            place, block, outcome = self._around(piece, outcome)
            inner = place is not piece
            complaint = Complaint(self._file, self._text, place.start, place.end, outcome.at, outcome.expected, block)
            echo = self._is_echo(complaint, gone)
            if not hushed and not echo and (inner or count == 0):
                self._findings.append(explain(complaint))
                self._told = complaint
            if not inner:
                return self._lose(piece)
            self._lose(place)
            gone.append(place)
            text = _without(text, place.start - piece.start, place.end - piece.start)
        return self._lose(piece)

    def _is_echo(self, complaint: Complaint, gone: list[Piece]) -> bool:
        """Whether the mistake told just before this one is the likely cause of it."""
        if any(complaint.start <= other.start < complaint.end for other in gone):
            return True
        told = self._told
        if told is None or len(told.after) > 1:
            return False
        between = re.sub(r"#[^\n]*", "", self._text[told.end : complaint.start])
        if between.strip(" \t\r\n;"):
            return False
        if told.got.lstrip("$0123456789/").endswith(tuple(STATEMENTS | {"model"})):
            return True  # it ends with the word that should have begun this one
        beside = "\n" not in between
        if not told.after:
            return len(complaint.before) <= beside
        return not complaint.before and (beside or complaint.got in "={")

    def _is_hushed(self, piece: Piece) -> bool:
        touched = any(start < piece.end and piece.start < end for start, end in self._ranges)
        return touched or any(piece.start <= offset < piece.end for offset in self._odd)

    def _too_deep(self, piece: Piece) -> Diagnostic:
        span = Span(self._file, piece.start, piece.start)
        return Diagnostic(syntax_codes.SYNTAX, "this statement is nested too deeply to follow", span)

    def _lose(self, piece: Piece) -> tuple[ast.Statement, ...]:
        """Remembers what the statement would have declared: its name is one of its first words."""
        self._gaps.append(piece.start)
        words = [s.text for s in scraps(self._text[piece.start : piece.end]) if s.kind in ("word", "string")][:3]
        self._lost |= {word.strip('"') for word in words if re.match(r'["A-Za-z]', word)}
        return ()

    def _around(self, piece: Piece, failure: _Failure) -> tuple[Piece, str, _Failure]:
        """The innermost statement around a failure, the word that opens the block it stands in, and the failure there."""
        block = ""
        while True:
            inside = self._body(piece, failure.at)
            pieces = cut(self._text, *inside) if inside else []
            within = [inner for inner in pieces if inner.start <= failure.at]
            if not within:
                return piece, block, failure
            # What stands in a provider's `when` is what may stand in the provider.
            word = self._opening_word(piece)
            block = block if word == "when" and block in ("provider", "model") else word
            piece, failure = self._culprit(within, failure)

    def _culprit(self, within: list[Piece], failure: _Failure) -> tuple[Piece, _Failure]:
        """The last of these statements, or the one above it where that was cut short and swallowed the line's end."""
        piece = within[-1]
        above = next((p for p in reversed(within[:-1]) if p.start not in self._gaps), None)
        if above is None or "\n" not in self._text[above.end : piece.start]:
            return piece, failure
        last = scraps(self._text[above.start : above.end])[-1]
        if last.kind != "string" and last.text in ENDS_NOTHING:
            return above, _Failure(above.end, frozenset())
        if failure.at == piece.start and failure.expected and not failure.expected & _BETWEEN:
            return above, _Failure(above.end, failure.expected)
        return piece, failure

    def _opening_word(self, piece: Piece) -> str:
        words = scraps(self._text[piece.start : piece.end])
        return words[0].text if words else ""

    def _body(self, piece: Piece, at: int) -> tuple[int, int] | None:
        """The outermost `{ }` of a piece around a place."""
        depth, opened = 0, 0
        for scrap in scraps(self._text[piece.start : piece.end]):
            if scrap.kind != "mark" or scrap.text not in "{}":
                continue
            if scrap.text == "{":
                opened = piece.start + scrap.end if depth == 0 else opened
                depth += 1
            elif depth > 0:
                depth -= 1
                if depth == 0 and opened <= at <= piece.start + scrap.start:
                    return opened, piece.start + scrap.start
        return None


def _without(text: str, start: int, end: int) -> str:
    """The text with a part turned into blanks, line ends kept."""
    return text[:start] + re.sub(r"[^\r\n]", " ", text[start:end]) + text[end:]
