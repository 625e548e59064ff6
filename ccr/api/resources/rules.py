"""The rule files: listed, read, checked, formatted, compared and saved.

Keys in a file are replaced by words when it leaves and put back when it is saved (`hiding.py`); a text is checked with
those words in it, so that findings point at the places that the person sees. Saving needs the id of the
snapshot and the version of the file that was seen, makes a backup first, and ends in a reload.
"""

import asyncio
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from msgspec import Struct

from ccr.api.comparing import Difference, difference
from ccr.api.findings import Findings, findings_of
from ccr.api.hiding import UnknownKey
from ccr.api.refusal import Refused
from ccr.api.resource import Call, Effect, Operation, Resource
from ccr.api.rulefiles import Listed, current, listed, path_of, with_text
from ccr.api.security import conflict
from ccr.config.read import read_config
from ccr.config.show import as_rules
from ccr.diagnostics.diagnostic import Diagnostic, Severity, in_order
from ccr.diagnostics.source import SourceFile
from ccr.lang.tidy import Refused as NotFormatted
from ccr.lang.tidy import tidy, untidy
from ccr.live.backups import keep
from ccr.live.files import read, write_atomic
from ccr.live.paths import placed, shown
from ccr.routing.workspace import load

T = TypeVar("T")


class Files(Struct, frozen=True):
    """`snapshot`: the one in force, to be named when something is saved."""

    snapshot: str
    files: tuple[Listed, ...]


class File(Struct, frozen=True):
    """`text` without keys: a word stands for each, and is put back when the text is saved."""

    name: str
    file: str
    layer: str
    writable: bool
    version: str
    text: str


class Named(Struct, frozen=True):
    name: str
    layer: str = "user"


class Text(Struct, frozen=True):
    """A file of the user layer as it is being edited."""

    name: str
    text: str


class Formatted(Struct, frozen=True):
    """`text` is null where there is a mistake in the syntax; `why` and `findings` say which."""

    text: str | None
    why: str
    findings: Findings


class Compared(Struct, frozen=True):
    """What would be found and what would change if the text were saved. `difference` is null where it would not load."""

    findings: Findings
    difference: Difference | None
    changed: bool


class Save(Struct, frozen=True):
    """`seen`: the version that was read, "" for a new file. `broken`: also save what does not load; older rules stay in
    force until it does."""

    name: str
    text: str
    seen: str
    broken: bool = False


class Remove(Struct, frozen=True):
    name: str
    seen: str


class Saved(Struct, frozen=True):
    """`live`: the rules are in force as saved; else `findings` say why not. `backup`: the copy of what was there."""

    version: str
    snapshot: str
    live: bool
    backup: str | None
    findings: Findings


# ---- reading ----------------------------------------------------------------------------------------------------------


async def _list(call: Call) -> Files:
    return Files(call.parts.snapshot.id, listed(call.parts.live))


async def _read(call: Call) -> File:
    asked, live = call.query, call.parts.live
    found = next((each for each in listed(live) if (each.name, each.layer) == (asked.name, asked.layer)), None)
    if found is None:
        raise Refused(404, "not_found", f"there is no rule file {asked.name} in the layer {asked.layer}")
    if found.layer == "config":
        text = as_rules(read_config(read(live.places.config), os.environ), os.environ)
    elif found.layer == "shipped":
        text = next(file.content for file in live.current.sources if file.name == found.file)
    else:
        text = read(path_of(live, found.name) if found.layer == "user" else placed(found.file)).content
    return File(found.name, found.file, found.layer, found.writable, found.version, call.shared.hiding.hidden(text))


async def _check(call: Call) -> Findings:
    path = path_of(call.parts.live, call.body.name)
    return findings_of(*await asyncio.to_thread(_loaded, call, path, call.body.text))


async def _format(call: Call) -> Formatted:
    hiding, text = call.shared.hiding, call.body.text
    try:
        return Formatted(hiding.hidden(tidy(SourceFile(call.body.name, _restored(call, text)))), "", findings_of(()))
    except NotFormatted as refused:
        return Formatted(None, str(refused), findings_of(refused.findings))


async def _compare(call: Call) -> Compared:
    path = path_of(call.parts.live, call.body.name)
    text = _restored(call, call.body.text)
    findings = findings_of(*await asyncio.to_thread(_loaded, call, path, call.body.text))
    found = await asyncio.to_thread(difference, call.parts, with_text(call.parts.live, path, text))
    return Compared(findings, found, text != current(path)[0])


# ---- writing ----------------------------------------------------------------------------------------------------------


async def _save(call: Call) -> Saved:
    said = call.body
    path, text = path_of(call.parts.live, said.name), _restored(call, said.text)
    found, files = await asyncio.to_thread(_loaded, call, path, text)
    if not said.broken and any(each.level is Severity.ERROR for each in found):
        told = findings_of(found, files)
        raise Refused(422, "broken", "this would not load, and nothing was saved", findings=told)
    return await _write(call, path, said.seen, lambda: _put(path, text))


async def _remove(call: Call) -> Saved:
    path = path_of(call.parts.live, call.body.name)
    if not path.exists():
        raise Refused(404, "not_found", f"there is no rule file {path.name}")
    return await _write(call, path, call.body.seen, path.unlink)


async def _write(call: Call, path: Path, seen: str, write: Callable[[], None]) -> Saved:
    """Looks at the version, copies, writes and reloads, with nothing between that another call could come into."""
    live = call.parts.live
    text, version = current(path)
    if version != seen:
        said = "the file has changed on the disk since you read it" if version else "the file is gone"
        raise conflict(said, live.current.id, version=version, text=call.shared.hiding.hidden(text))
    backup = keep(live.places.home, path)
    write()
    await live.reload()
    failed = live.last_failure
    found = failed.diagnostics if failed is not None else live.current.findings
    kept = shown(backup) if backup is not None else None
    return Saved(current(path)[1], live.current.id, failed is None, kept, findings_of(found))


def _put(path: Path, text: str) -> None:
    mode = path.stat().st_mode & 0o777 if path.exists() else 0o600
    write_atomic(path.resolve(), text.encode("utf-8", "surrogateescape"), mode)


# ---- between ----------------------------------------------------------------------------------------------------------


def _restored(call: Call, text: str) -> str:
    try:
        return call.shared.hiding.restored(text)
    except UnknownKey:
        said = "ccr was started anew since you read this file: copy your changes and read it again"
        raise conflict(said, call.parts.snapshot.id) from None


def _loaded(call: Call, path: Path, text: str) -> tuple[tuple[Diagnostic, ...], tuple[SourceFile, ...]]:
    """What `ccr check` would find with this text in its place, and the files it would look at."""
    live = call.parts.live
    sources = with_text(live, path, text)
    files = tuple(file for layer in sources.layers if layer.name == "user" for file in layer.files)
    found = load(sources, live.look(), call.parts.vocabulary).diagnostics
    notes = (note for file in files if (note := untidy(file)) is not None)
    return in_order([*found, *notes]), files


RESOURCE = Resource(
    "rules",
    "The rule files. `check` says what `ccr check` says, word for word.",
    (
        Operation("GET", "/rules", "The rule files there are", _list, Files),
        Operation("GET", "/rules/file", "One file", _read, File, query=Named),
        Operation("POST", "/rules/check", "What is wrong with a text", _check, Findings, Text, effect=Effect.READS),
        Operation("POST", "/rules/format", "A text in the one style", _format, Formatted, Text, effect=Effect.READS),
        Operation("POST", "/rules/compare", "What a text would change", _compare, Compared, Text, effect=Effect.READS),
        Operation("PUT", "/rules/file", "Save a file", _save, Saved, Save),
        Operation("DELETE", "/rules/file", "Remove a file", _remove, Saved, Remove),
    ),
)
