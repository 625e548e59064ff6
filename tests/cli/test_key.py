"""A key that is typed is not shown, and one on the command line is refused before it is read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ccr.live.credentials import flaw_of, stored

KEY = "sk-or-typed-0123456789"
TYPED = """
import fcntl, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # a hidden prompt asks the terminal itself, so it must be this session's
sys.argv = ["ccr", "key", "set", "openrouter"]
from ccr.cli.main import main
main()
"""


@pytest.mark.skipif(os.name != "posix", reason="a terminal of POSIX")
def test_what_is_typed_is_not_shown(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    with subprocess.Popen(
        [sys.executable, "-c", TYPED], stdin=theirs, stdout=theirs, stderr=theirs, env=environment,
        start_new_session=True,
    ) as process:  # fmt: skip
        os.close(theirs)
        shown = _until(ours, b"not shown")
        os.write(ours, f"{KEY}\n".encode())
        shown += _until(ours, b"kept: OPENROUTER_API_KEY")
        assert process.wait(20) == 0
    os.close(ours)
    assert KEY.encode() not in shown
    assert stored(tmp_path / ".claude-code-router") == {"OPENROUTER_API_KEY": KEY}


def _until(terminal: int, words: bytes) -> bytes:
    seen = b""
    while words not in seen:
        try:
            seen += os.read(terminal, 4096)
        except OSError:
            raise AssertionError(f"{words!r} did not come, but {seen!r}") from None
    return seen


def test_one_on_the_command_line_is_neither_kept_nor_repeated(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ccr", "key", "set", "openrouter", KEY],
        capture_output=True, text=True, check=False, env={"HOME": str(tmp_path), "PATH": os.environ["PATH"]},
    )  # fmt: skip
    assert done.returncode == 2
    assert KEY not in done.stdout + done.stderr
    assert stored(tmp_path / ".claude-code-router") == {}


@pytest.mark.parametrize(
    ("text", "flaw"),
    [
        ("sk-or-0123456789", ""),
        ("", "was empty"),
        ('"sk-or"', "quotes"),
        ("sk-or\nsk-or", "line ends"),
        ("sk or", "blanks"),
        ("sk–or", "no header can carry"),
    ],
)
def test_what_is_no_key(text: str, flaw: str) -> None:
    assert flaw in flaw_of(text)
    assert bool(flaw) == bool(flaw_of(text))
