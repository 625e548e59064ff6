"""The text of a PDF."""

import pytest

from ccr.documents import reader
from tests.documents.pdfs import pdf

pytest.importorskip("pypdf", reason="pypdf is not installed")


def test_the_text_of_all_pages() -> None:
    assert reader.text_of(pdf("Hello there", "", "and more")) == {"text": "Hello there\n\nand more", "pages": 3}


def test_pages_without_text_are_counted() -> None:
    assert reader.text_of(pdf("", "")) == {"text": "", "pages": 2}


@pytest.mark.parametrize("data", [b"", b"no pdf at all", pdf("Hello")[:80], b"%PDF-1.4\n%%EOF"])
def test_what_is_none_is_told(data: bytes) -> None:
    assert str(reader.text_of(data)["wrong"]).startswith("it cannot be read")


def test_what_is_beyond_the_bounds_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "PAGES", 2)
    monkeypatch.setattr(reader, "CHARACTERS", 8)
    told = reader.text_of(pdf("one two", "three", "four"))
    assert told == {"text": "one two\n\n[1 further pages and 6 further characters are not told]", "pages": 3}


@pytest.mark.parametrize("cut", range(0, 600, 37))
def test_garbage_never_raises(cut: int) -> None:
    whole = pdf("Hello there", "and more")
    assert reader.text_of(whole[:cut] + b"\xff" * 9 + whole[cut + 9 :]).keys() & {"text", "wrong"}
