"""The person's files written anew by an operation: checked as a whole first, a copy of each kept, and taken into force.

What it may write is config.json, users.ccr and the rule files; where they stand is for whoever calls.
"""

import asyncio
from collections.abc import Iterator, Mapping
from difflib import unified_diff
from pathlib import Path

from msgspec import Struct, structs

from ccr.api.findings import Findings, findings_of
from ccr.api.refusal import Refused
from ccr.api.resource import Call
from ccr.config.veil import veiled
from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.source import SourceFile
from ccr.diagnostics.veil import veil
from ccr.live.files import read, read_sources
from ccr.live.live import Live
from ccr.live.paths import shown
from ccr.live.replacement import overwrite
from ccr.live.standing import standing
from ccr.routing.surroundings import LayerSources, Sources
from ccr.routing.workspace import load

Texts = Mapping[Path, str]


class Rewritten(Struct, frozen=True):
    """`files` that were written, `backups` of what they were; `live`: it is in force, else `findings` say why not."""

    snapshot: str
    live: bool
    files: tuple[str, ...]
    backups: tuple[str, ...]
    findings: Findings


def mistakes(call: Call, texts: Texts) -> tuple[Diagnostic, ...]:
    """What keeps the world with these texts from loading that stands in one of them. Takes up to seconds."""
    live = call.parts.live
    loaded = load(_with(live, texts), live.look(), call.parts.vocabulary, proofs=False)
    names = {shown(path) for path in texts}
    return tuple(each for each in loaded.diagnostics if each.level is Severity.ERROR and (each.at.file.name in names))


async def write(call: Call, texts: Texts) -> Rewritten:
    """All of them, or none where one has mistakes. Raises Refused, OSError."""
    live = call.parts.live
    changed = {path: text for path, text in texts.items() if read(path).text != text}
    found = await asyncio.to_thread(mistakes, call, changed)
    if found:
        said = found[0].message
        raise Refused(
            422, "broken", f"this would not load, and nothing was changed: {said}", findings=findings_of(found)
        )
    copies = [overwrite(live.places.home, path.resolve(), text) for path, text in changed.items()]
    await live.reload()
    failed = live.last_failure
    return Rewritten(
        snapshot=live.current.id,
        live=failed is None,
        files=tuple(shown(path) for path in changed),
        backups=tuple(copy.name for copy in copies if copy is not None),
        findings=findings_of(failed.diagnostics if failed is not None else ()),
    )


def differing(path: Path, text: str) -> tuple[str, ...]:
    """What changes in a file, line by line as `diff -u` tells it, its keys as stars."""
    name = shown(path)
    hidden = veil if path.suffix == ".ccr" else lambda each: veiled(SourceFile(name, each)).content
    before, after = (hidden(each).splitlines() for each in (read(path).text or "", text))
    told = list(unified_diff(before, after, n=1, lineterm=""))[2:]
    return tuple(line for line in told if not line.startswith("@@"))


def _with(live: Live, texts: Texts) -> Sources:
    changed = {path: SourceFile(shown(path), text) for path, text in texts.items()}
    sources = read_sources(live.places, lambda path: changed.get(path) or read(path))
    config = changed.get(live.places.config) or sources.config
    others = [file for path, file in changed.items() if path != live.places.config]
    own = next((each for each in sources.layers if each.name == "user"), LayerSources("user", ()))
    names = {file.name for file in others}
    files = (*(file for file in own.files if file.name not in names), *others)
    layer = structs.replace(own, files=tuple(_in_order(files)))
    return structs.replace(standing(sources, layer) if files else sources, config=config)


def _in_order(files: tuple[SourceFile, ...]) -> Iterator[SourceFile]:
    """As they are read: rules by name, the users last."""
    yield from sorted(files, key=lambda file: (file.name.endswith("users.ccr"), file.name))
