"""The port: who else has it."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, error, ok
from ccr.doctor.machine import Machine


def _look(machine: Machine) -> Iterator[Finding]:
    if machine.service is not None:
        return
    if not machine.held_by:
        yield ok(f"port {machine.port} is free")
        return
    other = machine.port + 1 if machine.port < 65535 else 3456
    advice = f'end it, or choose another port: "PORT": {other} in config.json, or `server {{ port = {other} }}`'
    if "npm" in machine.held_by:
        advice = f"stop it with its own `ccr stop`, or choose another port: `server {{ port = {other} }}`"
    yield error(f"port {machine.port}: {machine.held_by}", advice)


CHECK = Check("port", "the port to listen on", _look)
