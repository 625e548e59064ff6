"""Where rules name something: targets of routes, defaults and aliases, the models in them, and what stands after `use`."""

from collections.abc import Iterable, Iterator

from ccr.lang.ast import (
    Alias,
    Default,
    File,
    Form,
    Literal,
    Model,
    ModelRef,
    Name,
    Provider,
    Route,
    Split,
    Statement,
    Target,
    Use,
    When,
)
from ccr.routing.effects import DESCRIBES


def targets(files: Iterable[File]) -> Iterator[Target]:
    """Every target as written, in source order."""
    for file in files:
        for statement in file.statements:
            yield from _targets(statement)


def _targets(statement: Statement) -> Iterator[Target]:
    match statement:
        case When(body=body):
            for inner in body:
                yield from _targets(inner)
        case Route(target=target) | Alias(target=target):
            yield target
        case Default(action=Route(target=target)):
            yield target


def uses(files: Iterable[File]) -> Iterator[Use]:
    """Every `use` as written, also in blocks of providers and models, in source order."""
    for file in files:
        yield from _uses(file.statements)


def _uses(body: Iterable[object]) -> Iterator[Use]:
    for statement in body:
        match statement:
            case Use():
                yield statement
            case When(body=inner) | Provider(body=inner) | Model(body=inner):
                yield from _uses(inner)


def models(target: Target) -> Iterator[ModelRef]:
    """Every model a target names, all sides of a split."""
    for choice in target.choices:
        refs = [share.ref for share in choice.shares] if isinstance(choice, Split) else [choice]
        yield from (ref for ref in refs if isinstance(ref, ModelRef))


def describers(files: Iterable[File]) -> Iterator[ModelRef]:
    """Who is to put pictures into words."""
    for use in uses(files):
        if isinstance(use.transform, Name) and use.transform.text == DESCRIBES:
            named = (each.value for each in use.arguments if each.name.text == "by")
            yield from (ModelRef(by.text, by.span, by.form is Form.STRING) for by in named if isinstance(by, Literal))


def named_providers(files: Iterable[File]) -> Iterator[str]:
    """The first part of every `provider/model`."""
    files = tuple(files)
    for ref in (*(ref for target in targets(files) for ref in models(target)), *describers(files)):
        provider, slash, _ = ref.text.partition("/")
        if slash:
            yield provider
