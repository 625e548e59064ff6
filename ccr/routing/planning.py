"""Decision x catalog x health -> Plan: which targets are tried, in which order, and everything each needs.

Who cannot serve is passed over with the reason in words. Those that rest come only if nothing else is left, the
shortest rest first (rulings 1.3). What is left empty says why: a window too small in the words by which the client
compacts (amendments C.10a), everything else as a refusal a person can read.
"""

from collections.abc import Sequence

from msgspec import Struct, structs

from ccr.facts.facts import Facts
from ccr.facts.health import Health, Rest
from ccr.lang.values import Bounds, Reading, Undecided
from ccr.messages.errors import ApiError, ErrorKind, kind_of_status
from ccr.routing.binding import Candidate, bind, knowing, varies
from ccr.routing.capability import drops_images, those_that_see_first, too_small
from ccr.routing.catalog import called_for, missing_in
from ccr.routing.decision import Decision, Denial, Skip
from ccr.routing.keys import Choice, choose_keys
from ccr.routing.plan import Attempt, Attempts, Plan, Recital
from ccr.routing.recite import recite
from ccr.routing.requested import has_anything
from ccr.routing.scene import ask
from ccr.routing.snapshot import Snapshot
from ccr.routing.targets import DEMO
from ccr.routing.vocabulary import Vocabulary

_MEMO = 4096
"""Attempts kept ready: a client may name any model of a provider."""


class Passed(Struct, frozen=True):
    """A member passed over. `window`: tokens of the largest window, if that was the reason."""

    skip: Skip
    window: int | None = None


class Ready(Struct, frozen=True):
    """A member that can serve, with its keys in the order in which they are tried."""

    candidate: Candidate
    choices: tuple[Choice, ...]

    @property
    def rest(self) -> Rest | None:
        """For this long it should be left alone."""
        return self.choices[0].rest

    @property
    def seconds(self) -> float:
        return self.rest.seconds if self.rest is not None else 0.0


def plan(
    decision: Decision,
    snapshot: Snapshot,
    facts: Facts,
    health: Health,
    vocabulary: Vocabulary,
    *,
    dry_run: bool = False,
) -> Plan | Undecided:
    """The plan, or what has to be found out first. `dry_run`: answer in words, whatever is configured."""
    if decision.denial is not None:
        return Recital(decision, error=_denied(decision.denial), skipped=decision.skipped)
    candidates = _candidates(decision, snapshot)
    if dry_run or not candidates or not _reachable(candidates, snapshot, facts):
        return Recital(decision, text=recite(decision, snapshot, facts), skipped=decision.skipped)
    ordered = _ordered(candidates, decision, facts)
    if isinstance(ordered, Undecided):
        return ordered
    return _planned(ordered, decision, snapshot, facts, health, vocabulary)


def _planned(
    ordered: Sequence[Candidate],
    decision: Decision,
    snapshot: Snapshot,
    facts: Facts,
    health: Health,
    vocabulary: Vocabulary,
) -> Plan | Undecided:
    ready: list[Ready] = []
    passed: list[Passed] = []
    for candidate in ordered:
        found = _look_at(candidate, snapshot, facts, health, vocabulary)
        match found:
            case Undecided():
                return found
            case Ready():
                ready.append(found)
            case Passed():
                passed.append(found)
    chosen = _awake(ready, passed)
    skipped = (*decision.skipped, *(each.skip for each in passed))
    if not chosen:
        return Recital(decision, error=_nothing_left(passed, facts), skipped=skipped)
    attempts = _bound(chosen, decision, snapshot, facts, vocabulary)
    if isinstance(attempts, Undecided):
        return attempts
    back = min((each.seconds for each in ready if each not in chosen), default=None)
    return Attempts(decision, attempts, skipped, back)


def _candidates(decision: Decision, snapshot: Snapshot) -> tuple[Candidate, ...]:
    providers = snapshot.catalog.providers
    return tuple(
        Candidate(
            each, called_for(providers[each.provider], each.wire), providers[each.provider].models.get(each.model)
        )
        for each in decision.chain
        if each.provider != DEMO and each.provider in providers
    )


def _reachable(candidates: Sequence[Candidate], snapshot: Snapshot, facts: Facts) -> bool:
    """Whether there is anything to try: any provider at all, or a local one that a rule names."""
    named = any(each.provider.spec is not None and each.provider.spec.local for each in candidates)
    return named or has_anything(snapshot, facts.inputs.request)


def _ordered(candidates: Sequence[Candidate], decision: Decision, facts: Facts) -> Sequence[Candidate] | Undecided:
    if len(candidates) == 1 or all(each.facts.vision is not False for each in candidates):
        return candidates
    sees = ask(facts, "last.image")
    if isinstance(sees, Undecided):
        return sees
    needs_eyes = bool(sees) and not drops_images(decision.effects)
    return those_that_see_first([(each, each.facts) for each in candidates], needs_eyes)


def _look_at(
    candidate: Candidate, snapshot: Snapshot, facts: Facts, health: Health, vocabulary: Vocabulary
) -> Ready | Passed | Undecided:
    destination, provider = candidate.destination, candidate.provider
    if provider.dialect not in vocabulary.dialects:
        return _pass(candidate, f"the dialect {provider.dialect} is not in this release")
    if missing := missing_in(provider.url):
        return _pass(candidate, f"nothing says its {' and '.join(missing)}")
    choices = choose_keys(provider, destination.wire, facts, snapshot.settings, health)
    if isinstance(choices, str):
        return _pass(candidate, choices)
    small = too_small(candidate.facts, facts.read("tokens")) if candidate.facts.context is not None else None
    if isinstance(small, Undecided):
        return small
    return _pass(candidate, small, candidate.facts.context) if small else Ready(candidate, choices)


def _pass(candidate: Candidate, why: str, window: int | None = None) -> Passed:
    return Passed(Skip(str(candidate.destination), why), window)


def _awake(ready: Sequence[Ready], passed: list[Passed]) -> list[Ready]:
    """Those that do not rest; if all do, the one that rests shortest. The others are noted as passed over."""
    awake = [each for each in ready if each.rest is None]
    chosen = awake or sorted(ready, key=lambda each: each.seconds)[:1]
    for each in ready:
        if each not in chosen and each.rest is not None:
            why = f": {each.rest.why}" if each.rest.why else ""
            passed.append(_pass(each.candidate, f"rests for {each.seconds:.0f}s{why}"))
    return chosen


def _bound(
    chosen: Sequence[Ready], decision: Decision, snapshot: Snapshot, facts: Facts, vocabulary: Vocabulary
) -> tuple[Attempt, ...] | Undecided:
    attempts: list[Attempt] = []
    for number, each in enumerate(chosen, start=1):
        attempt = _attempt(each, number, decision, snapshot, facts, vocabulary)
        if isinstance(attempt, Undecided):
            return attempt
        if attempt.allowance.tpm:
            attempt = structs.replace(attempt, tokens=_at_least(facts.read("tokens")))
        attempts.append(attempt)
        attempts.extend(structs.replace(attempt, key=other.key) for other in each.choices[1:])
    return tuple(attempts)


def _attempt(
    each: Ready, number: int, decision: Decision, snapshot: Snapshot, facts: Facts, vocabulary: Vocabulary
) -> Attempt | Undecided:
    """One of the chosen; where neither rules nor its provider make a difference, it is always the same."""
    assert snapshot.conditions is not None, "a snapshot is made by workspace.load"
    destination, key = each.candidate.destination, each.choices[0].key
    plain = not decision.effects and not varies(each.candidate)
    known: Attempt | None = snapshot.memo.get((destination, key)) if plain else None
    if known is not None:
        return known
    attempt = bind(
        each.candidate,
        key,
        decision.effects,
        knowing(facts, destination, number),
        asked=snapshot.conditions,
        vocabulary=vocabulary,
        limits=snapshot.settings.limits,
        files=snapshot.sources,
    )
    if plain and len(snapshot.memo) < _MEMO:
        snapshot.memo[destination, key] = attempt
    return attempt


# ---- errors -------------------------------------------------------------------------------------------------------


def _denied(denial: Denial) -> ApiError:
    """A denial as the client is told; never to be tried again, or a 429 would be, ten times (amendments C.10d)."""
    return ApiError(kind_of_status(denial.status), denial.message, status=denial.status, final=True)


def _nothing_left(passed: Sequence[Passed], facts: Facts) -> ApiError:
    windows = [each.window for each in passed if each.window is not None]
    if windows and len(windows) == len(passed):
        tokens = _at_least(facts.read("tokens"))
        return ApiError(ErrorKind.CONTEXT_OVERFLOW, f"prompt is too long: {tokens} tokens > {max(windows)} maximum")
    reasons = "; ".join(f"{each.skip.target}: {each.skip.why}" for each in passed)
    return ApiError(ErrorKind.PERMISSION, f"no target of the rule can be tried: {reasons}", final=True)


def _at_least(tokens: Reading) -> int:
    match tokens:
        case Bounds(low, _, _):
            return low
        case int():
            return tokens
        case _:
            return 0
