"""Every word of a rule file that names something, and what: the table behind definition, references, rename and hover.

Reads the tree and nothing else; what a bare word means where several things could stand (an attribute or a `let`, an alias
or a provider) is decided by the names that are given.
"""

from collections.abc import Iterable, Iterator

from msgspec import Struct

from ccr.desk.desk import View
from ccr.diagnostics.source import Span
from ccr.lang import ast
from ccr.lang.environment import Environment
from ccr.lang.resolve import interpolated_names

NAMED = {ast.Let: "let", ast.Alias: "alias", ast.Provider: "provider", ast.User: "user"}
"""What people give names to."""
_BLOCKS = {ast.Server: "server", ast.User: "user", ast.Provider: "provider", ast.Model: "model"}


class Symbol(Struct, frozen=True):
    """`kind`: let, alias, provider, user, model, attribute, field, option, transformer, parameter, special, file.

    `owner`: the block of an option, the transformer of a parameter."""

    kind: str
    name: str
    span: Span
    """Without quotes."""
    declares: bool = False
    owner: str = ""


class Known(Struct, frozen=True):
    """Names that decide what a word is."""

    environment: Environment
    lets: frozenset[str]
    aliases: frozenset[str]
    providers: frozenset[str]


def known(view: View) -> Known:
    providers = frozenset(view.vocabulary.providers) | view.names(ast.Provider)
    return Known(view.environment, view.names(ast.Let), view.names(ast.Alias), providers)


def symbols(file: ast.File, names: Known) -> Iterator[Symbol]:
    """All of a file, in the order of the tree."""
    yield from _all(file.statements, names, "")


def symbol_at(found: Iterable[Symbol], offset: int) -> Symbol | None:
    """The smallest one that the offset touches."""
    touching = [each for each in found if each.span.start <= offset <= each.span.end]
    return min(touching, key=lambda each: (each.span.end - each.span.start, each.kind == "model"), default=None)


def _all(nodes: Iterable[object], names: Known, block: str) -> Iterator[Symbol]:
    for node in nodes:
        yield from _node(node, names, block)


def _node(node: object, names: Known, block: str) -> Iterator[Symbol]:
    if isinstance(node, tuple):
        yield from _all(node, names, block)
    if not isinstance(node, Struct) or isinstance(node, Span):
        return
    yield from _own(node, names, block)
    inner = _BLOCKS.get(type(node), block)
    yield from _all((getattr(node, field) for field in node.__struct_fields__), names, inner)


def _own(node: object, names: Known, block: str) -> Iterator[Symbol]:
    """What the node itself names; what is in it speaks for itself."""
    match node:
        case ast.Let(name=name) | ast.Alias(name=name) | ast.Provider(name=name) | ast.User(name=name):
            yield Symbol(NAMED[type(node)], name.text, _inside(name), declares=True)
        case ast.Truth(name=name):
            yield from [Symbol("let", name.text, name.span)] if name.text in names.lets else _asked(name, names)
        case (
            ast.Compare(attribute=name)
            | ast.Match(attribute=name)
            | ast.Has(attribute=name)
            | ast.Member(attribute=name)
        ):
            yield from _asked(name, names)
            yield from _people(node)
        case ast.Fact(attribute=name, value=value):
            yield from _asked(name, names)
            yield from _person(value) if name.text == "user" else ()
        case ast.ModelRef(text=text):
            yield from _target(text, _inside(node), names)
        case ast.Guard(globs=globs):
            for each in globs:
                yield from _target(each.text, _inside(each), names, guard=True)
        case ast.Expect(goal=goal, sample=sample):
            yield from _target(goal.text, _inside(goal), names, guard=True) if goal is not None else ()
            yield from [Symbol("file", sample.text, _inside(sample))] if isinstance(sample, ast.Literal) else ()
        case ast.Set(field=field) | ast.Drop(field=field):
            yield Symbol("field", field.text, field.span)
        case ast.Option(name=name):
            yield Symbol("option", name.text, name.span, owner=block)
        case ast.Use(transform=ast.Name() as name, arguments=arguments):
            yield Symbol("transformer", name.text, _inside(name))
            yield from (Symbol("parameter", each.name.text, _inside(each.name), owner=name.text) for each in arguments)
        case ast.PythonRef(path=path) | ast.Import(path=path):
            yield Symbol("file", path.text, _inside(path))
        case _:
            pass
    yield from _interpolated(node, names)


def _inside(node: ast.Name | ast.ModelRef | ast.Literal) -> Span:
    """The place of the text between quotes, or of the bare word."""
    span = node.span
    quotes = 1 if span.end - span.start > 1 and span.text[0] == span.text[-1] == '"' else 0
    return Span(span.file, span.start + quotes, span.end - quotes)


def _asked(name: ast.Name, names: Known) -> Iterator[Symbol]:
    """An attribute; in front of its dot the provider it is about."""
    owner, dot, _ = name.text.partition(".")
    if dot and owner in names.providers and name.text not in names.environment.attributes:
        yield Symbol("provider", owner, Span(name.span.file, name.span.start, name.span.start + len(owner)))
    yield Symbol("attribute", name.text, name.span)


def _target(text: str, span: Span, names: Known, guard: bool = False) -> Iterator[Symbol]:
    """`provider/model`, an alias or a special target; a guard's bare word is a provider first (rulings R20)."""
    provider, slash, model = text.partition("/")
    if slash:
        if "*" not in provider:
            yield Symbol("provider", provider, Span(span.file, span.start, span.start + len(provider)))
        if "*" not in model:
            yield Symbol("model", text, span)
    elif text in names.environment.special_targets:
        yield Symbol("special", text, span)
    elif "*" not in text:
        yield Symbol("provider" if guard and text in names.providers else "alias", text, span)


def _people(node: object) -> Iterator[Symbol]:
    match node:
        case ast.Compare(attribute=ast.Name(text="user"), value=value):
            yield from _person(value)
        case ast.Member(attribute=ast.Name(text="user"), among=among):
            yield from _person(among)
        case _:
            pass


def _person(value: object) -> Iterator[Symbol]:
    items = value.items if isinstance(value, ast.ListValue) else (value,)
    for each in items:
        if isinstance(each, ast.Literal) and each.text and each.form in (ast.Form.WORD, ast.Form.STRING):
            yield Symbol("user", each.text, _inside(each))


def _interpolated(node: object, names: Known) -> Iterator[Symbol]:
    literal = node.value if isinstance(node, ast.Set) else None
    literal = node.text if isinstance(node, ast.Deny) else node.name if isinstance(node, ast.Tag) else literal
    for name in interpolated_names(literal):
        yield from _asked(name, names)
