"""How rule files are coloured, from the same table and word lists as every editor's grammar."""

from msgspec import Struct

from ccr.api.resource import Call, Operation, Resource
from ccr.routing.colours import ESCAPE, INTERPOLATION, colours, word_lists


class Shape(Struct, frozen=True):
    """`pattern`: a regular expression. `scopes`: one for each of its groups, or one for all of it; "" colours nothing."""

    name: str
    pattern: str
    scopes: tuple[str, ...]


class Colours(Struct, frozen=True):
    """At each place the first shape that fits is taken; strings stand before them. `inside`: what stands in strings.
    `words`: every word that has a meaning, by what it is."""

    shapes: tuple[Shape, ...]
    inside: tuple[Shape, ...]
    words: dict[str, tuple[str, ...]]


async def _colours(call: Call) -> Colours:
    table = colours(call.parts.vocabulary)
    return Colours(
        tuple(Shape(each.name, each.pattern, each.scopes) for each in table),
        tuple(Shape(each.name, each.pattern, each.scopes) for each in (ESCAPE, INTERPOLATION)),
        dict(word_lists(call.parts.vocabulary)),
    )


RESOURCE = Resource(
    "language",
    "The words and shapes of the language, for editors.",
    (Operation("GET", "/language", "How rule files are coloured", _colours, Colours),),
)
