"""The contract of a transformer: a rewrite a rule or a provider asks for by name (`use NAME(arg = v)`).

Either a rewrite from hub to hub (the request as a copy with keys replaced, the answer's events through a stage), or a
way of speaking (a layer of `Quirks` for the dialect), or both. A file in `transformers/builtin/` gives `TRANSFORMER`;
its docstring is its manual page.
"""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from msgspec import Struct

from ccr.dialects.profile import Quirks
from ccr.lang.types import Type
from ccr.messages.events import Event
from ccr.messages.request import MessagesRequest

Arguments = Mapping[str, Any]


class Stage(Protocol):
    """One answer's events on their way to the client."""

    def feed(self, event: Event) -> list[Event]: ...

    def finish(self) -> list[Event]: ...


class Transformer(Struct, frozen=True):
    """`parameters` None: takes any argument. `name` is the reference's spelling where it has one."""

    name: str
    doc: str
    parameters: Mapping[str, Type] | None = {}
    on_request: Callable[[MessagesRequest, Arguments], MessagesRequest] | None = None
    on_stream: Callable[[MessagesRequest, Arguments], Stage] | None = None
    quirks: Callable[[Arguments], Quirks] | None = None
    """May raise ValueError, with words for a person, for arguments that mean nothing."""
    spares_first_party: bool = False
    """Left out towards Anthropic's own host (`Profile.scrub` off), where an edited prefix breaks signatures (rulings 1.11)."""
    edits_history: bool = False
    """It changes the system text, the tools or earlier messages, over which a model may have signed its thinking."""
