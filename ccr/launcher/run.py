"""Starts Claude Code and waits for it: arguments untouched, no shell, signals passed on, its exit code given back.

What the terminal sends to everybody (Ctrl-C, Ctrl-\\, Ctrl-Z) reaches the client by itself; what is sent to us alone is
handed on. A client that stops itself takes us with it, so that the shell comes back, and goes on with us.
"""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

_HEARD_BY_ALL = ("SIGINT", "SIGQUIT")
_PASSED_ON = ("SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGWINCH")


def run(
    command: Sequence[str], environment: Mapping[str, str], *, deaf: bool = False, handles: Sequence[int] = ()
) -> int:
    """The exit code; 128 + N if signal N ended it. `deaf`: nothing can be typed to it. `handles` are file descriptors
    that it inherits. Raises OSError when it cannot be started."""
    with _ours_ignored():
        child = subprocess.Popen(
            list(command),
            env=dict(environment),
            stdin=subprocess.DEVNULL if deaf else None,
            pass_fds=tuple(handles) if os.name == "posix" else (),
        )
        with _passing_on(child):
            code = _wait(child)
    return 128 - code if code < 0 else code


@contextmanager
def _ours_ignored() -> Iterator[None]:
    """Python's own answer to Ctrl-C would be to leave while the client is still asking whether to."""
    previous: dict[int, Any] = {}
    for name in _HEARD_BY_ALL:
        number = getattr(signal, name, None)
        if number is not None:
            # A handler, not SIG_IGN: what is ignored stays ignored in the client.
            previous[number] = signal.signal(number, _nothing)
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


@contextmanager
def _passing_on(child: "subprocess.Popen[bytes]") -> Iterator[None]:
    previous: dict[int, Any] = {}
    for name in _PASSED_ON:
        number = getattr(signal, name, None)
        if number is not None:
            previous[number] = signal.signal(number, lambda sent, _: _send(child, sent))
    try:
        yield
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)


def _send(child: "subprocess.Popen[bytes]", number: int) -> None:
    with suppress(OSError):
        child.send_signal(number)


def _wait(child: "subprocess.Popen[bytes]") -> int:
    if not hasattr(os, "WUNTRACED"):
        return child.wait()
    while True:
        _, status = os.waitpid(child.pid, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            os.kill(os.getpid(), signal.SIGSTOP)
            _send(child, signal.SIGCONT)
            continue
        child.returncode = os.waitstatus_to_exitcode(status)
        return child.returncode


def _nothing(number: int, frame: Any) -> None:
    """Heard and left to the client, which heard it too."""
