"""What can change between two worlds, as people and programs read it."""

from collections.abc import Iterator

from ccr.routing.changes import Changed, Kinds, shared

_SHOWN = 30
"""Kinds of change that are printed; the others are counted."""


def summary(changed: Changed) -> str:
    if not changed:
        return "proved the same for every request"
    parts = [_many(len(changed.kinds), "kind") + " of change"] if changed.kinds else []
    parts += (
        [_many(len(changed.declared), "declaration") + " differ" + ("s" if len(changed.declared) == 1 else "")]
        if changed.declared
        else []
    )
    return ", ".join(parts)


def lines(changed: Changed) -> Iterator[str]:
    yield from changed.declared
    if not changed.kinds:
        yield "every request: proved the same" if not changed.declared else "where requests go: proved the same"
        return
    common = shared(changed.kinds)
    yield "outcomes differ" + (" only where" if common else ":")
    yield from (f"    {word}" for word in common)
    for each in changed.kinds[:_SHOWN]:
        yield f"  {each.before} → {each.after}"
        yield from (f"      where {word}" for word in each.where if word not in common)
        yield f"      {_sample(each)}"
    if len(changed.kinds) > _SHOWN:
        yield f"  … and {_many(len(changed.kinds) - _SHOWN, 'kind')} more"
    yield "everything else: proved the same"


def _sample(kind: Kinds) -> str:
    given = "".join(f", if `{name}` names a target" for name in kind.given)
    return (
        f"for {kind.sample}{given}" if kind.sample else "not settled: no such request was found, and none was excluded"
    )


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def as_json(changed: Changed) -> dict[str, object]:
    return {
        "equal": not changed,
        "declared": list(changed.declared),
        "where": list(shared(changed.kinds)),
        "kinds": [
            {
                "before": each.before,
                "after": each.after,
                "sample": each.sample or None,
                "where": list(each.where),
                "given": list(each.given),
            }
            for each in changed.kinds
        ],
    }
