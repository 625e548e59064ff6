"""Aliases that several layers give: each means what it meant where it was written (rulings R8).

A layer's own name wins for its own rules only. An alias of another layer that leads to such a name goes on leading where it
led: the inner alias is then called `NAME@LAYER`, which nobody can write.
"""

from collections.abc import Mapping, Sequence

from msgspec import structs

from ccr.lang import ast
from ccr.lang.scope import Scope, references

Homes = Sequence[tuple[str, Scope]]
"""The layers by name, each with the names that it may use."""


def meant(visible: Mapping[str, ast.Alias], homes: Homes) -> dict[str, ast.Alias]:
    """The aliases one may name, and those that these lead to under another name."""
    home_of = {id(alias): (name, scope) for name, scope in homes for alias in scope.aliases.values()}
    found: dict[str, ast.Alias] = {}
    waiting = list(visible.items())
    while waiting:
        key, alias = waiting.pop()
        if key not in found:
            others = _others(alias, visible, home_of[id(alias)][1])
            names = {name: f"{name}@{home_of[id(each)][0]}" for name, each in others.items()}
            found[key] = structs.replace(alias, target=_renamed(alias.target, names)) if names else alias
            waiting += [(names[name], each) for name, each in others.items()]
    return found


def _others(alias: ast.Alias, visible: Mapping[str, ast.Alias], home: Scope) -> dict[str, ast.Alias]:
    """The aliases it leads to that are called the same as another one here."""
    wanted = {ref.text: home.all_aliases[ref.text] for ref in references(alias.target) if ref.text in home.all_aliases}
    return {name: each for name, each in wanted.items() if visible.get(name) is not each}


def _renamed(target: ast.Target, names: Mapping[str, str]) -> ast.Target:
    return structs.replace(target, choices=tuple(_choice(each, names) for each in target.choices))


def _choice(choice: ast.Choice, names: Mapping[str, str]) -> ast.Choice:
    match choice:
        case ast.ModelRef():
            return structs.replace(choice, text=names.get(choice.text, choice.text))
        case ast.Split():
            return structs.replace(choice, shares=tuple(_share(each, names) for each in choice.shares))
        case _:
            return choice


def _share(share: ast.Share, names: Mapping[str, str]) -> ast.Share:
    if isinstance(share.ref, ast.ModelRef):
        return structs.replace(share, ref=structs.replace(share.ref, text=names.get(share.ref.text, share.ref.text)))
    return share


def is_hidden(name: str) -> bool:
    """Whether an alias has a name that nobody can write."""
    return "@" in name
