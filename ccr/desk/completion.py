"""What can be written at the cursor: the grammar says which kinds of word, these tables say which words of each kind.

Each entry says what is known of it beside it: a type and a cost, a window and a price, what an alias comes to. Entries stand
in the order a person wants them: own names, what is set up, what could be.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from itertools import chain
from pathlib import Path

from msgspec import Struct

from ccr.desk import facts
from ccr.desk.desk import View
from ccr.desk.place import Place, place_at
from ccr.lang import ast
from ccr.lang.environment import AttributeDecl
from ccr.lang.flatten import flatten
from ccr.lang.operators import known as operators_of
from ccr.lang.resolve import attribute_of, field_of
from ccr.lang.types import Kind, Type
from ccr.live.paths import placed
from ccr.routing.reference import type_words

_WORDS = {
    "ALWAYS": ("when",), "EXAMPLE": ("for",), "IN": ("in", "not in"), "MATCH": ("~", "!~"), "HAS": ("has",), "SETOP": ("=", "+="),
    "EQUAL": ("=",), "__ANON_1": ("model",), "LSQB": (), "CMP": (),
    **{word.upper(): (word,) for word in ["ccr", "import", "server", "user", "provider", "alias", "let", "default", "deny", "route", "set", "drop", "use", "tag", "only", "never", "expect", "and", "or", "not", "by", "python"]},
}  # fmt: skip
"""The words that a name of the grammar stands for."""
_VALUES = frozenset(["WORD", "NUMBER", "MONEY", "CLOCK"])
_TESTS = frozenset(["==", "!=", "<", "<=", ">", ">=", "has", "in"])
_OPERATORS = frozenset(["CMP", "MATCH", "HAS", "IN"])


class Kinds(Enum):
    """What a word is, as editors have icons for it."""

    Constant = "constant"
    EnumMember = "enumMember"
    Field = "field"
    File = "file"
    Function = "function"
    Keyword = "keyword"
    Module = "module"
    Operator = "operator"
    Property = "property"
    Value = "value"
    Variable = "variable"


class Item(Struct, frozen=True):
    """`rank`: smaller comes first. `more` is Markdown, made only for entries that are shown."""

    word: str
    kind: Kinds
    detail: str = ""
    doc: str = ""
    rank: int = 5


class _Asked(Struct, frozen=True):
    view: View
    place: Place


class Offered(Struct, frozen=True):
    """`start`: where the word begins that is being written, in code points. The best entry first."""

    start: int
    items: tuple[Item, ...]


def complete(view: View, offset: int) -> Offered:
    """All that can be written there; nothing in a comment."""
    place = place_at(view.source.content, offset)
    if place is None:
        return Offered(offset, ())
    found = {item.word: item for item in reversed([*_items(_Asked(view, place))])}
    return Offered(place.start, tuple(sorted(found.values(), key=lambda each: (each.rank, each.word))))


def _items(asked: _Asked) -> Iterator[Item]:
    accepts = asked.place.accepts
    for fits, make in _SOURCES:
        if fits & accepts:
            yield from make(asked)
    if not accepts & _OPERATORS:
        yield from _keywords(asked, accepts)


def _keywords(asked: _Asked, accepts: Iterable[str]) -> Iterator[Item]:
    for name in accepts:
        for word in _WORDS.get(name, ()):
            entry = facts.entry(asked.view, "statements", word)
            yield Item(word, Kinds.Keyword, doc=facts.told(entry) if entry else "", rank=6)


# ---- conditions -------------------------------------------------------------------------------------------------------


def _attributes(asked: _Asked) -> Iterator[Item]:
    """What `ATTR` means depends on the word before: a field, a parameter, a fact of an example, a condition."""
    place = asked.place
    if place.last in ("set", "drop"):
        yield from _fields(asked, place.last)
    elif place.first == "use":
        yield from _parameters(asked)
    else:
        yield from () if place.block == "expect" else _lets(asked)
        yield from (_attribute(each) for each in _declared(asked.view))


def _lets(asked: _Asked) -> Iterator[Item]:
    for let in asked.view.given(ast.Let):
        yield Item(let.name.text, Kinds.Variable, "condition", f"```ccr\n{facts.statement(let)}\n```", rank=1)


def _attribute(declared: AttributeDecl) -> Item:
    return Item(
        declared.name, Kinds.Property, facts.attribute_line(declared), facts.attribute(declared), 2 + declared.phase
    )


def _declared(view: View) -> Iterator[AttributeDecl]:
    """Every attribute, those of providers for the ones that are set up."""
    yield from view.environment.attributes.values()
    providers = [each.name for each in view.catalog.configured] or []
    for family in view.environment.families:
        names = [name for name in providers if family.names is None or name in family.names]
        for owner in names if family.suffixes else ():
            yield from (
                attribute
                for suffix in family.suffixes
                if (attribute := view.environment.attribute(f"{owner}.{suffix.name}")) is not None
            )


def _operators(asked: _Asked) -> Iterator[Item]:
    """Those that the attribute before can be asked with; what stands alone may be followed by `and`, too."""
    declared = attribute_of(asked.view.environment, asked.place.last)
    words = operators_of(declared.type.kind) if declared is not None else ()
    names = [*words, *(["!~"] if "~" in words else []), *(["not in"] if "in" in words else [])]
    yield from (Item(word, Kinds.Operator, rank=1) for word in names)
    if declared is None or declared.type.kind is Kind.BOOL:
        yield from _keywords(asked, asked.place.accepts - _OPERATORS)


def _values(asked: _Asked) -> Iterator[Item]:
    """What the attribute, field, option or parameter before can be."""
    place, view = asked.place, asked.view
    name, sign = _left(place)
    if not name:
        return
    if place.first == "set":
        field = field_of(view.environment, name)
        yield from _of_type(field.type if field else None, "")
    elif place.first == "use":
        yield from _of_type(_parameter_types(asked).get(name), "")
    elif sign in _TESTS or place.block == "expect":
        declared = attribute_of(view.environment, name)
        yield from _of_attribute(view, name, declared)
    elif place.block:
        yield from _of_option(asked, name)


def _left(place: Place) -> tuple[str, str]:
    """The word that the value is for, and the sign between; through an open list to what stands before it."""
    words = [each.text for each in place.words]
    if "[" in words and "]" not in words[words.index("[") :]:
        words = words[: len(words) - words[::-1].index("[") - 1]
    if len(words) > 1 and (words[-1] in _TESTS or words[-1] in ("=", "+=", "~", "!~")):
        return (words[-3], "in") if words[-2:] == ["not", "in"] else (words[-2], words[-1])
    return "", ""


def _of_attribute(view: View, name: str, declared: AttributeDecl | None) -> Iterator[Item]:
    if declared is None:
        return
    yield from _of_type(declared.type, declared.example)
    yield from (Item(_plain(word), Kinds.Value, rank=2) for word in view.environment.natural.get(name, ()) if word)
    if name == "user":
        yield from (Item(each, Kinds.Value, "user", rank=1) for each in sorted(view.names(ast.User)))


def _plain(word: str) -> str:
    return word if word.replace("-", "").replace("_", "").replace(".", "").isalnum() else f'"{word}"'


def _of_type(type: Type | None, example: str) -> Iterator[Item]:
    if type is None:
        return
    yield from (Item(word, Kinds.EnumMember, rank=1) for word in type.words)
    if type.kind is Kind.BOOL:
        yield from (Item(word, Kinds.Constant, rank=1) for word in ("true", "false"))


def _patterns(asked: _Asked) -> Iterator[Item]:
    name, _ = _left(asked.place)
    yield from (Item(word, Kinds.Value, rank=2) for word in asked.view.environment.natural.get(name, ()) if word)


# ---- targets ----------------------------------------------------------------------------------------------------------


def _names(asked: _Asked) -> Iterator[Item]:
    """What `NAME` or `MODEL` means depends on the word before."""
    place, view = asked.place, asked.view
    last = place.last
    if last == "by":
        yield from (Item(key, Kinds.EnumMember, rank=1) for key in view.environment.split_keys)
    elif last == "use":
        yield from _transformers(asked)
    elif last == "tag":
        yield from _tags(view)
    elif last == "provider":
        yield from _vendors(view)
    elif last == "model":
        yield from _own_models(asked)
    elif _wants_target(place):
        yield from _targets(view)


def _wants_target(place: Place) -> bool:
    """Behind `route`, behind `alias NAME =`, and after them behind `or` and in the brackets of a split."""
    words = [each.text for each in place.words]
    began = next(
        (at for at, word in enumerate(words) if word == "route" or (word == "=" and words[0] == "alias")), None
    )
    return began is not None and words[-1] in ("route", "=", "or", "(", ",")


def _targets(view: View) -> Iterator[Item]:
    yield from _aliases(view)
    for name, doc in view.environment.special_targets.items():
        yield Item(name, Kinds.Constant, "special target", doc, rank=2)
    yield from _models(view)


def _aliases(view: View) -> Iterator[Item]:
    for alias in view.given(ast.Alias):
        name = alias.name.text
        yield Item(name, Kinds.Function, facts.expansion(view, name), f"```ccr\n{facts.statement(alias)}\n```", 1)


def _models(view: View) -> Iterator[Item]:
    """Of providers that are set up, then of those that could be."""
    for provider in view.catalog.configured:
        for model in provider.models.values():
            full = f"{provider.name}/{model.name}"
            yield Item(full, Kinds.Value, facts.model_line(model.spec), facts.model(view.catalog, full), 3)
    have = {each.name for each in view.catalog.configured}
    for name, vendor in view.catalog.known.items():
        for model_name, spec in vendor.models.items() if name not in have else ():
            lacks = f"set {vendor.auth.variables[0]}" if vendor.auth.variables else "not set up"
            yield Item(
                f"{name}/{model_name}", Kinds.Value, " · ".join(filter(None, (facts.model_line(spec), lacks))), rank=4
            )


def _globs(asked: _Asked) -> Iterator[Item]:
    view = asked.view
    yield from _aliases(view)
    for provider in view.catalog.configured:
        yield Item(f"{provider.name}/*", Kinds.Module, "every model of it", rank=2)
    if asked.place.last == "expect":
        yield Item("deny", Kinds.Keyword, "the request is refused", rank=2)
    yield from _models(view)


def _transformers(asked: _Asked) -> Iterator[Item]:
    view = asked.view
    for name in view.vocabulary.transformers:
        found = facts.entry(view, "transformers", name)
        doc = facts.told(found) if found else ""
        yield Item(found.name if found else name, Kinds.Function, "transformer", doc, rank=1)
    yield from (Item(name, Kinds.Module, "speaks as it does", rank=4) for name in view.vocabulary.providers)


def _tags(view: View) -> Iterator[Item]:
    """Tags that are set already."""
    rules = chain.from_iterable(flatten(tree.file.statements) for tree in view.trees)
    tags = {each.action.name.text for each in rules if isinstance(each.action, ast.Tag)}
    yield from (Item(tag, Kinds.Value, "tag", rank=1) for tag in sorted(tags))


# ---- blocks -----------------------------------------------------------------------------------------------------------


def _fields(asked: _Asked, verb: str) -> Iterator[Item]:
    for name, each in asked.view.environment.settable.items():
        if each.droppable if verb == "drop" else each.type is not None:
            yield Item(name, Kinds.Field, type_words(each.type), each.doc, rank=1)


def _parameter_types(asked: _Asked) -> Mapping[str, Type]:
    words = [each.text for each in asked.place.words]
    declared = asked.view.environment.transformers.get(words[1]) if len(words) > 1 else None
    return (declared.parameters or {}) if declared is not None else {}


def _parameters(asked: _Asked) -> Iterator[Item]:
    for name, type in _parameter_types(asked).items():
        yield Item(name, Kinds.Property, type_words(type), rank=1)


def _options(asked: _Asked) -> Iterator[Item]:
    for name, each in asked.view.environment.blocks.get(asked.place.block, {}).items():
        example = f"e.g. `{name} = {each.example}`" if each.example else ""
        yield Item(name, Kinds.Property, type_words(each.type), f"{each.doc}\n\n{example}".strip(), rank=1)


def _of_option(asked: _Asked, name: str) -> Iterator[Item]:
    option = asked.view.environment.blocks.get(asked.place.block, {}).get(name)
    if option is None:
        return
    yield from _of_type(option.type, option.example)
    if option.shape in ("secret", "secrets"):
        variables = [each for vendor in asked.view.catalog.known.values() for each in vendor.auth.variables]
        yield from (Item(f"env.{each}", Kinds.Constant, "environment variable", rank=3) for each in variables)


def _vendors(view: View) -> Iterator[Item]:
    for name, vendor in view.catalog.known.items():
        yield Item(name, Kinds.Module, vendor.doc, facts.provider(view, name), rank=1)


def _own_models(asked: _Asked) -> Iterator[Item]:
    """Models that the catalogue knows of any vendor, for the blocks that say more of one."""
    names = {name: spec for vendor in asked.view.catalog.known.values() for name, spec in vendor.models.items()}
    yield from (Item(name, Kinds.Value, facts.model_line(spec), rank=3) for name, spec in names.items())


# ---- inside quotes ----------------------------------------------------------------------------------------------------


def _holes(asked: _Asked) -> Iterator[Item]:
    """`{attribute}` in a text, where texts are filled."""
    if asked.place.first in ("deny", "set", "tag") or any(each.text in ("deny", "set") for each in asked.place.words):
        yield from (_attribute(each) for each in _declared(asked.view))


def _files(asked: _Asked) -> Iterator[Item]:
    """Files beside this one, where one is named."""
    endings = {"import": ".ccr", "for": ".json", "python": ".py"}
    ending = endings.get(asked.place.last)
    folder = placed(asked.view.source.name).parent
    if ending is not None and folder.is_dir():
        found: Iterable[Path] = sorted(folder.glob(f"*{ending}"))
        yield from (Item(each.name, Kinds.File, rank=1) for each in found if each.name != _own(asked))


def _own(asked: _Asked) -> str:
    return placed(asked.view.source.name).name


_SOURCES: tuple[tuple[frozenset[str], Callable[[_Asked], Iterator[Item]]], ...] = (
    (frozenset({"ATTR"}), _attributes),
    (_OPERATORS, _operators),
    (_VALUES, _values),
    (frozenset({"PATTERN"}), _patterns),
    (frozenset({"NAME", "MODEL", "WORD"}), _names),
    (frozenset({"GLOB"}), _globs),
    (frozenset({"KEY"}), _options),
    (frozenset({"HOLE"}), _holes),
    (frozenset({"QUOTED"}), _files),
)
"""By what the grammar takes: who knows the words."""
