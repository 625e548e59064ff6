"""`transformer.use` to `use` statements, and `transformers[]` to options of built-in ones and to Python.

`["NAME", {…}]` becomes `use NAME(a = …, b.c = …)`. What is deeper than dotted names and lists becomes
`use customparams(json = \"\"\"…\"\"\")` (amendments C.11): those transformers of the reference that take deep options merge
them into the body, and so does this one. A file of `transformers[]` that is Python becomes `use python "FILE:transformer"`
wherever its name is used. One that is JavaScript is not run: a built-in of that name takes its options (amendments S15),
for any other a warning says how it is written in Python.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from ccr.config import json5, spelling
from ccr.config.findings import DOES_NOTHING, JAVASCRIPT, REPEATED, SPELLING, WRONG_VALUE
from ccr.config.json5 import Node
from ccr.config.keys import BUILT_IN, NUMBERS, PLUGIN
from ccr.config.lenient import Notebook, Text, entries
from ccr.diagnostics.source import Span
from ccr.lang.ast import Argument, Form, ListValue, Literal, Model, Name, Provider, PythonRef, Use

_MERGES = "customparams"
"""The transformer that merges JSON into the body."""
_STUB = (
    "in Python, {stem}.py: `class transformer:` with `def request(self, body, context): return body` and, to change the "
    'answer, `def response(self, event, context): return event`; here {{ path: "{stem}.py" }}'
)
_OBJECT = "transformer"
"""The name in a Python file that is meant where the path says none, as `router` is for CUSTOM_ROUTER_PATH."""


class Plugins(Struct, frozen=True):
    """What `transformers[]` says: options for built-in transformers, files in Python by the names they are used by, and
    whether there are files nobody here runs."""

    options: Mapping[str, Node]
    foreign: bool
    python: Mapping[str, PythonRef] = {}


def read_plugins(node: Node | None, notes: Notebook) -> Plugins:
    """The entries of `transformers[]`."""
    options: dict[str, Node] = {}
    python: dict[str, PythonRef] = {}
    foreign = False
    for item in node.value if node is not None and isinstance(node.value, tuple) else ():
        entry = entries(item, PLUGIN, "transformers[]", notes)
        if "path" not in entry:
            notes.say(DOES_NOTHING, "an entry of `transformers` has no `path`", item.span, "does nothing")
            continue
        path: Text = entry["path"].value
        file, function = _parted(path.text)
        stem, _, suffix = file.rpartition("/")[2].rpartition(".")
        known = BUILT_IN.get(stem.lower())
        if suffix.lower() == "py":
            name = entry["name"].value.text if "name" in entry else stem
            if name in python:
                notes.say(REPEATED, f"two transformers are called `{name}`", path.at, "this one holds")
            python[name] = PythonRef(spelling.string(f"{file}:{function}", path.at), path.at)
            options.pop(name, None)
        elif known:
            notes.say(SPELLING, f"`{known}` is built in: it takes these options, the file is not read", path.at)
            name = known
        else:
            foreign = True
            message = f"`{stem}.{suffix}` is JavaScript, which ccr does not run: requests pass unchanged"
            notes.say(JAVASCRIPT, message, path.at, "not loaded", _STUB.format(stem=stem))
            continue
        if "options" in entry:
            options[name] = entry["options"].value
    return Plugins(options, foreign, python)


def tell_unused(plugins: Plugins, providers: Iterable[Provider], notes: Notebook) -> None:
    """Files in Python that no `use` names: they are there for nothing."""
    used = {each.transform for provider in providers for each in _uses(provider)}
    for name, python in plugins.python.items():
        if python not in used:
            help_ = f'write "{name}" into `transformer.use` of a provider'
            notes.say(DOES_NOTHING, f"no provider uses the transformer `{name}`", python.span, "never asked", help_)


def _uses(block: Provider | Model) -> Iterator[Use]:
    for each in block.body:
        if isinstance(each, Use):
            yield each
        elif isinstance(each, Model):
            yield from _uses(each)


def _parted(path: str) -> tuple[str, str]:
    """`FILE.py:NAME` as the file and the name."""
    path = path.replace("\\", "/")
    file, colon, name = path.rpartition(":")
    return (file, name) if colon and file.lower().endswith(".py") else (path, _OBJECT)


def read_uses(node: Node, where: str, plugins: Plugins, notes: Notebook) -> tuple[Use, ...]:
    """The statements for one `use` list, in its order."""
    if not isinstance(node.value, tuple):
        notes.say(WRONG_VALUE, f"`use` of {where} is no list", node.span, 'expected a list such as ["maxtoken"]')
        return ()
    deep: dict[str, Any] = {}
    found = [use for item in node.value for use in _use(item, plugins, deep, notes)]
    return _with_json(found, deep, node.span) if deep else tuple(found)


def _use(item: Node, plugins: Plugins, deep: dict[str, Any], notes: Notebook) -> Iterator[Use]:
    parts = item.value if isinstance(item.value, tuple) else (item,)
    name = parts[0].value if parts else None
    if not isinstance(name, str) or not name or len(parts) > 2:
        message = "this is no transformer"
        notes.say(WRONG_VALUE, message, item.span, 'expected "name" or ["name", { … }]')
        return
    known = _named(name, parts[0].span, plugins, notes)
    if known is None:
        return
    python = plugins.python.get(known)
    own: dict[str, Any] = {} if python is not None else deep
    given = [plugins.options[known]] if known in plugins.options else []
    given += [part for part in parts[1:] if part.value is not None]
    arguments: dict[str, Argument] = {}
    for options in given:
        if not isinstance(options.value, json5.Table):
            notes.say(WRONG_VALUE, f"the options of `{name}` are no object", options.span, "expected `{ … }`")
            continue
        for argument in _arguments(options.value, (), own, notes):
            arguments[argument.name.text] = argument
    if python is None:
        yield Use(spelling.name(known, parts[0].span), tuple(arguments.values()), item.span)
        return
    if own:
        arguments["json"] = _json(own, item.span)
    yield Use(python, tuple(arguments.values()), item.span)


def _named(name: str, at: Span, plugins: Plugins, notes: Notebook) -> str | None:
    if name in plugins.python:
        return name
    known = BUILT_IN.get(name.lower())
    if known is None and plugins.foreign:
        notes.say(DOES_NOTHING, f"`{name}` is none of ccr's transformers", at, "left out, as its file is not loaded")
        return None
    if known and known != name:
        notes.say(SPELLING, f"`{name}` is read as `{known}`", at, f"usually written `{known}`")
    return known or name


def _arguments(table: json5.Table, path: tuple[str, ...], deep: dict[str, Any], notes: Notebook) -> Iterator[Argument]:
    for pair in table.pairs:
        here = (*path, pair.key)
        if isinstance(pair.node.value, json5.Table) and pair.node.value.pairs:
            yield from _arguments(pair.node.value, here, deep, notes)
            continue
        value = _value(pair, notes)
        argument = spelling.argument(here, pair.at, value) if value is not None else None
        if argument is not None:
            yield argument
        else:
            _put(deep, here, to_python(pair.node, notes))


def _value(pair: json5.Pair, notes: Notebook) -> Literal | ListValue | None:
    node = pair.node
    if isinstance(node.value, tuple):
        items = [spelling.scalar(_scalar(each, notes), each.span) for each in node.value]
        whole = tuple(each for each in items if each is not None)
        return ListValue(whole, node.span) if whole and len(whole) == len(items) else None
    value = _scalar(node, notes)
    if (
        isinstance(value, str)
        and pair.key in NUMBERS
        and value.replace(".", "", 1).isascii()
        and value.replace(".", "", 1).isdigit()
    ):
        notes.say(SPELLING, f"`{pair.key}` is read as the number {value}", node.span, f"usually written {value}")
        return spelling.number(value, node.span)
    return spelling.scalar(value, node.span)


def _scalar(node: Node, notes: Notebook) -> Any:
    """A text with its variables, any other value as it is; lists and objects are no scalars."""
    if isinstance(node.value, str):
        return notes.text(node).text
    return None if isinstance(node.value, tuple | json5.Table) else node.value


def to_python(node: Node, notes: Notebook) -> Any:
    """The value as plain Python. Infinity and NaN, which JSON cannot say, are errors."""
    match node.value:
        case json5.Table(pairs):
            return {pair.key: to_python(pair.node, notes) for pair in pairs}
        case tuple(items):
            return [to_python(item, notes) for item in items]
        case float(value) if value != value or value in (float("inf"), float("-inf")):
            notes.say(WRONG_VALUE, f"{node.span.text} cannot be sent as JSON", node.span, "expected a finite number")
            return None
        case str():
            return notes.text(node).text
        case value:
            return value


def _put(tree: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    for part in path[:-1]:
        if not isinstance(tree.get(part), dict):
            tree[part] = {}
        tree = tree[part]
    tree[path[-1]] = value


def _json(deep: Mapping[str, Any], at: Span) -> Argument:
    """What no argument can say."""
    return Argument(Name("json", at), Literal(Form.TEXT, json.dumps(deep, ensure_ascii=False), at), at)


def _with_json(uses: Iterable[Use], deep: dict[str, Any], at: Span) -> tuple[Use, ...]:
    """The statements, with what no argument can say given to the one that merges JSON."""
    argument = _json(deep, at)
    listed, done = [], False
    for use in uses:
        if isinstance(use.transform, Name) and use.transform.text == _MERGES and not done:
            use, done = Use(use.transform, (*use.arguments, argument), use.span), True
        listed.append(use)
    return tuple(listed) if done else (*listed, Use(Name(_MERGES, at), (argument,), at))
