"""Where a name is given and where it is used, over all files that can see it; and the edits that give it another one.

A name of a layer is seen by its own files and by those of weaker layers that do not give it themselves (rulings R8). A new
name is tried before it is offered: the renamed world is loaded, and what keeps it from loading is what the person is told.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from lsprotocol import types as lsp

from ccr.desk.desk import Desk, Tree, View, normal
from ccr.desk.symbols import NAMED, Symbol, known, symbol_at, symbols
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.source import Span
from ccr.live.paths import placed
from ccr.live.standing import ORDER
from ccr.lsp.convert import Places
from ccr.routing.workspace import CONFIG

_GIVEN = frozenset(NAMED.values())


class NotRenamed(Exception):
    """Why a name stays as it is, in words for a person."""


def at(view: View, offset: int) -> Symbol | None:
    """The word there, if it names something."""
    return symbol_at(symbols(view.tree, known(view)), offset)


def occurrences(view: View, symbol: Symbol) -> list[tuple[Tree, Symbol]]:
    """Every place of the same name in the layers that mean the same by it."""
    names = known(view)
    found = [
        (tree, each)
        for tree in view.trees
        for each in symbols(tree.file, names)
        if (each.kind, each.name) == (symbol.kind, symbol.name)
    ]
    if symbol.kind not in _GIVEN or symbol.kind in ("provider", "user"):
        return found  # providers and users are everybody's
    home = _home(view, found)
    givers = {tree.layer for tree, each in found if each.declares}
    return [(tree, each) for tree, each in found if tree.layer == home or tree.layer not in givers]


def _home(view: View, found: list[tuple[Tree, Symbol]]) -> str:
    """The layer whose name it is: the document's own, else the strongest that gives it."""
    givers = [tree.layer for tree, each in found if each.declares]
    own = [layer for layer in givers if layer == view.layer]
    return next(iter([*own, *sorted(givers, key=_strength)]), view.layer)


def _strength(layer: str) -> int:
    return ORDER.index(layer) if layer in ORDER else len(ORDER)


def definition(view: View, symbol: Symbol, places: Places) -> list[lsp.Location]:
    """Where it is given, or the file it names."""
    if symbol.kind == "file":
        return [*_file(symbol)]
    spans = [each.span for _, each in occurrences(view, symbol) if each.declares]
    return [place for span in spans if (place := places.location(span)) is not None]


def _file(symbol: Symbol) -> Iterator[lsp.Location]:
    """The beginning of the file, or of the function in it that is named."""
    path, _, function = symbol.name.partition(":") if ".py" in symbol.name else (symbol.name, "", "")
    place = normal(placed(symbol.span.file.name).parent / Path(path).expanduser())
    if not place.is_file():
        return
    lines = place.read_text(encoding="utf-8", errors="replace").splitlines() if function else []
    line = next(
        (at for at, text in enumerate(lines) if text.startswith((f"def {function}(", f"async def {function}("))), 0
    )
    start = lsp.Position(line, 0)
    yield lsp.Location(place.as_uri(), lsp.Range(start, start))


def references(view: View, symbol: Symbol, places: Places, declared: bool) -> list[lsp.Location]:
    spans = [each.span for _, each in occurrences(view, symbol) if declared or not each.declares]
    return [place for span in spans if (place := places.location(span)) is not None]


# ---- another name -----------------------------------------------------------------------------------------------------


def renamable(view: View, symbol: Symbol | None) -> Span:
    """The place of a name that can be another. Raises NotRenamed."""
    if symbol is None or symbol.kind not in _GIVEN:
        raise NotRenamed("only what rules name can be renamed: lets, aliases, providers and users")
    givers = [tree for tree, each in occurrences(view, symbol) if each.declares]
    if not givers:
        raise NotRenamed(f"no file of yours gives the {symbol.kind} `{symbol.name}`")
    outside = next((tree for tree in givers if tree.layer == CONFIG or tree.source.name not in places_of(view)), None)
    if outside is not None:
        raise NotRenamed(f"`{symbol.name}` is given in {outside.source.name}, which is no rule file of yours")
    return symbol.span


def places_of(view: View) -> Mapping[str, str]:
    return view.uris


def rename(desk: Desk, view: View, symbol: Symbol | None, name: str, places: Places) -> lsp.WorkspaceEdit:
    """The edits in all files. Raises NotRenamed."""
    renamable(view, symbol)
    assert symbol is not None
    spans = [each.span for tree, each in occurrences(view, symbol) if tree.layer != CONFIG]
    taken = [each for tree in view.trees for each in symbols(tree.file, known(view)) if each.declares]
    if any((each.kind, each.name) == (symbol.kind, name) for each in taken):
        raise NotRenamed(f"there is a {symbol.kind} `{name}` already")
    _try(desk, view, spans, name)
    changes: dict[str, list[lsp.TextEdit]] = {}
    for span in spans:
        if (place := places.location(span)) is not None:
            changes.setdefault(place.uri, []).append(lsp.TextEdit(place.range, name))
    return lsp.WorkspaceEdit(changes=changes)


def _try(desk: Desk, view: View, spans: list[Span], name: str) -> None:
    """Loads the world with the new name, and says what would be wrong in it that is not wrong now."""
    texts: dict[Path, str] = {}
    for span in sorted(spans, key=lambda each: -each.start):
        path = normal(placed(span.file.name))
        text = texts.get(path, span.file.content)
        texts[path] = text[: span.start] + name + text[span.end :]
    before = {each.message for each in view.findings}
    made = desk.changed(normal(placed(view.source.name)), texts)
    wrong = [each for each in made.findings if each.level is Severity.ERROR and each.message not in before]
    if wrong:
        raise NotRenamed(wrong[0].message)
