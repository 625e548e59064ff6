"""What comes after a failed attempt: the same again, the next target, or the end. One table, read from the top.

Asked only while the client has seen no content. The window a target has decides after an overflow: only a larger one is
worth a try (acceptance H1). In the end the client is told the most useful of the failures, not the last.
"""

import re
from collections.abc import Callable

from msgspec import Struct, structs

from ccr.exchange.failure import CONSEQUENCES, DROPPED, Failure
from ccr.messages.errors import ApiError, ErrorKind
from ccr.routing.plan import Attempt


class Repeat(Struct, frozen=True):
    """The same target once more, its history without thinking."""


class Again(Struct, frozen=True):
    """The same target once more, after a point in [base, base + spread] seconds."""

    base: float
    spread: float


class Next(Struct, frozen=True):
    index: int


class GiveUp(Struct, frozen=True):
    pass


Move = Repeat | Again | Next | GiveUp


class Position(Struct, frozen=True):
    """Where the exchange stands: which attempt failed, how often it was repeated in place, whether it was mended."""

    attempts: tuple[Attempt, ...]
    index: int
    retried: int = 0
    retries: int | None = None
    """How often a rule lets it be repeated in place; None: no rule says."""
    mended: bool = False
    thinks: bool = False
    """The request as it left had thinking in it."""

    @property
    def attempt(self) -> Attempt:
        return self.attempts[self.index]

    @property
    def others(self) -> range:
        """The attempts from the next target on: those after this one's other keys."""
        here = self.attempt.destination
        later = range(self.index + 1, len(self.attempts))
        first = next((at for at in later if self.attempts[at].destination != here), len(self.attempts))
        return range(first, len(self.attempts))


Row = Callable[[Failure, Position], Move | None]


def after(failure: Failure, position: Position) -> Move:
    """The first row that answers."""
    return next(move for row in _TABLE if (move := row(failure, position)) is not None)


_SIGNATURE = re.compile(
    r"signature.*thinking|thinking.*signature|expected `?thinking|thought.?signature|encrypted content .*could not be (?:verified|decrypted)",
    re.IGNORECASE | re.DOTALL,
)
_LONGEST_WAIT = 8.0
_NUMBERS = re.compile(r"> (\d+) maximum")


def _mend_thinking(failure: Failure, position: Position) -> Move | None:
    """A 400 about signed or encrypted thinking: once more without it (acceptance C1). The texts are Anthropic's
    (https://docs.anthropic.com/en/docs/build-with-claude/extended-thinking#preserving-thinking-blocks) that of
    Responses (openai/codex#8145), and Gemini's (https://ai.google.dev/gemini-api/docs/thought-signatures)."""
    error = failure.error
    about = error.kind is ErrorKind.INVALID_REQUEST and _SIGNATURE.search(error.message)
    return Repeat() if about and position.thinks and not position.mended else None


def _stay(failure: Failure, position: Position) -> Move | None:
    """In place, as often as a rule allows or the table says, unless the provider asks for a wait longer than a person's
    patience, or asks not to be asked again."""
    error = failure.error
    wait = error.retry_after if error.retry_after is not None else 0.5 * 2**position.retried
    allowed = not error.final and not failure.ours and position.retried < _budget(failure, position)
    return Again(wait, max(wait / 2, 0.1)) if allowed and wait <= _LONGEST_WAIT else None


def _budget(failure: Failure, position: Position) -> int:
    """How often it may be repeated in place."""
    consequence = CONSEQUENCES[failure.error.kind]
    if position.retries is not None:
        return position.retries if consequence.retries else 0
    if failure.dropped:
        return DROPPED
    is_last = position.index + 1 == len(position.attempts)
    return max(consequence.at_once, consequence.at_last if is_last else 0)


def _find_larger(failure: Failure, position: Position) -> Move | None:
    error = failure.error
    if error.kind is not ErrorKind.CONTEXT_OVERFLOW:
        return None
    overflown = _window(position.attempt) or _maximum(error.message)
    larger = (
        index
        for index in range(position.index + 1, len(position.attempts))
        if overflown and (_window(position.attempts[index]) or 0) > overflown
    )
    found = next(larger, None)
    return GiveUp() if found is None else Next(found)


def _tell_another(failure: Failure, position: Position) -> Move | None:
    """A request that only this target cannot be told: it has not left, and another may take it (acceptance G4)."""
    mistaken = failure.ours and failure.error.kind is ErrorKind.INVALID_REQUEST
    return Next(position.others[0]) if mistaken and position.others else None


def _go_on(failure: Failure, position: Position) -> Move | None:
    """The next key if that may help, else the next target."""
    consequence = CONSEQUENCES[failure.error.kind]
    by_key = consequence.by_key and not failure.ours
    left = range(position.index + 1, len(position.attempts)) if by_key else position.others
    return Next(left[0]) if consequence.falls_back and left else None


def _end(failure: Failure, position: Position) -> Move | None:
    return GiveUp()


_TABLE: tuple[Row, ...] = (_mend_thinking, _stay, _find_larger, _tell_another, _go_on, _end)


def _window(attempt: Attempt) -> int | None:
    return attempt.profile.context or attempt.facts.context


def _maximum(message: str) -> int | None:
    found = _NUMBERS.search(message)
    return int(found[1]) if found else None


# What helps a person or a client most, first: wait; wait a little; mend the setup; somebody's fault.
_USEFUL = (
    ErrorKind.CONTEXT_OVERFLOW,
    ErrorKind.RATE_LIMITED,
    ErrorKind.OVERLOADED,
    ErrorKind.SERVER,
    ErrorKind.TIMEOUT,
    ErrorKind.BAD_GATEWAY,
    ErrorKind.TRUNCATED,
    ErrorKind.BILLING,
    ErrorKind.AUTHENTICATION,
    ErrorKind.PERMISSION,
    ErrorKind.NOT_FOUND,
    ErrorKind.UNREACHABLE,
)


def most_useful(failures: tuple[Failure, ...], back: float | None = None) -> ApiError:
    """What the client is told when all has failed: one of them, with the soonest `retry-after` and the others' words.

    `back`: seconds until a target that was passed over because it rests may be tried. A failure that ends the chain (a
    400) is the answer itself. At least one failure must be given."""
    last = failures[-1]
    chosen = last if not CONSEQUENCES[last.error.kind].falls_back else min(failures, key=_rank)
    told = (*(each.error.retry_after for each in failures), back)
    soonest = min((each for each in told if each is not None), default=None)
    others = [each.error.message for each in failures if each is not chosen]
    words = f"{chosen.error.message}; also tried: {'; '.join(others)}" if others else chosen.error.message
    keeps = CONSEQUENCES[chosen.error.kind].retries
    return structs.replace(chosen.error, message=words, retry_after=soonest if keeps else chosen.error.retry_after)


def _rank(failure: Failure) -> int:
    return _USEFUL.index(failure.error.kind) if failure.error.kind in _USEFUL else len(_USEFUL)
