"""Claude Code: which one would be started."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, error, note, ok, warning
from ccr.doctor.machine import Machine

_HOW = "npm install -g @anthropic-ai/claude-code, or https://docs.anthropic.com/en/docs/claude-code/setup"


def _look(machine: Machine) -> Iterator[Finding]:
    if not machine.claude:
        yield warning("Claude Code was not found", _HOW)
        return
    first, *others = machine.claude
    if first.problem:
        yield error(
            f"{first.path} ({first.source}): {first.problem}", "ccr claude lists those there are, and chooses one"
        )
    else:
        yield ok(f"Claude Code {first.version}: {first.path} ({first.source})")
    if others:
        yield note(f"there are {len(others)} more: {', '.join(each.path for each in others)}")
    if machine.wsl and first.path.startswith("/mnt/"):
        yield warning(
            "this is WSL, and that Claude Code is Windows' own: 127.0.0.1 is not the same for both",
            "install Claude Code in WSL, or set networkingMode=mirrored in .wslconfig",
        )


CHECK = Check("claude", "Claude Code", _look)
