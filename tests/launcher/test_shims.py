"""What npm's start scripts for Windows start, read on any machine."""

import pytest

from ccr.launcher.shims import started_by

CMD = """@ECHO off\r
GOTO start\r
:find_dp0\r
SET dp0=%~dp0\r
EXIT /b\r
:start\r
SETLOCAL\r
CALL :find_dp0\r
\r
IF EXIST "%dp0%\\node.exe" (\r
  SET "_prog=%dp0%\\node.exe"\r
) ELSE (\r
  SET "_prog=node"\r
  SET PATHEXT=%PATHEXT:;.JS;=;%\r
)\r
\r
endLocal & goto #_undefined_# 2>NUL || title %COMSPEC% & "%_prog%"  "%dp0%\\node_modules\\@anthropic-ai\\claude-code\\cli.js" %*\r
"""
CMD_EXE = '@ECHO off\r\n"%dp0%\\node_modules\\@anthropic-ai\\claude-code\\bin\\claude.exe"   %*\r\n'
OLD_CMD = '@"%~dp0\\node.exe" "%~dp0\\node_modules\\@anthropic-ai\\claude-code\\cli.js" %*\r\n'
PS1 = """#!/usr/bin/env pwsh
$basedir=Split-Path $MyInvocation.MyCommand.Definition -Parent
if (Test-Path "$basedir/node$exe") {
    & "$basedir/node$exe"  "$basedir/node_modules/@anthropic-ai/claude-code/cli.js" $args
} else {
    & "node$exe"  "$basedir/node_modules/@anthropic-ai/claude-code/cli.js" $args
}
"""
FOLDER = r"C:\Users\me\AppData\Roaming\npm"
SCRIPT = FOLDER + r"\node_modules\@anthropic-ai\claude-code\cli.js"


@pytest.mark.parametrize("text", [CMD, OLD_CMD, PS1], ids=["cmd", "old cmd", "ps1"])
def test_node_and_a_script(text: str) -> None:
    assert started_by(FOLDER + r"\claude.cmd", text, lambda path: False) == ("node", SCRIPT)


def test_the_node_beside_it_is_taken() -> None:
    beside = FOLDER + r"\node.exe"
    assert started_by(FOLDER + r"\claude.cmd", CMD, lambda path: path == beside) == (beside, SCRIPT)


def test_an_executable_needs_no_node() -> None:
    wanted = FOLDER + r"\node_modules\@anthropic-ai\claude-code\bin\claude.exe"
    assert started_by(FOLDER + r"\claude.cmd", CMD_EXE, lambda path: True) == (wanted,)


@pytest.mark.parametrize("text", ["", "@echo hello\r\n", '"%dp0%\\something.vbs" %*'])
def test_what_tells_nothing_is_nothing(text: str) -> None:
    assert started_by(FOLDER + r"\claude.cmd", text, lambda path: True) is None
