"""The ccr home: that it can be written, and that its disk has room."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, error, note, ok, warning
from ccr.doctor.machine import Machine

_LITTLE, _NONE = 200 * 1024 * 1024, 5 * 1024 * 1024
"""Bytes."""


def _look(machine: Machine) -> Iterator[Finding]:
    if machine.home_problem:
        advice = f"make it yours (chown, chmod u+rwx {machine.home}), or name another folder in CCR_HOME"
        yield error(f"{machine.home} cannot be written: {machine.home_problem}", advice)
    elif not machine.home_exists:
        yield note(f"{machine.home} is not there yet", "`ccr init` or `ccr start` makes it")
    else:
        yield ok(f"{machine.home} can be written")
    if machine.free is not None and machine.free < _LITTLE:
        left = f"{machine.free // 1024 // 1024} MB are free where {machine.home} is"
        advice = "make room: a full disk keeps rules from being saved and the log of requests from growing"
        yield error(left, advice) if machine.free < _NONE else warning(left, advice)


CHECK = Check("home", "the ccr home and its disk", _look)
