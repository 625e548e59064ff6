"""Reads sources into memory, and writes files whole or not at all.

Loading is pure only if everything is read first (rulings 2.2): a layer's files, then what they mention, until nothing
new appears. A file that is mentioned and not there is a SourceFile without text. UTF-8 with or without a BOM, and
UTF-16 by its BOM (what PowerShell's `>` writes), are read (amendments S28).
"""

import codecs
import os
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from msgspec import structs

from ccr import bundled
from ccr.config.keys import names_files
from ccr.config.read import read_config
from ccr.diagnostics.source import SourceFile
from ccr.lang.locations import relative
from ccr.lang.splice import paths
from ccr.lang.syntax import mentions
from ccr.live.paths import Places, placed, shown
from ccr.routing.surroundings import LayerSources, Sources

SHIPPED = "ccr:"
"""What the names of sources begin with that ship with ccr and stand in no folder of the person's."""

PEOPLE = "users.ccr"
"""A file of the user layer in the ccr home itself, wherever the rules are: who may use a proxy that is shared."""

Reader = Callable[[Path], SourceFile]
"""How a file is read: from the disk, or as somebody has it open. The text is None if it cannot be read."""

_MOMENT = 0.5
"""Seconds after its last change in which a file may still be in the middle of being written."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def decode(data: bytes) -> str:
    """The text of a source. Bytes that are no UTF-8 become U+DC80…U+DCFF, which the checker points at."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data[len(bom) :].decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace")
    return data.decode("utf-8", "surrogateescape")


def read(path: Path) -> SourceFile:
    """One file; text None if it cannot be read."""
    try:
        with path.open("rb") as file:
            loose = os.name == "posix" and bool(os.fstat(file.fileno()).st_mode & stat.S_IWOTH)
            return SourceFile(shown(path), decode(file.read()), loose)
    except OSError:
        return SourceFile(shown(path), None)


def is_being_written(file: SourceFile, before: str | None) -> bool:
    """Whether a file changed this very moment and is empty, or ends within a line, which it did not before."""
    now = file.text
    if (
        now is None
        or not before
        or now == before
        or (now.strip() and (now.endswith("\n") or not before.endswith("\n")))
    ):
        return False
    try:
        return abs(time.time() - placed(file.name).stat().st_mtime) < _MOMENT
    except OSError:
        return False


def read_sources(places: Places, look: Reader = read) -> Sources:
    """Every layer this run has, strongest first, and config.json."""
    own = (places.rules, places.home / PEOPLE)
    layers = [_folders("policy", places.policies, look), _folders("user", own, look), _shipped()]
    config = look(places.config) if places.config.exists() else None
    return Sources(tuple(layer for layer in layers if layer.files), config, tuple(_beside(config)))


def layer_files(place: Path) -> list[Path]:
    """The rule files of a folder in name order, or the one file."""
    if place.is_dir():
        return sorted(path for path in place.glob("*.ccr") if path.is_file())
    return [place] if place.is_file() else []


def _folders(name: str, folders: Iterable[Path], look: Reader) -> LayerSources:
    return read_layer(name, [path for folder in folders for path in layer_files(folder)], look)


def read_layer(name: str, paths: list[Path], look: Reader = read) -> LayerSources:
    """These files as one layer, with all that they mention."""
    files = [look(path) for path in paths]
    return LayerSources(name, tuple(files), tuple(_mentioned(paths, files, look)))


def _mentioned(paths: list[Path], files: list[SourceFile], look: Reader) -> Iterator[SourceFile]:
    """What the files mention, and what that mentions, each once."""
    seen = {path.resolve() for path in paths}
    waiting = list(zip(paths, files, strict=True))
    while waiting:
        path, file = waiting.pop()
        for named in mentions(file):
            found = path.parent / Path(named).expanduser()
            if found.resolve() in seen:
                continue
            seen.add(found.resolve())
            source = structs.replace(look(found), name=relative(file.name, named))
            yield source
            if found.suffix == ".ccr":
                waiting.append((found, source))


def _beside(config: SourceFile | None) -> Iterator[SourceFile]:
    """What config.json names: a router and transformers in Python, a prompt."""
    if config is None or not names_files(config.content):
        return
    tree = read_config(config, os.environ).file
    named = (relative(path.span.file.name, path.text) for path in paths(tree.statements if tree is not None else ()))
    for name in dict.fromkeys(place.rpartition(":")[0] if ".py:" in place else place for place in named):
        yield structs.replace(read(placed(name)), name=name)


def _shipped() -> LayerSources:
    text = bundled.read_text("rules", "default.ccr")
    return LayerSources("shipped", (SourceFile(f"{SHIPPED}rules/default.ccr", text),))


def write_atomic(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Writes the whole file beside its place and moves it there; raises OSError and leaves the old one on failure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
