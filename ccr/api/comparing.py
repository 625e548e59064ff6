"""What changes for any request when the rules in force are replaced by others: `ccr diff`, asked by the web UI."""

from msgspec import Struct

from ccr.api.parts import Parts
from ccr.lang.formula import Formulas
from ccr.routing.changes import compare, shared
from ccr.routing.prospects import Prospects
from ccr.routing.surroundings import Sources
from ccr.routing.workspace import world


class Kind(Struct, frozen=True):
    """Requests that go elsewhere: from where to where, one of them as a sample, and what is proved of all of them."""

    before: str
    after: str
    sample: str
    where: tuple[str, ...]
    given: tuple[str, ...]


class Difference(Struct, frozen=True):
    """`equal`: proved the same for every request. `declared`: what differs and is no matter of conditions."""

    equal: bool
    declared: tuple[str, ...]
    where: tuple[str, ...]
    kinds: tuple[Kind, ...]


def difference(parts: Parts, sources: Sources) -> Difference | None:
    """Against the rules in force; None where the sources do not load. Takes up to seconds."""
    live, formulas = parts.live, Formulas()
    running = live.current
    assert running.origin is not None and running.surroundings is not None, "a snapshot is made by workspace.load"
    now = live.look()
    before = world(running.origin, now, parts.vocabulary, proofs=False)
    after = world(sources, now, parts.vocabulary, proofs=False)
    if before.loaded.snapshot is None or after.loaded.snapshot is None:
        return None
    changed = compare(
        Prospects(before.loaded.snapshot, before.layers, formulas),
        Prospects(after.loaded.snapshot, after.layers, formulas),
    )
    kinds = tuple(Kind(each.before, each.after, each.sample, each.where, each.given) for each in changed.kinds)
    return Difference(not changed, changed.declared, shared(changed.kinds), kinds)
