"""npm's claude-code-router is recognised, told of, and left alone (amendments S26)."""

import json
import os
from pathlib import Path

import pytest

from ccr.daemon.neighbours import PACKAGE, Command, commands, npm_pid

pytestmark = pytest.mark.skipif(os.name != "posix", reason="links and modes of POSIX")


def program(path: Path, text: str = "#!/bin/sh\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


def npm(prefix: Path, version: str = "2.0.0") -> Path:
    package = prefix / "lib" / "node_modules" / PACKAGE
    script = program(package / "dist" / "cli.js")
    (package / "package.json").write_text(json.dumps({"name": PACKAGE, "version": version}), encoding="utf-8")
    link = prefix / "bin" / "ccr"
    link.parent.mkdir(parents=True)
    link.symlink_to(script)
    return link


def test_who_answers_first_is_told(tmp_path: Path) -> None:
    theirs = npm(tmp_path / "npm")
    ours = program(tmp_path / "venv" / "bin" / "ccr", "#!/usr/bin/python\nfrom ccr.cli.main import main\n")
    other = program(tmp_path / "other" / "ccr")
    path = os.pathsep.join(str(each.parent) for each in (theirs, ours, other, theirs))
    assert commands(path) == (Command(str(theirs), "2.0.0"), Command(str(ours), ours=True), Command(str(other)))
    assert commands(path)[0].words == f"{theirs}: claude-code-router 2.0.0 (npm)"


def test_nothing_is_no_neighbour(tmp_path: Path) -> None:
    program(tmp_path / "ccr").chmod(0o644)
    assert commands(f"{tmp_path}{os.pathsep}{os.pathsep}/nowhere") == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [(str(os.getpid()), os.getpid()), ("x", None), ("99999999", None)],
    ids=["ours", "no number", "nobody's"],
)
def test_its_process(tmp_path: Path, text: str, found: int | None) -> None:
    (tmp_path / ".claude-code-router.pid").write_text(text, encoding="ascii")
    assert npm_pid(tmp_path) == found


def test_it_does_not_run(tmp_path: Path) -> None:
    assert npm_pid(tmp_path) is None
