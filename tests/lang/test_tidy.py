"""One style for whole files: comments keep their places, nothing else changes, and formatting again changes nothing."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccr.diagnostics.source import SourceFile
from ccr.lang.comments import comments, said
from ccr.lang.pieces import scraps
from ccr.lang.tidy import Refused, tidy, untidy
from tests.golden import cases, compare

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
OURS = sorted([*(ROOT / "examples").rglob("*.ccr"), *(ROOT / "rules").glob("*.ccr")])
PAGES = sorted([ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")])
BLOCKS = [(page, block) for page in PAGES for block in re.findall(r"^```ccr\n(.*?)^```", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)]  # fmt: skip


def formatted(text: str) -> str:
    return tidy(SourceFile("rules.ccr", text))


@pytest.mark.parametrize("path", cases(HERE / "cases" / "tidy"))
def test_style(path: Path, update: bool) -> None:
    text = path.read_text(encoding="utf-8")
    compare(path, formatted(text), update)
    assert formatted(formatted(text)) == formatted(text)
    assert texts(formatted(text)) == texts(text)


def texts(text: str) -> list[str]:
    return [said(span) for span in comments(SourceFile("rules.ccr", text))]


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_our_own_files_are_in_the_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert formatted(text) == text


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=[f"{page.name}-{index}" for index, (page, _) in enumerate(BLOCKS)])  # fmt: skip
def test_what_the_documentation_shows_is_in_the_style(page: Path, block: str) -> None:
    assert formatted(block) == block


def test_the_line_ending_stays() -> None:
    assert formatted("when image\r\n\troute a/b # one\r\n") == "when image route a/b  # one\r\n"
    text = 'set system += """one\r\ntwo"""\r\n'
    assert formatted(text) == text
    assert formatted('tag a\nset system += """one\r\ntwo"""\n') == 'tag a\nset system += """one\r\ntwo"""\n'


def test_nothing_and_only_a_comment() -> None:
    assert formatted("") == ""
    assert formatted("\n \n") == ""
    assert formatted("\n\n# one\n\n\n# two") == "# one\n\n# two\n"


def test_a_hundred_columns() -> None:
    fits = f"when image route a/{'b' * 81}\n"
    assert len(fits) == 101 and formatted(fits) == fits
    assert formatted(fits.replace("b\n", "bb\n")) == f"when image\n  route a/{'b' * 82}\n"


def test_a_wide_condition_does_not_push_the_others_away() -> None:
    wide = f"when model == {'m' * 60} route a/b\nwhen image route c/d\n"
    assert formatted(wide) == wide
    narrow = "when model == m route a/b\nwhen image route c/d\n"
    assert formatted(narrow) == "when model == m  route a/b\nwhen image       route c/d\n"


def test_a_block_stays_as_it_was_written() -> None:
    one, several = "when image { tag a; route b/c }\n", "when image {\n  tag a\n  route b/c\n}\n"
    assert (formatted(one), formatted(several)) == (one, several)


@pytest.mark.parametrize(
    "text", ["when image\n", "when image\nroute a/b\n", "rout a/b\n", "tag a\udc80\n", "tag\u00a0a\n"]
)
def test_a_file_with_a_mistake_is_left_alone(text: str) -> None:
    with pytest.raises(Refused) as refused:
        formatted(text)
    assert refused.value.findings


ALL = [path.read_text(encoding="utf-8") for path in [*OURS, *sorted((HERE / "cases" / "tidy").glob("*.ccr"))]]


@st.composite
def disturbed(draw: st.DrawFn) -> str:
    """One of our files with comments, blanks and line ends put between any two of its words."""
    text = draw(st.sampled_from(ALL))
    ends = [scrap.end for scrap in scraps(text) if scrap.kind != "comment"]
    for at in sorted(draw(st.lists(st.sampled_from(ends), max_size=4, unique=True)), reverse=True):
        text = text[:at] + draw(st.sampled_from([" # x\n", "\n# y\n", "\n\n\n", "\t", "\n  # z\n\n"])) + text[at:]
    return text


@settings(max_examples=80, deadline=None)
@given(disturbed())
def test_comments_may_stand_anywhere(text: str) -> None:
    """The proof that the meaning stays is in `tidy`: it would say that this is a mistake of ccr."""
    try:
        once = formatted(text)
    except Refused as refused:
        assert "mistake of ccr" not in str(refused), text
        return
    assert formatted(once) == once
    assert sorted(texts(once)) == sorted(texts(text))
    assert not re.search(r"[ \t]+$|\n\n\n|^\n|\n\n\Z", re.sub(r'"""[\s\S]*?"""', "", once))


def test_what_is_not_in_the_style_is_told_once_at_the_first_place() -> None:
    told = untidy(SourceFile("rules.ccr", "default route a/m\n\n   tag   x\n  tag y\n"))
    assert told is not None and (told.code.number, told.at.position, told.at.text) == ("CCR601", (3, 4), "tag   x")
    assert told.help == "ccr fmt rules.ccr"
    assert untidy(SourceFile("rules.ccr", "default route a/m\n")) is None
    assert untidy(SourceFile("rules.ccr", "default rout a/m  \n")) is None, "a mistake in the syntax is told instead"
    shorter = untidy(SourceFile("rules.ccr", "tag x\n\n\n\n"))
    assert shorter is not None and shorter.at.position[0] == 2
