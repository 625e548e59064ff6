"""Help while a rule file is being written: what may stand at the cursor, and what the word under the pointer means.

The same words as `ccr lsp` gives an editor: both ask the desk. Places are code points from the start of the text.
"""

import asyncio
from pathlib import Path

from msgspec import Struct

from ccr.api.resource import Call, Effect, Operation, Resource
from ccr.api.rulefiles import path_of
from ccr.desk.completion import complete
from ccr.desk.desk import Desk, View, normal
from ccr.desk.hover import hover
from ccr.live.codes import codes

MOST = 200
"""Entries that are told; more letters find the others."""


class At(Struct, frozen=True):
    """A place in a file of the user layer as it is being edited."""

    name: str
    text: str
    offset: int


class Word(Struct, frozen=True):
    """`about` is Markdown; `kind` what it is, such as keyword or property."""

    text: str
    kind: str
    detail: str
    about: str


class Words(Struct, frozen=True):
    """`start`: where the word begins that is being written. The best come first; `more` could follow."""

    start: int
    words: tuple[Word, ...]
    more: int


class Meaning(Struct, frozen=True):
    """What is said of the stretch from `start` to `end`, in Markdown; "" is nothing."""

    start: int
    end: int
    text: str


async def _complete(call: Call) -> Words:
    return await asyncio.to_thread(_words, call)


async def _hover(call: Call) -> Meaning:
    return await asyncio.to_thread(_meaning, call)


def _words(call: Call) -> Words:
    asked: At = call.body
    offered = complete(_view(call), _inside(asked))
    begun = asked.text[offered.start : asked.offset].lower()
    having = (each for each in offered.items if begun in each.word.lower())
    fits = sorted(having, key=lambda each: not each.word.lower().startswith(begun))
    told = tuple(Word(each.word, each.kind.value, each.detail, each.doc) for each in fits[:MOST])
    return Words(offered.start, told, len(fits) - len(told))


def _meaning(call: Call) -> Meaning:
    said = hover(_view(call), _inside(call.body), _page)
    return Meaning(said.at.start, said.at.end, said.text) if said is not None else Meaning(0, 0, "")


def _inside(asked: At) -> int:
    return min(max(asked.offset, 0), len(asked.text))


def _view(call: Call) -> View:
    """The file in its world, with this text in its place."""
    live, asked = call.parts.live, call.body
    path: Path = normal(path_of(live, asked.name))
    desk = Desk(live.places, call.parts.vocabulary, live.look)
    desk.put(path, path.as_uri(), asked.text)
    return desk.view(path)


def _page(word: str) -> str | None:
    """The manual page of a finding."""
    found = next((each for each in codes() if word in (each.number, each.name)), None)
    return f"**{found.number} {found.name}**\n\n{found.manual}" if found is not None else None


RESOURCE = Resource(
    "writing",
    "Help while a rule file is being written. It is what `ccr lsp` tells an editor.",
    (
        Operation("POST", "/rules/complete", "What may stand here", _complete, Words, At, effect=Effect.READS),
        Operation("POST", "/rules/hover", "What a word means", _hover, Meaning, At, effect=Effect.READS),
    ),
)
