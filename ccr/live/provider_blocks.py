"""`provider NAME { … }` blocks in the person's rule files: one more, or one less, as the text that the file would then have.

Nothing is written here. Whoever writes loads the sources with the new text first (`sources_with`), so that no edit of ours
takes rules out of force.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct, structs

from ccr.diagnostics.source import SourceFile
from ccr.lang.ast import Provider
from ccr.lang.syntax import parse
from ccr.lang.tidy import Refused, tidy
from ccr.live.files import layer_files, read, read_sources
from ccr.live.paths import Places, shown
from ccr.live.standing import standing
from ccr.routing.surroundings import LayerSources, Sources

FILE = "00-providers.ccr"
"""Where blocks are added: before the rules, because files are read by name."""
NAME = re.compile(r"[a-z][a-z0-9_-]*")
_HEAD = "# Providers, added by `ccr providers add`. Keys stand elsewhere: `ccr key set NAME`.\n"


class Edit(Struct, frozen=True):
    """A rule file and the text it gets; `before` is what it has, "" if it is not there."""

    path: Path
    before: str
    after: str


class Block(Struct, frozen=True):
    """A block that stands in a rule file; `line` counts from 1."""

    path: Path
    line: int
    edit: Edit
    """What takes it away."""


def block(
    name: str, url: str = "", dialect: str = "", variable: str = "", models: Iterable[str] = (), keyless: bool = False
) -> str:
    """The block, as `ccr fmt` writes it."""
    listed = ", ".join(quoted(each) for each in models)
    options = (
        ("url", quoted(url) if url else ""),
        ("dialect", dialect),
        ("key", f"env.{variable}" if variable else ""),
        ("auth", "none" if keyless else ""),
        ("models", f"[{listed}]" if listed else ""),
    )
    lines = "".join(f"{option} = {value}\n" for option, value in options if value)
    text = f"provider {name} {{\n{lines}}}\n"
    try:
        return tidy(SourceFile(FILE, text))
    except Refused:  # what was said is no option's value; whoever loads it tells that
        return text


def quoted(text: str) -> str:
    """A text as it stands in a rule file."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def adding(places: Places, text: str) -> Edit:
    """The block in the file for it, or in the one rule file that there is."""
    path = places.rules if places.rules.is_file() else places.rules / FILE
    before = read(path).text or ""
    start = before if before.strip() else _HEAD
    return Edit(path, before, start + ("" if start.endswith("\n") else "\n") + "\n" + text)


def find(places: Places, name: str) -> Block | None:
    """The block of that name in the person's own rule files."""
    for path in layer_files(places.rules):
        file = read(path)
        for statement in parse(file)[0].statements:
            if isinstance(statement, Provider) and statement.name.text == name:
                edit = Edit(path, file.content, without(file.content, statement.span.start, statement.span.end))
                return Block(path, statement.span.position[0], edit)
    return None


def without(text: str, start: int, end: int) -> str:
    """The text without a statement, the rest of its last line if that is empty, and one of two blank lines around it."""
    head, tail = text[:start], text[end:]
    line_end = re.match(r"[ \t;]*(\r?\n|$)", tail)
    tail = tail[line_end.end() :] if line_end else tail
    if head.endswith(("\n\n", "\r\n\r\n")) or not head:
        tail = re.sub(r"^(\r?\n)+", "", tail)
    return head + tail


def sources_with(places: Places, edit: Edit) -> Sources:
    """The sources as they would be."""
    changed = SourceFile(shown(edit.path), edit.after)
    sources = read_sources(places, lambda each: changed if each == edit.path else read(each))
    own = next((layer for layer in sources.layers if layer.name == "user"), LayerSources("user", ()))
    files = [*(file for file in own.files if file.name != changed.name), changed]
    return standing(sources, structs.replace(own, files=tuple(sorted(files, key=lambda file: file.name))))
