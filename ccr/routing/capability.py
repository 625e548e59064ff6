"""Whether a target can serve a request as it will leave, by what is known of its model: eyes and window.

Images before the last user message become a line of text and keep nobody out; those who see come before those who do
not (amendments C.10b, rulings 1.3). A window is compared with bounds of the tokens first, so that counting happens
only when it matters (acceptance E3).
"""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from ccr.lang.values import Bounds, Reading, Undecided, Unknown
from ccr.providers.spec import ModelSpec
from ccr.routing.effects import DESCRIBES, DropField, Effect, Rewrite
from ccr.routing.wording import short

T = TypeVar("T")


def those_that_see_first(members: Sequence[tuple[T, ModelSpec]], needs_eyes: bool) -> tuple[T, ...]:
    """The members in order, text models after the others if the last user message holds an image."""
    blind = {id(each) for each, facts in members if needs_eyes and facts.vision is False}
    return tuple(sorted((each for each, _ in members), key=lambda each: id(each) in blind))


def drops_images(effects: Iterable[Effect]) -> bool:
    """Whether the rules take every image out, or put it into words, before anything is sent."""
    return any(each.condition is None and _takes_out(each) for each in effects)


def _takes_out(effect: Effect) -> bool:
    match effect:
        case DropField(field="images"):
            return True
        case Rewrite(name=name):
            return name == DESCRIBES
        case _:
            return False


def too_small(facts: ModelSpec, tokens: Reading) -> str | Undecided | None:
    """Why the window is too small: `context 90k > 64k`; None if it is not, or not known to be."""
    if facts.context is None:
        return None
    match tokens:
        case Bounds(low, high, question) if low <= facts.context < high:
            return Undecided("tokens", question, facts.context)
        case Bounds(low, _, _):
            return _words(low, facts.context) if low > facts.context else None
        case Unknown(question):
            return Undecided("tokens", question, facts.context)
        case int():
            return _words(tokens, facts.context) if tokens > facts.context else None
        case _:
            return None


def _words(tokens: int, window: int) -> str:
    return f"context {short(tokens)} > {short(window)}"
