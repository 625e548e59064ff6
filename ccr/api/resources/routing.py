"""The routing as cards: which models each kind of request goes to, one after the other, and the rules that say so.

A change is shown first, as the lines it writes and as what it does to any request, and then saved whole: each file with a
copy of what was there. Whether a rule above takes what a card means is found by deciding a sample of it.
"""

import asyncio
from collections.abc import Sequence
from hashlib import blake2b

from msgspec import Struct

from ccr.api.comparing import Difference, difference
from ccr.api.findings import Findings, findings_of
from ccr.api.refusal import Refused
from ccr.api.resource import Call, Effect, Operation, Resource
from ccr.api.security import conflict
from ccr.config.edit import NotEdited
from ccr.lang.values import Undecided
from ccr.live.files import layer_files
from ccr.live.paths import Places, shown
from ccr.live.replacement import overwrite
from ccr.routing.decide import decide
from ccr.routing.explain import said
from ccr.routing.sample import read_sample
from ccr.routing.snapshot import Snapshot
from ccr.routing.workspace import load
from ccr.setup.routing import LONG, Card, Wish, cards, changes, differing, with_changes
from ccr.setup.slots import ORDER, Change

_SAMPLES = {
    "image": "{ last.image }",
    "longContext": "{ tokens = TOKENS }",
    "background": "{ kind = title }",
    "webSearch": "{ web_search }",
    "think": "{ plan }",
    "default": "{ }",
}
"""One request of each kind; `TOKENS` is the threshold and one more."""


class Taken(Struct, frozen=True):
    """Where a request of this kind goes: `sample` is one. `rule`: FILE:LINE, "" if no rule took it; `text` as written.
    `denied`: the status, null if it is routed."""

    sample: str
    targets: tuple[str, ...]
    denied: int | None
    rule: str
    text: str


class RouteCard(Struct, frozen=True):
    """A card. `written`: its target as it stands, where a list of models cannot say it. `goes`: null where that hangs on
    what no sample says. `above`: another rule takes such requests, though the card has models."""

    name: str
    targets: tuple[str, ...]
    place: str
    written: str
    threshold: int | None
    goes: Taken | None
    above: bool


class ModelOffer(Struct, frozen=True):
    """A model of a provider that is set up, or an alias (`provider` ""). Tokens; dollars for a million tokens."""

    target: str
    provider: str
    context: int | None
    vision: bool | None
    price_in: float | None
    price_out: float | None


class Routing(Struct, frozen=True):
    """`version` changes with every byte of what the cards are read from."""

    cards: tuple[RouteCard, ...]
    models: tuple[ModelOffer, ...]
    version: str


class Wishes(Struct, frozen=True):
    """`cards`: those that shall change; one without targets is taken out."""

    cards: tuple[Wish, ...]


class SaveCards(Struct, frozen=True):
    cards: tuple[Wish, ...]
    seen: str


class Writes(Struct, frozen=True):
    """`lines`: `+` before a new one, `-` before one that goes, nothing but a blank before what stays; no key."""

    file: str
    lines: tuple[str, ...]


class RoutingPreview(Struct, frozen=True):
    """`difference` is null where it would not load. `cards`: as they would be."""

    writes: tuple[Writes, ...]
    findings: Findings
    difference: Difference | None
    cards: tuple[RouteCard, ...]


class Routed(Struct, frozen=True):
    """`live`: the rules are in force as saved; else `findings` say why not. `backups`: copies of what was there."""

    version: str
    snapshot: str
    live: bool
    files: tuple[str, ...]
    backups: tuple[str, ...]
    findings: Findings


# ---- reading ----------------------------------------------------------------------------------------------------------


async def _read(call: Call) -> Routing:
    return await asyncio.to_thread(_routing, call)


def _routing(call: Call) -> Routing:
    snapshot, places = call.parts.snapshot, call.parts.live.places
    return Routing(_shown(cards(places), snapshot), tuple(_offers(snapshot)), _version(places))


def _version(places: Places) -> str:
    state = blake2b(digest_size=8)
    for path in (*layer_files(places.rules), places.config):
        state.update(path.read_bytes() if path.is_file() else b"")
        state.update(b"\0")
    return state.hexdigest()


def _offers(snapshot: Snapshot) -> list[ModelOffer]:
    aliases = [ModelOffer(name, "", None, None, None, None) for name in snapshot.policy.aliases]
    models = [
        ModelOffer(
            f"{provider.name}/{model.name}",
            provider.name,
            model.spec.context,
            model.spec.vision,
            model.spec.price_in,
            model.spec.price_out,
        )
        for provider in snapshot.catalog.configured
        for model in provider.models.values()
    ]
    return aliases + models


def _shown(found: Sequence[Card], snapshot: Snapshot) -> tuple[RouteCard, ...]:
    return tuple(_card(each, snapshot) for each in found)


def _card(card: Card, snapshot: Snapshot) -> RouteCard:
    goes = _goes(card, snapshot)
    filled = bool(card.targets or card.written)
    above = filled and goes is not None and goes.rule != card.place
    return RouteCard(card.name, card.targets, card.place, card.written, card.threshold, goes, above)


def _goes(card: Card, snapshot: Snapshot) -> Taken | None:
    """None where it hangs on what the sample does not say, such as the clock."""
    assert snapshot.environment is not None, "a snapshot is made by workspace.load"
    sample = _SAMPLES[card.name].replace("TOKENS", str((card.threshold or 0) + 1))
    facts = read_sample(sample, snapshot.environment).facts
    assert facts is not None, "the samples are ours"
    decision = decide(snapshot, facts)
    if isinstance(decision, Undecided):
        return None
    rule = decision.rule
    return Taken(
        sample,
        tuple(str(each) for each in decision.chain),
        decision.denial.status if decision.denial is not None else None,
        rule.place if rule is not None else "",
        said(rule, snapshot) if rule is not None else "",
    )


# ---- changing ---------------------------------------------------------------------------------------------------------


async def _preview(call: Call) -> RoutingPreview:
    changed = _changes(call)
    return await asyncio.to_thread(_previewed, call, changed)


def _previewed(call: Call, changed: tuple[Change, ...]) -> RoutingPreview:
    live, vocabulary = call.parts.live, call.parts.vocabulary
    sources = with_changes(live.places, changed)
    loaded = load(sources, live.look(), vocabulary)
    writes = tuple(Writes(shown(each.path), tuple(differing(live.places, each))) for each in changed)
    if loaded.snapshot is None:
        return RoutingPreview(writes, findings_of(loaded.diagnostics), None, ())
    after = tuple(_after(each, loaded.snapshot) for each in _wished(call, live.places))
    return RoutingPreview(writes, findings_of(loaded.diagnostics), difference(call.parts, sources), after)


def _wished(call: Call, places: Places) -> tuple[Card, ...]:
    """The cards as they would be; where they stand is told by the rules that take their samples."""
    wishes = {each.name: each for each in call.body.cards}
    return tuple(
        Card(
            each.name, wish.targets, each.place, "" if wish.targets else each.written, wish.threshold or each.threshold
        )
        if (wish := wishes.get(each.name)) is not None
        else each
        for each in cards(places)
    )


def _after(card: Card, snapshot: Snapshot) -> RouteCard:
    """A line that moves has another number afterwards: what counts is whether such requests go where the card says."""
    goes = _goes(card, snapshot)
    above = bool(card.targets) and goes is not None and goes.targets[:1] != card.targets[:1] and "/" in card.targets[0]
    return RouteCard(card.name, card.targets, card.place, card.written, card.threshold, goes, above)


def _changes(call: Call) -> tuple[Change, ...]:
    """Raises Refused for what is no card, and where a file cannot be changed."""
    for each in call.body.cards:
        if each.name not in ORDER:
            raise Refused(400, "invalid", f"there is no card {each.name!r}; there are {', '.join(ORDER)}")
        if any(not target.strip() or "\n" in target for target in each.targets):
            raise Refused(400, "invalid", "a target is a model, PROVIDER/MODEL, or an alias")
        if each.threshold is not None and (each.name != LONG or not 0 < each.threshold <= 100_000_000):
            raise Refused(400, "invalid", "the threshold is a number of tokens, of long talks alone")
    try:
        return changes(call.parts.live.places, call.body.cards)
    except NotEdited as why:
        raise Refused(409, "not_edited", f"{why}; nothing was changed", findings=findings_of(why.findings)) from None


async def _save(call: Call) -> Routed:
    live = call.parts.live
    changed = _changes(call)
    loaded = await asyncio.to_thread(load, with_changes(live.places, changed), live.look(), call.parts.vocabulary)
    if loaded.snapshot is None:
        told = findings_of(loaded.diagnostics)
        raise Refused(422, "broken", "this would not load, and nothing was saved", findings=told)
    if (version := _version(live.places)) != call.body.seen:
        said = "the rules have changed on the disk since you read them"
        raise conflict(said, live.current.id, version=version)
    copies = [overwrite(live.places.home, each.path, each.text) for each in changed]
    await live.reload()
    failed = live.last_failure
    found = failed.diagnostics if failed is not None else live.current.findings
    return Routed(
        _version(live.places),
        live.current.id,
        failed is None,
        tuple(shown(each.path) for each in changed),
        tuple(shown(each) for each in copies if each is not None),
        findings_of(found),
    )


RESOURCE = Resource(
    "routing",
    "The routing as cards, and the rules that they write.",
    (
        Operation("GET", "/routing", "The cards, and the models there are", _read, Routing),
        Operation(
            "POST",
            "/routing/compare",
            "What a change would write and do",
            _preview,
            RoutingPreview,
            Wishes,
            effect=Effect.READS,
        ),
        Operation("PUT", "/routing", "Save cards", _save, Routed, SaveCards),
    ),
)
