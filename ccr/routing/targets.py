"""A target as written becomes a chain of destinations: aliases flattened, splits drawn, special targets looked up.

A chain may be empty: then the route is none, and evaluation goes on (language §5). A name that asks for a provider
nobody has is not silently something else: the chain then says why (rulings 1.9), which counts only if nothing else
is in it. Guards and what can serve come later (`guards.py`, `planning.py`).
"""

from collections.abc import Callable, Mapping

from msgspec import Struct

from ccr.facts.facts import Facts
from ccr.lang.ast import Alias, Choice, ModelRef, PythonRef, Share, Split, Target
from ccr.lang.locations import python_place
from ccr.lang.values import Undecided
from ccr.routing.decision import Destination
from ccr.routing.models import locate
from ccr.routing.requested import named_alias, named_provider, served, split_name, usable
from ccr.routing.scene import Scene, ask
from ccr.routing.splits import draw, hash_of_body

DEMO = "demo"
"""The provider that answers without one (mission: demo)."""


class Chain(Struct, frozen=True):
    """`refusal`: what to say if the chain is empty because a name was asked for that nobody has."""

    members: tuple[Destination, ...] = ()
    refusal: str = ""

    def then(self, other: "Chain") -> "Chain":
        """Both, a target twice only once (rulings R19)."""
        return Chain(tuple(dict.fromkeys((*self.members, *other.members))), self.refusal or other.refusal)

    @property
    def stands(self) -> bool:
        return bool(self.members or self.refusal)


def expand(target: Target, scene: Scene, inside: frozenset[str] = frozenset()) -> Chain | Undecided:
    """The chain a target comes to for this request. `inside`: aliases being expanded, so that a circle ends."""
    chain = Chain()
    for choice in target.choices:
        part = _choice(choice, scene, inside)
        if isinstance(part, Undecided):
            return part
        chain = chain.then(part)
    return chain


def is_fixed(target: Target, aliases: Mapping[str, Alias], inside: frozenset[str] = frozenset()) -> bool:
    """Whether the target comes to the same chain whatever the request."""
    return all(isinstance(choice, ModelRef) and _is_fixed(choice.text, aliases, inside) for choice in target.choices)


def _is_fixed(text: str, aliases: Mapping[str, Alias], inside: frozenset[str]) -> bool:
    alias = aliases.get(text)
    if text in SPECIAL or alias is None:
        return text not in SPECIAL
    return text in inside or is_fixed(alias.target, aliases, inside | {text})


def _choice(choice: Choice, scene: Scene, inside: frozenset[str]) -> Chain | Undecided:
    match choice:
        case ModelRef():
            return _reference(choice.text, scene, inside)
        case Split():
            return _split(choice, scene, inside)
        case PythonRef():
            named = ask(scene.facts, f"python.target:{python_place(choice)}")
            return named if isinstance(named, Undecided) else chosen(str(named), scene, inside)


def _reference(text: str, scene: Scene, inside: frozenset[str]) -> Chain | Undecided:
    if text in SPECIAL:
        return SPECIAL[text](scene, inside)
    alias = scene.aliases.get(text)
    if alias is not None:
        return Chain() if text in inside else expand(alias.target, scene, inside | {text})
    destination = written(text, scene)
    return Chain((destination,)) if destination is not None else Chain()


def written(text: str, scene: Scene) -> Destination | None:
    """The destination of `provider/model` in a rule; None for a provider unknown, or not the reader's own to name."""
    name, _, model = text.partition("/")
    if name == DEMO and model:
        return Destination(DEMO, model, model)
    provider = scene.snapshot.catalog.providers.get(name)
    if provider is None or not model or not (provider.configured or scene.personal):
        return None
    return locate(provider, model).destination


def chosen(name: str, scene: Scene, inside: frozenset[str] = frozenset()) -> Chain | Undecided:
    """What a function in Python named: an alias, `provider/model` or `provider,model`. Anything else is no opinion
    (rulings R21)."""
    alias = named_alias(scene, name) if name else None
    if alias is not None:
        return Chain() if alias.name.text in inside else expand(alias.target, scene, inside | {alias.name.text})
    destination = _demo(name) or named_provider(scene, name)
    return Chain((destination,)) if destination is not None else Chain()


# ---- splits -------------------------------------------------------------------------------------------------------


def _split(split: Split, scene: Scene, inside: frozenset[str]) -> Chain | Undecided:
    key = _split_key(split.by.text if split.by else "session", scene.facts)
    if isinstance(key, Undecided):
        return key
    sides = [(_side(share), float(share.percent.text.rstrip("%"))) for share in split.shares]
    drawn = split.shares[draw(key, sides)].ref
    return _choice(drawn, scene, inside)


def _side(share: Share) -> str:
    return share.ref.text if isinstance(share.ref, ModelRef) else share.ref.path.text


_FALLING: Mapping[str, tuple[str, ...]] = {
    "user": ("user", "session"),
    "session": ("session",),
    "project": ("project", "session"),
    "request": (),
}
"""Keys in the order they are tried; when all are missing the body's hash is the key (rulings R18)."""


def _split_key(by: str, facts: Facts) -> str | Undecided:
    for name in _FALLING.get(by, ()):
        value = ask(facts, name)
        if isinstance(value, Undecided):
            return value
        if value:
            return f"{name}:{value}"
    drawn = facts.inputs.draw
    if drawn == "":
        return Undecided("body", "body")
    return drawn if drawn is not None else hash_of_body(facts.inputs.request.raw)


# ---- special targets ----------------------------------------------------------------------------------------------


def _requested(scene: Scene, inside: frozenset[str]) -> Chain | Undecided:
    return _by_client(ask(scene.facts, "model"), scene, inside)


def _hint(scene: Scene, inside: frozenset[str]) -> Chain | Undecided:
    return _by_client(ask(scene.facts, "hint"), scene, inside)


def _last(scene: Scene, inside: frozenset[str]) -> Chain | Undecided:
    name = ask(scene.facts, "last.model")
    if isinstance(name, Undecided):
        return name
    destination = named_provider(scene, str(name))
    return Chain((destination,)) if destination is not None else Chain()


SPECIAL: Mapping[str, Callable[[Scene, frozenset[str]], Chain | Undecided]] = {
    "requested": _requested,
    "hint": _hint,
    "last": _last,
}


def _by_client(asked: object, scene: Scene, inside: frozenset[str]) -> Chain | Undecided:
    if isinstance(asked, Undecided):
        return asked
    name = str(asked).strip()
    if not name:
        return Chain()
    alias = named_alias(scene, name)
    if alias is not None and alias.name.text in inside:
        return Chain()  # an alias whose chain holds `requested`, asked for by its own name
    if alias is not None:
        return expand(alias.target, scene, inside | {alias.name.text})
    destination = _demo(name) or named_provider(scene, name) or served(scene, name)
    if destination is not None:
        return Chain((destination,))
    return Chain(refusal=_no_provider(name, scene)) if split_name(name)[1] else Chain()


def _demo(name: str) -> Destination | None:
    first, rest = split_name(name)
    return Destination(DEMO, rest, rest) if first == DEMO and rest else None


def _no_provider(name: str, scene: Scene) -> str:
    """What is said to a person who asked for `provider,model` of a provider that is not there (rulings 1.9)."""
    first = split_name(name)[0]
    have = ", ".join(each.name for each in usable(scene)) or "none"
    known = scene.snapshot.catalog.known.get(first)
    variable = known.auth.variables[0] if known and known.auth.variables else ""
    mend = f"set {variable}" if variable else f"declare it: provider {first} {{ url = … }}"
    return f"{name} was asked for, but there is no provider {first} here; you have: {have}; to add it, {mend}"
