"""One destination made ready to be tried: dialect, profile, key, limits, rewrites and effects bound as data."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct, structs

from ccr.diagnostics.source import SourceFile
from ccr.dialects.profile import Profile, Quirks, resolve
from ccr.facts.facts import Facts
from ccr.lang.ast import Drop, Use
from ccr.lang.locations import normal, relative
from ccr.lang.tree import Program
from ccr.lang.values import Undecided
from ccr.providers.spec import ModelSpec
from ccr.routing.bodies import fields_set, of_body, of_rules
from ccr.routing.catalog import ConfiguredModel, ConfiguredProvider
from ccr.routing.decision import Destination
from ccr.routing.effects import PYTHON, DropField, Effect, Rewrite
from ccr.routing.plan import Attempt, KeyUse, Rewriting
from ccr.routing.settings import Limits
from ccr.routing.vocabulary import Vocabulary
from ccr.transformers.transformer import Transformer

CLIENT_DIALECT = "anthropic"
"""What the client speaks; there is one door so far."""
_FILE = "file"
"""The argument of a `use` that names a text beside the rules."""
_UNKNOWN = ModelSpec()


class Candidate(Struct, frozen=True):
    """A member of the chain with what the catalog knows of it."""

    destination: Destination
    provider: ConfiguredProvider
    model: ConfiguredModel | None

    @property
    def facts(self) -> ModelSpec:
        return self.model.spec if self.model is not None else _UNKNOWN


def bind(
    candidate: Candidate,
    key: KeyUse,
    effects: Iterable[Effect],
    facts: Facts,
    *,
    asked: Program,
    vocabulary: Vocabulary,
    limits: Limits,
    files: Sequence[SourceFile] = (),
) -> Attempt | Undecided:
    """The attempt. `facts` know `target.*` and `attempt`; `files` hold the texts that a `use` may be handed."""
    at_attempt = _effects(candidate, effects, facts, asked)
    if isinstance(at_attempt, Undecided):
        return at_attempt
    at_attempt = tuple(handed(each, files) for each in at_attempt)
    provider, destination = candidate.provider, candidate.destination
    rewrites, manners = _rewrites(at_attempt, vocabulary)
    spoken = profile(candidate, manners)
    rewrites = tuple(each for each in rewrites if spoken.scrub or not each.transformer.spares_first_party)
    effects_named = tuple(_canonical(each, vocabulary) for each in at_attempt)
    return Attempt(
        destination=destination,
        dialect=vocabulary.dialects[provider.dialect],
        url=provider.url,
        profile=spoken,
        key=key,
        limits=limits if provider.timeout is None else structs.replace(limits, first_byte=provider.timeout),
        effects=effects_named,
        rewrites=rewrites,
        facts=candidate.facts,
        proxy=provider.proxy,
        relays=_relays(provider, rewrites, at_attempt),
        allowance=provider.allowance,
        starts=provider.spec.doc if provider.spec is not None and provider.spec.local else "",
    )


def handed(effect: Effect, files: Sequence[SourceFile]) -> Effect:
    """A `use` with the text of its `file`, as it was when the rules were read; itself if it names none."""
    if not isinstance(effect, Rewrite) or _FILE not in effect.arguments or effect.name.startswith(PYTHON):
        return effect
    wanted = relative(effect.span.file.name, str(effect.arguments[_FILE]))
    text = next((each.text for each in files if normal(each.name) == wanted), None)
    return effect if text is None else structs.replace(effect, arguments={**effect.arguments, "text": text})


def varies(candidate: Candidate) -> bool:
    """Whether what the provider's or the model's own statements do can differ from request to request."""
    own = candidate.model.body if candidate.model is not None else ()
    return not all(isinstance(each, (Use, Drop)) for each in (*candidate.provider.body, *own))


def profile(candidate: Candidate, manners: Iterable[Quirks] = ()) -> Profile:
    """The layers of quirks over one another: the vendor's, the model family's, the model's, then what `use` says."""
    spec = candidate.provider.spec
    families = spec.families if spec is not None else {}
    named = [quirks for name, quirks in families.items() if name in candidate.destination.wire.lower()]
    facts = candidate.facts
    return resolve(*candidate.provider.quirks, *named, facts.quirks, _of_facts(facts), *manners)


def _of_facts(facts: ModelSpec) -> Quirks:
    known = Quirks()
    if facts.output is not None:
        known["max_output"] = facts.output
    if facts.context is not None:
        known["context"] = facts.context
    if facts.vision is not None:
        known["sees_images"] = facts.vision
    if facts.tools is not None:
        known["tool_calls"] = facts.tools
    return known


def _effects(
    candidate: Candidate, effects: Iterable[Effect], facts: Facts, asked: Program
) -> tuple[Effect, ...] | Undecided:
    rules = of_rules(effects, facts, asked)
    if isinstance(rules, Undecided):
        return rules
    taken = fields_set(rules)
    model = of_body(candidate.model.body, facts, asked, taken) if candidate.model is not None else ()
    if isinstance(model, Undecided):
        return model
    provider = of_body(candidate.provider.body, facts, asked, taken | fields_set(model))
    return provider if isinstance(provider, Undecided) else (*rules, *provider, *model)


def _rewrites(effects: Iterable[Effect], vocabulary: Vocabulary) -> tuple[tuple[Rewriting, ...], list[Quirks]]:
    """What `use` means: rewrites of the request and answer, and ways of speaking. Unknown names were found at load."""
    rewrites: list[Rewriting] = []
    manners: list[Quirks] = []
    for each in effects:
        found = vocabulary.manner(each.name) if isinstance(each, Rewrite) else None
        if not isinstance(each, Rewrite) or not isinstance(found, Transformer):
            continue
        if found.quirks is not None:
            # What means nothing was told when it was loaded (CCR413); only a project's own rules can come this far with it.
            with suppress(ValueError):
                manners.append(found.quirks(each.arguments))
        bound = Rewriting(found, each.arguments)
        if (found.on_request or found.on_stream) and bound not in rewrites:
            rewrites.append(bound)
    return tuple(rewrites), manners


def _canonical(each: Effect, vocabulary: Vocabulary) -> Effect:
    """A `use` by the transformer's own spelling, so that its place among the effects can be found again."""
    found = vocabulary.manner(each.name) if isinstance(each, Rewrite) else None
    return structs.replace(each, name=found.name) if isinstance(found, Transformer) else each


def _relays(provider: ConfiguredProvider, rewrites: Iterable[Rewriting], effects: Iterable[Effect]) -> bool:
    return (
        provider.dialect == CLIENT_DIALECT
        and not any(each.transformer.on_stream for each in rewrites)
        and not any(isinstance(each, DropField) and each.field == "response.thinking" for each in effects)
    )


def knowing(facts: Facts, destination: Destination, number: int) -> Facts:
    """The facts with the target known."""
    told: Mapping[str, Any] = {
        "target.provider": destination.provider,
        "target.model": destination.wire,
        "attempt": number,
    }
    return facts.know_all(told)
