"""`ccr trust` from outside: what a person sees before these rules run."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ccr.cli.main import group
from tests.golden import compare

USER = """provider a { url = "http://a/v1"; models = [m, n] }
server { shipped = off }
when tokens > 60k route a/n
default route a/m
"""
PROJECT = """when image deny 403 "no pictures here"
when agent deny 403 "never asked"
when thinking set top_k = 5
default route a/n
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CCR_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "rules").mkdir(parents=True)
    (tmp_path / "home" / "rules" / "a.ccr").write_text(USER)
    (tmp_path / "shop" / ".ccr").mkdir(parents=True)
    (tmp_path / "shop" / ".ccr" / "rules.ccr").write_text(PROJECT)
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def test_what_changes_is_shown_before_it_asks(project: Path, update: bool) -> None:
    told = CliRunner().invoke(group, ["trust"], input="n\n")
    assert told.exit_code == 1
    said = told.stdout.replace(str(project), "SHOP")
    compare(Path(__file__).parent / "cases" / "trust" / "shop.ccr", said, update)


def test_a_project_that_changes_nothing_is_proved_to(project: Path) -> None:
    (project / ".ccr" / "rules.ccr").write_text("default route a/m\n")
    told = CliRunner().invoke(group, ["trust", "--yes"])
    assert told.exit_code == 0
    assert "every request: proved the same" in told.stdout and "denials" not in told.stdout


def test_rules_of_ones_own_that_do_not_load_keep_the_change_from_being_shown(project: Path) -> None:
    (project.parent / "home" / "rules" / "a.ccr").write_text("route\n")
    told = CliRunner().invoke(group, ["trust"], input="n\n")
    assert "Your own rules have an error" in told.stdout
