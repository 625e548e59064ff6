"""Inside a `provider NAME { … }` block of the person's rule files: which key it names, which transformers it uses, and the
text that the file would have with others. Also the block alone, to be given to somebody else: without its key.

Nothing is written here (`provider_blocks.py` says why). What is changed is the block; the rest of the file stays as it is.
"""

import re
from collections.abc import Callable, Iterable

from msgspec import Struct

from ccr.config.read import read_config
from ccr.diagnostics.source import SourceFile
from ccr.diagnostics.veil import veil
from ccr.lang.ast import Drop, Form, ListValue, Literal, Model, Option, Provider, Set, Tag, Use, When
from ccr.lang.syntax import parse
from ccr.lang.tidy import Refused, tidy
from ccr.live.files import layer_files, read
from ccr.live.paths import Places
from ccr.live.provider_blocks import Edit, quoted, without

Part = Option | Model | When | Set | Drop | Use | Tag
_KEYS = ("key", "keys")


class KeySaid(Struct, frozen=True):
    """What a block says of its key. `variable`: the first that it names; `written`: a key stands in the file itself."""

    variable: str = ""
    written: bool = False


def key_said(provider: Provider) -> KeySaid:
    literals = [each for option in _options(provider, _KEYS) for each in _literals(option)]
    named = [each.text.removeprefix("env.") for each in literals if each.form is Form.ENV]
    return KeySaid(named[0] if named else "", any(each.form is not Form.ENV for each in literals))


def blocks(places: Places) -> dict[str, Provider]:
    """The blocks in the person's own rule files, by name."""
    files = (parse(read(path))[0].statements for path in layer_files(places.rules))
    return {each.name.text: each for statements in files for each in statements if isinstance(each, Provider)}


def of_config(places: Places) -> dict[str, Provider]:
    """The providers of config.json, as the blocks that they mean."""
    if not places.config.is_file():
        return {}
    tree = read_config(read(places.config), {}).file
    statements = tree.statements if tree is not None else ()
    return {each.name.text: each for each in statements if isinstance(each, Provider)}


def with_key(places: Places, name: str, variable: str) -> Edit | None:
    """The block naming a variable for its key, in place of what it says now. None if there is no block."""
    return _edited(
        places, name, lambda each: isinstance(each, Option) and each.name.text in _KEYS, (f"key = env.{variable}",)
    )


def with_uses(places: Places, name: str, uses: Iterable[str]) -> Edit | None:
    """The block with these `use` statements in place of its own, in order. None if there is no block."""
    return _edited(places, name, lambda each: isinstance(each, Use), tuple(uses))


def using(name: str, uses: Iterable[str]) -> str:
    """A block of a provider of the catalogue with these `use` statements, to be added."""
    parsed = parse(SourceFile("block", f"provider {name}\n"))[0].statements
    return "".join(_block(each, (), tuple(uses)) + "\n" for each in parsed if isinstance(each, Provider))


def portable(provider: Provider) -> str:
    """The block without a key that stands in it; a variable's name stays. What else looks like a key is stars."""
    written = [each for each in _options(provider, _KEYS) if any(one.form is not Form.ENV for one in _literals(each))]
    return veil(_block(provider, written, ()))


def _edited(places: Places, name: str, goes: Callable[[Part], bool], comes: tuple[str, ...]) -> Edit | None:
    for path in layer_files(places.rules):
        file = read(path)
        for each in parse(file)[0].statements:
            if isinstance(each, Provider) and each.name.text == name:
                text = file.content
                block = _block(each, [part for part in each.body if goes(part)], comes)
                return Edit(path, text, text[: each.span.start] + block + text[each.span.end :])
    return None


def _block(provider: Provider, goes: Iterable[Part], comes: tuple[str, ...]) -> str:
    """The block's text without some of its parts and with others before its end, as `ccr fmt` writes it."""
    start, text = provider.span.start, provider.span.text
    for part in sorted(goes, key=lambda each: -each.span.start):
        span = part.span
        text = without(text, span.start - start, span.end - start)
    if comes and not text.rstrip().endswith("}"):  # a provider of the catalogue needs no braces
        text = text.rstrip() + " {\n}"
    end = text.rindex("}") if comes else len(text)
    text = text[:end] + "".join(f"\n{each}" for each in comes) + ("\n" if comes else "") + text[end:]
    try:
        return tidy(SourceFile("block", text + "\n")).rstrip("\n")
    except Refused:  # whoever loads it tells what is wrong
        return text


def _options(provider: Provider, names: Iterable[str]) -> list[Option]:
    return [each for each in provider.body if isinstance(each, Option) and each.name.text in names]


def _literals(option: Option) -> list[Literal]:
    value = option.value
    return list(value.items) if isinstance(value, ListValue) else [value]


# ---- transformers -------------------------------------------------------------------------------------------------------

_PLAIN = re.compile(r"(?:true|false|-?\d+(?:\.\d+)?[kM]?%?)")


def use_statement(name: str, arguments: Iterable[tuple[str, str]]) -> str:
    """`use maxtoken(max_tokens = 100)`: numbers and yes-or-no as they are, everything else as a text."""
    said = ", ".join(f"{key} = {value if _PLAIN.fullmatch(value) else quoted(value)}" for key, value in arguments)
    return f"use {name}({said})" if said else f"use {name}"
