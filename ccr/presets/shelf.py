"""The presets of this machine: `presets/NAME/` in the ccr home, each with its manifest, as claude-code-router 2 lays them."""

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ccr.live.files import write_atomic
from ccr.presets.archive import MANIFEST, Files, Unsafe

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a preset can be called: its name becomes a folder's."""


def folder(home: Path, name: str) -> Path:
    """Raises Unsafe for what can be no name."""
    if not NAME.fullmatch(name):
        raise Unsafe(f"{name!r} can be no preset's name: letters, digits, `.`, `_` and `-`")
    return home / "presets" / name


def installed(home: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Names and manifests, in order; one that cannot be read has an empty one."""
    for path in sorted((home / "presets").glob(f"*/{MANIFEST}")):
        try:
            yield path.parent.name, manifest_in({MANIFEST: path.read_bytes()})
        except (OSError, Unsafe):
            yield path.parent.name, {}


def manifest_in(files: Files) -> Mapping[str, Any]:
    """Raises Unsafe where it is no JSON object."""
    try:
        said = json.loads(files[MANIFEST].decode("utf-8-sig"))
    except ValueError as wrong:
        raise Unsafe(f"{MANIFEST} is no JSON: {wrong}") from None
    if not isinstance(said, dict):
        raise Unsafe(f"{MANIFEST} holds no object")
    return said


def put(home: Path, name: str, files: Files) -> Path:
    """The folder, with the files in it, 0600 as all that may hold settings. Raises Unsafe where one is there already."""
    place = folder(home, name)
    if place.exists():
        raise Unsafe(f"preset {name} is there already: `ccr preset delete {name}` first")
    for inside, data in files.items():
        write_atomic(place / inside, data)
    return place


def remove(home: Path, name: str) -> bool:
    """Whether there was one."""
    place = folder(home, name)
    if not (place / MANIFEST).is_file() or place.is_symlink():
        return False
    shutil.rmtree(place)
    return True
