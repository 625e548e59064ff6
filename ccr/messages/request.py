"""A read-only view over the client's own JSON, the hub vocabulary of the house.

The body is never changed; unknown keys survive. `replace` makes a shallow copy with some keys set or removed and
remembers which, so that an encoder can splice the change into the original bytes and leave the rest untouched.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import msgspec
from msgspec import Struct

from ccr.messages.blocks import rare_blocks

Headers = tuple[tuple[str, str], ...]
"""Header names in lower case, in wire order."""


class MessagesRequest(Struct, frozen=True, eq=False, dict=True):
    """`raw` is what the client sent, byte for byte; `changed` the top-level keys that differ from it."""

    body: Mapping[str, Any]
    raw: bytes
    headers: Headers = ()
    changed: frozenset[str] = frozenset()

    @property
    def model(self) -> str:
        model = self.body.get("model")
        return model if isinstance(model, str) else ""

    @property
    def stream(self) -> bool:
        return self.body.get("stream") is True

    @property
    def system(self) -> Any:
        """A string, a list of blocks, or None."""
        return self.body.get("system")

    @property
    def messages(self) -> list[Any]:
        messages = self.body.get("messages")
        return messages if isinstance(messages, list) else []

    @property
    def tools(self) -> list[Any]:
        tools = self.body.get("tools")
        return tools if isinstance(tools, list) else []

    @property
    def thinking(self) -> Mapping[str, Any]:
        thinking = self.body.get("thinking")
        return thinking if isinstance(thinking, dict) else {}

    def header(self, name: str) -> str:
        """A header's value by its lower-case name; repeated ones are joined by a comma; "" if absent."""
        return self._by_name.get(name, "")

    @cached_property
    def rare(self) -> list[Mapping[str, Any]]:
        """Blocks of the messages that are neither text nor calls nor results, those in results too."""
        return rare_blocks(self.messages)

    @cached_property
    def _by_name(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for name, value in self.headers:
            found[name] = f"{found[name]}, {value}" if name in found else value
        return found

    def mentions(self, mark: bytes) -> bool:
        """Whether the client's bytes hold a mark anywhere; looked for once, since a long conversation is long to search."""
        found = self._mentioned.get(mark)
        if found is None:
            found = self._mentioned[mark] = mark in self.raw
        return found

    @cached_property
    def _mentioned(self) -> dict[bytes, bool]:
        return {}

    def replace(self, **keys: Any) -> "MessagesRequest":
        """A copy with these top-level keys; `msgspec.UNSET` removes one."""
        body = {**self.body, **keys}
        kept = {key: value for key, value in body.items() if value is not msgspec.UNSET}
        made = MessagesRequest(kept, self.raw, self.headers, self.changed | frozenset(keys))
        if "rare" in self.__dict__ and "messages" not in keys:
            made.__dict__["rare"] = self.rare
        return made
