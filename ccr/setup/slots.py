"""Fills a slot of the routing: the person's own rule file if one says that line, or a default behind which config.json is
never asked; else config.json, else a new rule file.

Everything is worked out before anything is written: a `Change` is the whole new text of one file, which its caller loads,
shows and writes.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from ccr.config.edit import put
from ccr.config.slots import SLOTS, Slot, as_config_says, filled, path_of
from ccr.diagnostics.source import SourceFile
from ccr.lang import ast
from ccr.lang.format import bare
from ccr.lang.syntax import parse
from ccr.live.files import layer_files, read
from ccr.live.paths import Places, shown

ROUTES = "10-routes.ccr"
ORDER = ("image", "longContext", "background", "webSearch", "think", "default")
"""In which slots are asked, as in config.json: what comes first wins."""
_LONG = "longContext"
HEAD = "# Written by `ccr model`. Change it while Claude Code runs; `ccr check` reads it over.\n"


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
    written = next((line for file in files for line in lines(slot, file)), None)
    if written is not None:
        return Filled(slot, written.target.span.text.strip(), written.place)
    assert isinstance(said, dict)
    target, line = said.get(slot.name, ("", 0))
    return Filled(slot, target, f"{config}:{line}" if target else "")


def fill(places: Places, slot: Slot, target: str) -> Change:
    """What puts `provider/model` into the slot. Raises NotEdited where config.json cannot be changed."""
    for path in layer_files(places.rules):
        file = read(path)
        if (line := next(lines(slot, file), None)) is not None:
            span = line.target.span
            return Change(path, file.content[: span.start] + quoted(target) + file.content[span.end :])
    own = rules_home(places, read)
    if places.config.is_file() and not ends(read(own)):
        config = read(places.config)
        return Change(places.config, put(config, path_of(slot), as_config_says(target)))
    return Change(own, with_line(read(own).content if own.exists() else HEAD, slot, quoted(target)))


def rules_home(places: Places, look: Callable[[Path], SourceFile]) -> Path:
    """Where a new line of the routing goes: into the file whose default it has to stand before, else into a file of its
    own."""
    files = layer_files(places.rules)
    if (ending := next((path for path in files if ends(look(path))), None)) is not None:
        return ending
    return places.rules / ROUTES if places.rules.is_dir() or not places.rules.exists() else places.rules


def ends(file: SourceFile) -> bool:
    """Whether a default ends the layer in this file: nothing of config.json is asked then."""
    return file.text is not None and any(isinstance(each, ast.Default) for each in parse(file)[0].statements)


def quoted(target: str) -> str:
    """As a rule file says it."""
    plain = all(char.isalnum() or char in "_.:@/-" for char in target) and target.isascii() and target[:1].isalpha()
    return target if plain else '"' + target.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Line(Struct, frozen=True):
    """The statement that is a slot's line. `limit`: the number of tokens, where it is the one of long talks."""

    statement: ast.When | ast.Default
    target: ast.Target
    limit: ast.Literal | None = None

    @property
    def place(self) -> str:
        return f"{self.target.span.file.name}:{self.statement.span.position[0]}"


def lines(slot: Slot, file: SourceFile) -> Iterator[Line]:
    """The statements of a file that are this slot's line, whatever the number of tokens is."""
    wanted = _condition(slot)
    for statement in parse(file)[0].statements:
        match statement:
            case ast.Default(action=ast.Route(target=target)) if wanted is None:
                yield Line(statement, target)
            case ast.When(condition=ast.Compare() as test, body=(ast.Route(target=target),)) if slot.name == _LONG:
                if (test.attribute.text, test.operator) == ("tokens", ">"):
                    yield Line(statement, target, test.value)
            case ast.When(condition=condition, body=(ast.Route(target=target),)) if wanted is not None:
                if bare(condition) == wanted:
                    yield Line(statement, target)


def _condition(slot: Slot) -> object:
    if not slot.condition:
        return None
    (statement,) = parse(SourceFile("slot", f"when {slot.condition} route a/b\n"))[0].statements
    assert isinstance(statement, ast.When), "a slot's condition is one"
    return bare(statement.condition)


def with_line(text: str, slot: Slot, target: str, condition: str = "", mark: str = "") -> str:
    """The text with the slot's line before those that are asked after it, and before a default, because a condition there
    would read as if it came too late. `target` as a rule file says it; `condition` in the place of the slot's own; `mark`
    is a comment above the first line of a slot."""
    said = condition or slot.condition
    line = f"when {said}   route {target}\n" if said else f"default route {target}\n"
    text = text if text.endswith("\n") or not text else text + "\n"
    file = SourceFile(ROUTES, text)
    known = [found for name in ORDER for found in lines(SLOTS[name], file) if SLOTS[name].condition]
    line = line if known or not slot.condition else mark + line
    later = ORDER[ORDER.index(slot.name) + 1 :]
    behind = [found.statement.span.start for name in later for found in lines(SLOTS[name], file)]
    behind += [each.span.start for each in parse(file)[0].statements if isinstance(each, ast.Default)]
    if not behind or not slot.condition:
        return text + line
    start = text.rfind("\n", 0, min(behind)) + 1
    return text[:start] + line + text[start:]
