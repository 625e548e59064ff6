"""Which Claude Code there is on this machine, and which of them `ccr code` starts.

In the order of who has more say: `CLAUDE_PATH`, the one chosen with `ccr claude use`, config.json's, then the first that
is found: on PATH, where the native installer puts it, where npm, yarn, pnpm, bun, Volta and nvm put theirs
(https://docs.anthropic.com/en/docs/claude-code/setup, read 2026-11-22). Looking runs nothing; only `version` does.
"""

import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from msgspec import Struct, structs

from ccr.config.terminal import EXECUTABLE
from ccr.launcher.shims import SUFFIXES, started_by

CHOSEN = "claude-path.txt"
"""In the ccr home: the path that was chosen. claude-code-router's web page wrote the same file."""
_VERSION_SECONDS = 10.0
_LARGEST_SHIM = 64 * 1024
_NPM, _NATIVE = "npm", "the native installer"
_PLACES = (
    ("~/.local/bin/claude", _NATIVE),
    ("~/.claude/local/claude", "claude migrate-installer"),
    ("~/.npm-global/bin/claude", _NPM),
    ("/usr/local/bin/claude", _NPM),
    ("/opt/homebrew/bin/claude", "Homebrew"),
    ("~/.volta/bin/claude", "Volta"),
    ("~/.bun/bin/claude", "bun"),
    ("~/.yarn/bin/claude", "yarn"),
    ("~/.local/share/pnpm/claude", "pnpm"),
    ("~/Library/pnpm/claude", "pnpm"),
)
_WINDOWS = (("~/.local/bin/claude.exe", _NATIVE), ("~/AppData/Roaming/npm/claude.cmd", _NPM))


class Executable(Struct, frozen=True):
    """`command` is what is started, without a shell; empty where `problem` says why it cannot be. `version` is "" until
    it was asked."""

    path: str
    source: str
    command: tuple[str, ...] = ()
    version: str = ""
    problem: str = ""


def found(home: Path, environment: Mapping[str, str], configured: str = "") -> tuple[Executable, ...]:
    """All there are, the one that would be started first. One that somebody named stands there also if it is missing,
    with its `problem`; the others are left out if they are not there. `home` is the ccr home."""
    seen: dict[str, Executable] = {}
    for named, source in _named(home, environment, configured):
        there = _absolute(named, environment)
        seen.setdefault(_real(there), _executable(there, source))
    for path, source in _usual(environment):
        if path.is_file():
            seen.setdefault(_real(str(path)), _executable(str(path), source))
    return tuple(seen.values())


def with_version(executable: Executable) -> Executable:
    """The same, asked for its version; `problem` says why it did not tell one. Takes as long as it takes to start."""
    if not executable.command:
        return executable
    try:
        said = subprocess.run(
            [*executable.command, "--version"], capture_output=True, stdin=subprocess.DEVNULL, timeout=_VERSION_SECONDS,
            check=False, encoding="utf-8", errors="replace",
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        why = f"did not answer within {_VERSION_SECONDS:.0f} s" if isinstance(error, subprocess.TimeoutExpired) else ""
        return structs.replace(executable, problem=why or f"cannot be started: {error}")
    first = said.stdout.strip().partition("\n")[0]
    if said.returncode or not first:
        return structs.replace(executable, problem=f"`--version` ended with {said.returncode} and said nothing")
    return structs.replace(executable, version=first.split()[0])


def choose(home: Path, path: str) -> None:
    """Makes this the one that is started; `path` is absolute."""
    home.mkdir(parents=True, exist_ok=True)
    (home / CHOSEN).write_text(f"{path}\n", encoding="utf-8")


def choose_none(home: Path) -> None:
    """Forgets what was chosen."""
    (home / CHOSEN).unlink(missing_ok=True)


# ---- where to look --------------------------------------------------------------------------------------------------


def _named(home: Path, environment: Mapping[str, str], configured: str) -> Iterator[tuple[str, str]]:
    if named := environment.get(EXECUTABLE, "").strip():
        yield named, f"the variable {EXECUTABLE}"
    try:
        chosen = (home / CHOSEN).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        chosen = ""
    if chosen:
        yield chosen, "chosen with `ccr claude use`"
    if configured:
        yield configured, "config.json"


def _usual(environment: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    folders = environment.get("PATH", "").split(os.pathsep)
    names = ("claude.exe", "claude.cmd") if os.name == "nt" else ("claude",)
    yield from ((Path(folder) / name, "PATH") for folder in folders if folder for name in names)
    person = Path(environment.get("HOME") or environment.get("USERPROFILE") or Path.home())
    prefixes = [environment.get("NPM_CONFIG_PREFIX", ""), environment.get("npm_config_prefix", ""), _npmrc(person)]
    yield from ((Path(prefix) / "bin" / "claude", _NPM) for prefix in prefixes if prefix)
    for written, source in (*_PLACES, *(_WINDOWS if os.name == "nt" else ())):
        yield Path(written.replace("~", str(person), 1)), source
    yield from ((path, "npm (nvm)") for path in _newest(person.glob(".nvm/versions/node/*/bin/claude")))


def _newest(paths: Iterable[Path]) -> list[Path]:
    def version(path: Path) -> list[int]:
        return [int(part) for part in path.parent.parent.name.lstrip("v").split(".") if part.isdigit()]

    return sorted(paths, key=version, reverse=True)


def _npmrc(person: Path) -> str:
    """The prefix that the person gave npm, without starting it."""
    try:
        lines = (person / ".npmrc").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    pairs = (line.partition("=") for line in lines)
    said = next((value.strip() for name, _, value in pairs if name.strip() == "prefix"), "")
    return said.replace("${HOME}", str(person)).replace("~", str(person), 1) if said else ""


def _absolute(named: str, environment: Mapping[str, str]) -> str:
    """A path, or a bare name looked up on PATH."""
    if os.sep not in named and "/" not in named and not named.startswith("~"):
        return shutil.which(named, path=environment.get("PATH")) or named
    return str(Path(named).expanduser().absolute())


def _real(path: str) -> str:
    return os.path.normcase(os.path.realpath(path))


def _executable(path: str, source: str) -> Executable:
    if not Path(path).is_file():
        return Executable(path, source, problem="there is no such file")
    if path.lower().endswith(SUFFIXES):
        command = _from_shim(path)
        return Executable(path, source, command, problem="" if command else "says nothing of what it starts")
    if os.name != "nt" and not os.access(path, os.X_OK):
        return Executable(path, source, problem="may not be started (chmod +x)")
    return Executable(path, source, (path,))


def _from_shim(path: str) -> tuple[str, ...]:
    with Path(path).open("rb") as file:
        text = file.read(_LARGEST_SHIM).decode("utf-8", "replace")
    return started_by(path, text, lambda each: Path(each).is_file()) or ()
