"""Where the cursor stands in a text that may be half-typed: what the grammar would take there, and behind which words.

The grammar itself is asked. Where what stands above is broken, the broken part is left out until the rest is the
beginning of something good.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from ccr.lang.pieces import STATEMENTS, Scrap, cut, scraps
from ccr.lang.syntax import accepted

_TYPED = re.compile(r"[A-Za-z0-9_.:@+/*-]*\Z")
_HOLE = re.compile(r"\{[a-z][\w.-]*\Z|\{\Z")
_OPENS, _CLOSES = "{", "}"


class Place(Struct, frozen=True):
    """`start` is where the word begins that is being typed. `words` are the rough tokens of the statement before it,
    `block` the word of the block around it ("" outside). `accepts` holds the grammar's names of what may stand here."""

    start: int
    accepts: frozenset[str]
    words: tuple[Scrap, ...]
    block: str = ""
    text: str | None = None
    """Inside quotes: what stands between the opening one and the cursor."""

    @property
    def last(self) -> str:
        return self.words[-1].text if self.words else ""

    @property
    def first(self) -> str:
        return self.words[0].text if self.words else ""


def place_at(text: str, offset: int) -> Place | None:
    """None inside a comment."""
    before = text[:offset]
    around = next(
        (s for s in scraps(text) if s.start < offset < s.end or (s.start < offset == s.end and _open(s))), None
    )
    if around is not None and around.kind == "comment":
        return None
    if around is not None and around.kind in ("string", "open"):
        return _in_quotes(text, offset, around)
    start = offset - len(_TYPED.search(before)[0])  # type: ignore[index]  # it matches at every end
    stack, words = _around(before[:start])
    return Place(start, _accepts(before[:start]), words, stack[-1] if stack else "")


def _open(scrap: Scrap) -> bool:
    return scrap.kind in ("comment", "open")


def _in_quotes(text: str, offset: int, around: Scrap) -> Place:
    stack, words = _around(text[: around.start])
    opening = 3 if around.text.startswith('"""') else 1
    inside = text[around.start + opening : offset]
    hole = _HOLE.search(inside)
    start = offset - len(hole[0]) + 1 if hole else around.start + opening
    return Place(start, frozenset({"HOLE"} if hole else {"QUOTED"}), words, stack[-1] if stack else "", inside)


def _around(before: str) -> tuple[list[str], tuple[Scrap, ...]]:
    """The words of the open blocks, outermost first, and the tokens of the statement that is being written."""
    stack: list[str] = []
    words: list[Scrap] = []
    pieces = cut(before, 0, len(before))
    for scrap in scraps(before[pieces[-1].start :] if pieces else ""):
        if scrap.kind == "comment":
            continue
        if scrap.text == _OPENS and scrap.kind == "mark":
            stack.append(_leading(words))
            words = []
        elif scrap.text == _CLOSES and scrap.kind == "mark":
            words = []
            stack = stack[:-1]
        elif scrap.text == ";" or (scrap.kind == "newline" and _ended(words)):
            words = []
        elif scrap.kind != "newline":
            words.append(scrap)
    return stack, tuple(words)


def _leading(words: list[Scrap]) -> str:
    return next((each.text for each in words if each.text in STATEMENTS or each.text == "model"), "")


def _ended(words: list[Scrap]) -> bool:
    """A `when` without its action goes on in the next line; so does what ends in an operator."""
    return bool(words) and not (words[0].text == "when" and not any(each.text in _ACTIONS for each in words))


_ACTIONS = frozenset(["route", "deny", "set", "drop", "use", "tag", "only", "never"])


def _accepts(before: str) -> frozenset[str]:
    return next((found for text in _readings(before) if (found := accepted(text))), frozenset())


def _readings(before: str) -> Iterator[str]:
    """The statement up to here; then with what is broken left out of it, line by line."""
    pieces = cut(before, 0, len(before))
    text = before[pieces[-1].start :] if pieces else ""
    yield text
    stack, words = _around(before)
    if stack and pieces:
        heads = "".join(_HEADS.get(each, "when x { ") for each in stack)
        line = before[pieces[-1].start + words[0].start :] if words else ""
        yield heads + line
    if words and pieces:
        yield before[pieces[-1].start + words[0].start :]
    if text.endswith("\n") or not words:
        yield ""


_HEADS = {
    "when": "when x { ",
    "provider": "provider x { ",
    "model": "model x { ",
    "server": "server { ",
    "user": "user x { ",
    "expect": "expect x for { ",
}
