"""`ccr test` from outside: what it says, in which form, and how it ends."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from ccr.cli.main import group

RULES = """provider a { url = "http://a/v1"; models = [m, n] }
when image route a/n
when tokens > 200 and model ~ opus route a/n
default route a/m
"""


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CCR_HOME", str(tmp_path / "home"))


def run(*arguments: str, expects: str = ""):  # type: ignore[no-untyped-def]
    Path("rules.ccr").write_text(RULES + expects, encoding="utf-8")
    return CliRunner().invoke(group, ["test", *arguments])


GOOD = "expect a/n when last.image\nexpect a/m for { tokens = 5k }\n"
BAD = "expect a/m when not last.image\nexpect a/n for { tokens = 5k }\n"


def test_what_holds_is_ticked() -> None:
    result = run("rules.ccr", expects=GOOD)
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0].endswith("rules.ccr")
    assert lines[1].startswith("  ✓ 5  expect a/n when last.image") and "proved (" in lines[1]
    assert lines[2] == "  ✓ 6  expect a/m for { tokens = 5k }"
    assert lines[3] == "2 expectations: 2 hold"


def test_what_fails_is_shown_with_a_request_that_can_be_pasted() -> None:
    result = run("rules.ccr", expects=BAD)
    assert result.exit_code == 1
    assert "  ✗ 5  expect a/m when not last.image\n       not for { image }\n" in result.output
    assert "rules.ccr:2 routes to a/n" in result.output
    assert result.output.endswith("2 expectations: 0 hold, 2 fail\n")
    explained = CliRunner().invoke(group, ["explain", "{ image }", "--rules", "rules.ccr", "--json"])
    assert explained.exit_code in (0, 1)


def test_only_those_wanted_are_tried() -> None:
    assert run("rules.ccr", "--run", "last.image", expects=GOOD + BAD).exit_code == 1
    assert run("rules.ccr", "--run", "when last.image", expects=GOOD + BAD).exit_code == 0
    nothing = run("rules.ccr", "--run", "nothing like it", expects=GOOD)
    assert nothing.exit_code == 2 and "no expectation matches" in nothing.output


def test_no_expectation_is_no_success() -> None:
    assert run("rules.ccr").exit_code == 2
    assert run("nowhere.ccr").exit_code == 2


def test_rules_that_do_not_load_are_told() -> None:
    result = run("rules.ccr", expects="when image rout a/m\n")
    assert result.exit_code == 1 and "CCR0" in result.output


def test_a_recorded_request_is_counted() -> None:
    long = {"model": "claude-opus-4-5", "messages": [{"role": "user", "content": "word " * 400}]}
    Path("long.json").write_text(json.dumps(long), encoding="utf-8")
    assert run("rules.ccr", expects='expect a/n for "long.json"\n').exit_code == 0
    assert run("rules.ccr", expects='expect a/m for "long.json"\n').exit_code == 1


def test_for_a_program() -> None:
    said = json.loads(run("rules.ccr", "--json", expects=BAD).output)
    assert said["summary"] == {"hold": 0, "fail": 2, "undecided": 0}
    theorem, example = said["expectations"]
    assert (theorem["kind"], theorem["line"], theorem["counterexample"]) == ("theorem", 5, "{ image }")
    assert (example["kind"], example["code"]) == ("example", "CCR502")


def test_for_a_ci_server() -> None:
    suite = ElementTree.fromstring(run("rules.ccr", "--format", "junit", expects=GOOD + BAD).output)
    assert (suite.get("tests"), suite.get("failures")) == ("4", "2")
    assert [len(case) for case in suite] == [0, 0, 1, 1]


ALL = """expect a/n when last.image
expect a/n for { tokens = 5k, model = opus }
expect a/m for { tokens = 5, model = opus }
expect a/m for { tokens = 5k }
"""


def test_coverage_is_a_sum_of_decisions() -> None:
    result = run("rules.ccr", "--cover", expects=ALL)
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "decisions 9/9 (100.0 %, rounded down)"
    some = run("rules.ccr", "--cover", expects="expect a/m for { tokens = 5 }\n")
    assert "✗ 2 | when image route a/n" in some.output and "never taken" in some.output
    assert "decisions 2/9 (22.2 %, rounded down)" in some.output


def test_too_little_coverage_fails() -> None:
    assert run("rules.ccr", "--min", "100", expects=ALL).exit_code == 0
    short = run("rules.ccr", "--min", "22.3", expects="expect a/m for { tokens = 5 }\n")
    assert short.exit_code == 1 and "less than 22.3 %" in short.output
    assert run("rules.ccr", "--min", "22", expects="expect a/m for { tokens = 5 }\n").exit_code == 0


def test_coverage_for_a_program() -> None:
    said = json.loads(run("rules.ccr", "--json", "--cover", expects=ALL).stdout)["coverage"]
    assert (said["decisions"], said["tried"], said["percent"]) == (9, 9, 100.0)
    first = said["choices"][0]
    assert first["file"].endswith("rules.ccr") and (first["line"], first["kind"], first["text"]) == (
        2,
        "false",
        "image",
    )
    assert "coverage" not in json.loads(run("rules.ccr", "--json", expects=ALL).stdout)


def test_coverage_disturbs_no_service() -> None:
    told = run("rules.ccr", "--cover", "--format", "junit", expects=ALL)
    ElementTree.fromstring(told.stdout)
    assert "decisions 9/9" in told.stderr


def test_what_real_requests_tried_is_asked_of_the_log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CCR_HOME", str(tmp_path / "empty"))
    told = run("rules.ccr", "--cover", "--last", "7d", expects=GOOD)
    assert told.exit_code == 1 and "nothing is logged yet" in told.output
    assert run("rules.ccr", "--last", "7d", "--format", "junit", expects=GOOD).exit_code == 2
    assert run("rules.ccr", "--last", "soon", expects=GOOD).exit_code == 2


def test_a_recorded_request_covers_what_it_does() -> None:
    long = {"model": "claude-opus-4-5", "messages": [{"role": "user", "content": "word " * 400}]}
    Path("long.json").write_text(json.dumps(long), encoding="utf-8")
    told = run("rules.ccr", "--cover", "--json", expects='expect a/n for "long.json"\n')
    tried = [(each["kind"], each["text"]) for each in json.loads(told.stdout)["coverage"]["choices"] if each["tried"]]
    assert ("true", "tokens > 200") in tried and ("taken", "route a/n") in tried and ("false", "image") in tried
