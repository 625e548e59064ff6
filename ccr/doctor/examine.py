"""Runs every check, and does what may be done without asking."""

import os
from collections.abc import Iterable
from pathlib import Path

from ccr.doctor.check import Check, Examined, Level, Mend
from ccr.doctor.machine import Machine
from ccr.registry import Registry

CHECKS = Registry("ccr.doctor.checks", "CHECK")
ORDER = (
    "home", "modes", "service", "port", "npm", "rules", "keys", "providers", "proxy", "tls", "clock", "claude", "bypass",
    "telemetry", "wsl",
)  # fmt: skip
"""In which a person reads them; others come last."""
BAD = (Level.WARNING, Level.ERROR)


def examine(machine: Machine) -> tuple[Examined, ...]:
    """What all checks find. Pure."""
    names = sorted(CHECKS, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))
    checks: list[Check] = [CHECKS[name] for name in names]
    return tuple(Examined(check.name, finding) for check in checks for finding in check.look(machine))


def is_well(found: Iterable[Examined]) -> bool:
    return not any(each.finding.level in BAD for each in found)


def do(mend: Mend) -> str:
    """Does it; what was done, in words. Raises OSError."""
    path = Path(mend.path).expanduser()
    if mend.mode is None:
        path.unlink(missing_ok=True)
        return f"took away {mend.path}"
    os.chmod(path, mend.mode)
    return f"{mend.path} is for you alone now ({mend.mode:03o})"
