"""Imports spliced: each file's statements with those of the files it imports in their place.

A path is relative to the file that imports it; a file comes in once in a layer, also when it stands in the layer by
itself (rulings R3). Files are found among those handed in: nothing is read here.
"""

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, structs

from ccr.diagnostics.diagnostic import Diagnostic
from ccr.diagnostics.source import SourceFile, Span
from ccr.lang import ast
from ccr.lang.findings import CYCLE, FILE_NOT_FOUND
from ccr.lang.locations import normal, relative


class Splicer:
    """Splices the files of one layer. `parsed` holds every file at hand, by name."""

    def __init__(self, parsed: Mapping[str, ast.File]) -> None:
        self._parsed = parsed
        self._done: set[str] = set()
        self.findings: list[Diagnostic] = []

    def splice(self, names: Sequence[str]) -> tuple[ast.File, ...]:
        """The layer's own files in order, without those that an import has brought in already."""
        return tuple(self._file(name, ()) for name in names if name not in self._done)

    def _file(self, name: str, above: tuple[str, ...]) -> ast.File:
        self._done.add(name)
        file = self._parsed[name]
        lost, statements = set(file.lost), list[ast.Statement]()
        for statement in file.statements:
            if not isinstance(statement, ast.Import):
                statements.append(statement)
                continue
            for inner in self._import(statement, name, (*above, name)):
                statements.extend(each for each in inner.statements if not isinstance(each, ast.Version))
                lost |= inner.lost
        return structs.replace(file, statements=tuple(statements), lost=frozenset(lost))

    def _import(self, statement: ast.Import, name: str, above: tuple[str, ...]) -> Iterator[ast.File]:
        wanted = relative(name, statement.path.text)
        if wanted in above:
            circle = " → ".join([*above[above.index(wanted) :], wanted])
            self.findings.append(
                Diagnostic(CYCLE, f"imports go in a circle: {circle}", statement.path.span, "comes back to itself")
            )
        elif wanted not in self._parsed:
            message = f"there is no file `{statement.path.text}`"
            self.findings.append(Diagnostic(FILE_NOT_FOUND, message, statement.path.span, f"looked for {wanted}"))
        elif wanted not in self._done:
            yield self._file(wanted, above)


def missing(files: Sequence[ast.File], mentioned: Sequence[SourceFile]) -> Iterator[Diagnostic]:
    """Python files, recorded examples and handed texts that are mentioned and not there."""
    absent = {normal(each.name) for each in mentioned if each.text is None}
    for path in (path for file in files for path in paths(file.statements)):
        wanted = relative(path.span.file.name, path.text.rpartition(":")[0] if ".py:" in path.text else path.text)
        if wanted in absent:
            yield Diagnostic(FILE_NOT_FOUND, f"there is no file `{path.text}`", path.span, f"looked for {wanted}")


def paths(node: object) -> Iterator[ast.Literal]:
    """The paths of Python functions, of recorded examples, and of texts that a `use` is handed, wherever they stand."""
    match node:
        case ast.PythonRef(path=path):
            yield path
        case ast.Expect(sample=ast.Literal() as path):
            yield path
        case ast.Use(transform=ast.PythonRef(path=path)):  # its arguments are the function's own
            yield path
        case ast.Argument(name=ast.Name(text="file"), value=ast.Literal() as path):
            yield path
        case tuple():
            for each in node:
                yield from paths(each)
        case Struct() if not isinstance(node, Span):
            for name in node.__struct_fields__:
                yield from paths(getattr(node, name))
        case _:
            pass
