"""JSON Schema in the part of it that Gemini's `parameters` knows, a subset of OpenAPI 3.0.

Source: https://ai.google.dev/api/caching#Schema. References are put in place of themselves, so a schema that holds itself
is told to a certain depth. What has no word there is told in the description, or left out where it only narrows a value.
Converting what was converted changes nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ccr.dialects.schemas import all_of, pointed
from ccr.messages.encode import encode_json

Schema = dict[str, Any]

_TYPES = ("STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT")
_NULL = "NULL"
_DEEPEST = 24
_MOST = 4_000
"""Schemas inside one schema; what a few references to one another unfold to can be without end in practice."""
_TURNS = 2
"""How often a schema is told inside itself."""
_INT64 = 2**63 - 1

_TELLING: Mapping[str, frozenset[str]] = {
    "OBJECT": frozenset({"properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties"}),
    "ARRAY": frozenset({"items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"}),
    "STRING": frozenset({"pattern", "minLength", "maxLength", "format"}),
    "NUMBER": frozenset({"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}),
}  # fmt: skip
"""Keys by which a schema without a type tells what it is of."""

_SHAPES = frozenset({"type", "$ref", "properties", "items", "enum", "const", "anyOf", "oneOf", "allOf"})
"""Keys that make a branch more than a further condition."""

_FORMATS: Mapping[str, frozenset[str]] = {
    "STRING": frozenset({"enum", "date-time"}),
    "NUMBER": frozenset({"float", "double"}),
    "INTEGER": frozenset({"int32", "int64"}),
}


def parameters_in_subset(schema: Any) -> Schema:
    """A function's parameters, which must be an object with properties; {} where it has none."""
    converted = in_subset(schema)
    if "anyOf" in converted:
        converted = _one_object(converted["anyOf"])
    return converted if converted.get("properties") else {}


def in_subset(schema: Any) -> Schema:
    """Any schema, converted."""
    return _Subset(schema).convert(schema, 0, ()) or _anything("")


def _one_object(branches: Sequence[Schema]) -> Schema:
    """Parameters may not be a choice of objects: one object that takes what any of them takes."""
    objects = [branch for branch in branches if branch.get("properties")]
    if not objects:
        return {}
    properties = {name: each for branch in objects for name, each in branch["properties"].items()}
    shared = [name for name in objects[0].get("required", []) if all(name in b.get("required", []) for b in objects)]
    said: Schema = {"type": "OBJECT", "properties": properties}
    return said | ({"required": shared} if shared else {})


class _Subset:
    def __init__(self, root: Any) -> None:
        self._root = root
        self._left = _MOST

    def convert(self, said: Any, depth: int, references: tuple[str, ...]) -> Schema | None:
        """The schema; None for one that nothing fits (`false`)."""
        self._left -= 1
        if said is False:
            return None
        if depth > _DEEPEST or self._left < 0:
            return {"type": "OBJECT"}
        if not isinstance(said, Mapping):
            return _anything("")
        said, references, again = self._resolved(said, references)
        if again:
            return {"type": "OBJECT", "description": "The same kind of value again."}
        branches, nullable = _branches(said)
        if branches is None:
            return _nullable(self._plain(said, _type_of(said), depth, references), nullable)
        converted = [c for branch in branches if (c := self.convert(branch, depth + 1, references)) is not None]
        return _nullable(_any_of(converted, _text(said.get("description"))), nullable)

    def _resolved(self, said: Any, references: tuple[str, ...]) -> tuple[Schema, tuple[str, ...], bool]:
        """The schema with its references and `allOf` put in place; whether it is told inside itself too often."""
        said = dict(said)
        while "$ref" in said or "allOf" in said:
            parts: list[Any] = []
            if (reference := said.pop("$ref", None)) is not None:
                if references.count(str(reference)) >= _TURNS:
                    return said, references, True
                references = (*references, str(reference))
                parts.append(pointed(self._root, reference))
            together = said.pop("allOf", None)
            parts += together if isinstance(together, list) else []
            said = all_of([said, *(part for part in parts if isinstance(part, Mapping))])
            if len(references) > _DEEPEST:
                return said, references, True
        return said, references, False

    def _plain(self, said: Schema, kind: str, depth: int, references: tuple[str, ...]) -> Schema:
        if not kind:
            return _anything(_text(said.get("description")))
        notes: list[str] = []
        out: Schema = {"type": kind}
        match kind:
            case "STRING":
                out |= _of_string(said, notes)
            case "NUMBER" | "INTEGER":
                out |= _of_number(said, kind, notes)
            case "ARRAY":
                out |= self._of_array(said, depth, references)
            case "OBJECT":
                out |= self._of_object(said, notes, depth, references)
            case _:
                _tell_values(said, notes)
        if title := _text(said.get("title")):
            out["title"] = title
        if description := " ".join(text for text in (_text(said.get("description")), *notes) if text):
            out["description"] = description
        return out

    def _of_array(self, said: Schema, depth: int, references: tuple[str, ...]) -> Schema:
        """Items must be told. Those of a tuple become any of its members."""
        tuple_, items = said.get("prefixItems"), said.get("items")
        members: list[Any] = tuple_ if isinstance(tuple_, list) else []
        if isinstance(items, list):  # a tuple, as it was written before 2020
            members, items = [*members, *items], None
        if isinstance(items, Mapping) or (items is True and not members):
            members = [*members, items]
        converted = [c for member in members if (c := self.convert(member, depth + 1, references)) is not None]
        counted = _numbers(said, "minItems", "maxItems")
        return {"items": _any_of(converted, "") if converted else {"type": "STRING"}, **counted}

    def _of_object(self, said: Schema, notes: list[str], depth: int, references: tuple[str, ...]) -> Schema:
        given = said.get("properties")
        properties: Schema = {}
        for name, each in given.items() if isinstance(given, Mapping) else ():
            if (converted := self.convert(each, depth + 1, references)) is not None:
                properties[name] = converted
        out: Schema = {"properties": properties} if properties else {}
        needed = said.get("required")
        names = [n for n in needed if isinstance(n, str) and n in properties] if isinstance(needed, list) else []
        if names:
            out["required"] = list(dict.fromkeys(names))
        if isinstance(said.get("additionalProperties"), Mapping) or said.get("patternProperties"):
            notes.append("Further keys may be given.")
        return out | _numbers(said, "minProperties", "maxProperties")


# ---- types and choices ----------------------------------------------------------------------------------------------


def _branches(said: Schema) -> tuple[list[Any] | None, bool]:
    """The choices a schema leaves, None if it is one thing; whether null is among them."""
    kinds, nullable = _kinds(said)
    for key in ("anyOf", "oneOf"):
        choices = said.get(key)
        if not isinstance(choices, list):
            continue
        base = {k: v for k, v in said.items() if k not in ("anyOf", "oneOf", "description", "title", "nullable")}
        real = [c for c in choices if isinstance(c, Mapping) and c.keys() & _SHAPES and not _is_null(c)]
        nullable = nullable or any(_is_null(choice) for choice in choices)
        if real:
            return [{"allOf": [base, choice]} if base else choice for choice in real], nullable
    if len(kinds) > 1:
        return [{**said, "type": kind, "nullable": False, "description": ""} for kind in kinds], nullable
    return None, nullable


def _kinds(said: Schema) -> tuple[list[str], bool]:
    """The types a schema names, and whether null is one of its values."""
    named = said.get("type")
    words = [str(word).upper() for word in (named if isinstance(named, list) else [named])]
    values = _values(said)
    kinds = [word for word in words if word in _TYPES]
    nullable = _NULL in words or said.get("nullable") is True or any(value is None for value in values)
    if not kinds:
        kinds = [kind for value in values if (kind := _kind_of_value(value))]
    return list(dict.fromkeys(kinds)), nullable


def _type_of(said: Schema) -> str:
    """The one type; told by other keys where it is not named; "" if anything goes."""
    kinds, nullable = _kinds(said)
    if kinds:
        return kinds[0]
    told = next((kind for kind, keys in _TELLING.items() if said.keys() & keys), "")
    return told or (_NULL if nullable and (said.get("type") or _values(said)) else "")


def _is_null(choice: Any) -> bool:
    if not isinstance(choice, Mapping):
        return False
    kinds, nullable = _kinds(dict(choice))
    return nullable and not kinds and not choice.keys() & {"$ref", "anyOf", "oneOf", "allOf", "properties", "items"}


def _values(said: Schema) -> list[Any]:
    if "const" in said:
        return [said["const"]]
    values = said.get("enum")
    return values if isinstance(values, list) else []


def _kind_of_value(value: Any) -> str:
    match value:
        case bool():
            return "BOOLEAN"
        case str():
            return "STRING"
        case int():
            return "INTEGER"
        case float():
            return "NUMBER"
        case list():
            return "ARRAY"
        case Mapping():
            return "OBJECT"
        case _:
            return ""


def _anything(description: str) -> Schema:
    return _any_of([{"type": kind} for kind in ("STRING", "NUMBER", "BOOLEAN", "OBJECT")], description)


def _any_of(choices: Iterable[Schema], description: str) -> Schema:
    """A choice. Nothing may stand beside `anyOf`, so what is said of the whole is said of its first branch, also that it
    may be null."""
    flat: list[Schema] = []
    for choice in choices:
        flat += [c for c in choice.get("anyOf", [choice]) if c not in flat]
    real = [c for c in flat if c.get("type") != _NULL]
    if real and len(real) < len(flat):
        return _nullable(_any_of(real, description), True)
    if not flat:
        return _anything(description)
    if description:
        own = _text(flat[0].get("description"))
        flat[0] = {**flat[0], "description": description if own in ("", description) else f"{description} {own}"}
    return flat[0] if len(flat) == 1 else {"anyOf": flat}


def _nullable(said: Schema, nullable: bool) -> Schema:
    if not nullable or said.get("type") == _NULL:
        return said
    if "anyOf" in said:
        first, *others = said["anyOf"]
        return {"anyOf": [{**first, "nullable": True}, *others]}
    return {**said, "nullable": True}


# ---- what is said of one value --------------------------------------------------------------------------------------


def _of_string(said: Schema, notes: list[str]) -> Schema:
    out = _numbers(said, "minLength", "maxLength")
    if pattern := _text(said.get("pattern")):
        out["pattern"] = pattern
    words = [value for value in _values(said) if isinstance(value, str) and value]
    if words:
        out["enum"] = list(dict.fromkeys(words))
    return out | _format(said, "STRING", notes)


def _of_number(said: Schema, kind: str, notes: list[str]) -> Schema:
    _tell_values(said, notes)
    out = {key: said[key] for key in ("minimum", "maximum") if _is_number(said.get(key))}
    for key, bound, step, words in (
        ("exclusiveMinimum", "minimum", 1, "More than"),
        ("exclusiveMaximum", "maximum", -1, "Less than"),
    ):
        limit = said.get(key)
        if not _is_number(limit):
            continue
        if kind == "INTEGER" and isinstance(limit, int):
            out[bound] = limit + step
        else:
            out[bound] = limit
            notes.append(f"{words} {limit}.")
    if _is_number(said.get("multipleOf")):
        notes.append(f"A multiple of {said['multipleOf']}.")
    return out | _format(said, kind, notes)


def _format(said: Schema, kind: str, notes: list[str]) -> Schema:
    name = _text(said.get("format"))
    if name in _FORMATS[kind]:
        return {"format": name}
    if name and kind == "STRING":
        notes.append(f"Format: {name}.")
    return {}


def _tell_values(said: Schema, notes: list[str]) -> None:
    """Only strings can be listed; other values are told."""
    values = [encode_json(value).decode() for value in _values(said) if value is not None]
    if values:
        notes.append(f"One of: {', '.join(values)}.")


def _numbers(said: Schema, *keys: str) -> Schema:
    """Counts, which are int64 there."""
    return {key: int(said[key]) for key in keys if _is_number(said.get(key)) and 0 <= said[key] <= _INT64}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
