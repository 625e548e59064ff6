"""Where files live on this machine: the ccr home and what is in it.

The home is `$CCR_HOME`, else `~/.claude-code-router`, which claude-code-router uses too. Nothing is made here: a folder
is created by whoever writes into it, never by starting.
"""

import os
from pathlib import Path

from msgspec import Struct


class Places(Struct, frozen=True):
    """`rules` is the user layer: `<home>/rules`, or what `ccr serve DIR` named (a folder or one file)."""

    home: Path
    config: Path
    rules: Path
    policies: tuple[Path, ...] = ()

    @property
    def watched(self) -> tuple[Path, ...]:
        """The folders in which a change can matter, existing ones only."""
        folders = {
            self.home,
            self.config.parent,
            self.rules if self.rules.is_dir() else self.rules.parent,
            *self.policies,
        }
        return tuple(sorted(folder for folder in folders if folder.is_dir()))


def home() -> Path:
    """The ccr home, absolute; it need not exist."""
    named = os.environ.get("CCR_HOME")
    return Path(named).expanduser().absolute() if named else Path.home() / ".claude-code-router"


def places(config: Path | None = None, rules: Path | None = None, policy: Path | None = None) -> Places:
    """Where this run reads from. A `--config FILE` names another config.json; its folder does not become the home."""
    base = home()
    policies = (policy,) if policy else (Path("/etc/ccr"),)
    return Places(
        home=base,
        config=(config or base / "config.json").expanduser().absolute(),
        rules=(rules or base / "rules").expanduser().absolute(),
        policies=tuple(path.absolute() for path in policies if path.is_dir()),
    )


def shown(path: Path) -> str:
    """A path as people read it: the home as `~`, below the working directory relative."""
    absolute = path.absolute()
    for base, prefix in ((Path.cwd(), ""), (Path.home(), "~/")):
        if absolute.is_relative_to(base) and absolute != base:
            return prefix + absolute.relative_to(base).as_posix()
    return str(absolute)


def placed(name: str) -> Path:
    """The path that `shown` told of, absolute."""
    return Path(name).expanduser().absolute()


def typed(path: Path) -> str:
    """An absolute path as a rule file can name it, whatever folder that stands in: the home as `~`."""
    inside = path.is_relative_to(Path.home()) and path != Path.home()
    return f"~/{path.relative_to(Path.home()).as_posix()}" if inside else path.as_posix()
