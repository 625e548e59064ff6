"""Paths of a transcribed config.json, told from where it stands: what is written down elsewhere means the same files."""

from typing import Any

from msgspec import Struct, structs

from ccr.diagnostics.source import Span
from ccr.lang import ast
from ccr.lang.ast import Form, Literal


def anchored(tree: ast.File, folder: str) -> ast.File:
    """The tree with every relative path of a Python file or a handed text below `folder`."""
    made: ast.File = _walk(tree, folder)
    return made


def _walk(node: Any, folder: str) -> Any:
    match node:
        case ast.PythonRef(path=path):
            return structs.replace(node, path=_below(path, folder))
        case ast.Argument(name=ast.Name(text="file"), value=Literal() as path):
            return structs.replace(node, value=_below(path, folder))
        case tuple():
            return tuple(_walk(each, folder) for each in node)
        case Struct() if not isinstance(node, Span):
            fields = {name: getattr(node, name) for name in node.__struct_fields__}
            made = {name: _walk(value, folder) for name, value in fields.items()}
            changed = {name: value for name, value in made.items() if value is not fields[name]}
            return structs.replace(node, **changed) if changed else node
        case _:
            return node


def _below(path: Literal, folder: str) -> Literal:
    text = path.text.replace("\\", "/")
    if text.startswith(("/", "~")) or text[1:3] == ":/":
        return path
    return Literal(Form.STRING, f"{folder}/{text.removeprefix('./')}", path.span)
