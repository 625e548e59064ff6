"""Whatever stands in a document, every question about it is answered."""

from contextlib import suppress
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from ccr.desk.desk import Desk
from ccr.live.paths import Places as Where
from ccr.lsp import fixes, marks, names, outline
from ccr.lsp.completion import completed
from ccr.lsp.convert import Places
from ccr.lsp.hover import hovered
from ccr.lsp.server import formatted
from ccr.routing.vocabulary import vocabulary

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXT = (EXAMPLES / "team.ccr").read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(Where(tmp_path, tmp_path / "config.json", tmp_path / "rules"), vocabulary())


def everything(desk: Desk, path: Path, offset: int) -> None:
    """Asks all there is to ask at one place."""
    view = desk.view(path)
    places = Places("utf-16", view.uris)
    completed(view, offset, places)
    hovered(view, offset, places, lambda word: word)
    list(fixes.actions(view, view.findings, 0, offset, (), places))
    list(marks.hints(view, 0, offset, places))
    assert len(marks.tokens(view, places)) % 5 == 0
    outline.outline(view, places)
    outline.folds(view, places)
    formatted(view.source, places)
    symbol = names.at(view, offset)
    if symbol is not None:
        names.definition(view, symbol, places)
        names.references(view, symbol, places, True)
        with suppress(names.NotRenamed):
            names.rename(desk, view, symbol, "another", places)


@pytest.mark.parametrize("start", range(4))
def test_a_text_is_typed_from_its_first_letter_to_its_last(desk: Desk, tmp_path: Path, start: int) -> None:
    path = tmp_path / "a.ccr"
    for end in range(start * 11, len(TEXT), 61):
        desk.put(path, path.as_uri(), TEXT[:end])
        everything(desk, path, end)


def test_a_hole_in_the_middle_of_a_text(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.ccr"
    for at in range(0, len(TEXT) - 9, 97):
        desk.put(path, path.as_uri(), TEXT[:at] + TEXT[at + 9 :])
        everything(desk, path, at)


@pytest.mark.parametrize(
    "text", ["", "\n", '"', '"""', "{", "}", "\x00", "\ufeffwhen", "\ud800", "a" * 5000, "when " * 500, "(" * 300]
)
def test_what_is_no_rule_file_at_all(desk: Desk, tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.ccr"
    desk.put(path, path.as_uri(), text)
    for offset in (0, len(text) // 2, len(text)):
        everything(desk, path, offset)


def test_a_line_behind_the_end_is_the_end(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "a.ccr"
    desk.put(path, path.as_uri(), "when ")
    assert Places().offset(desk.view(path).source.content, lsp.Position(99, 99)) == 5
