"""The documents that somebody has open, over the files on disk, and the world that each of them stands in.

A view is made by the front door that `ccr serve` and `ccr check` use, from the open texts where there are any; it is made
anew when a text has changed. Asked from several threads, it answers one after the other.
"""

import os
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from msgspec import Struct, structs

from ccr.config.read import read_config
from ccr.diagnostics.diagnostic import Diagnostic
from ccr.diagnostics.source import SourceFile
from ccr.lang import ast
from ccr.lang.environment import Environment
from ccr.lang.syntax import parse
from ccr.live.files import SHIPPED, Reader, layer_files, read, read_layer, read_sources
from ccr.live.paths import Places, placed, shown
from ccr.live.standing import as_project, layer_name, may_be_a_projects, standing
from ccr.live.surroundings import look as look_around
from ccr.live.trust import FOLDER
from ccr.routing.catalog import Catalog
from ccr.routing.surroundings import LayerSources, Sources, Surroundings
from ccr.routing.vocabulary import Vocabulary, environment
from ccr.routing.workspace import CONFIG, World, world

_WHOLE = (FOLDER, "rules")
"""Folders of these names are one layer; in any other a file stands by itself, with what it imports."""


Given = ast.Let | ast.Alias | ast.Provider | ast.User
_GIVING = (ast.Let, ast.Alias, ast.Provider, ast.User)


class Tree(Struct, frozen=True, eq=False):
    """One file as it was read. `layer` is the name of the layer it belongs to."""

    layer: str
    file: ast.File

    @property
    def source(self) -> SourceFile:
        return self.file.span.file


class View(Struct, frozen=True, eq=False, dict=True):
    """A document in its world. `uris` are those of all files in it, by their names."""

    source: SourceFile
    layer: str
    sources: Sources
    world: World
    vocabulary: Vocabulary
    catalog: Catalog
    """The providers there are; where the world does not load, those of the last that did."""
    uris: Mapping[str, str]

    @property
    def findings(self) -> tuple[Diagnostic, ...]:
        return self.world.loaded.diagnostics

    @cached_property
    def trees(self) -> tuple[Tree, ...]:
        """Every rule file that is there, the document's own layer first, then the others strongest first, config.json
        last."""
        layers = sorted(self.sources.layers, key=lambda each: each.name != self.layer)
        found = [
            Tree(layer.name, parse(file)[0])
            for layer in layers
            for file in (*layer.files, *layer.mentioned)
            if file.text is not None and file.name.endswith(".ccr")
        ]
        config = read_config(self.sources.config).file if self.sources.config is not None else None
        return (*found, *([Tree(CONFIG, config)] if config is not None else []))

    @cached_property
    def tree(self) -> ast.File:
        """The document's own."""
        own = next((each.file for each in self.trees if each.source is self.source), None)
        return own or parse(self.source)[0]

    @cached_property
    def environment(self) -> Environment:
        """What conditions may ask here."""
        return environment(self.vocabulary, self.names(ast.Provider))

    @cached_property
    def named(self) -> Mapping[tuple[type, str], "Given"]:
        """What gives a name, by its kind and the name: of several the one in the document's own layer, else the strongest."""
        found: dict[tuple[type, str], Given] = {}
        for each in self.given(*_GIVING):
            found.setdefault((type(each), each.name.text), each)
        return found

    def names(self, *kinds: type) -> frozenset[str]:
        """The names that statements of some kinds give."""
        return frozenset(each.name.text for each in self.given(*kinds))

    def given(self, *kinds: type) -> Iterator["Given"]:
        """The statements of some kinds, those of the document's own layer first."""
        for each in self.trees:
            yield from (statement for statement in each.file.statements if isinstance(statement, kinds))  # type: ignore[misc]


class Desk:
    """`where` says what `ccr serve` would read; its user layer gives way to the document that is asked for. `around`: the
    machine, where somebody knows more of it than a look tells."""

    def __init__(self, where: Places, vocabulary: Vocabulary, around: Callable[[], Surroundings] | None = None) -> None:
        self.where, self._vocabulary = where, vocabulary
        self._around = around or (lambda: look_around(where.home, {}))
        self._open: dict[Path, tuple[str, str]] = {}
        self._views: dict[Path, View] = {}
        self._catalogs: dict[Path, Catalog] = {}
        self._lock = threading.RLock()

    def put(self, path: Path, uri: str, text: str) -> None:
        """A document as it is now in the editor."""
        with self._lock:
            self._open[path] = (uri, text)
            self._views.clear()

    def close(self, path: Path) -> None:
        with self._lock:
            self._open.pop(path, None)
            self._views.clear()

    def forget(self) -> None:
        """Something on the disk may have changed."""
        with self._lock:
            self._views.clear()

    @property
    def open(self) -> tuple[Path, ...]:
        with self._lock:
            return tuple(self._open)

    def view(self, path: Path) -> View:
        """The document in its world; made once for a text."""
        with self._lock:
            if path not in self._views:
                self._views[path] = self._made(path, {})
            return self._views[path]

    def proved(self, path: Path) -> tuple[Diagnostic, ...]:
        """All that is found, also by proofs, which may take seconds."""
        view = self.view(path)
        return world(view.sources, self._around(), self._vocabulary).loaded.diagnostics

    def changed(self, path: Path, texts: Mapping[Path, str]) -> View:
        """The view that would be, had some files other texts."""
        with self._lock:
            return self._made(path, texts)

    # ---- making one -----------------------------------------------------------------------------------------------

    def _made(self, path: Path, texts: Mapping[Path, str]) -> View:
        look = self._reader(texts)
        base = read_sources(self.where, look)
        layer = self._layer(path, look)
        sources = standing(base, layer) if layer is not None else base
        name, made = layer.name if layer is not None else CONFIG, self._world(sources)
        alone = layer is not None and layer.name == "user" and len(layer.files) == 1
        if alone and may_be_a_projects(made.loaded.diagnostics):
            sources, name = as_project(sources), "project"
            made = self._world(sources)
        uris = {file.name: self._uri(file.name) for file in sources.files if not file.name.startswith(SHIPPED)}
        own = next((file for file in sources.files if _same(file.name, path)), None) or look(path)
        return View(own, name, sources, made, self._vocabulary, self._catalog(path, sources, made), uris)

    def _world(self, sources: Sources) -> World:
        return world(sources, self._around(), self._vocabulary, proofs=False)

    def _catalog(self, path: Path, sources: Sources, made: World) -> Catalog:
        """Of this world; where it does not load, of what can be read of its providers, else of the last that did."""
        snapshot = made.loaded.snapshot or self._world(_providers_alone(sources)).loaded.snapshot
        if snapshot is not None:
            self._catalogs[path] = snapshot.catalog
        return self._catalogs.get(path) or Catalog({})

    def _reader(self, texts: Mapping[Path, str]) -> Reader:
        def look(path: Path) -> SourceFile:
            place = normal(path)
            text = texts.get(place, self._open[place][1] if place in self._open else None)
            return SourceFile(shown(path), text) if text is not None else read(path)

        return look

    def _layer(self, path: Path, look: Reader) -> LayerSources | None:
        """The layer a document belongs to; None for config.json."""
        folder = path.parent
        if path.suffix == ".json":
            return None
        if folder in self.where.policies:
            return read_layer("policy", _beside(path), look)
        if folder == self.where.home / "sessions":
            return read_layer("session", [path], look)
        whole = folder == self.where.rules or folder.name in _WHOLE
        return read_layer(layer_name(folder), _beside(path) if whole else [path], look)

    def _uri(self, name: str) -> str:
        path = normal(placed(name))
        return self._open[path][0] if path in self._open else path.as_uri()


def _providers_alone(sources: Sources) -> Sources:
    """The same layers with nothing in them but the providers that can be read."""
    layers = (
        structs.replace(layer, files=tuple(map(_declarations, (*layer.files, *layer.mentioned))), mentioned=())
        for layer in sources.layers
        if layer.name != "shipped"
    )
    return structs.replace(sources, layers=tuple(layers))


def _declarations(file: SourceFile) -> SourceFile:
    statements = parse(file)[0].statements if file.name.endswith(".ccr") else ()
    given = (each.span.text for each in statements if isinstance(each, ast.Provider))
    return SourceFile(file.name, "\n".join(given))


def normal(path: Path) -> Path:
    """One spelling for each path; links are not followed, for the editor does not either."""
    return Path(os.path.normpath(path.absolute()))


def _same(name: str, path: Path) -> bool:
    return not name.startswith(SHIPPED) and normal(placed(name)) == path


def _beside(path: Path) -> list[Path]:
    """The rule files of a folder; one that is open and not yet on the disk is among them."""
    return sorted({*layer_files(path.parent), path})
