"""`action.yml` and the workflows of `examples/github-actions`: they fit one another, each `ccr …` line can be typed, and the steps
of the action do what they say, run by bash with a runner's files and variables."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from ccr.config.read import read_config
from ccr.diagnostics.source import SourceFile
from ccr.live.files import read_layer
from ccr.routing.surroundings import Sources, Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from tests.typed import can_be_typed

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "github-actions"
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
STEPS: dict[str, dict[str, Any]] = {each["name"]: each for each in ACTION["runs"]["steps"] if "name" in each}


def steps(path: Path) -> list[dict[str, Any]]:
    """Of all jobs of a workflow."""
    known = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [step for job in known["jobs"].values() for step in job["steps"]]


SCRIPTS = [step["run"] for path in WORKFLOWS for step in steps(path) if "run" in step]
SCRIPTS += [step["run"] for step in STEPS.values()]
OURS = [
    re.split(r" >>? | \|\| | \| ", re.sub(r"\$\{(\w+):\+((?:[^{}]|\$\w+)*)\}", "", line.strip()))[0]
    for script in SCRIPTS
    for line in script.splitlines()
    if line.strip().startswith("ccr ")
]


def test_there_are_lines_to_try() -> None:
    assert {"check", "test", "start", "env", "diff", "usage", "stop"} <= {line.split()[1] for line in OURS}


@pytest.mark.parametrize("line", OURS)
def test_each_line_of_ours_can_be_typed(line: str) -> None:
    can_be_typed(line)


def test_options_that_depend_on_an_input_are_there() -> None:
    """Those that were left out above: `${CONFIG:+--config "$CONFIG"}`."""
    for name in ("Check rules", "Start ccr"):
        for line in STEPS[name]["run"].splitlines():
            if line.strip().startswith("ccr "):
                for option in re.findall(r"\$\{\w+:\+(--\w+) ", line):
                    can_be_typed(f"ccr {line.split()[1]} {option} x.ccr")


def test_no_input_is_put_into_a_script() -> None:
    """Whoever may name an input could run commands by it: they come as variables."""
    assert not [script for script in SCRIPTS if "${{" in script]


def test_workflows_give_what_the_action_takes() -> None:
    for path in WORKFLOWS:
        used = [step for step in steps(path) if step.get("uses", "").startswith("OWNER/")]
        assert used
        for step in used:
            assert set(step["with"]) <= set(ACTION["inputs"])
    table = set(re.findall(r"^\| `([\w-]+)` \|", (FOLDER / "README.md").read_text(), re.MULTILINE))
    assert table == set(ACTION["inputs"])


def test_the_action_installs_this_project_on_a_python_that_is_new_enough() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    least = int(project["requires-python"].rpartition(".")[2])
    assert int(ACTION["inputs"]["python-version"]["default"].rpartition(".")[2]) >= least
    assert STEPS["Install ccr"]["env"]["SOURCE"] == "${{ github.action_path }}"


def test_the_rules_of_the_example_hold_and_use_the_keys_of_the_workflow() -> None:
    files = sorted((FOLDER / "rules").glob("*.ccr"))
    jobs = yaml.safe_load((FOLDER / "claude.yml").read_text())["jobs"]
    keys = {name for job in jobs.values() for name in job["env"]}
    from ccr.routing.secret import Secret

    loaded = load(Sources((read_layer("user", files),)), Surroundings(dict.fromkeys(keys, Secret("k"))), vocabulary())
    assert loaded.snapshot is not None and not loaded.diagnostics, [each.message for each in loaded.diagnostics]


# ---- the steps, run ---------------------------------------------------------------------------------------------------------------


class Runner:
    """A checkout, and the files and variables that a runner gives a step."""

    def __init__(self, place: Path) -> None:
        self.checkout, self.place = place / "checkout", place
        (self.checkout / "rules").mkdir(parents=True)
        (place / "ccr" / "bin").mkdir(parents=True)
        for name in ("ccr", "python"):
            script = place / "ccr" / "bin" / name
            words = f'"{sys.executable}" -m ccr' if name == "ccr" else f'"{sys.executable}"'
            script.write_text(f'#!/bin/sh\nexec {words} "$@"\n')
            script.chmod(0o755)

    def run(self, name: str, **variables: str) -> tuple[int, str]:
        """The step of this name, with its variables empty unless they are given."""
        step = STEPS[name]
        environment = {
            "PATH": f"{self.place}/ccr/bin:/usr/bin:/bin",
            "HOME": str(self.place),
            "PYTHONPATH": str(ROOT),
            "RUNNER_TEMP": str(self.place),
            **{each: str(self.place / each.lower()) for each in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH")},
            **{each: variables.get(each, "") for each in step["env"]},
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"]], env=environment, cwd=self.checkout,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=50, check=False,
        )  # fmt: skip
        return done.returncode, done.stdout

    def told(self, name: str) -> str:
        path = self.place / name.lower()
        return path.read_text() if path.exists() else ""


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    if shutil.which("bash") is None or os.name != "posix":
        pytest.skip("bash is not on this machine")
    return Runner(tmp_path)


def test_a_mistake_stands_beside_its_line(runner: Runner) -> None:
    (runner.checkout / "rules" / "10.ccr").write_text("when modl == x route demo/m\n")
    code, said = runner.run("Check rules", RULES="rules/", STRICT="true")
    assert code == 1
    assert "::error file=rules/10.ccr,line=1,col=6" in said


def test_an_expectation_that_does_not_hold_fails(runner: Runner) -> None:
    (runner.checkout / "rules" / "10.ccr").write_text("default route demo/m\nexpect deny when image\n")
    code, said = runner.run("Check rules", RULES="rules/", STRICT="true")
    assert code == 1
    assert "::error file=rules/10.ccr,line=2" in said


def test_rules_that_are_well_pass_and_lacking_expectations_are_a_note(runner: Runner) -> None:
    (runner.checkout / "rules" / "10.ccr").write_text("default route demo/m\n")
    code, said = runner.run("Check rules", RULES="rules/10.ccr", STRICT="true")
    assert code == 0, said
    assert "::notice title=ccr test::" in said
    (runner.checkout / "rules" / "10.ccr").write_text("default route demo/m\n\nexpect demo/m when image\n")
    code, said = runner.run("Check rules", RULES="rules", STRICT="false")
    assert code == 0, said
    assert "::notice" not in said


def test_claude_code_of_later_steps_is_led_through_it(runner: Runner) -> None:
    (runner.checkout / "rules" / "10.ccr").write_text("default route demo/m\n")
    (runner.checkout / "config.json").write_text('{"PORT": 0, "APIKEY": "a key to hide"}')
    try:
        code, said = runner.run("Start ccr", RULES="rules", CONFIG="config.json")
        assert code == 0, said
        assert "::add-mask::a key to hide" in said
        url = runner.told("GITHUB_OUTPUT").strip().partition("=")[2]
        known = dict(
            re.findall(r"^(\w+)<<CCR_END\n(.*?)\nCCR_END$", runner.told("GITHUB_ENV"), re.MULTILINE | re.DOTALL)
        )
        assert known["ANTHROPIC_BASE_URL"] == url
        with urllib.request.urlopen(f"{url}/health", timeout=10) as answer:
            assert json.loads(answer.read())["status"] == "ok"
    finally:
        subprocess.run(
            [runner.place / "ccr" / "bin" / "ccr", "stop"], timeout=30, check=False, capture_output=True,
            env={"PATH": "/usr/bin:/bin", "HOME": str(runner.place), "PYTHONPATH": str(ROOT)},
        )  # fmt: skip


def test_a_config_of_claude_code_routers_workflow_is_one_provider() -> None:
    """S13: what its README's sample wrote."""
    text = json.dumps(
        {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": "https://api.deepseek.com/v1", "OPENAI_MODEL": "m", "log": True}
    )
    tree = read_config(SourceFile("config.json", text), {}).file
    assert tree is not None and tree.statements
