"""Looks at the machine before loading: environment variables, and the keys that were given to `ccr key set`."""

import os
from collections.abc import Mapping
from pathlib import Path

from ccr.live.credentials import stored_or_none
from ccr.routing.secret import Secret
from ccr.routing.surroundings import Surroundings


def look(home: Path, discovered: Mapping[str, tuple[str, ...]]) -> Surroundings:
    """What `workspace.load` may know. Every variable is a Secret, because nobody knows which ones are keys. A key of
    keys.json is stronger than the variable of its name (rulings 1.22)."""
    said = {**os.environ, **stored_or_none(home)}
    variables = {name: Secret(value) for name, value in said.items() if value}
    return Surroundings(variables=variables, discovered=dict(discovered), home=str(home))
