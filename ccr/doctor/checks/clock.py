"""The clock of this machine, beside those of providers: logins of clouds fail when it is wrong by minutes."""

from collections.abc import Iterator
from statistics import median

from ccr.doctor.check import Check, Finding, ok, warning
from ccr.doctor.machine import Machine

_MUCH = 120.0
"""Seconds."""


def _look(machine: Machine) -> Iterator[Finding]:
    skews = [each.skew for each in machine.reached if each.skew is not None]
    if not skews:
        return
    skew = median(skews)
    if abs(skew) < _MUCH:
        yield ok("the clock is right")
        return
    way = "fast" if skew > 0 else "slow"
    yield warning(
        f"the clock is {abs(skew) / 60:.0f} minutes {way}: signed requests and logins fail, `time` in rules is wrong",
        "set it by the network (timedatectl set-ntp true; on WSL: sudo hwclock -s)",
    )


CHECK = Check("clock", "the clock", _look)
