"""Names and types as a person meets them: each case is a file and what is said about it.

`pytest --update` writes the pictures anew; a person reads the difference.
"""

from pathlib import Path

import pytest

from ccr.diagnostics.diagnostic import Edit, Severity
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.lang.analyze import LayerText, analyze
from ccr.lang.findings import CODES
from tests.golden import cases, compare
from tests.lang.world import ENVIRONMENT

CASES = Path(__file__).parent / "cases"
FILES = [*cases(CASES / "names"), *cases(CASES / "types")]


def analysis(text):
    return analyze((LayerText("user", (SourceFile("rules.ccr", text),)),), ENVIRONMENT)


@pytest.mark.parametrize("path", FILES)
def test_case(path, request):
    said = render(analysis(path.read_text("utf-8")).diagnostics)
    compare(path, said, request.config.getoption("--update"))


@pytest.mark.parametrize("path", FILES)
def test_one_mistake_one_error(path):
    errors = [each for each in analysis(path.read_text("utf-8")).diagnostics if each.level is Severity.ERROR]
    places = [(each.at.start, each.at.end) for each in errors]
    assert len(places) == len(set(places))


def test_what_is_only_the_echo_of_a_mistake_in_the_syntax_is_not_said():
    def codes(text):
        return [each.code.number[:4] for each in analysis(text).diagnostics if each.level is Severity.ERROR]

    assert codes("let  = image\n\nwhen chore route a/b") == ["CCR0"]
    assert codes("alias  = a/b\n\nroute eyes") == ["CCR0"]
    assert codes("use model\nenhancetool small { context = 5 }") == ["CCR0"]
    assert codes("when image rout a/b\n\n\nwhen tokens > 1m deny") == ["CCR0", "CCR2"], "a mistake of its own is said"
    assert codes("when image rout a/b\nwhen tokens > 1m deny") == ["CCR0", "CCR2"], "also on the next line"
    assert codes("when image deny; rout a/b; when tokens > 1m deny") == ["CCR0", "CCR2"], "and in the next statement"


def test_one_mistake_does_not_hide_the_next_of_its_line():
    def said(text):
        return [(each.code.number, each.at.text) for each in analysis(text).diagnostics if each.level is Severity.ERROR]

    assert said("when toknes > 60k rout a/b") == [("CCR101", "toknes"), ("CCR001", "rout")]
    assert said("when imgae && tokens > 1m route a/b") == [("CCR101", "imgae"), ("CCR005", "&&"), ("CCR201", "1m")]
    assert said("when toknes = 5 route a/b") == [("CCR101", "toknes"), ("CCR003", "=")]
    assert said("when tokens > 60,000 and effrot == high deny") == [("CCR006", "60,000"), ("CCR101", "effrot")]
    assert said("let odd = imgae && image\nwhen odd deny") == [("CCR101", "imgae"), ("CCR005", "&&")]
    assert said("when tokens > 60k rout a/b") == [("CCR001", "rout")], "and what is right stays right"


def fixed(text):
    """The text with every safe fix applied."""
    edits: list[Edit] = [
        edit for each in analysis(text).diagnostics if each.fix and each.fix.safe for edit in each.fix.edits
    ]
    for edit in sorted(edits, key=lambda edit: -edit.span.start):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("when tokens > 60K deny", "when tokens > 60k deny"),
        ("when tokens > 1m deny", "when tokens > 1M deny"),
        ("when bytes > 5mb deny", "when bytes > 5MB deny"),
        ("when spend.today > 5 deny", "when spend.today > $5 deny"),
        ("when agent.typ == x deny", "when agent.type == x deny"),
        ("when image == false deny", "when not image deny"),
        ("when weekday == tues deny", "when weekday == tue deny"),
        ("provider mine { models = small }", "provider mine { models = [small] }"),
    ],
)
def test_a_safe_fix_mends_what_can_only_have_been_meant(wrong, right):
    assert fixed(wrong) == right
    assert not [each for each in analysis(right).diagnostics if each.level is Severity.ERROR]


def test_every_code_has_a_page_and_a_name_of_its_own():
    assert all(each.manual and each.name for each in CODES)
    assert len({each.number for each in CODES}) == len({each.name for each in CODES}) == len(CODES)
