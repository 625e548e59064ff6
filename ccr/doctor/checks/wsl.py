"""WSL: two machines in one, whose 127.0.0.1 are different ones unless it is told otherwise."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, note
from ccr.doctor.machine import Machine


def _look(machine: Machine) -> Iterator[Finding]:
    if machine.wsl:
        yield note(
            "this is WSL: a Claude Code on the Windows side does not find this ccr at 127.0.0.1",
            "run both on one side, or set networkingMode=mirrored in .wslconfig",
        )


CHECK = Check("wsl", "Windows Subsystem for Linux", _look)
