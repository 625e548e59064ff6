"""npm's start scripts for Windows, read instead of run: what they would start, without a shell.

A `.cmd` can only be started through a shell, which reads `%`, `^`, `&` and quotes of the arguments; what the script
itself would start takes them as they are (amendments I5 of the first minutes, 5). The forms are those of npm's cmd-shim
(https://github.com/npm/cmd-shim, 6.0, read 2026-11-22). Pure: which files exist is asked of the caller.
"""

import re
from collections.abc import Callable
from pathlib import PureWindowsPath

SUFFIXES = (".cmd", ".bat", ".ps1")
_SCRIPTS = (".js", ".cjs", ".mjs")
_TARGET = re.compile(r'"(?:%~?dp0%?|\$basedir)[\\/]+([^"%$\r\n]+)"')


def started_by(path: str, text: str, exists: Callable[[str], bool]) -> tuple[str, ...] | None:
    """What a start script of this text would start: `claude.exe`, or `node` and a script. None if it tells of neither."""
    folder = PureWindowsPath(path).parent
    named = [match[1].replace("/", "\\") for match in _TARGET.finditer(text)]
    targets = [each for each in named if not each.lower().startswith("node.exe") and each.lower() != "node"]
    if not targets:
        return None
    target = str(folder / targets[-1])
    if target.lower().endswith(".exe"):
        return (target,)
    if not target.lower().endswith(_SCRIPTS):
        return None
    beside = str(folder / "node.exe")
    return (beside if exists(beside) else "node", target)
