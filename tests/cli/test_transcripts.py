"""Plays the sessions in `transcripts/`: commands as a person types them, and the whole screen (README.md there)."""

import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from ccr import __version__
from ccr.daemon import records, service
from tests.golden import cases

pytestmark = pytest.mark.skipif(os.name != "posix", reason="sessions are for a POSIX shell")

FOLDER = Path(__file__).parent / "transcripts"
ROOT = Path(__file__).parents[2]
PLAYED_HOME = "/home/ada"
PATIENCE = 50
_TOOLS = ("bash", "curl", "openssl", "timeout")
_NAMED = (
    (r"(127\.0\.0\.1|localhost|0\.0\.0\.0):\d+", r"\1:[port]"),
    (r"\bport( +)\d+", r"port\1[port]"),
    (r'"port": \d+', '"port": [port]'),
    (r"\bpid \d+", "pid [pid]"),
    (r'"pid": \d+', '"pid": [pid]'),
    (r"\b\d+(\.\d+)? s\b", "[n] s"),
    (r"\b0\+\d+ tokens\b", "0+[n] tokens"),
    (r"\b\d\d:\d\d:\d\d\b", "[clock]"),
    (r"\b(since|of|at) \d\d:\d\d\b", r"\1 [clock]"),
    (r'"(since|uptime|age|at|seconds)": [\d.]+', r'"\1": [n]'),
    (r"\b20\d{6}-\d{6}(\.\d+)?(?=-)", "[stamp]"),
    (r"\b20\d\d-\d\d-\d\d\b", "[day]"),
    (r"\bsnapshot [0-9a-f]{8}\b", "snapshot [id]"),
    (r'"snapshot": "[0-9a-f]{8}"', '"snapshot": "[id]"'),
    (rf"\b{re.escape(__version__)}\b", "[version]"),
)


class Step(NamedTuple):
    """A command, and what it printed; `lines` are those of the file, `[exit N]` among them."""

    command: str
    lines: list[str]


@pytest.mark.parametrize("path", cases(FOLDER, "*.txt"))
def test_a_session(path: Path, tmp_path: Path, update: bool) -> None:
    text = path.read_text(encoding="utf-8")
    head, steps = read(text)
    lacking = [
        tool for tool in _TOOLS if re.search(rf"^\$ .*\b{tool} ", text, re.MULTILINE) and shutil.which(tool) is None
    ]
    if lacking:
        pytest.skip(f"{', '.join(lacking)} is not on this machine")
    home = tmp_path / "home"
    home.mkdir()
    try:
        played = list(play(steps, home))
    finally:
        for left in records.alive(home / ".claude-code-router"):
            service.stop(left, patience=3)
    if update:
        assert not any("Traceback" in line for each in played for line in each.lines), "something is broken"
        path.write_text("\n".join([*head, *written(steps, played)]) + "\n", encoding="utf-8", newline="\n")
        return
    for wanted, got in zip(steps, played, strict=True):
        assert fits(wanted.lines, got.lines), f"$ {wanted.command}\n" + "\n".join(got.lines)


def read(text: str) -> tuple[list[str], list[Step]]:
    """The words before the first command, and the commands."""
    head: list[str] = []
    steps: list[Step] = []
    for line in text.splitlines():
        if line.startswith("$ "):
            steps.append(Step(line[2:], []))
        elif not steps:
            head.append(line)
        elif line.startswith("> ") and not steps[-1].lines:
            steps[-1] = Step(f"{steps[-1].command}\n{line[2:]}", [])
        else:
            steps[-1].lines.append(line)
    assert head, "say in the first line what it shows"
    assert steps, "no command"
    return head, [Step(command, _without_end(lines)) for command, lines in steps]


def play(steps: Iterable[Step], home: Path) -> Iterator[Step]:
    """What really happens, in one home and one environment."""
    environment = _environment(home)
    for command, _ in steps:
        done = subprocess.run(
            ["sh", "-c", command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=home,
            env=environment,
            timeout=PATIENCE,
            check=False,
        )
        lines = _without_end(_named(done.stdout.decode("utf-8"), home, environment["FREE"]).splitlines())
        yield Step(command, [*lines, f"[exit {done.returncode}]"] if done.returncode else lines)


def _environment(home: Path) -> dict[str, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {
        "PATH": f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "FREE": str(port),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _named(text: str, home: Path, free: str) -> str:
    text = text.replace(str(home), PLAYED_HOME).replace(str(ROOT), "[ccr]")
    text = re.sub(rf"\b{free}\b", "[port]", text)
    for pattern, name in _NAMED:
        text = re.sub(pattern, name, text)
    return text


def _without_end(lines: list[str]) -> list[str]:
    kept = [line.rstrip() for line in lines]
    while kept and not kept[-1]:
        kept.pop()
    return kept


def fits(wanted: list[str], got: list[str]) -> bool:
    """Whether a screen is as it is written."""
    if not wanted:
        return not got
    if wanted[0] == "[...]":
        return any(fits(wanted[1:], got[at:]) for at in range(len(got) + 1))
    return bool(got) and _line_fits(wanted[0], got[0]) and fits(wanted[1:], got[1:])


def _line_fits(wanted: str, got: str) -> bool:
    return bool(re.fullmatch(".*".join(map(re.escape, wanted.split("[..]"))), got))


def written(steps: Iterable[Step], played: Iterable[Step]) -> Iterator[str]:
    """The file as it is now: screens that fit are kept as a person wrote them."""
    for wanted, got in zip(steps, played, strict=True):
        first, *more = wanted.command.split("\n")
        yield f"$ {first}"
        yield from (f"> {line}" for line in more)
        yield from wanted.lines if fits(wanted.lines, got.lines) else got.lines


@pytest.mark.parametrize(
    ("wanted", "got", "fit"),
    [
        ([], [], True),
        (["a"], ["b"], False),
        (["a [..] c"], ["a b b c"], True),
        (["a (b)"], ["a (b)"], True),
        (["[...]", "z"], ["x", "y", "z"], True),
        (["[...]"], [], True),
        (["a"], ["a", "b"], False),
        (["a"], [], False),
    ],
)
def test_what_fits(wanted: list[str], got: list[str], fit: bool) -> None:
    assert fits(wanted, got) is fit
