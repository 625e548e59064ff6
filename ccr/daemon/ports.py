"""Who holds a port: binds one, or says in words who has it.

The process is found where the system tells (Linux's /proc); another ccr, or npm's claude-code-router, is recognised by
what it answers. Nothing is ever stopped or replaced from here.
"""

import errno
import json
import os
import socket
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from ccr.daemon.neighbours import commands

_ASK_SECONDS = 1.0
_NPM = "claude-code-router (npm)"
_RESERVED = 10013
"""WSAEACCES: what Windows answers for a port in a range that Hyper-V keeps."""


class PortTaken(Exception):
    """The address cannot be bound; the text is for the person. `holder` is who has it, or why it cannot be had."""

    def __init__(self, why: str, holder: str) -> None:
        super().__init__(why)
        self.holder = holder


def bind(host: str, port: int) -> socket.socket:
    """A listening socket's address taken, not yet listening; raises PortTaken with what to do."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise _taken(host, port, error) from None
    listener.set_inheritable(True)
    return listener


def holder(host: str, port: int) -> str:
    """Who keeps this address from being listened at, in words; "" if it is free."""
    try:
        bind(host, port).close()
    except PortTaken as taken:
        return taken.holder
    return ""


def _taken(host: str, port: int, error: OSError) -> PortTaken:
    if error.errno == errno.EADDRINUSE:
        who, end = _who(port)
        return PortTaken(f"port {port} is taken by {who}; {end}, or choose another: --port {_next(port)}", who)
    if getattr(error, "winerror", None) == _RESERVED:
        why = (
            f"Windows keeps port {port} for itself (netsh interface ipv4 show excludedportrange protocol=tcp "
            f"lists what it keeps); choose another: --port {_next(port + 999)}"
        )
    elif error.errno == errno.EACCES:
        why = f"this user may not listen on port {port}; choose one above 1023: --port 3456"
    elif error.errno == errno.EADDRNOTAVAIL:
        why = f"this machine has no address {host}; 127.0.0.1 is the usual one"
    else:
        why = f"cannot listen on {host}:{port}: {error.strerror or error}"
    return PortTaken(why, why)


def _next(port: int) -> int:
    return port + 1 if port < 65535 else 3456


def _who(port: int) -> tuple[str, str]:
    """Who has it, and how it is ended."""
    known, end = _ask(port), "stop it"
    if known == _NPM:
        theirs = next((each for each in commands(os.environ.get("PATH", "")) if each.npm), None)
        known = f"claude-code-router {theirs.npm} (npm)" if theirs is not None else known
        end = f"stop it with its own command: {theirs.path if theirs is not None else 'ccr'} stop"
    process = _process(port)
    return " ".join(part for part in (known or "another program", process) if part), end


def _ask(port: int) -> str:
    """What answers there, if it is one of ours or npm's claude-code-router."""
    opener = build_opener(ProxyHandler({}))
    try:
        with opener.open(f"http://127.0.0.1:{port}/health", timeout=_ASK_SECONDS) as answer:
            said = json.loads(answer.read(4096))
    except (URLError, OSError, ValueError):
        return ""
    if not isinstance(said, dict):
        return ""
    if said.get("service") == "ccr":
        return f"ccr {said.get('version', '')}".strip()
    return _NPM if said.get("status") == "ok" and "timestamp" in said else ""


def _process(port: int) -> str:
    """`(pid N, name)` of whoever listens on a TCP port, where /proc tells; else ""."""
    inodes = _listening_inodes(port)
    if not inodes:
        return ""
    for folder in Path("/proc").glob("[0-9]*"):
        if _holds(folder, inodes):
            name = (folder / "comm").read_text(encoding="utf-8", errors="replace").strip()
            return f"(pid {folder.name}, {name})"
    return ""


def _listening_inodes(port: int) -> set[str]:
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        try:
            rows = table.read_text(encoding="ascii").splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                found.add(f"socket:[{fields[9]}]")
    return found


def _holds(folder: Path, inodes: set[str]) -> bool:
    try:
        return any(os.readlink(handle) in inodes for handle in (folder / "fd").iterdir())
    except OSError:
        return False
