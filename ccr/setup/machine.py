"""What is on this machine that answers for Claude Code, or stands in its way: looked at, not touched.

Keys are told by the variable's name. Which local servers answered is handed in: asking them is another room's business.
"""

import os
from collections.abc import Container, Mapping
from pathlib import Path

from msgspec import Struct

from ccr.launcher.executables import Executable, found, with_version
from ccr.launcher.login import logged_in
from ccr.live.files import layer_files
from ccr.live.paths import Places
from ccr.providers.spec import ProviderSpec
from ccr.providers.suggested import SUGGESTED
from ccr.usage.opening import NAME as OUR_LOG

_DATABASES = (".sqlite", ".sqlite3", ".db")


class Machine(Struct, frozen=True):
    """`keys`: the variable by provider, the one we would choose first. `local`: models by provider, newest first.
    `config` and `rules`: files that are there already. `database`: settings of claude-code-router 3."""

    keys: Mapping[str, str] = {}
    local: Mapping[str, tuple[str, ...]] = {}
    login: bool = False
    claude: Executable | None = None
    config: Path | None = None
    rules: tuple[Path, ...] = ()
    database: Path | None = None


def look(
    places: Places,
    specs: Mapping[str, ProviderSpec],
    local: Mapping[str, tuple[str, ...]],
    variables: Container[str],
    configured: str = "",
) -> Machine:
    """This machine. `specs`: the catalogue; `variables`: names of those that hold something, in the environment or in
    keys.json; `configured`: the executable that config.json names."""
    executables = found(places.home, os.environ, configured)
    return Machine(
        keys=keys_in(variables, specs),
        local={name: models for name, models in local.items() if models},
        login=logged_in(os.environ),
        claude=with_version(executables[0]) if executables else None,
        config=places.config if places.config.is_file() else None,
        rules=tuple(layer_files(places.rules)),
        database=next(iter(databases_of_version_3(places.home)), None),
    )


def keys_in(variables: Container[str], specs: Mapping[str, ProviderSpec]) -> Mapping[str, str]:
    """The variable that holds a provider's key, by provider. Those we have a suggestion for come first, in its order."""
    order = [*(name for name in SUGGESTED if name in specs), *(name for name in specs if name not in SUGGESTED)]
    held = {name: _held(variables, specs[name]) for name in order if not specs[name].local}
    return {name: variable for name, variable in held.items() if variable}


def _held(variables: Container[str], spec: ProviderSpec) -> str:
    return next((name for name in spec.auth.variables if name in variables), "")


def databases_of_version_3(folder: Path) -> list[Path]:
    """Where claude-code-router 3 keeps its settings; our own log is a database, too, and stands in the same folder."""
    return [path for path in sorted(folder.glob("*")) if path.suffix in _DATABASES and path.name != OUR_LOG]
