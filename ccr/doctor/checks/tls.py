"""Certificates: variables that name files of authorities, and whether ccr and Claude Code know the same ones."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, error, ok, warning
from ccr.doctor.machine import Machine

_OURS = ("SSL_CERT_FILE", "SSL_CERT_DIR")
_NODES = "NODE_EXTRA_CA_CERTS"
_OFF = "NODE_TLS_REJECT_UNAUTHORIZED"


def _look(machine: Machine) -> Iterator[Finding]:
    for name, path in machine.missing_files.items():
        yield error(f"{name} names {path}, which cannot be read", f"unset {name}, or name the file there is")
    if _NODES in machine.variables and not any(name in machine.variables for name in _OURS):
        yield warning(
            f"{_NODES} is set, which only Claude Code reads: ccr does not know that authority",
            f"export SSL_CERT_FILE=FILE, with a file that has it beside the usual ones (not {_NODES}'s alone)",
        )
    if machine.variables.get(_OFF) == "0":
        yield warning(f"{_OFF}=0: Claude Code trusts everybody on the way", f"unset {_OFF}")
    if not machine.missing_files and not any(name in machine.variables for name in (*_OURS, _NODES, _OFF)):
        yield ok("the system's own authorities are used")


CHECK = Check("tls", "certificates", _look)
