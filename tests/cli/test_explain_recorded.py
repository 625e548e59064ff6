"""`ccr explain last | ID`: a request that was served, told from the log, and decided again by other rules."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner, Result
from msgspec import structs

from ccr.cli.main import group
from ccr.usage.opening import NAME
from ccr.usage.sqlite import SqliteStore
from tests.fake_upstream import anthropic_message, in_thread, whole
from tests.running import Answer, running, write
from tests.usage.logged import filled

RULES = """provider good {{ url = "{url}"; dialect = anthropic; key = "sk-good-SECRET"
  model m = "m" {{ price_in = $2; price_out = $8 }} }}
provider bad {{ url = "{url}/bad"; dialect = anthropic; key = "sk-bad-SECRET" }}
when turns > 9 {{ tag long; route good/m }}
when model ~ opus route bad/b or good/m
when model ~ haiku deny 403 "not haiku"
default route good/m
"""


class Served(NamedTuple):
    home: Path
    answers: list[Answer]

    def id(self, number: int) -> str:
        return self.answers[number].headers["request-id"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Three requests: one that fell back, one denied, one that went well."""
    home = tmp_path_factory.mktemp("home")
    broken = whole({"type": "error", "error": {"type": "api_error", "message": "out of order"}}, status=500)
    with in_thread(broken, whole(anthropic_message("hi"))) as upstream:
        write(home, "rules/10.ccr", RULES.format(url=upstream.url))
        with running(home) as ccr:
            answers = [ccr.ask("my words", model=model) for model in ("claude-opus-4-5", "claude-haiku-4-5", "claude-sonnet-4-5")]  # fmt: skip
    yield Served(home, answers)


@pytest.fixture(autouse=True)
def _at_home(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCR_HOME", str(served.home))


def explain(*words: str) -> Result:
    return CliRunner().invoke(group, ["explain", *words])


def test_a_request_that_fell_back(served: Served) -> None:
    told = explain(served.id(0))
    assert told.exit_code == 0, told.output
    lines = told.output.splitlines()
    assert lines[0].startswith(f"#{served.id(0)[4:10]}  20") and "claude-opus-4-5  →  good/m   (rules " in lines[0]
    rules = [line for line in lines if "10.ccr:" in line]
    assert rules[0].split("10.ccr:4")[1].split() == ["when", "turns", ">", "9", "route", "good/m", "no", "turns:", "1"]
    assert rules[1].startswith("▶") and "when model ~ opus route bad/b or good/m" in rules[1]
    assert rules[1].split()[-3:] == ["YES", "model:", "claude-opus-4-5"] and "not needed" in rules[2]
    assert any("1. bad/b  500 server after" in line and "out of order" in line for line in lines), told.output
    assert any("2. good/m  200 first byte after" in line for line in lines)
    assert any(line.startswith("  cost        $0.0001; at claude-opus-4-5 it would have been") for line in lines)


def test_a_denial(served: Served) -> None:
    told = explain(served.id(1))
    assert "→  denied, 403" in told.output and "sent to" not in told.output and "cost" not in told.output


def test_the_last_one_and_the_beginning_of_an_id(served: Served) -> None:
    last = explain("last").output
    assert "claude-sonnet-4-5  →  good/m" in last
    for name in (served.id(2), served.id(2)[4:14], "#" + served.id(2)[4:14]):
        assert explain(name).output == last


def test_as_json(served: Served) -> None:
    told: Any = json.loads(explain(served.id(0), "--json").output)
    assert (told["id"], told["target"], told["outcome"], told["chain"]) == (
        served.id(0),
        "good/m",
        "ok",
        ["bad/b", "good/m"],
    )
    assert [(each["target"], each["outcome"]) for each in told["attempts"]] == [("bad/b", "server"), ("good/m", "ok")]
    assert told["facts"]["turns"] == 1 and "prompt" not in told["facts"] and told["cost"] is not None
    assert [each["line"] for each in told["looked_at"] if each["chosen"]] == [5]


@pytest.mark.parametrize("form", [(), ("--json",)])
def test_neither_text_nor_key_is_told(served: Served, form: tuple[str, ...]) -> None:
    for number in range(3):
        told = explain(served.id(number), *form).output
        assert "SECRET" not in told and "my words" not in told


def test_decided_again_by_other_rules(served: Served, tmp_path: Path) -> None:
    other = tmp_path / "other.ccr"
    text = (served.home / "rules" / "10.ccr").read_text()
    other.write_text(text.replace("model ~ opus route bad/b or good/m", "model ~ opus and not image route good/m"))
    told = explain(served.id(0), "--rules", str(other))
    assert told.exit_code == 0 and told.output.splitlines()[-1].startswith("  with these rules  good/m (")
    assert told.output.splitlines()[-1].endswith("where it was bad/b, then good/m")
    again = json.loads(explain(served.id(2), "--rules", str(other), "--json").output)["again"]
    assert (again["same"], again["chain"]) == (True, ["good/m"])
    other.write_text(text + 'when prompt ~ "words" deny 403\n')
    told = explain(served.id(2), "--rules", str(other))
    assert told.exit_code == 1 and "not decidable from the log: it hangs on `prompt`" in told.output


def test_an_id_that_is_not_there_names_the_newest(served: Served) -> None:
    told = explain("ffffffffff")
    assert told.exit_code == 1 and told.output.startswith("no request ffffffffff in the log; the newest are:\n  #")


def test_an_id_that_several_begin_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCR_HOME", str(tmp_path))
    store = SqliteStore(tmp_path / NAME)
    store.write([filled(1), filled(2)])
    store.close()
    told = explain("0000")
    assert told.exit_code == 2 and told.output.startswith("several requests begin with 0000; write more of it:")


def test_what_was_sent_where_it_was_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, served: Served) -> None:
    assert "was not kept; `set log = full`" in explain("last", "--body").output
    monkeypatch.setenv("CCR_HOME", str(tmp_path))
    store = SqliteStore(tmp_path / NAME)
    whole_ = filled(1)
    store.write([structs.replace(whole_, entry=structs.replace(whole_.entry, log="full", body=b'{"kept": 1}'))])
    store.close()
    assert explain("last", "--body").output == '{"kept": 1}\n'
    assert "what was sent, 11 bytes (`log = full`)" in explain("last").output


def test_without_a_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCR_HOME", str(tmp_path))
    told = explain("last")
    assert told.exit_code == 1 and "nothing is logged yet" in told.output and list(tmp_path.iterdir()) == []


def test_rules_that_do_not_load_keep_nobody_from_asking_what_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCR_HOME", str(tmp_path))
    store = SqliteStore(tmp_path / NAME)
    store.write([filled(1)])
    store.close()
    write(tmp_path, "rules/10.ccr", "when\n")
    assert "→  deepseek/deepseek-chat" in explain("last").output
