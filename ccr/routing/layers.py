"""What layers say, merged: the effects of all layers as one list in the order in which they are carried out.

The order makes the rulings come out by themselves. Sets stand weakest layer first and in source order, so that a
later `=` forgets what weaker layers set and added, and `+=` of the same and of stronger layers follow it (R13). Uses
stand strongest layer first, one per name, where the stronger and within a layer the later one replaces (R14).
Drops and tags are a union.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, assert_never

from ccr.lang.ast import Condition, Drop, Form, ListValue, Literal, PythonRef, Set, Tag, Use
from ccr.lang.environment import Environment, FieldDecl, Phase
from ccr.lang.evaluate import Met
from ccr.lang.findings import Mistake
from ccr.lang.literals import value_of
from ccr.lang.locations import python_place
from ccr.lang.types import STRING, Type
from ccr.lang.values import Value
from ccr.routing.conditions import Lets, written_out
from ccr.routing.effects import PYTHON, DropField, Effect, Rewrite, SetField, Tagged

_HEADERS = ("response.header.", "header.")


def merge(layers: Sequence[Iterable[Effect]]) -> tuple[Effect, ...]:
    """The effects of all layers, strongest first in, in the order of carrying out."""
    weakest_first = [effect for layer in reversed(layers) for effect in layer]
    strongest_first = [effect for layer in layers for effect in layer]
    sets = [effect for effect in weakest_first if isinstance(effect, SetField)]
    drops = [effect for effect in strongest_first if isinstance(effect, DropField)]
    tags = [effect for effect in strongest_first if isinstance(effect, Tagged)]
    return (*drops, *settled(sets), *_one_per_name(layers), *_once(tags))


def settled(sets: Iterable[SetField]) -> tuple[SetField, ...]:
    """Sets without those that a later, certain `=` of the same field makes vain."""
    kept: list[SetField] = []
    for each in sets:
        if not each.add and each.condition is None:
            kept = [earlier for earlier in kept if earlier.field != each.field]
        kept.append(each)
    return tuple(kept)


def _one_per_name(layers: Sequence[Iterable[Effect]]) -> tuple[Rewrite, ...]:
    chosen: dict[str, Rewrite] = {}
    for layer in layers:
        own: dict[str, Rewrite] = {}
        for effect in layer:
            if isinstance(effect, Rewrite):
                own[effect.name] = effect
        chosen = {**chosen, **{name: use for name, use in own.items() if name not in chosen}}
    return tuple(chosen.values())


def _once(tags: Iterable[Tagged]) -> tuple[Tagged, ...]:
    return tuple({(tag.name, tag.phase, tag.condition): tag for tag in tags}.values())


# ---- from the syntax tree -----------------------------------------------------------------------------------------


def effects_of(met: Iterable[Met], environment: Environment, lets: Lets) -> tuple[Effect, ...]:
    """The actions a layer met, with their values converted and the layer's lets written out in their conditions."""
    return tuple(effect(each.action, each.phase, _waiting(each, lets), environment) for each in met)


def _waiting(met: Met, lets: Lets) -> Condition | None:
    return written_out(met.condition, lets) if met.condition is not None else None


def effect(
    action: Set | Drop | Use | Tag, phase: Phase, condition: Condition | None, environment: Environment
) -> Effect:
    """One action as an effect. Its values were checked, so a value that cannot be read stands as it was written."""
    match action:
        case Set(field, operator, value, span):
            declared = declared_field(environment, field.text)
            converted = _value(value, declared.type if declared and declared.type else STRING)
            return SetField(field.text, converted, span, operator == "+=", phase, condition)
        case Drop(field, pattern, member, negated, span):
            return DropField(
                field.text, span, _pattern(pattern), member.text if member else "", negated, phase, condition
            )
        case Use(transform, arguments, span):
            if isinstance(transform, PythonRef):
                options = {each.name.text: argument(each.value, None) for each in arguments}
                return Rewrite(f"{PYTHON}{python_place(transform)}", span, options, phase, condition)
            known = environment.transformers.get(transform.text)
            types = (known.parameters if known else None) or {}
            given = {each.name.text: argument(each.value, types.get(each.name.text)) for each in arguments}
            return Rewrite(transform.text, span, given, phase, condition)
        case Tag(name, span):
            return Tagged(name.text, span, phase, condition)
        case _:
            assert_never(action)


def declared_field(environment: Environment, name: str) -> FieldDecl | None:
    """The declaration of a field, the open families of headers included."""
    family = next((prefix for prefix in _HEADERS if name.startswith(prefix)), name)
    return environment.settable.get(name) or environment.settable.get(family)


def argument(value: Literal | ListValue, kind: Type | None) -> Any:
    """An argument's value: by its declared type, else by how it was written."""
    if isinstance(value, ListValue):
        return [argument(item, kind) for item in value.items]
    if kind is not None:
        return _value(value, kind)
    return _FORMS[value.form](value.text) if value.form in _FORMS else _word(value)


def _word(value: Literal) -> Any:
    return {"true": True, "false": False}.get(value.text, value.text) if value.form is Form.WORD else value.text


def _number(text: str) -> int | float | str:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return text


_FORMS: Mapping[Form, Any] = {Form.NUMBER: _number}


def _value(literal: Literal, kind: Type) -> Value:
    found = value_of(literal, kind)
    return literal.text if isinstance(found, Mistake) else found


def _pattern(pattern: Literal | None) -> str:
    return pattern.text if pattern is not None else ""
