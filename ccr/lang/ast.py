"""The syntax tree: what a person wrote, frozen, each node with its place.

Both readers make it: `lang/syntax.py` from `.ccr` text, `config/read.py` from config.json (whose spans point into the
JSON). Names and values stand here as written; what they mean is found by resolve and check. Printing is `format.py`.
"""

from enum import Enum
from typing import Union

from msgspec import Struct

from ccr.diagnostics.source import Span


class Form(Enum):
    """How a value was written."""

    WORD = "word"
    STRING = "string"
    TEXT = "long string"
    NUMBER = "number"
    PERCENT = "percentage"
    MONEY = "money"
    CLOCK = "time"
    MODEL = "model"
    PATTERN = "pattern"
    REGEX = "regex"
    ENV = "environment variable"


class Name(Struct, frozen=True):
    """A word that names something. `quoted`: it was written between quotes."""

    text: str
    span: Span
    quoted: bool = False


class Literal(Struct, frozen=True):
    """A value as written. `text` is without quotes and escapes for strings, the bare text otherwise
    (`60k`, `/a|b/`, `env.KEY`)."""

    form: Form
    text: str
    span: Span


class ListValue(Struct, frozen=True):
    items: tuple[Literal, ...]
    span: Span


class RangeValue(Struct, frozen=True):
    low: Literal
    high: Literal
    span: Span


# ---- conditions --------------------------------------------------------------------------------------------------


class Or(Struct, frozen=True):
    parts: tuple["Condition", ...]
    span: Span


class And(Struct, frozen=True):
    parts: tuple["Condition", ...]
    span: Span


class Not(Struct, frozen=True):
    part: "Condition"
    span: Span


class Truth(Struct, frozen=True):
    """An attribute or a `let` standing alone."""

    name: Name
    span: Span


class Compare(Struct, frozen=True):
    attribute: Name
    operator: str
    """== != < <= > >="""
    value: Literal
    span: Span


class Match(Struct, frozen=True):
    """`attribute ~ pattern` or `!~`. The pattern's form is PATTERN, STRING or REGEX (slashes kept in its text)."""

    attribute: Name
    negated: bool
    pattern: Literal
    span: Span


class Has(Struct, frozen=True):
    attribute: Name
    member: Literal
    span: Span


class Member(Struct, frozen=True):
    """`attribute in [..]`, `in low..high`, `in "dir"`, or `not in`."""

    attribute: Name
    negated: bool
    among: ListValue | RangeValue | Literal
    span: Span


class PythonRef(Struct, frozen=True):
    """`python "file.py:function"`, as a condition, a target or a transform."""

    path: Literal
    span: Span


Condition = Or | And | Not | Truth | Compare | Match | Has | Member | PythonRef

# ---- targets ------------------------------------------------------------------------------------------------------


class ModelRef(Struct, frozen=True):
    """`provider/model`, an alias, or a special target (`requested`, `hint`, `last`). `quoted`: written in quotes."""

    text: str
    span: Span
    quoted: bool = False


class Share(Struct, frozen=True):
    ref: ModelRef | PythonRef
    percent: Literal
    span: Span


class Split(Struct, frozen=True):
    shares: tuple[Share, ...]
    by: Name | None
    span: Span


Choice = ModelRef | PythonRef | Split


class Target(Struct, frozen=True):
    """A chain: `A or B or C`."""

    choices: tuple[Choice, ...]
    span: Span


# ---- actions ------------------------------------------------------------------------------------------------------


class Route(Struct, frozen=True):
    target: Target
    span: Span


class Deny(Struct, frozen=True):
    status: Literal | None
    text: Literal | None
    span: Span


class Set(Struct, frozen=True):
    field: Name
    operator: str
    """= or +="""
    value: Literal
    span: Span


class Drop(Struct, frozen=True):
    """`drop field`, `drop tools ~ pattern` (or `!~`), `drop tools has NAME`."""

    field: Name
    pattern: Literal | None
    member: Literal | None
    negated: bool
    span: Span


class Argument(Struct, frozen=True):
    name: Name
    value: Literal | ListValue
    span: Span


class Use(Struct, frozen=True):
    transform: Name | PythonRef
    arguments: tuple[Argument, ...]
    span: Span


class Tag(Struct, frozen=True):
    name: Literal
    span: Span


class Guard(Struct, frozen=True):
    """`only GLOB, …` or `never GLOB, …`."""

    only: bool
    globs: tuple[Name, ...]
    span: Span


Action = Route | Deny | Set | Drop | Use | Tag | Guard


class When(Struct, frozen=True):
    """`when C action` or `when C { … }` (`block`)."""

    condition: Condition
    body: tuple[Union["When", Action], ...]
    block: bool
    span: Span


# ---- declarations -------------------------------------------------------------------------------------------------


class Version(Struct, frozen=True):
    number: Literal
    span: Span


class Import(Struct, frozen=True):
    path: Literal
    span: Span


class Option(Struct, frozen=True):
    name: Name
    value: Literal | ListValue
    span: Span


class Server(Struct, frozen=True):
    options: tuple[Option, ...]
    span: Span


class User(Struct, frozen=True):
    name: Name
    options: tuple[Option, ...]
    span: Span


class Model(Struct, frozen=True):
    """`model NAME = "wire" { … }` inside a provider."""

    name: Name
    wire: Literal | None
    body: tuple[Option | When | Set | Drop | Use | Tag, ...]
    span: Span


class Provider(Struct, frozen=True):
    name: Name
    body: tuple[Option | Model | When | Set | Drop | Use | Tag, ...]
    span: Span


class Alias(Struct, frozen=True):
    name: Name
    target: Target
    span: Span


class Let(Struct, frozen=True):
    name: Name
    condition: Condition
    span: Span


class Default(Struct, frozen=True):
    action: Route | Deny
    span: Span


class Fact(Struct, frozen=True):
    """One fact of a sample; without a value it is `true`."""

    attribute: Name
    value: Literal | ListValue | None
    span: Span


class Sample(Struct, frozen=True):
    facts: tuple[Fact, ...]
    span: Span


class Expect(Struct, frozen=True):
    """`expect GOAL when C`, `for { … }` or `for "file.json"`. A goal of None is `deny`."""

    goal: Name | None
    condition: Condition | None
    sample: Sample | Literal | None
    span: Span


Statement = Version | Import | Server | User | Provider | Alias | Let | Default | Expect | When | Action


class File(Struct, frozen=True):
    """The statements of one file, in order. `comments` are spans of `#` comments, for the formatter."""

    statements: tuple[Statement, ...]
    span: Span
    comments: tuple[Span, ...] = ()
    lost: frozenset[str] = frozenset()
    """Names that statements would have declared, had they parsed: using one of them is no second mistake."""
