"""config.json, or a part of it, to another machine and from one: without keys, looked at first, merged into what is there.

It is `ccr config export` and `ccr config import`.
"""

import asyncio
from typing import Any, Literal

from msgspec import Struct

from ccr.api.findings import Findings, findings_of
from ccr.api.refusal import Refused
from ccr.api.resource import Call, Effect, Operation, Resource
from ccr.api.rewriting import Rewritten, differing, mistakes, write
from ccr.config.edit import NotEdited
from ccr.config.portable import Merged, exported, merged
from ccr.diagnostics.source import SourceFile
from ccr.live.files import read
from ccr.live.paths import shown

Part = Literal["all", "providers", "settings"]
_EMPTY = "{\n}\n"


class Wanted(Struct, frozen=True):
    part: Part = "all"


class Export(Struct, frozen=True):
    """`tree` is what goes into the file; `variables`: what stands for a key in it, by name, in words. `there`: there is a
    config.json."""

    there: bool
    tree: dict[str, Any]
    variables: dict[str, str]


class Import(Struct, frozen=True):
    """`text` of the other file; `name` as findings call it. `replace`: where both have something, take the file's; keys stay."""

    text: str
    name: str = "import.json"
    replace: bool = False


class Preview(Struct, frozen=True):
    """What becomes of each thing in the other file. `lines`: what changes, keys as stars; `findings`: why it would not load."""

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    kept: tuple[str, ...]
    lines: tuple[str, ...]
    findings: Findings


async def _export(call: Call) -> Export:
    config = call.parts.live.places.config
    if not config.is_file():
        return Export(False, {}, {})
    try:
        made = exported(read(config), call.query.part)
    except NotEdited as wrong:
        raise _unreadable(wrong) from None
    return Export(True, made.tree, dict(made.variables))


async def _preview(call: Call) -> Preview:
    config, made = call.parts.live.places.config, _merged(call)
    found = await asyncio.to_thread(mistakes, call, {config: made.text})
    lines = differing(config, made.text) if made.added or made.replaced else ()
    return Preview(made.added, made.replaced, made.kept, lines, findings_of(found))


async def _import(call: Call) -> Rewritten:
    made = _merged(call)
    if not (made.added or made.replaced):
        raise Refused(409, "nothing", "nothing changes: what the file says is there already")
    return await write(call, {call.parts.live.places.config: made.text})


def _merged(call: Call) -> Merged:
    config, said = call.parts.live.places.config, call.body
    mine = read(config) if config.is_file() else SourceFile(shown(config), _EMPTY)
    try:
        return merged(mine, SourceFile(said.name[:80] or "import.json", said.text), replace=said.replace)
    except NotEdited as wrong:
        raise _unreadable(wrong) from None


def _unreadable(wrong: NotEdited) -> Refused:
    return Refused(422, "broken", f"{wrong}", findings=findings_of(wrong.findings))


RESOURCE = Resource(
    "transfer",
    "Export and import of config.json. Keys are exported as names of variables, never themselves.",
    (
        Operation("GET", "/export", "All of it, its providers, or its settings", _export, Export, query=Wanted),
        Operation(
            "POST", "/import/preview", "What an import would change", _preview, Preview, Import, effect=Effect.READS
        ),
        Operation("POST", "/import", "Merge another file into config.json", _import, Rewritten, Import),
    ),
)
