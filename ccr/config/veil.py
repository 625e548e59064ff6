"""The text of a config.json as it may be shown: every key's characters are stars, and all else stands where it stood.

Findings show the lines they are about, on terminals, in CI logs, in editors. So all places point into this text, which
is as long as the real one, and the real one is only read. It works on any text, also on one that cannot be parsed.
"""

import re

from ccr.diagnostics.source import SourceFile
from ccr.diagnostics.veil import keylike, misspelt, without_keys

_STRING = r"\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?"
_ENTRY = re.compile(
    rf"(?<![\w$-])(?P<name>[\w$-]{{1,60}}+)(?P<between>[\"']?\s*:\s*)(?P<value>\[[^\[\]{{}}]*\]?|{_STRING}|[^\s,\]}}\[{{]+)"
)
_PART = re.compile(rf"{_STRING}|[^\s,\[\]\"']+")
_QUERY = re.compile(r"(?<=[?&])(?P<name>[A-Za-z_-]+)(?P<between>=)(?P<value>[^&#\s\"'$]+)")


def veiled(file: SourceFile) -> SourceFile:
    """The same file with stars for keys; texts that are `$VARIABLE`s are none."""
    text = _QUERY.sub(_entry, _ENTRY.sub(_entry, file.content))
    text = without_keys(text)
    return file if text == file.content else SourceFile(file.name, text)


def _entry(match: re.Match[str]) -> str:
    if not (keylike(match["name"]) or misspelt(match["name"])):
        return match[0]
    return match["name"] + match["between"] + _PART.sub(_stars, match["value"])


def _stars(match: re.Match[str]) -> str:
    """Stars between the quotes of one text."""
    value = match[0]
    quote = value[0] if value[0] in "\"'" else ""
    closed = len(value) > 1 and bool(quote) and value.endswith(quote)
    inside = value[len(quote) : len(value) - closed]
    return value if inside.startswith("$") else quote + "*" * len(inside) + quote * closed
