"""What we show holds: each rule file of `examples/` loads as a layer of its own without a remark, is in the style and holds
what it expects of itself; the config.json loads; and every command of the tour runs."""

import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from msgspec import structs

from ccr.cli.commands.explain import command as explain
from ccr.cli.main import group
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.render_text import render
from ccr.live.files import read_sources
from ccr.live.paths import places
from ccr.routing.surroundings import Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load

FOLDER = Path(__file__).parents[2] / "examples"
RULES = sorted(FOLDER.glob("*.ccr"))
TOUR = (FOLDER / "README.md").read_text(encoding="utf-8")
COMMANDS = re.findall(
    r"^(ccr .+)$", "\n".join(re.findall(r"^```sh\n(.*?)^```$", TOUR, re.MULTILINE | re.DOTALL)), re.MULTILINE
)


def remarks(config: Path, rules: Path) -> str:
    where = structs.replace(places(config, rules), policies=())
    loaded = load(read_sources(where), Surroundings(), vocabulary())
    wrong = [each for each in loaded.diagnostics if each.level is not Severity.NOTE]
    return render(wrong) if wrong else "" if loaded.snapshot is not None else "not loaded"


@pytest.mark.parametrize("rules", RULES, ids=lambda path: path.stem)
def test_a_rule_file_loads_without_a_remark(rules: Path, tmp_path: Path) -> None:
    assert remarks(tmp_path / "config.json", rules) == ""


def test_the_config_loads(tmp_path: Path) -> None:
    assert remarks(FOLDER / "config.example.json", tmp_path / "rules") == ""


@pytest.mark.parametrize(
    ("prompt", "target"), [("write an Alembic migration", "anthropic/"), ("say hello", "deepseek/deepseek-chat")]
)
def test_the_functions_of_the_python_example_decide(
    prompt: str, target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CCR_HOME", str(tmp_path))
    request = {"model": "x", "max_tokens": 5, "messages": [{"role": "user", "content": prompt}]}
    (tmp_path / "request.json").write_text(json.dumps(request))
    words = [str(tmp_path / "request.json"), "--rules", str(FOLDER / "python.ccr"), "--json"]
    told = CliRunner().invoke(explain, words)
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["targets"][0].startswith(target)


@pytest.fixture
def in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCR_HOME", str(tmp_path))
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    monkeypatch.chdir(FOLDER)


@pytest.mark.usefixtures("in_the_folder")
@pytest.mark.parametrize("name", [path.name for path in RULES])
def test_a_rule_file_is_in_the_style_and_holds_what_it_expects(name: str) -> None:
    assert CliRunner().invoke(group, ["fmt", "--check", name]).exit_code == 0
    told = CliRunner().invoke(group, ["test", name])
    assert told.exit_code == 0, told.output
    assert "not decided" not in told.output


@pytest.mark.usefixtures("in_the_folder")
@pytest.mark.parametrize("line", COMMANDS)
def test_a_command_of_the_tour_runs(line: str) -> None:
    told = CliRunner().invoke(group, shlex.split(line)[1:], catch_exceptions=False)
    assert told.exit_code == 0 and told.output.strip(), told.output


def test_the_tour_leaves_no_file_and_no_tool_out() -> None:
    headings = set(re.findall(r"^## (.+)$", TOUR, re.MULTILINE))
    assert headings == {path.name for path in FOLDER.iterdir() if path.is_file() and path.name != "README.md"} | {
        "cookbook/",
        "editors/",
        "github-actions/",
        "grafana/",
    }
    for rules in RULES:
        section = TOUR.split(f"## {rules.name}\n")[1].split("\n## ")[0]
        tools = {line.split()[1] for line in COMMANDS if rules.name in line and line in section}
        assert {"check", "test", "graph"} <= tools
    assert {line.split()[1] for line in COMMANDS} >= {"check", "fmt", "test", "explain", "graph", "rules"}
    assert all(path.name in TOUR for path in (FOLDER / "routers").glob("*.py"))
