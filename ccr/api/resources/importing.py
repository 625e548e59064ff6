"""config.json as rules: its routes as the text of a new rule file, to be looked at, changed and saved like any other.

Nothing is written here. Settings and providers stay in config.json with their keys, which stays in force below the rules.
"""

import asyncio
import os

from msgspec import Struct, structs

from ccr.api.refusal import Refused
from ccr.api.resource import Call, Operation, Resource
from ccr.config.anchor import anchored
from ccr.config.read import read_config
from ccr.config.show import as_rules, only_routes
from ccr.diagnostics.source import SourceFile
from ccr.lang.tidy import tidy
from ccr.live.files import layer_files, read
from ccr.live.paths import typed
from ccr.setup.slots import ROUTES


class Imported(Struct, frozen=True):
    """`name`: what the file could be called, none of those there are. `text` is "" where config.json says no routes."""

    name: str
    text: str


async def _preview(call: Call) -> Imported:
    return await asyncio.to_thread(_imported, call)


def _imported(call: Call) -> Imported:
    places = call.parts.live.places
    if not places.config.is_file():
        raise Refused(404, "not_found", "there is no config.json here")
    transcript = read_config(read(places.config), os.environ)
    if transcript.file is None:
        raise Refused(422, "broken", "config.json cannot be read: `ccr check` says why")
    tree = anchored(transcript.file, typed(places.config.absolute().parent))
    text = as_rules(only_routes(structs.replace(transcript, file=tree)), os.environ)
    return Imported(
        _free({path.name for path in layer_files(places.rules)}), tidy(SourceFile("import", text)) if text else ""
    )


def _free(taken: set[str]) -> str:
    """The usual name, or with a number behind it."""
    stem, dot, ending = ROUTES.rpartition(".")
    return next(
        name
        for number in range(1, 10_000)
        if (name := f"{stem}{f'-{number}' if number > 1 else ''}{dot}{ending}") not in taken
    )


RESOURCE = Resource(
    "importing",
    "config.json as rules. `ccr import` is the same on the command line.",
    (Operation("GET", "/rules/import", "The routes of config.json as a rule file", _preview, Imported),),
)
