"""Keys that `ccr key set` keeps: `keys.json` in the ccr home, mode 0600, a JSON object of names and keys.

A name is that of the variable that a rule file or the catalogue asks for; what stands here is stronger than the variable,
and weaker than what a rule file or config.json says itself (rulings 1.22). Nothing here prints a key.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from ccr.live.files import write_atomic

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""What a variable can be called."""


class Broken(Exception):
    """keys.json cannot be read, or is no object of texts; the text says which and where."""


def flaw_of(text: str) -> str:
    """Why this is no key, in words; "" if it may be one."""
    if not text:
        return "the key was empty"
    if text[0] in "\"'" and text[0] == text[-1]:
        return "it has quotes around it; give the key without them"
    if any(char.isspace() for char in text):
        return "it has blanks or line ends in it, which no key has"
    if not (text.isascii() and text.isprintable()):
        return "it has characters that no header can carry; copy the key itself, not a text about it"
    return ""


def key_file(home: Path) -> Path:
    return home / "keys.json"


def stored(home: Path) -> Mapping[str, str]:
    """The keys themselves, for whoever makes Secrets of them; none if the file is not there. Raises Broken."""
    path = key_file(home)
    try:
        said = json.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise Broken(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise Broken(f"{path} is no JSON") from None
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise Broken(f"{path} is no object of names and keys")
    return said


def stored_or_none(home: Path) -> Mapping[str, str]:
    """The same for loading, which a broken file must not end: it has no keys then, and `ccr doctor` says why."""
    try:
        return stored(home)
    except Broken:
        return {}


def store(home: Path, name: str, text: str) -> None:
    """Keeps a key under a name, in place of an older one. Raises Broken, and OSError where the home cannot be written."""
    _write(home, {**stored(home), name: text})


def forget(home: Path, name: str) -> bool:
    """Whether there was one. Raises Broken, OSError."""
    left = dict(stored(home))
    there = left.pop(name, None) is not None
    if there:
        _write(home, left)
    return there


def _write(home: Path, keys: Mapping[str, str]) -> None:
    path = key_file(home)
    if not keys:
        path.unlink(missing_ok=True)
        return
    write_atomic(path, (json.dumps(dict(sorted(keys.items())), indent=2) + "\n").encode("utf-8"), 0o600)
