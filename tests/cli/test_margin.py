"""Coverage as it is painted beside rules: one case a file, its margin and the exit code's sum beside it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from ccr.cli.main import group
from tests.golden import cases, compare

CASES = Path(__file__).parent / "cases" / "cover"


@pytest.mark.parametrize("case", cases(CASES))
def test_margins(case: Path, update: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CCR_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(CASES)
    result = CliRunner().invoke(group, ["test", case.name, "--cover"])
    assert result.exit_code == 0, result.output
    compare(case, result.output.replace(f"{CASES}/", ""), update)
