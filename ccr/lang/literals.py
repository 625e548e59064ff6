"""Literals to values: `60k`, `5MB`, `30s`, `$5`, `80%`, `22:00`, words and texts.

Suffixes are exact (rulings R9): what is nearly one is a mistake with a fix, never a guess. What a value is compared
with, and so the whole sentence about a mistake, is known to `check.py`.
"""

import re
from decimal import Decimal

from ccr.lang.ast import Form, Literal
from ccr.lang.findings import BAD_RANGE, UNKNOWN_VALUE, WRONG_UNIT, Mistake
from ccr.lang.types import Kind, Type
from ccr.lang.values import Value

DAY = 24 * 60
"""Minutes of a day: `24:00`, which only ends a range."""

UNITS: dict[Kind, dict[str, int]] = {
    Kind.INT: {"": 1, "k": 1_000, "M": 1_000_000},
    Kind.SIZE: {
        "": 1, "B": 1, "KB": 1_000, "MB": 1_000_000, "GB": 1_000_000_000,
        "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30,
    },
    Kind.DURATION: {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000},
}  # fmt: skip
"""What each suffix multiplies by; the values' own units are those of `types.py`."""

_NUMBER = re.compile(r"(\d+(?:_\d+)*(?:\.\d+)?)([A-Za-z]*)")
_DURATIONS = {"ms": "millisecond", "s": "second", "m": "minute", "h": "hour", "d": "day"}
_SIMILAR = {Kind.INT: {"k": "k", "m": "M"}, Kind.SIZE: {"k": "KB", "m": "MB", "g": "GB", "kb": "KB", "mb": "MB", "gb": "GB", "kib": "KiB", "mib": "MiB", "gib": "GiB", "b": "B"}}  # fmt: skip
_FORMS = {
    Form.WORD: "a word", Form.STRING: "a text", Form.TEXT: "a text", Form.NUMBER: "a number", Form.PERCENT: "a percentage",
    Form.MONEY: "an amount of money", Form.CLOCK: "a time of day", Form.MODEL: "a model", Form.PATTERN: "a pattern",
    Form.REGEX: "a regular expression", Form.ENV: "an environment variable",
}  # fmt: skip
_TEXTS = frozenset({Form.WORD, Form.STRING, Form.TEXT, Form.MODEL})


def duration(milliseconds: int) -> str:
    """A duration as a person writes it: in the largest unit of which it is a whole number."""
    units = sorted(UNITS[Kind.DURATION].items(), key=lambda each: -each[1])
    unit, size = next(
        (unit, size) for unit, size in units if (milliseconds % size == 0 and milliseconds >= size) or size == 1
    )
    return f"{milliseconds // size}{unit}"


def value_of(literal: Literal, type: Type, *, ends: bool = False) -> Value | Mistake:
    """The value of a literal where a value of that type is wanted. `ends`: it ends a range, so `24:00` may stand."""
    match type.kind:
        case Kind.BOOL:
            return _boolean(literal)
        case Kind.INT | Kind.SIZE | Kind.DURATION:
            return _quantity(literal, type.kind)
        case Kind.MONEY:
            return _money(literal)
        case Kind.TIME:
            return _clock(literal, ends)
        case Kind.PERCENT:
            return _percentage(literal)
        case Kind.NUMBER:
            return _number(literal)
        case Kind.ENUM | Kind.ORDERED:
            return _word(literal, type)
        case Kind.STRING | Kind.PATH:
            return _text(literal)
        case Kind.SET:
            found = _text(literal)
            return found if isinstance(found, Mistake) else frozenset({str(found)})


def describe(literal: Literal) -> str:
    """What a literal is, for a sentence: `` `1m` is a duration (one minute) ``."""
    text = literal.span.text or literal.text
    if literal.form is Form.NUMBER and (found := _NUMBER.fullmatch(literal.text)) and found[2] in _DURATIONS:
        amount = "one" if found[1] == "1" else found[1]
        return f"`{text}` is a duration ({amount} {_DURATIONS[found[2]]}{'' if amount == 'one' else 's'})"
    if literal.form is Form.NUMBER and found and found[2] in UNITS[Kind.SIZE] and found[2]:
        return f"`{text}` is a size"
    return f"`{text}` is {_FORMS[literal.form]}"


def _other(literal: Literal, replacement: str | None = None, label: str = "", safe: bool = False) -> Mistake:
    if not label and replacement is not None:
        label = f"write `{replacement}`"
    return Mistake(WRONG_UNIT, describe(literal), label, replacement=replacement, safe=safe)


def _boolean(literal: Literal) -> bool | Mistake:
    if literal.form is Form.WORD and literal.text in ("true", "false"):
        return literal.text == "true"
    guess = {"yes": "true", "on": "true", "no": "false", "off": "false"}.get(literal.text.lower())
    return _other(literal, guess or literal.text.lower() if literal.text.lower() in ("true", "false") else guess,
                  "" if guess else "write `true` or `false`", guess is not None)  # fmt: skip


def _quantity(literal: Literal, kind: Kind) -> int | Mistake:
    if literal.form is not Form.NUMBER:
        return _other(literal, *_plain(literal, kind))
    found = _NUMBER.fullmatch(literal.text)
    if found is None:
        return _badly_written(literal)
    factor = UNITS[kind].get(found[2])
    if factor is None:
        return _wrong_suffix(literal, kind, found[1], found[2])
    amount = Decimal(found[1].replace("_", "")) * factor
    if amount != amount.to_integral_value():
        return Mistake(WRONG_UNIT, f"`{literal.text}` is not a whole number", "not whole")
    return int(amount)


def _plain(literal: Literal, kind: Kind) -> tuple[str | None, str]:
    if literal.form is Form.STRING and isinstance(_probe(literal.text, kind), int):
        return literal.text, "write it without quotes"
    example = {Kind.INT: "`60k`", Kind.SIZE: "`5MB`", Kind.DURATION: "`30s`"}[kind]
    return None, f"write it like {example}"


def _probe(text: str, kind: Kind) -> Decimal | int | None:
    found = _NUMBER.fullmatch(text)
    return None if found is None or found[2] not in UNITS[kind] else 1


def _badly_written(literal: Literal) -> Mistake:
    digits = re.sub(r"_+", "_", literal.text).replace("_.", ".").rstrip("_")
    digits = re.sub(r"_([A-Za-z])", r"\1", digits)
    good = digits if _NUMBER.fullmatch(digits) else None
    return Mistake(WRONG_UNIT, f"`{literal.text}` is not a number", f"write `{good}`" if good else "`_` stands between digits",
                   replacement=good, safe=good is not None)  # fmt: skip


_AMOUNTS = {"k": "one thousand", "M": "one million"}


def _wrong_suffix(literal: Literal, kind: Kind, digits: str, suffix: str) -> Mistake:
    similar = _SIMILAR.get(kind, {}).get(suffix.lower())
    if kind is Kind.DURATION:
        similar = suffix.lower() if suffix.lower() in _DURATIONS else "s" if not suffix else None
    if similar is None:
        known = ", ".join(f"`{digits}{unit}`" for unit in UNITS[kind] if unit)
        return Mistake(
            WRONG_UNIT,
            describe(literal) if _known(suffix) else f"`{literal.text}` has an unknown unit",
            f"write {known}",
        )
    good = digits + similar
    meaning = f" for {_AMOUNTS[similar]}" if digits == "1" and similar in _AMOUNTS else ""
    what = (
        describe(literal)
        if _known(suffix)
        else f"`{literal.text}` has an unknown unit"
        if suffix
        else f"`{literal.text}` has no unit"
    )
    return Mistake(WRONG_UNIT, what, f"write `{good}`{meaning}", replacement=good, safe=bool(suffix))


def _known(suffix: str) -> bool:
    return bool(suffix) and any(suffix in units for units in UNITS.values())


def _money(literal: Literal) -> int | Mistake:
    if literal.form is Form.NUMBER and re.fullmatch(r"\d+(_\d+)*(\.\d+)?", literal.text):
        return _other(literal, f"${literal.text}", safe=True)
    if literal.form is not Form.MONEY:
        return _other(literal, label="write it like `$5` or `$0.25`")
    if not re.fullmatch(r"\d+(_\d+)*(\.\d+)?", literal.text[1:]):
        return _badly_written(literal)
    amount = Decimal(literal.text[1:].replace("_", "")) * 1_000_000
    if amount != amount.to_integral_value():
        return Mistake(
            WRONG_UNIT, f"`{literal.text}` is finer than a millionth of a dollar", "at most six digits after the point"
        )
    return int(amount)


def _clock(literal: Literal, ends: bool) -> int | Mistake:
    if literal.form is not Form.CLOCK:
        return _other(literal, label="write it like `22:00`")
    hour, minute = (int(part) for part in literal.text.split(":"))
    total = hour * 60 + minute
    if total < DAY or (ends and total == DAY):
        return total
    if total == DAY:
        return Mistake(BAD_RANGE, "`24:00` only ends a range", "write `00:00`", replacement="00:00", safe=False)
    return Mistake(BAD_RANGE, f"`{literal.text}` is not a time of day", "a day has 24 hours")


def _percentage(literal: Literal) -> float | Mistake:
    if literal.form is Form.NUMBER and re.fullmatch(r"\d+(\.\d+)?", literal.text):
        return _other(literal, f"{literal.text}%", safe=True)
    if literal.form is not Form.PERCENT:
        return _other(literal, label="write it like `80%`")
    return float(literal.text[:-1])


def _number(literal: Literal) -> float | Mistake:
    if literal.form is not Form.NUMBER:
        return _other(literal, label="write it like `0.2`")
    found = _NUMBER.fullmatch(literal.text)
    if found is None:
        return _badly_written(literal)
    if found[2]:
        return Mistake(WRONG_UNIT, f"`{literal.text}` has a unit", f"write `{found[1]}`")
    return float(found[1].replace("_", ""))


def _word(literal: Literal, type: Type) -> str | Mistake:
    if literal.text in type.words and literal.form in _TEXTS:
        return literal.text
    return Mistake(UNKNOWN_VALUE, f"`{literal.text}` is none of the words it can be")


def _text(literal: Literal) -> str | Mistake:
    if literal.form in _TEXTS:
        return literal.text
    quoted = f'"{literal.text}"' if '"' not in literal.text else None
    return _other(literal, quoted, "as a text it needs quotes" if quoted else "")
