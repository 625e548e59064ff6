"""Which process is which: whether one lives, and when it began, so that a number used anew is not taken for the old one.

The moment a process began is a text that only compares: equal means the same process. It is "" where the system does
not tell; then nobody may rely on the number alone.
"""

import os
import subprocess
import sys
from pathlib import Path

_STILL_ACTIVE = 259
_QUERY_LIMITED, _TERMINATE = 0x1000, 0x0001
"""Access rights of OpenProcess (processthreadsapi.h)."""


def born(pid: int) -> str:
    """When this process began, as the system says it; "" if there is none, or the system does not tell."""
    if sys.platform == "win32":
        return _born_windows(pid)
    if Path("/proc/self/stat").exists():
        return _born_proc(pid)
    return _born_ps(pid)


def lives(pid: int, since: str) -> bool:
    """Whether the process that began at `since` still runs. Of a process whose beginning nobody noted: whether there is
    one of that number."""
    now = born(pid)
    if since:
        return now == since
    return bool(now) or _there(pid)


def _there(pid: int) -> bool:
    if sys.platform == "win32" or pid <= 0:
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def started_ticks(stat: str) -> str:
    """The 22nd field of /proc/PID/stat, when a process began in clock ticks since the boot (proc_pid_stat(5)); "" of one
    that has ended and waits for its parent. The second field, its name, may hold blanks and brackets."""
    fields = stat.rpartition(")")[2].split()
    return "" if len(fields) < 20 or fields[0] in "ZX" else fields[19]


def _born_proc(pid: int) -> str:
    try:
        ticks = started_ticks(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace"))
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return ""
    return f"{boot}:{ticks}" if ticks else ""


def _born_ps(pid: int) -> str:
    try:
        said = subprocess.run(
            ["ps", "-o", "state=,lstart=", "-p", str(pid)],
            capture_output=True,
            text=True,
            timeout=5,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return ""
    state, _, moment = said.strip().partition(" ")
    return "" if state.startswith("Z") else " ".join(moment.split())


if sys.platform == "win32":  # pragma: no cover - not run here

    def _born_windows(pid: int) -> str:
        import ctypes
        from ctypes import wintypes

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        kernel.OpenProcess.restype = wintypes.HANDLE
        handle = kernel.OpenProcess(_QUERY_LIMITED, False, pid)
        if not handle:
            return ""
        try:
            code, times = wintypes.DWORD(), [wintypes.FILETIME() for _ in range(4)]
            alive = kernel.GetExitCodeProcess(handle, ctypes.byref(code)) and code.value == _STILL_ACTIVE
            if not alive or not kernel.GetProcessTimes(handle, *(ctypes.byref(each) for each in times)):
                return ""
            return str((times[0].dwHighDateTime << 32) | times[0].dwLowDateTime)
        finally:
            kernel.CloseHandle(handle)

else:

    def _born_windows(pid: int) -> str:
        raise AssertionError(f"process {pid} is not on Windows")
