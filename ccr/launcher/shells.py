"""Variables as lines that a shell evaluates: bash and zsh, fish, PowerShell. Pure.

`ccr activate` leaves what was there before in one more variable, so that `ccr deactivate` can put it back.
"""

import json
from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from ccr.launcher.environment import Changes

BEFORE = "CCR_ACTIVATED"
"""JSON: what each changed variable was before; null where it was not set."""


class Shell(Struct, frozen=True):
    """How a shell says it; `evaluate` is what a person types."""

    set: Callable[[str, str], str]
    unset: Callable[[str], str]
    evaluate: str


def _bash(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def _fish(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _powershell(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


_POSIX = Shell(
    lambda name, value: f"export {name}={_bash(value)}", lambda name: f"unset {name}", 'eval "$(ccr {command})"'
)
SHELLS: Mapping[str, Shell] = {
    "bash": _POSIX,
    "zsh": _POSIX,
    "sh": _POSIX,
    "fish": Shell(
        lambda name, value: f"set -gx {name} {_fish(value)}", lambda name: f"set -e {name}", "ccr {command} | source"
    ),
    "powershell": Shell(
        lambda name, value: f"$env:{name} = {_powershell(value)}",
        lambda name: f"Remove-Item Env:{name} -ErrorAction SilentlyContinue",
        "ccr {command} | Out-String | Invoke-Expression",
    ),
}
_NAMES = {"pwsh": "powershell", "dash": "sh", "ksh": "sh"}


def shell_named(path: str, windows: bool = False) -> str:
    """The shell of `$SHELL`; bash for one that nobody knows, PowerShell on Windows where none is told."""
    name = path.replace("\\", "/").rpartition("/")[2].removesuffix(".exe").lower()
    name = _NAMES.get(name, name)
    return name if name in SHELLS else "powershell" if windows and not name else "bash"


def lines(shell: Shell, made: Changes) -> Iterator[str]:
    yield from (shell.set(name, value) for name, value in made.to_set.items())
    yield from (shell.unset(name) for name in made.to_unset)


def with_return(person: Mapping[str, str], made: Changes) -> Changes:
    """The same changes, with what takes them back. Those of an activation before are kept in mind, too."""
    before = _before(person)
    for name in (*made.to_set, *made.to_unset):
        before.setdefault(name, person.get(name))
    return Changes({**made.to_set, BEFORE: json.dumps(before, separators=(",", ":"))}, made.to_unset)


def taken_back(person: Mapping[str, str]) -> Changes | None:
    """What `ccr deactivate` has to do; None where nothing is active."""
    if BEFORE not in person:
        return None
    before = _before(person)
    back = {name: value for name, value in before.items() if value is not None}
    return Changes(back, (*(name for name, value in before.items() if value is None), BEFORE))


def _before(person: Mapping[str, str]) -> dict[str, str | None]:
    try:
        said = json.loads(person.get(BEFORE) or "{}")
    except ValueError:
        return {}
    if not isinstance(said, dict):
        return {}
    return {name: value for name, value in said.items() if isinstance(value, str | None)}
