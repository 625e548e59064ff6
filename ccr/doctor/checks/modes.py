"""File modes: nobody but the person may read a file that can hold keys."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, Mend, many, note, ok, warning
from ccr.doctor.machine import Machine

_PRIVATE = 0o600
_OTHERS_WRITE, _OTHERS_READ = 0o022, 0o077


def _look(machine: Machine) -> Iterator[Finding]:
    if machine.system == "win32":
        if machine.files:
            yield note(
                "Windows keeps files apart by user folders, not by modes",
                f'to keep others out of it:  icacls "{machine.home}" /inheritance:r /grant:r "%USERNAME%:(OI)(CI)F"',
            )
        return
    open_ones = [each for each in machine.files if each.mode is not None and each.mode & _OTHERS_READ]
    for each in open_ones:
        mode = each.mode or 0
        verb = "changed" if mode & _OTHERS_WRITE else "read"
        advice = f"chmod 600 {each.path}   (ccr doctor --fix does it)"
        yield warning(f"{each.path} can be {verb} by others ({mode:03o})", advice, Mend(each.path, _PRIVATE))
    for each in machine.files:
        if not each.owned:
            yield warning(f"{each.path} belongs to somebody else", f'sudo chown "$USER" {each.path}')
    if machine.files and not open_ones:
        yield ok(f"for you alone: {many(len(machine.files), 'file')} that can hold keys")


CHECK = Check("modes", "who may read files with keys", _look)
