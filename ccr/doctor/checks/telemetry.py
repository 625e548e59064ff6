"""Telemetry: what Claude Code sends elsewhere than to ccr, and what its switches take away from rules."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, note, ok
from ccr.doctor.machine import Machine

_QUIET, _TELEMETRY = "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "DISABLE_TELEMETRY"


def _look(machine: Machine) -> Iterator[Finding]:
    if machine.variables.get(_QUIET) not in (None, "", "0"):
        yield note(f"{_QUIET} is set: Claude Code asks for no titles, so rules with `kind == title` never match")
    elif machine.variables.get(_TELEMETRY) not in (None, "", "0"):
        yield ok(f"{_TELEMETRY} is set: Claude Code sends no statistics to its vendor")
    else:
        yield note(
            "a plain `claude` sends statistics to its vendor, past ccr",
            f"export {_TELEMETRY}=1   (`ccr code` and `ccr activate` do it by themselves)",
        )


CHECK = Check("telemetry", "what Claude Code sends elsewhere", _look)
