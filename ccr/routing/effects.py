"""What rules change besides the route: effects, merged over layers, each with its phase and place.

`set`, `drop`, `use` and `tag` after their conditions held; values are checked and converted. Those of the request and
the attempt are plain data by the time an exchange begins; those of the answer carry their condition along.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ccr.diagnostics.source import Span
from ccr.lang.ast import Condition
from ccr.lang.environment import Phase
from ccr.lang.values import Value

PYTHON = "python:"
"""What the name of a `use python` begins with."""


DESCRIBES = "describe_images"
"""The `use` that puts pictures into words: the exchange asks somebody outside for them."""


class SetField(Struct, frozen=True):
    """`value` may hold `{attribute}` when the field interpolates."""

    field: str
    value: Value
    span: Span
    add: bool = False
    phase: Phase = Phase.REQUEST
    condition: Condition | None = None
    """Only for the answer's phases: asked when the answer is known."""


class DropField(Struct, frozen=True):
    """`pattern` as written (with slashes if it is a regex) keeps those that do not match, or with `negated` those that do."""

    field: str
    span: Span
    pattern: str = ""
    exact: str = ""
    negated: bool = False
    phase: Phase = Phase.REQUEST
    condition: Condition | None = None


class Rewrite(Struct, frozen=True):
    """`use NAME(…)`: a transformer by name, or `python:FILE:FUNCTION`."""

    name: str
    span: Span
    arguments: Mapping[str, Any] = {}
    phase: Phase = Phase.REQUEST
    condition: Condition | None = None


class Tagged(Struct, frozen=True):
    name: str
    span: Span
    phase: Phase = Phase.REQUEST
    condition: Condition | None = None


Effect = SetField | DropField | Rewrite | Tagged
