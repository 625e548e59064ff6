"""The scenarios of `Router` as slots that a person fills: what each is for, its line in a rule file, its place in
config.json.

A target is told as `provider/model` here, and written as `provider,model` where claude-code-router reads it.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ccr.config.edit import NotEdited, find, read
from ccr.config.keys import LONG_CONTEXT, ROUTER
from ccr.diagnostics.source import SourceFile

_ROOT, _FURTHER = "Router", "fallback"
THRESHOLD = (_ROOT, "longContextThreshold")
"""Where the number of tokens of long talks stands in config.json."""


class Slot(Struct, frozen=True):
    """`condition` as a rule file says it; "" for the default."""

    name: str
    words: str
    condition: str = ""


def _condition(name: str) -> str:
    said = ROUTER[name].becomes.removeprefix("when ").removesuffix(" route …")
    return said.replace("THRESHOLD", str(LONG_CONTEXT))


SLOTS: Mapping[str, Slot] = {
    slot.name: slot
    for slot in (
        Slot("default", "everything that no other line takes"),
        Slot("background", "titles, side questions, and what is asked of haiku", _condition("background")),
        Slot("think", "plan mode, and what has to be thought about", _condition("think")),
        Slot("longContext", "long talks", _condition("longContext")),
        Slot("webSearch", "WebSearch", _condition("webSearch")),
        Slot("image", "a picture in the last message", _condition("image")),
    )
}


def path_of(slot: Slot) -> tuple[str, ...]:
    """Where it stands in config.json."""
    return (_ROOT, slot.name)


def further_of(slot: Slot) -> tuple[str, ...]:
    """Where the targets stand that are tried after its own."""
    return (_FURTHER, slot.name)


def as_config_says(target: str) -> str:
    """`openrouter/z-ai/glm-4.6` as `openrouter,z-ai/glm-4.6`."""
    provider, slash, model = target.partition("/")
    return f"{provider},{model}" if slash else target


def filled(file: SourceFile) -> Mapping[str, tuple[str, int]]:
    """What config.json has in its slots, as `provider/model`, with the line it stands in; nothing of one that cannot be
    read."""
    try:
        root = read(file)
    except NotEdited:
        return {}
    nodes = {name: find(root, path_of(slot)) for name, slot in SLOTS.items()}
    return {
        name: (as_rules_say(node.value), node.span.position[0])
        for name, node in nodes.items()
        if node is not None and isinstance(node.value, str) and node.value.strip()
    }


def as_rules_say(value: Any) -> str:
    """`openrouter,z-ai/glm-4.6` as `openrouter/z-ai/glm-4.6`."""
    provider, comma, model = str(value).strip().partition(",")
    return f"{provider.strip()}/{model.strip()}" if comma else provider
