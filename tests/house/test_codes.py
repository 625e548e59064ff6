"""Every kind of finding is shown by a case: a file with what is said about it beside it.

A code that needs more than the text of rules has a test instead, named here with the reason.
"""

import re
from pathlib import Path

import pytest

from ccr.cli.report import codes, page
from ccr.diagnostics.diagnostic import Code

TESTS = Path(__file__).parents[1]
SHOWN = "\n".join(path.read_text(encoding="utf-8") for path in sorted(TESTS.glob("**/cases/**/*.out")))
ELSEWHERE = {
    "CCR115": (
        "routing/test_workspace.py",
        "test_a_file_that_cannot_be_read_is_not_passed_over",
    ),  # about a file's rights
    "CCR116": (
        "lang/test_functions.py",
        "test_a_function_that_its_file_does_not_give_is_told",
    ),  # about a file of Python
    "CCR601": (
        "lang/test_tidy.py",
        "test_what_is_not_in_the_style_is_told_once_at_the_first_place",
    ),  # said by `ccr check` alone, not by loading
    "CCR702": (
        "lang/test_safety.py",
        "test_a_file_that_everybody_may_write_is_told_once_where_it_is_named",
    ),  # about a file's rights
}
CODES = sorted(codes(), key=lambda code: code.number)


@pytest.mark.parametrize("code", [code for code in CODES if code.number not in ELSEWHERE], ids=lambda code: code.number)
def test_a_code_has_a_case(code: Code) -> None:
    assert re.search(rf"^(error|warning|note)\[{code.number}\]: ", SHOWN, re.MULTILINE), (
        f"no case shows {code.number} {code.name}"
    )


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.number)
def test_a_code_has_a_page(code: Code) -> None:
    told = page(code.number)
    assert told is not None and told == page(code.name) and told.startswith(f"{code.number} {code.name} (")
    assert len(code.manual.strip()) > 40, "a page says what is wrong and what to write instead"


@pytest.mark.parametrize("number", sorted(ELSEWHERE))
def test_a_code_without_a_case_has_a_test(number: str) -> None:
    file, name = ELSEWHERE[number]
    _, found, after = (TESTS / file).read_text(encoding="utf-8").partition(f"def {name}(")
    assert found and number in after.split("\ndef ")[0]
    assert f"[{number}]" not in SHOWN and number in {code.number for code in CODES}, "no exception any more"
