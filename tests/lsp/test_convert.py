"""Places in the units of a client, and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lsprotocol import types as lsp

from ccr.diagnostics.source import SourceFile, Span
from ccr.lsp.convert import Places

TEXT = "tag a\r\ntag \U0001f600b # ä\rdrop\u2028x\n"


@pytest.mark.parametrize(("encoding", "column"), [("utf-8", 8), ("utf-16", 6), ("utf-32", 5)])
def test_a_column_counts_the_units_that_were_agreed_on(encoding: str, column: int) -> None:
    places = Places(encoding)
    offset = TEXT.index("b #")
    assert places.position(TEXT, offset) == lsp.Position(1, column)
    assert places.offset(TEXT, lsp.Position(1, column)) == offset


def test_a_line_ends_where_editors_say_and_nowhere_else() -> None:
    places = Places()
    assert places.position(TEXT, TEXT.index("drop")) == lsp.Position(2, 0)
    assert places.position(TEXT, TEXT.index("x")) == lsp.Position(2, 5)  # U+2028 ends none
    assert places.position(TEXT, len(TEXT)) == lsp.Position(3, 0)


def test_a_position_behind_the_end_is_the_end() -> None:
    places = Places()
    assert places.offset(TEXT, lsp.Position(0, 99)) == len("tag a")
    assert places.offset(TEXT, lsp.Position(99, 0)) == len(TEXT)


@given(st.text(alphabet="ab\n\r\té😀\u2028"), st.data(), st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_there_and_back(text: str, data: st.DataObject, encoding: str) -> None:
    places = Places(encoding)
    offset = data.draw(st.integers(0, len(text)))
    back = places.offset(text, places.position(text, offset))
    assert back == offset or text[back : offset + 1] == "\r\n"  # inside a line's end is its beginning


@given(st.text(alphabet="ab\n😀é"), st.data())
def test_columns_are_those_of_the_source(text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    file = SourceFile("a.ccr", text)
    found = Places().position(text, offset)
    assert (found.line + 1, found.character) == (Span(file, offset, offset).position[0], file.utf16_column(offset))
