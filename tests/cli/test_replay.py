"""`ccr replay`: served requests decided again by the same rules and by others, as a person and as a gate asks."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ccr.cli.main import group
from ccr.live.trust import Trusted, read_contents
from ccr.usage.opening import NAME
from tests.fake_upstream import anthropic_message, in_thread, whole
from tests.running import running, write

RULES = """provider good {{ url = "{url}"; dialect = anthropic; key = env.GOOD_KEY
  model m = "m" {{ price_in = $2; price_out = $8 }}
  model n = "n" {{ price_in = $4; price_out = $8 }} }}
when turns > 9 route good/m
when model ~ haiku deny 403 "not haiku"
when model ~ "gpt" route requested
default route good/m
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Four requests, one of a project whose rules are trusted, served with a key that this shell does not have."""
    base = tmp_path_factory.mktemp("replay")
    home, project = base / "home", base / "web"
    (project / ".ccr").mkdir(parents=True)
    (project / ".ccr" / "route.ccr").write_text("when model ~ opus route good/project\n")
    patch = pytest.MonkeyPatch()
    patch.setenv("GOOD_KEY", "sk-good-SECRET")
    with in_thread(whole(anthropic_message("hi"))) as upstream:
        write(home, "rules/10.ccr", RULES.format(url=upstream.url))
        Trusted(home).trust(read_contents(project))
        with running(home) as ccr:
            for model, where in (
                ("claude-opus-4-5", ""),
                ("claude-haiku-4-5", ""),
                ("good,m", ""),
                ("claude-opus-4-5", str(project)),
            ):
                headers = {"x-ccr-project": where} if where else {}
                ccr.ask("my words", model=model, headers=headers)
    patch.undo()
    yield home


@pytest.fixture(autouse=True)
def _at_home(served: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCR_HOME", str(served))


def replay(*words: str) -> Result:
    return CliRunner().invoke(group, ["replay", *words])


def test_the_running_rules_change_nothing(served: Path) -> None:
    told = replay("--fail-changed", "0%", "--fail-over", "0%")
    assert (told.exit_code, told.output) == (0, "4 requests · 4 same route · 0 changed\n")
    assert json.loads(replay("--json").output)["same"] == 4


def other(tmp_path: Path, served: Path, old: str, new: str) -> str:
    rules = (served / "rules" / "10.ccr").read_text()
    assert old in rules
    (tmp_path / "new.ccr").write_text(rules.replace(old, new))
    return str(tmp_path / "new.ccr")


def test_other_rules_and_what_they_would_cost(served: Path, tmp_path: Path) -> None:
    told = replay("--rules", other(tmp_path, served, "default route good/m", "default route good/n"))
    lines = told.output.splitlines()
    assert told.exit_code == 0 and lines[0] == "4 requests · 3 same route · 1 changed"
    assert lines[2].split() == ["from", "to", "n", "input", "cost", "then", "cost", "now"]
    assert lines[3].split()[:3] == ["good/m", "good/n", "1"]
    assert "  taken 1 → 0" in told.output and "  taken 0 → 1" in told.output
    assert lines[4].startswith("  one of them: ccr explain ")


def test_gates(served: Path, tmp_path: Path) -> None:
    new = other(tmp_path, served, "default route good/m", "default route good/n")
    dearer = replay("--rules", new, "--fail-over", "+5%")
    assert dearer.exit_code == 1 and "which is over 5 %" in dearer.stderr
    assert replay("--rules", new, "--fail-over", "200%").exit_code == 0
    many = replay("--rules", new, "--fail-changed", "24%")
    assert many.exit_code == 1 and "25.0 % of the requests go elsewhere, which is over 24 %" in many.stderr
    assert replay("--rules", new, "--fail-changed", "25%").exit_code == 0
    assert replay("--fail-over", "a lot").exit_code == 2


def test_what_is_not_kept_is_said(served: Path, tmp_path: Path) -> None:
    told = replay("--rules", other(tmp_path, served, "default", 'when prompt ~ "words" route good/n\ndefault'))
    assert "not decidable from the log (the prompt's text is not kept: " in told.output


def test_a_copy_of_another_log(served: Path, tmp_path: Path) -> None:
    for each in served.glob(f"{NAME}*"):
        shutil.copy(each, tmp_path / each.name)
    told = replay(
        str(tmp_path / NAME), "--group-by", "rule", "--json", "--rules", other(tmp_path, served, "haiku", "claude")
    )
    assert told.exit_code == 0, told.output
    said = json.loads(told.output)
    assert (said["requests"] == 4 and {row["rule"] for row in said["rows"]} >= {"rules/10.ccr:7"}) or said["rows"]


def test_rules_that_do_not_load(served: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.ccr").write_text("default rout nowhere\n")
    told = replay("--rules", str(tmp_path / "bad.ccr"))
    assert told.exit_code == 1 and "bad.ccr" in told.stderr


def test_where_nothing_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCR_HOME", str(tmp_path))
    told = replay()
    assert told.exit_code == 1 and "nothing is logged yet" in told.stderr


def test_a_time_without_requests(served: Path) -> None:
    told = replay("--last", "1ms")
    assert (told.exit_code, told.stdout) == (0, "") and "no request is logged in that time" in told.stderr
    assert replay("--last", "soon").exit_code == 2


def test_which_rules_nobody_needed(served: Path) -> None:
    told = CliRunner().invoke(group, ["test", "--cover", "--last", "7d"])
    lines = told.stdout.splitlines()
    assert told.exit_code == 0, told.output
    assert (
        lines[0].endswith("rules/10.ccr")
        and "✗ 4 | when turns > 9 route good/m" in lines[1]
        and "never taken" in lines[1]
    )
    assert "taken 1" in lines[2] and "4 requests · 1 with rules of their own project or session, not counted" in lines
    assert lines[-3] == "nobody needed 2 of 4 routes and denials:"
    assert [line.partition("10.ccr")[2] for line in lines[-2:]] == [":4  route good/m", ":6  route requested"]
    said = json.loads(CliRunner().invoke(group, ["test", "--last", "7d", "--json"]).stdout)
    assert [each["line"] for each in said["unneeded"]] == [4, 6] and said["requests"] == 4
    assert CliRunner().invoke(group, ["test", "--last", "7d", "--min", "99"]).exit_code == 1


def diff(served: Path, new: str, *words: str) -> Result:
    return CliRunner().invoke(group, ["diff", str(served / "rules" / "10.ccr"), new, *words])


def test_live_hears_requests_as_they_come(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a person runs it, beside a ccr that serves; nothing is routed by the other rules."""
    new = tmp_path / "new.ccr"
    with in_thread(whole(anthropic_message("hi"))) as upstream:
        rules = RULES.format(url=upstream.url).replace("env.GOOD_KEY", '"sk-good-SECRET"')
        write(tmp_path / "home", "rules/10.ccr", rules)
        new.write_text(rules.replace("default route good/m", "default route good/n"))
        monkeypatch.setenv("CCR_HOME", str(tmp_path / "home"))
        with running(tmp_path / "home") as ccr:
            ccr.ask("before")
            _until(lambda: replay("--json").exit_code == 0 and json.loads(replay("--json").stdout)["requests"] == 1)
            command = [sys.executable, "-m", "ccr", "replay", "--live", "--rules", str(new)]
            with subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
            ) as live:
                assert live.stdout is not None and live.stderr is not None
                try:
                    assert "from now on" in live.stderr.readline()
                    assert ccr.record(ccr.ask("after")).target == "good/m"
                    line = live.stdout.readline()
                    live.send_signal(signal.SIGINT)
                    rest, _ = live.communicate(timeout=20)
                finally:
                    live.kill()
    assert "claude-opus-5-5: good/m → good/n (" in line and live.returncode == 0
    assert rest.splitlines()[0] == "1 request · 0 same route · 1 changed"


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_live_goes_with_no_time_of_the_past() -> None:
    assert replay("--live", "--last", "7d").exit_code == 2


def test_diff_tells_which_share_of_what_was_served_it_concerns(served: Path, tmp_path: Path) -> None:
    new = other(tmp_path, served, "default route good/m", "default route good/n")
    told = diff(served, new)
    assert told.exit_code == 1
    assert told.stdout.splitlines()[-2:] == ["of 4 requests of the log 2 (50.0%) go elsewhere", "     50.0%  good/m → good/n"]  # fmt: skip
    assert json.loads(diff(served, new, "--json").stdout)["traffic"]["elsewhere"] == 2
    assert "kind of change; of 4 requests of the log 2 (50.0%) go elsewhere" in diff(served, new, "--summary").stdout
    rare = diff(served, other(tmp_path, served, "turns > 9 route good/m", "turns > 9 route good/n"))
    assert rare.stdout.splitlines()[-1] == "of 4 requests of the log none goes elsewhere"


def test_diff_says_nothing_of_a_log_that_is_not_there(
    served: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCR_HOME", str(tmp_path / "none"))
    told = diff(served, other(tmp_path, served, "default route good/m", "default route good/n"))
    assert told.exit_code == 1 and "of the log" not in told.stdout
