"""A config.json, or a part of it, as it goes to another machine: without keys; and one from elsewhere merged into one's own.

A key that stands in the file becomes `$NAME`, with NAME made of the provider's name, and is told. Merging keeps what the
person has: providers are known by their names, and what both have stays theirs unless they say otherwise.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from ccr.config import edit
from ccr.config.json5 import Node, Table
from ccr.config.keys import OF_PRESET, ROOT, find, plain
from ccr.diagnostics.source import SourceFile
from ccr.diagnostics.veil import keylike

PARTS = ("all", "providers", "settings")
_PROVIDERS, _NAME = "Providers", "name"
_OWN = ("APIKEY", "HOST", "UI_PASSWORD")
"""Who may come in is each machine's own business, as in claude-code-router: never taken over."""


class Exported(Struct, frozen=True):
    """`variables`: what stands for a key, by name, in words."""

    tree: dict[str, Any]
    variables: Mapping[str, str] = {}


class Merged(Struct, frozen=True):
    """The new text; `added`, `replaced` and `kept` say what became of each thing in the other file."""

    text: str
    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


def exported(file: SourceFile, part: str, *, with_keys: bool = False) -> Exported:
    """The part of it, in one of PARTS. Raises NotEdited where the file cannot be read."""
    tree = value_of(edit.read(file))
    if not isinstance(tree, dict):
        raise edit.NotEdited(f"{file.name} holds no object")
    chosen = {key: value for key, value in tree.items() if _is_in(key, part)}
    if with_keys:
        return Exported(chosen)
    variables: dict[str, str] = {}
    return Exported(_hidden(chosen, "", variables), variables)


def _is_in(key: str, part: str) -> bool:
    return part == "all" or (plain(key) == plain(_PROVIDERS)) == (part == "providers")


def _hidden(value: Any, whose: str, variables: dict[str, str]) -> Any:
    match value:
        case dict():
            name = value.get(_NAME)
            whose = name if isinstance(name, str) else whose
            return {key: _key(key, each, whose, variables) for key, each in value.items()}
        case list():
            return [_hidden(each, whose, variables) for each in value]
        case _:
            return value


def _key(key: str, value: Any, whose: str, variables: dict[str, str]) -> Any:
    if not keylike(key) or isinstance(value, dict):
        return _hidden(value, whose, variables)
    if isinstance(value, list):
        return [_key(key, each, whose, variables) for each in value]
    if not isinstance(value, str) or not value or value.startswith("$"):
        return value
    name = _variable(f"{whose or 'CCR'}_{key}")
    while name in variables:
        name += "_2"
    variables[name] = f"`{key}` of {whose}" if whose else f"`{key}`"
    return f"${name}"


def _variable(text: str) -> str:
    letters = "".join(char if char.isascii() and char.isalnum() else "_" for char in text).upper()
    return letters if letters[:1].isalpha() else f"P_{letters}"


def value_of(node: Node) -> Any:
    """A document as plain values."""
    match node.value:
        case Table(pairs):
            return {pair.key: value_of(pair.node) for pair in pairs}
        case tuple(items):
            return [value_of(item) for item in items]
        case value:
            return value


# ---- merging ----------------------------------------------------------------------------------------------------------


def merged(mine: SourceFile, other: SourceFile, *, replace: bool = False) -> Merged:
    """Mine with what the other one has more; with `replace` what both have is taken from the other. Raises NotEdited."""
    theirs = value_of(edit.read(other))
    theirs = {_PROVIDERS: theirs} if isinstance(theirs, list) else theirs
    if not isinstance(theirs, dict):
        raise edit.NotEdited(f"{other.name} holds neither an object nor a list of providers")
    steps = list(_steps(edit.read(mine), theirs, replace))
    text = mine.content
    for path, value, fate, _ in steps:
        file = SourceFile(mine.name, text)
        if fate == "added" and path[-1:] == (_PROVIDERS,):
            text = edit.append(file, path, value)
        elif fate != "kept":
            text = edit.put(file, path, value)
    named = {fate: tuple(what for _, _, each, what in steps if each == fate) for fate in ("added", "replaced", "kept")}
    return Merged(text, **named)


_Step = tuple[tuple[str | int, ...], Any, str, str]


def _steps(root: Node, theirs: Mapping[str, Any], replace: bool) -> Iterator[_Step]:
    for key, value in theirs.items():
        if plain(key) == plain(_PROVIDERS) and isinstance(value, list):
            yield from _provider_steps(root, value, replace)
        elif (
            isinstance(value, dict)
            and isinstance(mine := edit.find(root, [key]), Node)
            and isinstance(mine.value, Table)
        ):
            yield from (_step(root, (key, inner), each, replace) for inner, each in value.items())
        else:
            yield _step(root, (key,), value, replace and plain(key) not in map(plain, _OWN))


def _step(root: Node, path: tuple[str | int, ...], value: Any, replace: bool) -> _Step:
    there = edit.find(root, path)
    what = ".".join(map(str, path))
    if there is None:
        own = plain(str(path[0])) in map(plain, _OWN)
        return path, value, "kept" if own else "added", what
    same = value_of(there) == value
    return path, value, "replaced" if replace and not same else "kept", what


def _provider_steps(root: Node, theirs: list[Any], replace: bool) -> Iterator[_Step]:
    node = edit.find(root, [_PROVIDERS])
    mine = value_of(node) if node is not None else []
    names = [each.get(_NAME) if isinstance(each, dict) else None for each in mine] if isinstance(mine, list) else []
    for each in theirs:
        name = each.get(_NAME) if isinstance(each, dict) else None
        if not isinstance(name, str):
            continue
        if name not in names:
            yield (_PROVIDERS,), each, "added", f"provider {name}"
            continue
        at = names.index(name)
        taken = {**each, **{key: held for key, held in mine[at].items() if keylike(key) and held}}
        same = mine[at] == taken
        yield (_PROVIDERS, at), taken, "replaced" if replace and not same else "kept", f"provider {name}"


# ---- presets ----------------------------------------------------------------------------------------------------------


def of_preset(manifest: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, Any]:
    """What a preset's manifest puts into config.json: its `template` if it has one, else itself, without what is only
    about the preset and what `left_out` names; `#{name}` filled in."""
    out = left_out(manifest)
    chosen = {key: value for key, value in _said(manifest).items() if key not in out}
    return {key: _filled_in(value, values) for key, value in chosen.items()}


def left_out(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of a preset that are not taken: a file from elsewhere starts no program here, and leads nobody's requests
    through another machine, whatever it says."""
    return tuple(key for key, value in _said(manifest).items() if plain(key) in _STARTS or _starts(value))


def _said(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    template = manifest.get("template")
    source = template if isinstance(template, Mapping) else manifest
    rows = ((find(ROOT, key), key, value) for key, value in source.items())
    return {key: value for row, key, value in rows if row is not None and row.later != OF_PRESET}


_STARTS = frozenset(
    map(
        plain,
        (
            "CUSTOM_ROUTER_PATH",
            "CLAUDE_PATH",
            "CLAUDE_EXECUTABLE_PATH",
            "transformers",
            "plugins",
            "REWRITE_SYSTEM_PROMPT",
            "PROXY_URL",
            "HTTPS_PROXY",
            *_OWN,
        ),
    )
)


def _starts(value: Any) -> bool:
    """Whether a script is named somewhere in it (a module of the status line)."""
    match value:
        case dict():
            return bool(value.get("scriptPath")) or any(map(_starts, value.values()))
        case list():
            return any(map(_starts, value))
        case _:
            return False


_INPUT = re.compile(r"#\{\s*([\w.-]+)\s*\}")


def inputs_of(manifest: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """What a preset asks for: rows of `schema` with an `id`."""
    rows = manifest.get("schema")
    return (
        tuple(row for row in rows if isinstance(row, dict) and isinstance(row.get("id"), str))
        if isinstance(rows, list)
        else ()
    )


def _filled_in(value: Any, values: Mapping[str, str]) -> Any:
    match value:
        case str():
            return _INPUT.sub(lambda found: values.get(found[1], found[0]), value)
        case list():
            return [_filled_in(each, values) for each in value]
        case dict():
            return {key: _filled_in(each, values) for key, each in value.items()}
        case _:
            return value
