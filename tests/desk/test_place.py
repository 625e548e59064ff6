"""Where the cursor (`|`) stands in a half-typed text: the block around it, and what may stand there."""

import pytest

from ccr.desk.place import Place, place_at


def at(text: str) -> Place | None:
    return place_at(text.replace("|", ""), text.index("|"))


@pytest.mark.parametrize(
    ("text", "block", "fits"),
    [
        ("|", "", "ALWAYS"),
        ("wh|", "", "ALWAYS"),
        ("when |", "", "ATTR"),
        ("when tok|ens > 60k route a", "", "ATTR"),
        ("when tokens |", "", "CMP"),
        ("when tokens > 60k\n  |", "", "ROUTE"),
        ("when kind in [main, |", "", "WORD"),
        ("when a route |", "", "MODEL"),
        ("route a or |\nlet x = image", "", "MODEL"),
        ("when a {\n  tag x\n  |\n}\n", "when", "ROUTE"),
        ("when a { oops oops\n  |\n}\n", "when", "ROUTE"),
        ("when a { oops oops\n  route |\n}\n", "when", "MODEL"),
        ("provider x {\n  url url\n  |\n}", "provider", "KEY"),
        ("provider x {\n  model a { |", "model", "KEY"),
        ("server { por|", "server", "KEY"),
        ("expect a for { |", "expect", "ATTR"),
        ("this is nothing\nwhen |", "", "ATTR"),
        ("this is nothing\n|", "", "ALWAYS"),
        ('deny 403 "no: {us|"', "", "HOLE"),
        ('import "fo|"', "", "QUOTED"),
    ],
)
def test_a_place(text: str, block: str, fits: str) -> None:
    place = at(text)
    assert place is not None
    assert (place.block, fits in place.accepts) == (block, True), place


def test_nothing_stands_in_a_comment() -> None:
    assert at("tag a # wh|at") is None
    assert at("# |") is None


def test_the_word_that_is_being_typed_is_replaced_as_a_whole() -> None:
    place = at("when a route anthropic/claude-so|")
    assert place is not None
    assert place.start == len("when a route ")
