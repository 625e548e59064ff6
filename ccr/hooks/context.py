"""What a function in Python is shown: the request with every attribute of the language, and config.json without keys.

Both are its own to look at: changing them changes nothing. An attribute is read by its name, `request.tokens`,
`request.prompt`; one with a dot as an item, `request["agent.type"]`, or with a `_` for each dot. Reading the tokens
counts them. Headers that carry keys are not shown.
"""

import json
from collections.abc import Callable, Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any

from ccr.config.json5 import Node, Table, read_json5
from ccr.config.veil import veiled
from ccr.diagnostics.source import SourceFile
from ccr.dialects.extras import joined, nested
from ccr.facts.facts import Facts
from ccr.lang.environment import Environment
from ccr.lang.values import Bounds, Reading, Undecided, Unknown

FindOut = Callable[[Undecided], Reading]
"""Finds out what a fact does not know yet; may wait, as it is called from the function's thread."""


class Request:
    """One request as a router sees it. `arguments` are what `use python "…"(…)` gives along, by dotted names."""

    def __init__(
        self, facts: Facts, words: Environment, find_out: FindOut, arguments: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        self.__facts, self.__words, self.__find_out, self.__arguments = facts, words, find_out, arguments
        self.__body: Any = None
        self.__found: dict[str, Any] = {}
        self.__options: dict[str, Any] | None = None

    @property
    def body(self) -> Any:
        """The JSON the client sent, a copy of this function's own."""
        if self.__body is None:
            self.__body = deepcopy(self.__facts.inputs.request.body)
        return self.__body

    @property
    def headers(self) -> Mapping[str, str]:
        """Request headers by name in lower case, without those that carry keys."""
        secret = self.__words.secret_headers
        return {name: value for name, value in self.__facts.inputs.request.headers if name not in secret}

    @property
    def options(self) -> dict[str, Any]:
        """What the rule or config.json gives along, a dotted name as an object in an object. Raises ValueError for a
        `json` that is none."""
        if self.__options is None:
            self.__options = options_of(self.__arguments)
        return self.__options

    def __getitem__(self, name: str) -> Any:
        """An attribute of the language by its full name. Raises KeyError for one there is not."""
        declared = self.__words.attribute(name)
        if declared is None or name.removeprefix("header.").lower() in self.__words.secret_headers:
            raise KeyError(name)
        reading = self.__facts.read(name)
        if isinstance(reading, Bounds) and reading.low == reading.high:
            return reading.low
        if isinstance(reading, Unknown | Bounds):
            if name not in self.__found:
                self.__found[name] = self.__find_out(Undecided(name, reading.question))
            reading = self.__found[name]
        return declared.type.zero if isinstance(reading, Unknown | Bounds) else reading

    def __getattr__(self, name: str) -> Any:
        for spelling in (name, name.replace("_", ".")):
            if not name.startswith("_") and self.__words.attribute(spelling) is not None:
                return self[spelling]
        raise AttributeError(f"a request has no attribute {name!r}")


def options_of(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as JSON; those that no argument can say stand in `json`. Raises ValueError if that is no object."""
    named = nested({name: deepcopy(value) for name, value in arguments.items() if name != "json"})
    text = arguments.get("json")
    if text is None:
        return named
    read = json.loads(str(text))
    if not isinstance(read, dict):
        raise ValueError("`json` has to be an object")
    return dict(joined(read, named))


def settings_of(config: SourceFile | None) -> dict[str, Any]:
    """config.json as plain values, with stars for keys; empty if there is none or it cannot be read."""
    if config is None or config.text is None:
        return {}
    shown = veiled(config)
    node, _ = read_json5(shown, shown)
    found = _plain(node) if node is not None else {}
    return found if isinstance(found, dict) else {}


def _plain(node: Node) -> Any:
    match node.value:
        case Table(pairs):
            return {pair.key: _plain(pair.node) for pair in pairs}
        case tuple(items):
            return [_plain(item) for item in items]
        case value:
            return value
