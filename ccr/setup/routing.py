"""The routing as cards: each scenario with the models it goes to, one after the other, and where that is written.

Reads and writes the lines that `slots` knows: ordinary rules in the person's own file, else `Router` and `fallback` of
config.json. Everything is worked out before anything is written. What cards cannot say, a split or a function in Python, is
shown as it stands and let be.
"""

from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from difflib import unified_diff
from pathlib import Path
from typing import Any

from msgspec import Struct, structs

from ccr.config import edit
from ccr.config import veil as of_json
from ccr.config.edit import NotEdited
from ccr.config.json5 import Node
from ccr.config.keys import LONG_CONTEXT
from ccr.config.slots import SLOTS, THRESHOLD, as_config_says, as_rules_say, further_of, path_of
from ccr.diagnostics import veil as of_rules
from ccr.diagnostics.source import SourceFile
from ccr.lang import ast
from ccr.lang.findings import Mistake
from ccr.lang.literals import value_of
from ccr.lang.tidy import Refused, tidy, untidy
from ccr.lang.types import INT
from ccr.live.files import layer_files, read, read_sources
from ccr.live.paths import Places, shown
from ccr.live.standing import standing
from ccr.routing.surroundings import LayerSources, Sources
from ccr.setup.slots import HEAD, ORDER, Change, Line, ends, lines, quoted, rules_home, with_line

LONG = "longContext"
MARK = (
    "# Routing: written by the web UI and `ccr model`. Ordinary rules, asked in this order: change them as you like.\n"
)
_Texts = MutableMapping[Path, str]


class Card(Struct, frozen=True):
    """`targets`: models and aliases in the order in which they are tried. `place`: FILE:LINE of what says so, "" if nothing
    does. `written`: the target as it stands, where cards cannot say it; then `targets` is empty. `threshold` in tokens, of
    long talks alone."""

    name: str
    targets: tuple[str, ...] = ()
    place: str = ""
    written: str = ""
    threshold: int | None = None


class Wish(Struct, frozen=True):
    """What a card shall be; without targets it is taken out."""

    name: str
    targets: tuple[str, ...] = ()
    threshold: int | None = None


# ---- reading ----------------------------------------------------------------------------------------------------------


def cards(places: Places) -> tuple[Card, ...]:
    """All of them, in the order in which they are asked."""
    files = [read(path) for path in layer_files(places.rules)]
    config = _config(read(places.config)) if places.config.is_file() else None
    return tuple(_card(name, files, config, shown(places.config)) for name in ORDER)


def _card(name: str, files: Sequence[SourceFile], config: Node | None, file: str) -> Card:
    line = next((line for each in files for line in lines(SLOTS[name], each)), None)
    if line is not None:
        return _written(name, line)
    return _configured(name, config, file) if config is not None else _empty(name)


def _empty(name: str) -> Card:
    return Card(name, threshold=LONG_CONTEXT if name == LONG else None)


def _written(name: str, line: Line) -> Card:
    choices = line.target.choices
    plain = tuple(each.text for each in choices if isinstance(each, ast.ModelRef))
    whole = len(plain) == len(choices)
    return Card(
        name,
        plain if whole else (),
        line.place,
        "" if whole else " ".join(line.target.span.text.split()),
        _number(line.limit) if line.limit is not None else None,
    )


def _number(said: ast.Literal) -> int:
    value = value_of(said, INT)
    return LONG_CONTEXT if isinstance(value, Mistake) or not isinstance(value, int) else value


def _configured(name: str, config: Node, file: str) -> Card:
    first, limit = edit.find(config, path_of(SLOTS[name])), edit.find(config, THRESHOLD)
    threshold = (
        (limit.value if limit is not None and isinstance(limit.value, int) else LONG_CONTEXT) if name == LONG else None
    )
    if first is None or not isinstance(first.value, str) or not first.value.strip():
        return Card(name, threshold=threshold)
    further = edit.find(config, further_of(SLOTS[name]))
    others = further.value if further is not None and isinstance(further.value, tuple) else ()
    targets = [first.value, *(each.value for each in others if isinstance(each.value, str))]
    return Card(name, tuple(map(as_rules_say, targets)), f"{file}:{first.span.position[0]}", threshold=threshold)


def _config(file: SourceFile) -> Node | None:
    try:
        return edit.read(file)
    except NotEdited:
        return None


# ---- changing ---------------------------------------------------------------------------------------------------------


def changes(places: Places, wishes: Sequence[Wish]) -> tuple[Change, ...]:
    """The new texts of the files in which something is another than it is. Raises NotEdited."""
    texts: dict[Path, str] = {}
    now = {each.name: each for each in cards(places)}
    for wish in sorted(wishes, key=lambda each: -ORDER.index(each.name)):
        if not _same(wish, now[wish.name]):
            _change(places, texts, wish)
    return tuple(Change(path, _in_style(read(path), text)) for path, text in texts.items() if text != read(path).text)


def _in_style(before: SourceFile, text: str) -> str:
    """A file that was in the one style stays in it, and a new one begins so."""
    if not before.name.endswith(".ccr") or (before.text is not None and untidy(before) is not None):
        return text
    try:
        return tidy(SourceFile(before.name, text))
    except Refused:
        return text


def _same(wish: Wish, card: Card) -> bool:
    if card.written and not wish.targets:
        return True
    return wish.targets == card.targets and (not wish.targets or wish.threshold in (None, card.threshold))


def _change(places: Places, texts: _Texts, wish: Wish) -> None:
    def look(path: Path) -> SourceFile:
        return SourceFile(shown(path), texts[path]) if path in texts else read(path)

    slot, target = SLOTS[wish.name], " or ".join(map(quoted, wish.targets))
    for path in layer_files(places.rules):
        if (line := next(lines(slot, look(path)), None)) is not None:
            texts[path] = _rewritten(look(path).content, line, target, wish.threshold)
            return
    own = rules_home(places, look)
    if places.config.is_file() and not ends(look(own)):
        texts[places.config] = _reconfigured(look(places.config), wish)
    elif wish.targets:
        text = texts.get(own, read(own).content if own.exists() else HEAD)
        condition = f"tokens > {_spelt(wish.threshold or LONG_CONTEXT)}" if wish.name == LONG else ""
        texts[own] = with_line(text, slot, target, condition, MARK if own.exists() else "")


def _rewritten(text: str, line: Line, target: str, threshold: int | None) -> str:
    """With the new target, and the new number of tokens; without one the line goes."""
    if not target:
        return _without(text, line)
    spans = [(line.target.span, target)]
    if line.limit is not None and threshold is not None and threshold != _number(line.limit):
        spans.append((line.limit.span, _spelt(threshold)))
    for span, fresh in sorted(spans, key=lambda each: -each[0].start):
        text = text[: span.start] + fresh + text[span.end :]
    return text


def _without(text: str, line: Line) -> str:
    """Its line goes too, with the remark behind it, where nothing else stands there."""
    start, end = line.statement.span.start, line.statement.span.end
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    rest = text[end:last] if last >= 0 else text[end:]
    alone = not text[first:start].strip() and (not rest.strip() or rest.lstrip().startswith("#"))
    return text[:first] + (text[last + 1 :] if last >= 0 else "") if alone else text[:start] + text[end:]


def _reconfigured(file: SourceFile, wish: Wish) -> str:
    spots: list[tuple[tuple[str, ...], Any]] = [
        (path_of(SLOTS[wish.name]), as_config_says(wish.targets[0]) if wish.targets else None),
        (further_of(SLOTS[wish.name]), [as_config_says(each) for each in wish.targets[1:]] or None),
    ]
    if wish.name == LONG and wish.targets and wish.threshold is not None:
        spots.append((THRESHOLD, wish.threshold))
    for path, value in spots:
        text = edit.take(file, path) if value is None else edit.put(file, path, value)
        file = structs.replace(file, text=text)
    return file.content


def _spelt(tokens: int) -> str:
    return f"{tokens // 1000}k" if tokens % 1000 == 0 else str(tokens)


# ---- looked at --------------------------------------------------------------------------------------------------------


def with_changes(places: Places, changed: Sequence[Change]) -> Sources:
    """The world as it will be."""
    texts = {each.path: each.file for each in changed}
    base = read_sources(places, lambda path: texts.get(path) or read(path))
    if places.config in texts and base.config is None:
        base = structs.replace(base, config=texts[places.config])
    own = next((layer for layer in base.layers if layer.name == "user"), LayerSources("user", ()))
    files: Mapping[str, SourceFile] = {file.name: file for file in own.files} | {
        file.name: file for path, file in texts.items() if path != places.config
    }
    if not files:
        return base
    return standing(base, structs.replace(own, files=tuple(files[name] for name in sorted(files))))


def differing(places: Places, change: Change) -> Iterator[str]:
    """The lines that are new, behind `+`, and those they stand for, behind `-`; keys are stars."""
    old = read(change.path) if change.path.exists() else SourceFile(change.file.name, "")
    veil = of_json if change.path == places.config else of_rules
    before, after = (veil.veiled(file).content.splitlines() for file in (old, change.file))
    told = list(unified_diff(before, after, n=1, lineterm=""))[2:]
    yield from (line for line in told if not line.startswith("@@"))
