"""npm's claude-code-router, which is called `ccr`, too, and uses the same home (amendments S26)."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, note, ok, warning
from ccr.doctor.machine import Machine


def _look(machine: Machine) -> Iterator[Finding]:
    npm = next((each for each in machine.commands if each.npm), None)
    first = machine.commands[0] if machine.commands else None
    if first is None or (not first.ours and not first.npm):
        what = f"{first.path}, which is not this one" if first is not None else "nothing"
        advice = "put the folder of this ccr first on PATH; `ccr version` says where it is"
        yield note(f"typing `ccr` in this shell starts {what}", advice)
    elif first.npm:
        ours = next((each.path for each in machine.commands if each.ours), "")
        advice = f"put {ours or 'the folder of this ccr'} before it on PATH, or: npm uninstall -g @musistudio/claude-code-router"
        yield warning(f"typing `ccr` starts claude-code-router {first.npm} of npm: {first.path}", advice)
    else:
        yield ok(f"typing `ccr` starts this one: {first.path}")
        if npm is not None:
            yield note(f"claude-code-router {npm.npm} of npm is there, too: {npm.path}")
    if machine.npm_pid is not None:
        where = npm.path if npm is not None else "its own ccr"
        yield note(f"its service seems to run (pid {machine.npm_pid})", f"{where} stop   ends it; ours leaves it alone")


CHECK = Check("npm", "which program `ccr` is", _look)
