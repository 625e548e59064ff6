"""Lines for shells: what is set arrives as it was, and is taken back whole."""

import json
import os
import shutil
import subprocess

import pytest

from ccr.launcher.environment import Changes, Wishes, changes
from ccr.launcher.shells import BEFORE, SHELLS, lines, shell_named, taken_back, with_return

ODD = "a b\"c'd\\e$HOME`x`\n%PATH% ü !"
RUNS = {
    "bash": ["bash", "-c"],
    "zsh": ["zsh", "-c"],
    "sh": ["sh", "-c"],
    "fish": ["fish", "-c"],
    "powershell": ["pwsh", "-c"],
}


@pytest.mark.parametrize("name", SHELLS)
def test_a_shell_understands_them(name: str) -> None:
    command, *flags = RUNS[name]
    found = shutil.which(command)
    if found is None:
        pytest.skip(f"{command} is not on this machine")
    told = "\n".join([*lines(SHELLS[name], Changes({"A": ODD}, ("B",))), "env -0"])
    done = subprocess.run(
        [found, *flags, told], env={"PATH": os.environ["PATH"], "B": "b"}, capture_output=True, check=True
    )
    seen = dict(each.split("=", 1) for each in done.stdout.decode().split("\0") if "=" in each)
    assert seen["A"] == ODD
    assert "B" not in seen


def test_how_they_are_written() -> None:
    made = Changes({"A": "it's"}, ("B",))
    assert list(lines(SHELLS["bash"], made)) == ["export A='it'\\''s'", "unset B"]
    assert list(lines(SHELLS["fish"], made)) == ["set -gx A 'it\\'s'", "set -e B"]
    assert list(lines(SHELLS["powershell"], made)) == [
        "$env:A = 'it''s'",
        "Remove-Item Env:B -ErrorAction SilentlyContinue",
    ]


def test_what_is_taken_back_is_what_was() -> None:
    person = {"ANTHROPIC_API_KEY": "mine", "NO_PROXY": "corp"}
    made = with_return(person, changes(person, Wishes("http://127.0.0.1:1")))
    active = {name: value for name, value in {**person, **made.to_set}.items() if name not in made.to_unset}
    back = taken_back(active)
    assert back is not None
    assert {name: value for name, value in {**active, **back.to_set}.items() if name not in back.to_unset} == person


def test_twice_active_is_taken_back_at_once() -> None:
    first = with_return({"A": "1"}, Changes({"A": "2"}))
    second = with_return({**first.to_set}, Changes({"A": "3", "B": "4"}))
    assert json.loads(second.to_set[BEFORE]) == {"A": "1", "B": None}
    assert taken_back({}) is None
    assert taken_back({BEFORE: "{broken"}) == Changes({}, (BEFORE,))


@pytest.mark.parametrize(
    ("path", "windows", "name"),
    [("/usr/bin/zsh", False, "zsh"), ("/opt/fish", False, "fish"), ("/bin/dash", False, "sh"), ("/bin/tcsh", False, "bash"),
     ("", False, "bash"), ("", True, "powershell"), ("C:\\Program Files\\PowerShell\\7\\pwsh.exe", True, "powershell")],
)  # fmt: skip
def test_which_shell(path: str, windows: bool, name: str) -> None:
    assert shell_named(path, windows) == name
