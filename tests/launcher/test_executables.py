"""Which Claude Code is found, and which one is started."""

import os
from pathlib import Path

import pytest

from ccr.launcher.executables import Executable, choose, choose_none, found, with_version

pytestmark = pytest.mark.skipif(os.name != "posix", reason="scripts of POSIX")


def script(path: Path, body: str = "echo '2.1.197 (Claude Code)'") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def look(tmp_path: Path, configured: str = "", **variables: str) -> tuple[Executable, ...]:
    """Only in this person's folders: what the machine has in /usr/local is not ours."""
    environment = {"HOME": str(tmp_path), "PATH": str(tmp_path / "bin"), **variables}
    everything = found(tmp_path / "home", environment, configured)
    return tuple(each for each in everything if str(tmp_path) in each.path or each.problem)


def test_nothing_is_there(tmp_path: Path) -> None:
    assert look(tmp_path) == ()


def test_the_first_on_path_is_started_and_the_others_are_known(tmp_path: Path) -> None:
    on_path = script(tmp_path / "bin" / "claude")
    native = script(tmp_path / ".local" / "bin" / "claude")
    older = script(tmp_path / ".nvm/versions/node/v18.20.1/bin/claude")
    newer = script(tmp_path / ".nvm/versions/node/v20.9.0/bin/claude")
    (tmp_path / ".yarn/bin").mkdir(parents=True)
    (tmp_path / ".yarn/bin/claude").symlink_to(native)
    assert [(each.path, each.source) for each in look(tmp_path)] == [
        (str(on_path), "PATH"),
        (str(native), "the native installer"),
        (str(newer), "npm (nvm)"),
        (str(older), "npm (nvm)"),
    ]


def test_a_prefix_of_npm_is_found_without_asking_npm(tmp_path: Path) -> None:
    (tmp_path / ".npmrc").write_text("//registry/:_authToken=x\nprefix = ~/node\n")
    path = script(tmp_path / "node" / "bin" / "claude")
    assert [(each.path, each.source) for each in look(tmp_path)] == [(str(path), "npm")]


def test_who_has_more_say(tmp_path: Path) -> None:
    on_path, mine, config, variable = (script(tmp_path / name / "claude") for name in ("bin", "a", "b", "c"))
    choose(tmp_path / "home", str(mine))
    said = look(tmp_path, str(config), CLAUDE_PATH=str(variable))
    assert [each.path for each in said] == [str(each) for each in (variable, mine, config, on_path)]
    assert [each.source for each in said] == [
        "the variable CLAUDE_PATH",
        "chosen with `ccr claude use`",
        "config.json",
        "PATH",
    ]
    choose_none(tmp_path / "home")
    assert look(tmp_path)[0].path == str(on_path)


def test_a_bare_name_is_looked_up(tmp_path: Path) -> None:
    path = script(tmp_path / "bin" / "my-claude")
    assert look(tmp_path, "my-claude")[0].command == (str(path),)


def test_one_that_was_named_and_is_gone_is_told(tmp_path: Path) -> None:
    script(tmp_path / "bin" / "claude")
    first, second = look(tmp_path, CLAUDE_PATH="/nowhere/claude")
    assert (first.path, first.command, first.problem) == ("/nowhere/claude", (), "there is no such file")
    assert not second.problem


def test_a_file_that_may_not_be_started(tmp_path: Path) -> None:
    script(tmp_path / "bin" / "claude").chmod(0o644)
    assert look(tmp_path)[0].problem == "may not be started (chmod +x)"


def test_its_version(tmp_path: Path) -> None:
    script(tmp_path / "bin" / "claude")
    assert with_version(look(tmp_path)[0]).version == "2.1.197"
    script(tmp_path / "bin" / "claude", "exit 3")
    assert with_version(look(tmp_path)[0]).problem == "`--version` ended with 3 and said nothing"


def test_a_start_script_of_windows_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bin" / "claude.cmd"
    path.parent.mkdir()
    path.write_text('@"%dp0%\\node_modules\\x\\claude.exe" %*\r\n')
    (named,) = look(tmp_path, CLAUDE_PATH=str(path))
    assert named.command[0].endswith("\\node_modules\\x\\claude.exe")
