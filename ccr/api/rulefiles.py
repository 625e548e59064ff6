"""The rule files that the web UI shows and writes: which there are, their versions, and the world with one of them changed.

A file of the user layer is known by its name in the folder of rules, and no other is written: no path comes in. What
differs on the disk from what somebody saw is told by the version, a hash of the bytes.
"""

import re
from hashlib import blake2b
from pathlib import Path

from msgspec import Struct, structs

from ccr.api.refusal import Refused
from ccr.diagnostics.source import SourceFile
from ccr.live.files import decode, layer_files, read, read_sources
from ccr.live.live import Live
from ccr.live.paths import shown
from ccr.live.standing import standing
from ccr.routing.surroundings import LayerSources, Sources

NAME = re.compile(r"[\w][\w .-]{0,80}\.ccr")


class Listed(Struct, frozen=True):
    """`name`: what the file is called here; `file`: as findings call it. `layer`: policy, user, config or shipped, the
    strongest first. `version` changes with every byte."""

    name: str
    file: str
    layer: str
    writable: bool
    version: str
    size: int


def version(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()


def listed(live: Live) -> tuple[Listed, ...]:
    """All rule files in force or on the disk, policy first."""
    found = [_listed(path, "policy", False) for folder in live.places.policies for path in layer_files(folder)]
    found += [_listed(path, "user", True) for path in layer_files(live.places.rules)]
    config = live.places.config
    found += [_listed(config, "config", False)] if config.is_file() else []
    for file in live.current.sources:
        if file.name.startswith("ccr:"):
            data = file.content.encode("utf-8", "surrogateescape")
            name = file.name.rpartition("/")[2]
            found.append(Listed(name, file.name, "shipped", False, version(data), len(data)))
    return tuple(found)


def _listed(path: Path, layer: str, writable: bool) -> Listed:
    data = path.read_bytes()
    return Listed(path.name, shown(path), layer, writable, version(data), len(data))


def path_of(live: Live, name: str) -> Path:
    """Where a file of the user layer stands, or would. Raises Refused for what is no name of one."""
    if not NAME.fullmatch(name):
        said = "a rule file's name is letters, digits, `_`, `-`, `.` and blanks, and ends in .ccr"
        raise Refused(400, "invalid", said)
    rules = live.places.rules
    if rules.suffix == ".ccr":
        if name != rules.name:
            raise Refused(400, "invalid", f"this ccr reads one rule file, {shown(rules)}")
        return rules
    return rules / name


def current(path: Path) -> tuple[str, str]:
    """Text and version of a file; both "" where there is none."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return "", ""
    return decode(data), version(data)


def with_text(live: Live, path: Path, text: str | None) -> Sources:
    """The sources as they would be with this text in that file of the user layer; None: without the file."""
    changed = SourceFile(shown(path), text)
    sources = read_sources(live.places, lambda each: changed if each == path else read(each))
    own = next((layer for layer in sources.layers if layer.name == "user"), LayerSources("user", ()))
    others = tuple(file for file in own.files if file.name != changed.name)
    files = others if text is None else (*others, changed)
    layer = structs.replace(own, files=tuple(sorted(files, key=lambda file: file.name)))
    return standing(sources, layer)
