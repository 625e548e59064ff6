"""Two worlds asked the same requests: what config.json decides, and what rules printed from it decide.

The requests are a grid over everything such a file can ask for: who is named, pictures, sizes around the thresholds,
web search, thinking, the subagent's tag, chores. A world's providers are compared as they will be called.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

import msgspec
from msgspec import Struct

from ccr.diagnostics.source import Span
from ccr.facts.facts import Facts
from ccr.lang import ast
from ccr.lang.format import print_statement
from ccr.lang.locations import relative
from ccr.lang.values import Undecided
from ccr.routing.catalog import ConfiguredModel, ConfiguredProvider
from ccr.routing.decide import decide
from ccr.routing.effects import DropField, Effect, Rewrite, SetField, Tagged
from ccr.routing.sample import read_sample
from ccr.routing.snapshot import Snapshot

_MODELS = ("claude-sonnet-4-5", "claude-haiku-4-5", "nobody-serves-this")
_PICTURES = ("", "image", "image, last.image")
_KINDS = ("main", "title", "agent")
_THINKING = ("", "thinking", "thinking, effort = high", "plan")
_LOGIN, _ARGUMENT = re.compile(r"(?<=//)[^/@\s]+@"), re.compile(r"([?&][^=&\s]+=)[^&\s]+")
_LONG_AGO = 20_000
_NAMED = 3
"""Providers that are asked for by name."""


class Difference(Struct, frozen=True):
    """One thing that is not the same: of a request (a sample as `ccr explain` takes it), or of a provider."""

    what: str
    before: str
    after: str


def grid(tree: ast.File) -> Iterator[str]:
    """Requests that together ask for everything a config.json can say, as samples."""
    sizes = sorted({0, *(size + step for size in thresholds(tree) for step in (0, 1))})
    names = tuple(dict.fromkeys([*_MODELS, *_by_name(tree)]))
    tag = names[-1] if len(names) > len(_MODELS) else ""
    for model, size, picture, search, thinking, hint in product(
        names, sizes, _PICTURES, ("", "web_search"), _THINKING, ("", f'hint = "{tag}"' if tag else "")
    ):
        yield _sample(model, size, picture, search, thinking, hint)
    for model, kind, last in product(_MODELS, _KINDS, sizes):
        yield _sample(model, _LONG_AGO + 1, f"kind = {kind}", f"last.tokens = {last}")


def thresholds(tree: ast.File) -> list[int]:
    """Numbers of tokens that the rules compare with."""
    return sorted({*_numbers(tree.statements), _LONG_AGO})


def _numbers(node: Any) -> Iterator[int]:
    if isinstance(node, ast.Compare):
        if node.attribute.text in ("tokens", "last.tokens") and node.value.text.isdigit():
            yield int(node.value.text)
    elif isinstance(node, tuple):
        for each in node:
            yield from _numbers(each)
    elif isinstance(node, msgspec.Struct) and not isinstance(node, Span):
        for name in node.__struct_fields__:
            yield from _numbers(getattr(node, name))


def _by_name(tree: ast.File) -> Iterator[str]:
    """`provider,model` of the first providers: the first and the last model of each."""
    for provider in [each for each in tree.statements if isinstance(each, ast.Provider)][:_NAMED]:
        for option in provider.body:
            if isinstance(option, ast.Option) and option.name.text == "models":
                items = option.value.items if isinstance(option.value, ast.ListValue) else (option.value,)
                texts = (f"{provider.name.text},{item.text}" for item in dict.fromkeys((items[0], items[-1])))
                yield from (text for text in texts if not set(text) & {'"', "\\"} and text.isprintable())


def _sample(model: str, size: int, *parts: str) -> str:
    return "{ " + ", ".join([f'model = "{model}"', f"tokens = {size}", *filter(None, parts)]) + " }"


# ---- comparing --------------------------------------------------------------------------------------------------------


def compare(before: Snapshot, after: Snapshot, samples: Sequence[str]) -> Iterator[Difference]:
    """Where the second world differs from the first."""
    yield from providers(before, after)
    for sample in samples:
        facts = _facts(sample, before)
        old, new = outcome(before, facts), outcome(after, facts)
        if old != new:
            yield Difference(sample, old, new)


def _facts(sample: str, snapshot: Snapshot) -> Facts:
    assert snapshot.environment is not None, "a snapshot is made by workspace.load"
    read = read_sample(sample, snapshot.environment)
    assert read.facts is not None, [each.message for each in read.findings]
    return read.facts


def outcome(snapshot: Snapshot, facts: Facts) -> str:
    """What becomes of a request, in a line: where it goes, and what is changed on the way."""
    decision = decide(snapshot, facts)
    if isinstance(decision, Undecided):
        return f"hangs on {decision.attribute}"
    if decision.denial is not None:
        return f"denied, {decision.denial.status}: {decision.denial.message}"
    return "; ".join([" or ".join(map(str, decision.chain)), *map(_changed, decision.effects)])


def _changed(effect: Effect) -> str:
    """By value, not as written: one of the two worlds is written in JSON."""
    match effect:
        case SetField(field, value, _, add):
            return f"set {field} {'+=' if add else '='} {value}"
        case DropField(field, _, pattern, member):
            return f"drop {field} {pattern}{member}".rstrip()
        case Rewrite(name, span, arguments):
            if "file" in arguments:  # by the place it means
                arguments = {**arguments, "file": relative(span.file.name, str(arguments["file"]))}
            return f"use {name}({', '.join(f'{key} = {value}' for key, value in sorted(arguments.items()))})"
        case Tagged(name):
            return f"tag {name}"


def providers(before: Snapshot, after: Snapshot) -> Iterator[Difference]:
    """Providers that are called differently, or that only one of them has."""
    old = {each.name: _called(each) for each in before.catalog.configured}
    new = {each.name: _called(each) for each in after.catalog.configured}
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) != new.get(name):
            yield Difference(f"provider {name}", *_told(old.get(name), new.get(name)))


def _called(provider: ConfiguredProvider) -> Mapping[str, str]:
    bodies = [provider.body, *(each.body for each in provider.models.values())]
    return {
        "dialect": provider.dialect,
        "url": provider.url,
        "models": ", ".join(_model(each) for each in provider.models.values()),
        "statements": " | ".join("; ".join(map(print_statement, body)) for body in bodies),
        "keys": f"{len(provider.keys)} ({', '.join(key.fingerprint for key in provider.keys)})",
        "proxy": provider.proxy,
    }


def _model(model: ConfiguredModel) -> str:
    said = "; ".join(f"{name} = {getattr(model.spec, name)}" for name in sorted(model.declared))
    return f"{model.name} = {model.wire}" + (f" {{ {said} }}" if said else "")


def _told(old: Mapping[str, str] | None, new: Mapping[str, str] | None) -> tuple[str, str]:
    """Only what differs."""
    if old is None or new is None:
        return ("there" if old else "not there"), ("there" if new else "not there")
    names = [name for name in old if old[name] != new[name]]
    told = [(f"{name} {_veiled(old[name])}", f"{name} {_veiled(new[name])}") for name in names if name != "statements"]
    if "statements" in names:  # not shown: an argument may hold a key
        told.append(("its statements", "other statements"))
    return "; ".join(before for before, _ in told), "; ".join(after for _, after in told)


def _veiled(text: str) -> str:
    """An address without a login and without what stands behind `=`: either may be a key."""
    return _ARGUMENT.sub(r"\1***", _LOGIN.sub("***@", text)) if "://" in text else text
