"""The service: that it answers, runs the installed version and the rules on disk; records of services that are gone."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, Mend, error, note, ok, warning
from ccr.doctor.machine import Machine


def _look(machine: Machine) -> Iterator[Finding]:
    there = machine.service
    if there is None:
        yield note("no service runs", "`ccr start` starts one, and so does `ccr code`")
    elif not there.answers:
        yield error(f"pid {there.pid} runs and does not answer at {there.url}", "ccr restart; ccr logs tells why")
    else:
        yield ok(f"ccr {there.version} answers at {there.url} (pid {there.pid})")
        if there.version != machine.version:
            yield warning(f"it is {there.version}, and {machine.version} is installed", "ccr restart")
        if there.stale_rules:
            yield error("its rules are older than those on disk, which do not load", "ccr check shows what to mend")
    for path in machine.stale:
        yield warning(
            f"{path} is of a service that is gone",
            "nothing needs to be done: `ccr start` does not mind it (ccr doctor --fix takes it away)",
            Mend(path),
        )


CHECK = Check("service", "the service that runs", _look)
