"""The group of commands: found by file name, told in sections, quick to help."""

import os
import subprocess
import sys
import time
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from ccr.cli.main import SECTIONS, _sections, _short_help, group

COMMANDS = group.list_commands(click.Context(group))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_short_help_is_the_first_line_of_the_command(name: str) -> None:
    """It is read from the file's text, so the first line must be a whole sentence."""
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.callback is not None
    short = _short_help(name)
    assert 10 < len(short) < 100
    assert (import_module(command.callback.__module__).__doc__ or "").partition("\n")[0] == f"{short}."
    assert command.help


def test_each_command_stands_in_one_section() -> None:
    names = [name for _, listed in SECTIONS for name in listed.split()]
    assert len(names) == len(set(names))
    shown = [name for _, listed in _sections(COMMANDS) for name in listed]
    assert sorted(shown) == sorted(COMMANDS)


def test_what_has_no_section_comes_last() -> None:
    assert list(_sections(["serve", "yodel"])) == [("First", ["serve"]), ("More", ["yodel"])]


def test_help_imports_no_command_and_is_quick() -> None:
    """A hundred milliseconds are promised; a loaded test machine gets the best of several, and more."""
    program = "import sys; from ccr.cli.main import group\ntry: group(['--help'])\nexcept SystemExit: pass\nprint([n for n in sys.modules if n.startswith('ccr.cli.commands.') or n in ('lark', 'asyncio', 'http.client')])"
    best = 60.0
    for _ in range(5):
        began = time.monotonic()
        done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
        best = min(best, time.monotonic() - began)
        assert done.stdout.splitlines()[-1] == "[]"
    assert best < 0.4


@pytest.mark.skipif(os.name != "posix", reason="a terminal of POSIX")
@pytest.mark.parametrize("words", [["--help"], ["status"], ["version"], ["providers"], ["check", "nowhere.ccr"]])
def test_a_terminal_that_lacks_characters_shows_others(words: list[str], tmp_path: Path) -> None:
    """cmd.exe with code page 437: it is a terminal, so its encoding stays."""
    import pty

    ours, theirs = pty.openpty()
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "PYTHONIOENCODING": "cp437", "NO_COLOR": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "ccr", *words], stdin=theirs, stdout=theirs, stderr=theirs, env=environment, cwd=tmp_path
    ) as process:
        os.close(theirs)
        shown = bytearray()
        while True:
            try:
                data = os.read(ours, 4096)
            except OSError:
                break
            if not data:
                break
            shown += data
    os.close(ours)
    assert process.returncode in (0, 1, 2)
    assert b"Traceback" not in shown
    assert len(shown) > 20
    assert "\ufffd" not in shown.decode("cp437")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("key remove openrouter", "did you mean `ccr key forget`?"),
        ("user delete alice", "did you mean `ccr user remove`?"),
        ("preset rm mine", "did you mean `ccr preset delete`?"),
        ("session list", "did you mean `ccr session show`?"),
        ("config vlaidate", "did you mean `ccr config validate`?"),
        ("model openrouter/x", "there are list, set"),
    ],
)
def test_a_word_of_another_group_is_answered_with_the_one_that_is_meant(words: str, said: str) -> None:
    done = CliRunner().invoke(group, words.split(), prog_name="ccr")
    assert done.exit_code == 2
    assert f"has no command {words.split()[1]!r}; {said}" in done.output
