"""The text of a rule file as it may be shown: every key's characters are stars, and all else stands where it stood.

Findings show the lines they are about, on terminals, in CI logs, in editors, and rule files may hold keys. It works on
any text, also on one that cannot be parsed: by the names of options, by what stands in addresses, by how keys begin. (A
config.json is veiled where it is read, by its own syntax.)
"""

import re
from functools import lru_cache

from ccr.diagnostics.source import SourceFile
from ccr.diagnostics.suggest import distance

_KEYLIKE = re.compile(
    r"(?<![a-z])(?:(?:(?:api|access|private|secret|auth)[_-]?)?keys?|tokens?|secrets?|password|passwd|authorization|credentials?|bearer)(?![a-z])",
    re.IGNORECASE,
)
_NOT_KEYS = frozenset({"max_tokens", "max_completion_tokens", "max_output_tokens", "budget_tokens"})
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")

_STRING = r"\"(?:[^\"\\\n]|\\.)*\"?"
_NAMED = re.compile(
    rf"(?<![\w.-])(?P<name>[A-Za-z][\w.-]*+)(?P<between>\s*\+?=(?!=)\s*)(?P<value>\[[^\[\]{{}}]*\]?|{_STRING}|[^\s,;(){{}}\[\]\"]+)"
)
_MISWRITTEN = re.compile(
    rf"(?<![\w.-])(?P<name>(?:api[_-]?)?keys?)(?P<between>\s*(?:==|:)\s*|[ \t]+)(?P<value>\[[^\[\]{{}}]*\]?|{_STRING})",
    re.IGNORECASE,
)
_PART = re.compile(rf"{_STRING}|[^\s,\[\]\"]+")
_NUMBER = re.compile(r"[\d._]+[kM]?")
_LOGIN = re.compile(r"(?<=//)[^/@\s\"']*[^/@\s\"'}](?=@)")
_QUERY = re.compile(r"(?<=[?&])(?P<name>[A-Za-z_-]+)(?P<between>=)(?P<value>[^&#\s\"'$]+)")
_BEGINS_LIKE_ONE = re.compile(r"(?<![\w-])sk-[\w-]{8,}")
_DRAWN = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z]*[0-9](?:[A-Za-z]*[0-9]){2})(?=[0-9]*[A-Za-z])[A-Za-z0-9]{20,}(?![A-Za-z0-9])"
)
"""Whatever it is called: letters and digits in one piece as nobody writes them. Names of models have marks between."""
_NAMES = ("key", "keys", "apikey", "apikeys", "token", "secret", "password")
_SHORTEST = 6
"""Characters of what a name that is misspelt is thought to hide; less is more likely a word."""


def keylike(name: str) -> bool:
    """Whether something of this name is likely to hold a key: `api_key`, `Authorization`, `privateKey`."""
    return name not in _NOT_KEYS and bool(_KEYLIKE.search(_CAMEL.sub("_", name)))


def without_keys(text: str) -> str:
    """The text with stars for what looks like a key, whatever stands before it."""
    for pattern in (_LOGIN, _BEGINS_LIKE_ONE, _DRAWN):
        text = pattern.sub(lambda match: "*" * len(match[0]), text)
    return text


@lru_cache(maxsize=1024)
def misspelt(name: str) -> bool:
    """Whether this may have been meant for the name of a key: one slip away from one, such as `kye` or `api-ky`."""
    plain = name.lower().replace("_", "").replace("-", "")
    return any(distance(plain, each, 1) == 1 for each in _NAMES)


def veil(text: str) -> str:
    """The text with stars for keys, as long as it was; variables (`env.NAME`, `${NAME}`) are none."""
    shown = text
    for pattern in (_NAMED, _MISWRITTEN, _QUERY):
        shown = pattern.sub(_entry, shown)
    return without_keys(shown)


@lru_cache(maxsize=64)
def veiled(file: SourceFile) -> SourceFile:
    """The same file with stars for keys."""
    text = veil(file.content)
    return file if text == file.content else SourceFile(file.name, text)


def _entry(match: re.Match[str]) -> str:
    name = match["name"]
    slip = misspelt(name) and len(match["value"].strip('"')) >= _SHORTEST
    if not (slip or keylike(name)) or name.endswith("tokens"):  # an attribute, in an example: `tokens = 2k`
        return match[0]
    return name + match["between"] + _PART.sub(_stars, match["value"])


def _stars(match: re.Match[str]) -> str:
    """Stars between the quotes of one text."""
    value = match[0]
    quote = '"' if value[0] == '"' else ""
    closed = len(value) > 1 and bool(quote) and value.endswith(quote)
    inside = value[len(quote) : len(value) - closed]
    plain = inside in ("…", "") or inside.startswith(("$", "env.")) or (not quote and _NUMBER.fullmatch(inside))
    return value if plain else quote + "*" * len(inside) + quote * closed
