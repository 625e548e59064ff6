"""A change to a config.json as edits of its text: everything else, comments and `$VARIABLE`s too, stays as it stood.

A place is a path of keys and of positions in lists; keys are found as they are read, in any case. Objects on the way that
are not there are made. What is written is JSON, indented like what stands around it. (Rulings 2.3.)
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from ccr.config.json5 import Node, Pair, Table, read_json5
from ccr.config.keys import plain
from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.source import SourceFile

Path = Sequence[str | int]
_REST_OF_LINE = re.compile(r"[ \t]*(?:/\*[^\n]*?\*/[ \t]*)*(?://[^\n\r]*)?(?=\r?\n|\Z)")
_GAP = re.compile(r"(?:[\s\ufeff]+|//[^\n\r]*|/\*[\s\S]*?\*/)*")
_STEP = "  "


class NotEdited(Exception):
    """The text cannot be changed there: it is no JSON5, or something else stands in the way. The text is for people."""

    def __init__(self, message: str, findings: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


def read(file: SourceFile) -> Node:
    """The document; raises NotEdited with the findings."""
    node, findings = read_json5(file)
    if node is None or any(each.level is Severity.ERROR for each in findings):
        raise NotEdited(f"{file.name} cannot be read as JSON", findings)
    return node


def find(node: Node, path: Path) -> Node | None:
    """What stands at a place; of a key that stands twice the later one, which holds."""
    for part in path:
        inner = _within(node, part)
        if inner is None:
            return None
        node = inner
    return node


def put(file: SourceFile, path: Path, value: Any) -> str:
    """The text with `value` (anything JSON can say) at the place. Raises NotEdited."""
    root, text = read(file), file.content
    node = root
    for at, part in enumerate(path):
        inner = _within(node, part)
        if inner is None:
            return _added(text, node, part, _nested(path[at + 1 :], value), file.name)
        node = inner
    return _replaced(text, node, value)


def append(file: SourceFile, path: Path, value: Any) -> str:
    """The text with one more item at the end of the list at the place, which is made if it is not there."""
    node = find(read(file), path)
    if node is None:
        return put(file, path, [value])
    if not isinstance(node.value, tuple):
        raise NotEdited(f"`{_shown(path)}` is no list")
    return _into(file.content, node, [each.span.end for each in node.value], "", value)


def take(file: SourceFile, path: Path) -> str:
    """The text without the key or item at the place, its comma, and its line if nothing else stands there. Unchanged if
    there is none."""
    *above, last = path
    holder = find(read(file), above)
    if holder is None or _within(holder, last) is None:
        return file.content
    spans = [(_start(pair), pair.node.span.end) for pair in _pairs(holder)] or [
        (each.span.start, each.span.end) for each in _items(holder)
    ]
    at = last if isinstance(last, int) else _index(holder, last)
    return _without(file.content, *spans[at])


# ---- places -----------------------------------------------------------------------------------------------------------


def _within(node: Node, part: str | int) -> Node | None:
    if isinstance(part, int):
        items = _items(node)
        return items[part] if 0 <= part < len(items) else None
    at = _index(node, part)
    return _pairs(node)[at].node if at >= 0 else None


def _index(node: Node, key: str) -> int:
    """Where the key stands; the exact one first, then one that is read alike. -1 if nowhere."""
    keys = [pair.key for pair in _pairs(node)]
    for same in (lambda each: each == key, lambda each: plain(each) == plain(key)):
        found = [at for at, each in enumerate(keys) if same(each)]
        if found:
            return found[-1]
    return -1


def _pairs(node: Node) -> tuple[Pair, ...]:
    return node.value.pairs if isinstance(node.value, Table) else ()


def _items(node: Node) -> tuple[Node, ...]:
    return node.value if isinstance(node.value, tuple) else ()


def _start(pair: Pair) -> int:
    return pair.at.start


def _shown(path: Path) -> str:
    return ".".join(map(str, path))


def _nested(path: Path, value: Any) -> Any:
    for part in reversed(path):
        value = {part: value} if isinstance(part, str) else [value]
    return value


# ---- edits ------------------------------------------------------------------------------------------------------------


def _replaced(text: str, node: Node, value: Any) -> str:
    start, end = node.span.start, node.span.end
    return text[:start] + _indented(_written(value), _indent_at(text, start)) + text[end:]


def _added(text: str, node: Node, part: str | int, value: Any, name: str) -> str:
    if isinstance(part, int):
        if not isinstance(node.value, tuple) or part != len(node.value):
            raise NotEdited(f"{name} has no item {part} there")
        return _into(text, node, [each.span.end for each in node.value], "", value)
    if not isinstance(node.value, Table):
        raise NotEdited(f"something else than an object stands where `{part}` would go in {name}")
    return _into(text, node, [pair.node.span.end for pair in _pairs(node)], f"{json.dumps(part)}: ", value)


def _into(text: str, holder: Node, ends: list[int], key: str, value: Any) -> str:
    """The value, behind its key if it has one, as the last thing between the brackets of `holder`."""
    piece = key + _written(value)
    start, end = holder.span.start, holder.span.end
    if not ends:
        inside = text[start + 1 : end - 1]
        lead = _indent_at(text, start)
        body = _newline(text) + lead + _STEP + _indented(piece, lead + _STEP)
        return text[: start + 1] + inside.rstrip() + body + _newline(text) + lead + text[end - 1 :]
    last = ends[-1]
    gap = _GAP.match(text, last)
    comma = gap.end() if gap is not None and text[gap.end() : gap.end() + 1] == "," else -1
    if "\n" not in text[start:last]:
        behind = comma + 1 if comma >= 0 else last
        return (
            text[:behind]
            + ("" if comma >= 0 else ",")
            + f" {key}{json.dumps(value, ensure_ascii=False)}"
            + text[behind:]
        )
    lead = _indent_at(text, last if len(ends) == 1 else ends[-1], holder)
    if comma < 0:
        text, end = text[:last] + "," + text[last:], end + 1
        comma = last
    rest = _REST_OF_LINE.match(text, comma + 1)
    behind = rest.end() if rest is not None else comma + 1
    return text[:behind] + _newline(text) + lead + _indented(piece, lead) + text[behind:]


def _without(text: str, start: int, end: int) -> str:
    """Without what stands there and the comma that parts it from the next, or from the one before; where it has lines of
    its own, these go, with the remark behind it."""
    gap = _GAP.match(text, end)
    after = gap.end() if gap is not None else end
    is_last = text[after : after + 1] != ","
    end = end if is_last else after + 1
    line = text.rfind("\n", 0, start) + 1
    rest = _REST_OF_LINE.match(text, end)
    if not text[line:start].strip() and rest is not None and rest.end() < len(text):
        start, end = line, text.index("\n", rest.end()) + 1
    elif not is_last:
        end = len(text) - len(text[end:].lstrip(" "))
    before = text[:start].rstrip()
    if is_last and before.endswith(","):
        kept = "" if start != line or line == 0 else text[len(before) : start]
        return before[:-1] + kept + text[end:]
    return text[:start] + text[end:]


def _written(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=len(_STEP))


def _indented(piece: str, lead: str) -> str:
    return piece.replace("\n", "\n" + lead)


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _indent_at(text: str, at: int, holder: Node | None = None) -> str:
    """The blanks that the line of a place begins with; of an item in brackets, those of the first that has its own line."""
    if holder is not None:
        starts = [_start(pair) for pair in _pairs(holder)] or [each.span.start for each in _items(holder)]
        for start in starts:
            line = text.rfind("\n", 0, start) + 1
            if not text[line:start].strip():
                return text[line:start]
    line = text.rfind("\n", 0, at) + 1
    return (
        text[line : len(text) - len(text[line:].lstrip(" \t"))]
        if text[line:at].strip() or holder is None
        else text[line:at]
    )
