"""Fills a slot of the routing: the person's own rule file if one says that line, else config.json, else a new rule file.

Everything is worked out before anything is written: a `Change` is the whole new text of one file, which its caller loads,
shows and writes.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from ccr.config.edit import put
from ccr.config.slots import SLOTS, Slot, as_config_says, filled, path_of
from ccr.diagnostics.source import SourceFile, Span
from ccr.lang import ast
from ccr.lang.format import bare
from ccr.lang.syntax import parse
from ccr.live.files import layer_files, read
from ccr.live.paths import Places, shown

ROUTES = "10-routes.ccr"
_HEAD = "# Written by `ccr model`. Change it while Claude Code runs; `ccr check` reads it over.\n"


class Filled(Struct, frozen=True):
    """A slot and what is in it; `target` "" if nothing. `place` is FILE:LINE."""

    slot: Slot
    target: str = ""
    place: str = ""


class Change(Struct, frozen=True):
    """The new text of a file, which may not be there yet."""

    path: Path
    text: str

    @property
    def file(self) -> SourceFile:
        return SourceFile(shown(self.path), self.text)


def slots(places: Places) -> tuple[Filled, ...]:
    """All slots, as the person's own rules have them, else config.json."""
    files = [read(path) for path in layer_files(places.rules)]
    config = read(places.config) if places.config.is_file() else None
    said = filled(config) if config is not None else {}
    return tuple(_filled(slot, files, said, shown(places.config)) for slot in SLOTS.values())


def _filled(slot: Slot, files: Sequence[SourceFile], said: object, config: str) -> Filled:
    written = next(_lines(slot, files), None)
    if written is not None:
        place = f"{written.file.name}:{written.position[0]}"
        return Filled(slot, written.text.strip(), place)
    assert isinstance(said, dict)
    target, line = said.get(slot.name, ("", 0))
    return Filled(slot, target, f"{config}:{line}" if target else "")


def fill(places: Places, slot: Slot, target: str) -> Change:
    """What puts `provider/model` into the slot. Raises NotEdited where config.json cannot be changed."""
    paths = layer_files(places.rules)
    for path in paths:
        file = read(path)
        if (span := next(_lines(slot, [file]), None)) is not None:
            return Change(path, file.content[: span.start] + quoted(target) + file.content[span.end :])
    if places.config.is_file():
        config = read(places.config)
        return Change(places.config, put(config, path_of(slot), as_config_says(target)))
    path = places.rules / ROUTES if places.rules.is_dir() or not places.rules.exists() else places.rules
    return Change(path, _with_line(read(path).content if path.exists() else _HEAD, slot, target))


def quoted(target: str) -> str:
    """As a rule file says it."""
    plain = all(char.isalnum() or char in "_.:@/-" for char in target) and target.isascii() and target[:1].isalpha()
    return target if plain else '"' + target.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _lines(slot: Slot, files: Sequence[SourceFile]) -> Iterator[Span]:
    """The targets of the statements that are this slot's line."""
    wanted = _condition(slot)
    for file in files:
        for statement in parse(file)[0].statements:
            match statement:
                case ast.Default(action=ast.Route(target=target)) if wanted is None:
                    yield target.span
                case ast.When(condition=condition, body=(ast.Route(target=target),)) if wanted is not None:
                    if bare(condition) == wanted:
                        yield target.span


def _condition(slot: Slot) -> object:
    if not slot.condition:
        return None
    (statement,) = parse(SourceFile("slot", f"when {slot.condition} route a/b\n"))[0].statements
    assert isinstance(statement, ast.When), "a slot's condition is one"
    return bare(statement.condition)


def _with_line(text: str, slot: Slot, target: str) -> str:
    """The text with the slot's line: before a default, because a condition there would read as if it came too late."""
    line = (
        f"when {slot.condition}   route {quoted(target)}\n" if slot.condition else f"default route {quoted(target)}\n"
    )
    text = text if text.endswith("\n") or not text else text + "\n"
    file = SourceFile(ROUTES, text)
    default = next((each for each in parse(file)[0].statements if isinstance(each, ast.Default)), None)
    if default is None or not slot.condition:
        return text + line
    start = text.rfind("\n", 0, default.span.start) + 1
    return text[:start] + line + text[start:]
