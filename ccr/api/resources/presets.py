"""Presets: providers and routes as one file, looked at, merged into config.json and kept. It is `ccr preset`.

An archive is read whole and safely (`presets/archive.py`); it starts no program and leads nobody's requests through another
machine, whatever it says. What a preset put into config.json stays when the preset is taken away.
"""

import asyncio
import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ccr.api.findings import Findings, findings_of
from ccr.api.refusal import Refused
from ccr.api.resource import Call, Effect, Operation, Resource
from ccr.api.rewriting import Rewritten, differing, mistakes, write
from ccr.config.edit import NotEdited
from ccr.config.portable import Merged, inputs_of, left_out, merged, of_preset
from ccr.diagnostics.source import SourceFile
from ccr.diagnostics.veil import keylike
from ccr.live.files import read
from ccr.live.paths import shown
from ccr.presets import archive, shelf
from ccr.presets.archive import MANIFEST, Files, Unsafe


class Preset(Struct, frozen=True):
    name: str
    version: str
    description: str
    author: str


class Presets(Struct, frozen=True):
    """Those that are installed."""

    presets: tuple[Preset, ...]


class Archive(Struct, frozen=True):
    """`data`: a `.zip` or `.tar.gz` in base64; `file`: what it is called; `values`: what the preset asks for, by id."""

    data: str
    file: str
    values: dict[str, str] = {}


class Asked(Struct, frozen=True):
    """What a preset asks for. `secret`: not to be shown while it is typed."""

    id: str
    label: str
    secret: bool
    default: str
    needed: bool


class Opened(Struct, frozen=True):
    """What installing it would do. `left_out`: what a preset may not say; `lines`: what changes, keys as stars."""

    preset: Preset
    asks: tuple[Asked, ...]
    added: tuple[str, ...]
    kept: tuple[str, ...]
    left_out: tuple[str, ...]
    lines: tuple[str, ...]
    findings: Findings


class Installed(Struct, frozen=True):
    name: str
    written: Rewritten


async def _list(call: Call) -> Presets:
    found = await asyncio.to_thread(lambda: list(shelf.installed(call.parts.live.places.home)))
    return Presets(tuple(_preset(name, said) for name, said in found))


async def _preview(call: Call) -> Opened:
    name, said, _ = _opened(call)
    made, config = _merged(call, name, said, call.body.values), call.parts.live.places.config
    found = await asyncio.to_thread(mistakes, call, {config: made.text})
    lines = differing(config, made.text) if made.added else ()
    asks = tuple(_asks(said))
    return Opened(_preset(name, said), asks, made.added, made.kept, left_out(said), lines, findings_of(found))


async def _install(call: Call) -> Installed:
    name, said, files = _opened(call)
    values = {each.id: call.body.values.get(each.id) or each.default for each in _asks(said)}
    missing = [each.label for each in _asks(said) if each.needed and not values[each.id]]
    if missing:
        raise Refused(400, "asks", f"it asks for {', '.join(missing)}")
    made = _merged(call, name, said, values)
    written = await write(call, {call.parts.live.places.config: made.text})
    shelf.put(call.parts.live.places.home, name, files)
    return Installed(name, written)


async def _remove(call: Call) -> Presets:
    name = call.path["name"]
    try:
        there = shelf.remove(call.parts.live.places.home, name)
    except Unsafe:
        there = False
    if not there:
        raise Refused(404, "not_found", f"there is no preset {name!r}")
    return await _list(call)


# ---- what is in one ---------------------------------------------------------------------------------------------------


def _opened(call: Call) -> tuple[str, Mapping[str, Any], Files]:
    """Its name here, its manifest and its files. Raises Refused."""
    asked: Archive = call.body
    try:
        files = archive.unpacked(base64.b64decode(asked.data, validate=True), asked.file or "the file")
        said = shelf.manifest_in(files)
        name = str(said.get("name") or asked.file.partition(".")[0])
        if shelf.folder(call.parts.live.places.home, name).exists():
            raise Refused(409, "there", f"preset {name} is there already: take it away first")
    except binascii.Error:
        raise Refused(400, "invalid", "`data` is no base64") from None
    except Unsafe as why:
        raise Refused(400, "unsafe", f"{why}; nothing was installed") from None
    return name, said, files


def _asks(said: Mapping[str, Any]) -> list[Asked]:
    return [
        Asked(
            id=str(row["id"]),
            label=str(row.get("label") or row.get("prompt") or row["id"]),
            secret=row.get("type") == "password" or keylike(str(row["id"])),
            default=str(row.get("defaultValue", row.get("default")) or ""),
            needed=bool(row.get("required", True)),
        )
        for row in inputs_of(said)
    ]


def _merged(call: Call, name: str, said: Mapping[str, Any], values: Mapping[str, str]) -> Merged:
    config = call.parts.live.places.config
    mine = read(config) if config.is_file() else SourceFile(shown(config), "{\n}\n")
    try:
        return merged(mine, SourceFile(f"{name}/{MANIFEST}", json.dumps(of_preset(said, values))))
    except NotEdited as wrong:
        raise Refused(422, "broken", f"{wrong}", findings=findings_of(wrong.findings)) from None


def _preset(name: str, said: Mapping[str, Any]) -> Preset:
    about = {
        key: each if isinstance(each := said.get(key), str) else "" for key in ("version", "description", "author")
    }
    return Preset(name, **about)


RESOURCE = Resource(
    "presets",
    "Presets: providers and routes as one file.",
    (
        Operation("GET", "/presets", "Those that are installed", _list, Presets),
        Operation(
            "POST", "/presets/preview", "What installing one would do", _preview, Opened, Archive, effect=Effect.READS
        ),
        Operation("POST", "/presets", "Install one", _install, Installed, Archive),
        Operation("DELETE", "/presets/{name}", "Take one away; what it put into config.json stays", _remove, Presets),
    ),
)
