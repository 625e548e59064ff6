"""`ccr usage`: what was asked and what it cost, for people and for programs, also where there is nothing."""

import csv
import io
import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ccr.cli.main import group
from ccr.messages.usage import Usage
from ccr.usage.opening import NAME
from ccr.usage.sqlite import SqliteStore
from tests.usage.logged import filled

TODAY = date.today()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CCR_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def logged(home: Path) -> Path:
    """Two days of two people: $0.0036 a request at deepseek, nothing at ollama, unknown elsewhere."""
    store = SqliteStore(home / NAME)
    days = (TODAY.isoformat(), (TODAY - timedelta(days=1)).isoformat())
    known = [
        filled(1, day=days[0]),
        filled(2, day=days[0], user="bob", target="ollama/qwen3:4b", kind="title", session="s2"),
        filled(3, day=days[1], outcome="error"),
        filled(4, day=days[0], target="mine/m", usage=Usage(10, 10)),
    ]
    store.write(known)
    store.close()
    return home


def usage(*words: str) -> Result:
    return CliRunner().invoke(group, ["usage", *words])


def test_a_table_with_bars_a_total_and_what_is_not_known(logged: Path) -> None:
    told = usage("today")
    lines = told.output.splitlines()
    assert told.exit_code == 0
    assert lines[0].split() == ["target", "requests", "failed", "input", "cached", "output", "first", "cost", "saved"]
    assert lines[1].split() == ["deepseek/deepseek-chat", "1", "-", "3,300", "61%", "100", "0.4", "s", "$0.0038", "$0.0066", "(63%)", "█" * 16]  # fmt: skip
    assert [line.split()[0] for line in lines[1:4]] == ["deepseek/deepseek-chat", "mine/m", "ollama/qwen3:4b"]
    assert "unknown" in lines[2] and "$0.00" in lines[3]
    assert lines[4].startswith("today ") and "$0.0038+" in lines[4]
    assert lines[6] == "The cost of 1 request is not known and not in these sums: no price is known of mine/m."
    assert lines[7].startswith("Say it in the provider's block: model NAME { price_in")


def test_without_words_today_the_week_and_the_month(logged: Path) -> None:
    told = usage()
    assert told.exit_code == 0
    assert told.output.splitlines()[0].startswith("today:       $0.0038+ for 3 requests, saved $0.02")
    assert "this month:" in told.output and "deepseek/deepseek-chat" in told.output


@pytest.mark.parametrize(
    ("by", "first"),
    [("user", "alice"), ("kind", "main"), ("rule", "user.ccr:7"), ("session", "s1"), ("model", "claude-opus-4-5"), ("project", "(not told)")],
)  # fmt: skip
def test_by_all_that_people_ask(logged: Path, by: str, first: str) -> None:
    told = usage("all", "--by", by)
    assert told.output.splitlines()[1].startswith(first)


def test_of_one_person(logged: Path) -> None:
    told = json.loads(usage("today", "--user", "bob", "--json").output)
    assert told["where"] == {"user": "bob"} and [row["target"] for row in told["rows"]] == ["ollama/qwen3:4b"]
    assert (told["total"]["requests"], told["total"]["cost"]) == (1, 0.0)


def test_json_and_csv_say_the_same(logged: Path) -> None:
    told = json.loads(usage("all", "--by", "target", "--format", "json").output)
    rows = list(csv.DictReader(io.StringIO(usage("all", "--by", "target", "--format", "csv").output)))
    assert [row["target"] for row in rows] == [row["target"] for row in told["rows"]]
    assert [float(row["cost"]) for row in rows] == [row["cost"] for row in told["rows"]]
    assert sum(row["requests"] for row in told["rows"]) == told["total"]["requests"] == 4
    assert told["total"]["unpriced"] == 1 and told["currency"] == "USD"


def test_from_one_day_to_another(logged: Path) -> None:
    yesterday = (TODAY - timedelta(days=1)).isoformat()
    told = json.loads(usage("--from", yesterday, "--to", yesterday, "--json").output)
    assert (told["since"], told["until"], told["total"]["requests"], told["total"]["failed"]) == (yesterday, yesterday, 1, 1)  # fmt: skip
    assert json.loads(usage("--to", TODAY.isoformat(), "--json").output)["total"]["requests"] == 4


def test_a_name_that_a_spreadsheet_would_run_is_made_harmless(home: Path) -> None:
    store = SqliteStore(home / NAME)
    store.write([filled(1, model="=HYPERLINK(1)", day=TODAY.isoformat())])
    store.close()
    assert "\n'=HYPERLINK(1)," in usage("today", "--by", "model", "--format", "csv").output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("week", "--from", "2026-11-01"), "say a period, or --from and --to"),
        (("--from", "2026-11-02", "--to", "2026-11-01"), "is after"),
        (("--by", "session", "--kind", "title"), "--by session goes with"),
        (("fortnight",), "'fortnight' is not one of"),
        (("--by", "moon"), "'moon' is not one of"),
        (("--from", "1.11."), "does not match the format"),
    ],
)
def test_what_cannot_be_meant_is_told(home: Path, words: tuple[str, ...], said: str) -> None:
    told = usage(*words)
    assert told.exit_code == 2 and said in told.output


def test_nothing_is_logged_yet(home: Path) -> None:
    told = usage()
    assert told.exit_code == 1
    assert told.output == f"nothing is logged yet in {home / NAME}: it begins with the first request; start with `ccr serve`\n"  # fmt: skip
    assert list(home.iterdir()) == [], "asking makes nothing"


def test_nothing_is_logged_because_somebody_said_so(home: Path) -> None:
    (home / "rules").mkdir()
    (home / "rules" / "10.ccr").write_text("server { log = off }\n")
    assert "`server { log = off }` keeps it empty" in usage().output


def test_nothing_in_that_time_or_of_that_person(logged: Path) -> None:
    told = usage("--from", "2020-01-01", "--to", "2020-12-31")
    assert (
        told.exit_code == 1 and told.output == f"no request, 2020-01-01 to 2020-12-31; the last one came on {TODAY}\n"
    )
    told = usage("all", "--user", "carol")
    assert told.exit_code == 1 and told.output == "no request of user carol; there are: alice, bob\n"
    assert json.loads(usage("all", "--user", "carol", "--json").output)["rows"] == []


def test_rules_that_do_not_load_keep_nobody_from_asking(logged: Path) -> None:
    (logged / "rules").mkdir()
    (logged / "rules" / "10.ccr").write_text("when\n")
    told = usage("all")
    assert told.exit_code == 0 and "your rules do not load" in told.output and "deepseek" in told.output


def test_more_rows_than_a_screen_holds_are_counted(home: Path) -> None:
    store = SqliteStore(home / NAME)
    store.write([filled(number, target=f"p/m{number}", day=TODAY.isoformat()) for number in range(30)])
    store.close()
    assert "… and more: --all shows them" in usage("today").output
    assert "p/m29" in usage("today", "--all").output and "--all shows" not in usage("today", "--all").output


def test_an_output_that_knows_no_blocks_gets_number_signs(logged: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(io.BytesIO(), encoding="ascii"))
    from ccr.cli.commands.usage import _bar

    assert _bar() == "#"


PAGE = (Path(__file__).parents[2] / "docs" / "log.md").read_text(encoding="utf-8")
SHOWN = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `ccr usage")]


@pytest.mark.parametrize("line", SHOWN)
def test_what_the_documentation_shows_runs(logged: Path, line: str) -> None:
    told = usage(*line.split()[2:])
    assert told.exit_code == (1 if "--from" in line else 0), told.output  # those days are long gone
    assert told.exit_code == 0 or "the last one came on" in told.output
