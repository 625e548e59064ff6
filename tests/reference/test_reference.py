"""Ours routes as claude-code-router 2.0.0 does, but where there is a reason: held against what was found with both running.

Where `CCR_REFERENCE` names the package, both run here, too.
"""

import json
import os
from pathlib import Path

import pytest

from tests.reference.compare import PAGE, RESULTS, amiss, cases_of, compared, put, written
from tests.reference.sides import ours, reference_in
from tests.reference.table import CASES, WORLDS

FOUND = json.loads(RESULTS.read_text(encoding="utf-8"))
PROGRAM = reference_in(os.environ["CCR_REFERENCE"]) if os.environ.get("CCR_REFERENCE") else None


def test_every_request_was_compared_and_every_difference_has_its_reason() -> None:
    assert [(row["world"], row["request"], row["why"]) for row in FOUND["rows"]] == [
        (case.world, case.name, case.why) for name in WORLDS for case in cases_of(name)
    ]
    assert len(CASES) >= 60 and amiss(FOUND["rows"]) == []


def test_the_page_is_what_the_script_wrote_last() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert put(page, written(FOUND)) == page, "make reference writes it anew"


@pytest.mark.parametrize("name", WORLDS)
def test_ours_answers_as_it_did_beside_the_reference(name: str, tmp_path: Path) -> None:
    with ours(tmp_path, WORLDS[name]) as ask:
        answered = {case.name: ask(case) for case in cases_of(name)}
    assert answered == {row["request"]: row["ours"] for row in FOUND["rows"] if row["world"] == name}


@pytest.mark.skipif(PROGRAM is None, reason="CCR_REFERENCE names no claude-code-router from npm (make reference)")
@pytest.mark.parametrize("name", WORLDS)
def test_the_reference_answers_as_it_did(name: str) -> None:
    assert PROGRAM is not None
    rows = [row for row in FOUND["rows"] if row["world"] == name]
    assert list(compared(name, WORLDS[name], PROGRAM)) == rows


def test_a_difference_without_a_reason_is_amiss_and_a_reason_without_a_difference() -> None:
    row = {"world": "w", "request": "r", "reference": "a/b", "ours": "a/b", "why": ""}
    assert amiss([row]) == []
    assert len(amiss([{**row, "ours": "a/c"}, {**row, "why": "because"}])) == 2
