"""Options of `server { … }`: where one is said, and the text its file gets when it says something else.

An option is changed where it stands. One that stands nowhere goes into config.json, if there is one and it has a key for it, else into
the `server` block of the person's rules, which is made if there is none. A policy's word cannot be changed. Nothing is
written here, and all else in the files stays as it was.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from ccr.config import edit
from ccr.config.json5 import Node
from ccr.config.keys import ROOT, Key
from ccr.config.portable import value_of
from ccr.diagnostics.source import SourceFile
from ccr.lang.ast import Option, Server
from ccr.lang.syntax import parse
from ccr.live.files import layer_files, read
from ccr.live.paths import Places, shown

FILE = "00-settings.ccr"
"""Where a `server` block is made if there is none."""
_HEAD = "# Settings of ccr itself, changed in the web UI.\n"
MILLISECONDS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
"""Of a unit of time."""
_DURATION = re.compile(r"(\d+)(ms|s|m|h|d)")


class Fixed(Exception):
    """A policy says the option, or its file has mistakes; the text says so."""


class Place(Struct, frozen=True):
    """Where an option is said: `layer` policy, user or config; `path` the file and `line` in it, from 1."""

    layer: str
    path: Path
    line: int


class Edit(Struct, frozen=True):
    path: Path
    text: str


def place(places: Places, option: str) -> Place | None:
    """The strongest word on it; None if nobody says it."""
    return next((at for at, _ in _said(places, option)), None)


def edited(places: Places, option: str, value: str, texts: dict[Path, str]) -> Edit | None:
    """The file that says the option, with `value` as a rule file writes it; "" takes the option away: None if there is
    nothing to take. `texts`: files as they are going to be. Raises Fixed."""
    found = next(_said(places, option, texts), None)
    if found is None:
        return _added(places, option, value, texts) if value else None
    at, said = found
    if at.layer == "policy":
        raise Fixed(f"{shown(at.path)}:{at.line} says `{option}`, and a policy has more say")
    if said is None:
        return Edit(at.path, _in_config(places, option, value, texts))
    start, end = (said.value.span.start, said.value.span.end) if value else (said.span.start, said.span.end)
    text = _text(at.path, texts)
    after = text[:start] + value + text[end:]
    return Edit(at.path, after if value else _without_blank(after, start))


# ---- where it stands --------------------------------------------------------------------------------------------------


def _said(places: Places, option: str, texts: dict[Path, str] | None = None) -> Iterator[tuple[Place, Option | None]]:
    """Strongest first; without an Option in config.json."""
    folders = [*(("policy", folder) for folder in places.policies), ("user", places.rules)]
    for layer, path in ((layer, path) for layer, folder in folders for path in layer_files(folder)):
        for each in _options(path, texts or {}):
            if each.name.text == option:
                yield Place(layer, path, each.span.position[0]), each
    key = _key(option)
    if key is not None and places.config.is_file():
        file = SourceFile(shown(places.config), _text(places.config, texts or {}))
        node = edit.find(_document(file), [key.name])
        if node is not None:
            yield Place("config", places.config, node.span.position[0]), None


def _options(path: Path, texts: dict[Path, str]) -> Iterator[Option]:
    tree, _ = parse(SourceFile(shown(path), _text(path, texts)))
    return (option for each in tree.statements if isinstance(each, Server) for option in each.options)


def _key(option: str) -> Key | None:
    return next((key for key in ROOT.values() if key.option == option and option != "proxy"), None)


def _document(file: SourceFile) -> Node:
    try:
        return edit.read(file)
    except edit.NotEdited as wrong:
        raise Fixed(f"{wrong}: mend it first") from None


def _text(path: Path, texts: dict[Path, str]) -> str:
    return texts[path] if path in texts else (read(path).text or "")


# ---- changing ---------------------------------------------------------------------------------------------------------


def _added(places: Places, option: str, value: str, texts: dict[Path, str]) -> Edit:
    if _key(option) is not None and places.config.is_file():
        return Edit(places.config, _in_config(places, option, value, texts))
    for path in layer_files(places.rules):
        text = _text(path, texts)
        for each in parse(SourceFile(shown(path), text))[0].statements:
            if isinstance(each, Server):
                return Edit(path, _with_option(text, each, f"{option} = {value}"))
    path = places.rules if places.rules.is_file() else places.rules / FILE
    before = _text(path, texts)
    block = f"server {{ {option} = {value} }}\n"
    return Edit(path, f"{before.rstrip()}\n\n{block}" if before.strip() else _HEAD + block)


def _in_config(places: Places, option: str, value: str, texts: dict[Path, str]) -> str:
    key = _key(option)
    assert key is not None, "an option of config.json has a key"
    file = SourceFile(shown(places.config), _text(places.config, texts))
    if not value:
        return edit.take(file, [key.name])
    wanted = _of_config(key, value)
    node = edit.find(_document(file), [key.name])
    return file.content if node is not None and value_of(node) == wanted else edit.put(file, [key.name], wanted)


def _of_config(key: Key, value: str) -> str | int:
    """Milliseconds for what has them as its unit, numbers for numbers."""
    if key.unit == "ms" and (found := _DURATION.fullmatch(value)):
        return int(found[1]) * MILLISECONDS[found[2]]
    return int(value) if value.isdecimal() else value.strip('"')


def _without_blank(text: str, at: int) -> str:
    """Without the line that an option left empty, or the `;` that parted it from the next."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    end = len(text) if end < 0 else end
    if not text[start:end].strip(" \t;"):
        return text[:start] + text[end + 1 :]
    head, tail = text[:at].rstrip(" \t"), text[at:].lstrip(" \t")
    if tail.startswith(";"):
        return f"{head} {tail[1:].lstrip()}"
    return f"{head.removesuffix(';').rstrip()} {tail}" if head.endswith(";") else f"{head} {tail}"


def _with_option(text: str, server: Server, line: str) -> str:
    """On a line of its own, or in the line that the block is."""
    end = server.span.end - 1
    head, tail = text[:end].rstrip(), text[end:]
    if "\n" in text[server.span.start : end]:
        return f"{head}\n  {line}\n{tail}"
    return f"{head}{'; ' if server.options else ' '}{line} {tail}"
