"""What the rules of a project and of a session may contain: a project's come from a repository that somebody else may
have written, a session's stand beside everything else for as long as a conversation lasts.

They choose among targets that the person declared, and do nothing else (language §7): a table of what is refused.
"""

from collections.abc import Iterator, Sequence

from ccr.diagnostics.diagnostic import Diagnostic
from ccr.diagnostics.source import Span
from ccr.lang import ast
from ccr.lang.findings import NOT_IN_A_PROJECT
from ccr.lang.flatten import flatten, leaves
from ccr.lang.resolve import HEADER, interpolated_names
from ccr.lang.splice import paths

PRIVATE = frozenset({"session", "project"})
"""Layers whose names are nobody else's and whose errors keep only themselves out (rulings 1.22)."""

_SENTENCES: dict[type, tuple[str, str]] = {
    ast.Provider: ("rules may choose among your providers, not add new ones", "only your own rules can say where requests are sent"),
    ast.Server: ("rules cannot change the proxy", "only your own rules can"),
    ast.User: ("rules cannot say who may use the proxy", "only your own rules can"),
}  # fmt: skip
_PYTHON = ("rules cannot run Python", "only your own rules can")
_HEADERS = ("rules neither ask nor change headers", "only your own rules can")
_VARIABLES = ("rules cannot read variables of the environment", "only your own rules can")
_OUTSIDE = ("rules cannot import a file outside the project", "leads outside")
_FILE_OUTSIDE = ("rules cannot name a file outside the project", "leads outside")
_FILE_ALONE = ("rules stand by themselves", "write the text itself: `text = …`")
_ALONE = ("rules stand by themselves", "nothing can be imported here")


def refused(
    statements: Sequence[object], imports: Sequence[ast.Import], layer: str = "project"
) -> Iterator[Diagnostic]:
    """What stands in a project's or session's rules and may not. A session's were written by the person, for one
    conversation: they may look at headers."""
    for statement in statements:
        told = _SENTENCES.get(statement.__class__)
        if told is not None and isinstance(statement, (ast.Provider, ast.Server, ast.User)):
            yield _finding(layer, told, statement.span if isinstance(statement, ast.Server) else statement.name.span)
            continue
        for span, why in _inside(statement):
            if layer == "project" or why is not _HEADERS:
                yield _finding(layer, why, span)
        for path in _handed(statement):
            if layer != "project" or _leads_outside(path.text):
                yield _finding(layer, _FILE_OUTSIDE if layer == "project" else _FILE_ALONE, path.span)
    for each in imports:
        if layer != "project":
            yield _finding(layer, _ALONE, each.path.span)
        elif _leads_outside(each.path.text):
            yield _finding(layer, _OUTSIDE, each.path.span)


def _leads_outside(path: str) -> bool:
    return path.startswith(("/", "~", "\\")) or ".." in path.replace("\\", "/").split("/") or path[1:2] == ":"


def _finding(layer: str, told: tuple[str, str], span: Span) -> Diagnostic:
    return Diagnostic(NOT_IN_A_PROJECT, f"a {layer}'s {told[0]}", span, told[1])


def _inside(statement: object) -> Iterator[tuple[Span, tuple[str, str]]]:
    own = statement.condition if isinstance(statement, (ast.Let, ast.Expect)) else None
    conditions = [own] if own is not None else []
    if isinstance(statement, ast.Alias):
        yield from _python_in(statement.target)
    inner = statement.action if isinstance(statement, ast.Default) else statement
    for flat in flatten((inner,)):
        conditions.extend(flat.conditions)
        for text in _texts(flat.action):
            yield from ((name.span, _HEADERS) for name in interpolated_names(text) if _is_header(name.text))
            if text.form in (ast.Form.ENV, ast.Form.WORD) and text.text.startswith("env."):
                yield text.span, _VARIABLES
        match flat.action:
            case ast.Route(target=target):
                yield from _python_in(target)
            case ast.Use(transform=ast.PythonRef(span=span)):
                yield span, _PYTHON
            case ast.Set(field=field) | ast.Drop(field=field) if _is_header(field.text):
                yield field.span, _HEADERS
            case _:
                pass
    for leaf in (leaf for condition in conditions for leaf in leaves(condition)):
        if isinstance(leaf, ast.PythonRef):
            yield leaf.span, _PYTHON
        elif not isinstance(leaf, ast.Truth) and _is_header(leaf.attribute.text):
            yield leaf.attribute.span, _HEADERS


def _handed(statement: object) -> Iterator[ast.Literal]:
    """The paths of texts that a `use` is handed."""
    inner = statement.action if isinstance(statement, ast.Default) else statement
    for flat in flatten((inner,)):
        if isinstance(flat.action, ast.Use):
            yield from paths(flat.action.arguments)


def _is_header(name: str) -> bool:
    return name.lower().startswith((HEADER, f"response.{HEADER}"))


def _texts(action: ast.Action) -> Iterator[ast.Literal]:
    """The values that an action puts somewhere."""
    match action:
        case ast.Set(value=text) | ast.Deny(text=text) | ast.Tag(name=text):
            if text is not None:
                yield text
        case ast.Use(arguments=arguments):
            for each in arguments:
                yield from each.value.items if isinstance(each.value, ast.ListValue) else (each.value,)
        case _:
            pass


def _python_in(target: ast.Target) -> Iterator[tuple[Span, tuple[str, str]]]:
    for choice in target.choices:
        for ref in (share.ref for share in choice.shares) if isinstance(choice, ast.Split) else (choice,):
            if isinstance(ref, ast.PythonRef):
                yield ref.span, _PYTHON
