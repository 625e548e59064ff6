"""The scripts for Windows, as far as can be told without one: they are read as PowerShell, hold no letter that PowerShell 5.1
would misread, what they ask of ccr can be asked, and what is made is removed."""

import re
from pathlib import Path

import pytest
from pygments.lexers.shell import PowerShellLexer
from pygments.token import Error

from tests.typed import can_be_typed

ROOT = Path(__file__).parents[2]
SCRIPTS = ("run.ps1", "install.ps1", "uninstall.ps1", "deploy/windows/python.ps1")


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCRIPTS)
def test_it_is_powershell_of_plain_letters(name: str) -> None:
    """Without a BOM, PowerShell 5.1 reads a file in the machine's own code page."""
    script = text(name)
    assert script.isascii()
    assert not [value for kind, value in PowerShellLexer().get_tokens(script) if kind is Error]
    bare = re.sub(r"#.*|'[^']*'|\"[^\"]*\"", "", script)
    for opening, closing in ("()", "{}", "[]"):
        assert bare.count(opening) == bare.count(closing), opening


@pytest.mark.parametrize("name", SCRIPTS)
def test_what_it_asks_of_ccr_can_be_asked(name: str) -> None:
    said = re.findall(r"& (?:\$ccr|\(Join-Path \$venv 'Scripts\\ccr.exe'\)) ([^})\n]+)", text(name))
    assert said or name == "deploy/windows/python.ps1"
    for words in said:
        can_be_typed(f"ccr {words.replace('@args', '').strip()}")


def test_uninstall_removes_what_install_makes() -> None:
    made = set(re.findall(r"Join-Path \$share '([\w.]+)'", text("install.ps1")))
    gone = re.search(r"foreach \(\$name in @\((.*?)\)\)", text("uninstall.ps1"))
    assert gone is not None
    assert made == set(re.findall(r"'([\w.]+)'", gone[1]))
    assert "'path bin'" in text("install.ps1") and "'path bin'" in text("uninstall.ps1")


def test_the_python_they_look_for_is_the_one_that_is_needed() -> None:
    wanted = re.search(r'requires-python = ">=3\.(\d+)"', text("pyproject.toml"))
    assert wanted is not None
    for name in ("deploy/windows/python.ps1", "install.sh"):
        assert f"sys.version_info < (3, {wanted[1]})" in text(name)
