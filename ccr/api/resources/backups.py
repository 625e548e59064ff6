"""Copies of what was overwritten: listed, looked at and put back. A copy of what is there now is made first.

What can be put back is what ccr reads: config.json, users.ccr and the rule files, each to where it belongs; keys never leave.
"""

import asyncio
from pathlib import Path

from msgspec import Struct

from ccr.api.refusal import Refused
from ccr.api.resource import Call, Operation, Resource
from ccr.api.rewriting import Rewritten, differing, write
from ccr.api.rulefiles import NAME, path_of
from ccr.live import backups
from ccr.live.files import PEOPLE, decode, layer_files
from ccr.live.paths import shown


class Copy(Struct, frozen=True):
    """`name`: of the file it was made of; `when`: local time, as `20261122-143000`; `size` in bytes. `belongs`: where it would be put
    back, "" where that is not done here."""

    id: str
    name: str
    when: str
    size: int
    belongs: str


class Copies(Struct, frozen=True):
    """The newest first. `folder`: where they lie."""

    folder: str
    copies: tuple[Copy, ...]


class Look(Struct, frozen=True):
    """`lines`: what putting it back would change, as `diff -u` tells it, keys as stars."""

    copy: Copy
    lines: tuple[str, ...]


class Made(Struct, frozen=True):
    copies: tuple[str, ...]


async def _list(call: Call) -> Copies:
    home = call.parts.live.places.home
    found = await asyncio.to_thread(backups.kept, home)
    return Copies(shown(home / backups.FOLDER), tuple(_copy(call, each) for each in found))


async def _look(call: Call) -> Look:
    copy, path, text = _wanted(call)
    return Look(copy, differing(path, text))


async def _make(call: Call) -> Made:
    """Of all that a person can change here."""
    places = call.parts.live.places
    paths = (places.config, places.home / PEOPLE, *layer_files(places.rules))
    copies = [backups.keep(places.home, path) for path in paths]
    return Made(tuple(copy.name for copy in copies if copy is not None))


async def _restore(call: Call) -> Rewritten:
    _, path, text = _wanted(call)
    return await write(call, {path: text})


def _wanted(call: Call) -> tuple[Copy, Path, str]:
    """The copy, where it belongs, and its text. Only a copy that is listed is ever opened."""
    home = call.parts.live.places.home
    found = next((each for each in backups.kept(home) if each.id == call.path["copy"]), None)
    if found is None:
        raise Refused(404, "not_found", f"there is no copy {call.path['copy']!r}")
    path = _belongs(call, found.name)
    if path is None:
        said = f"{found.name} is not put back here: it lies in {shown(home / backups.FOLDER)}"
        raise Refused(409, "elsewhere", said)
    return _copy(call, found), path, decode((home / backups.FOLDER / found.id).read_bytes())


def _copy(call: Call, backup: backups.Backup) -> Copy:
    path = _belongs(call, backup.name)
    return Copy(backup.id, backup.name, backup.when, backup.size, shown(path) if path is not None else "")


def _belongs(call: Call, name: str) -> Path | None:
    places = call.parts.live.places
    if name == places.config.name:
        return places.config
    if name == PEOPLE:
        return places.home / PEOPLE
    try:
        return path_of(call.parts.live, name) if NAME.fullmatch(name) else None
    except Refused:
        return None


RESOURCE = Resource(
    "backups",
    "Copies of what was overwritten.",
    (
        Operation("GET", "/backups", "The copies there are", _list, Copies),
        Operation("POST", "/backups", "Copy config.json, the users and the rules as they are", _make, Made),
        Operation("GET", "/backups/{copy}", "What putting a copy back would change", _look, Look),
        Operation("POST", "/backups/{copy}", "Put a copy back", _restore, Rewritten),
    ),
)
