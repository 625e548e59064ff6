"""`users.ccr` in the ccr home: who may use a proxy that several people share, each with the hash of a key.

The file is a rule file like others, part of the user layer, fit for git; what a person wrote into it beside stays as it
is. A key itself is seen once, when it is made, and is kept nowhere.
"""

import re
import secrets
from hashlib import sha256
from pathlib import Path

from msgspec import Struct

from ccr.diagnostics.diagnostic import Diagnostic
from ccr.diagnostics.source import SourceFile
from ccr.lang import ast
from ccr.lang.syntax import parse
from ccr.live.files import PEOPLE, read
from ccr.live.paths import shown

FILE = PEOPLE
_HEAD = "# Who may use this ccr. Written by `ccr user`; it holds hashes of keys, no keys.\n"
_WORD = re.compile(r"[a-z][a-z0-9_-]*\Z")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}\Z")
"""What `ccr user` takes as a name; a rule file may say others."""


class Unreadable(Exception):
    """The file has mistakes, so it is not touched."""

    def __init__(self, findings: tuple[Diagnostic, ...]) -> None:
        super().__init__(f"{FILE} has mistakes")
        self.findings = findings


class Person(Struct, frozen=True):
    """`hashed`: the key stands there as its hash, of which `fingerprint` is the beginning; else it is named some other
    way, a variable or the key itself."""

    name: str
    hashed: bool
    fingerprint: str


def source(home: Path) -> SourceFile:
    """The file as it is; without text if there is none."""
    path = home / FILE
    return read(path) if path.exists() else SourceFile(shown(path), None)


def new_key() -> tuple[str, str]:
    """A key with 256 bits of chance, and what is kept of it."""
    key = f"ccr-{secrets.token_urlsafe(32)}"
    return key, f"sha256:{sha256(key.encode()).hexdigest()}"


def people(file: SourceFile) -> list[Person]:
    """In the order of the file. Raises Unreadable."""
    return [_person(user) for user in _users(file)]


def with_person(file: SourceFile, name: str, hashed: str) -> str:
    """The text with one more person. Raises Unreadable."""
    _users(file)
    before = file.content or _HEAD
    end = "" if before.endswith("\n") else "\n"
    said = name if _WORD.match(name) else f'"{name}"'
    return f'{before}{end}user {said} {{ key = "{hashed}" }}\n'


def with_key(file: SourceFile, name: str, hashed: str) -> str | None:
    """The text with another key for this person, None if they are not in it. Raises Unreadable."""
    for user in _users(file):
        if user.name.text == name:
            span = next((option.value.span for option in user.options if option.name.text == "key"), None)
            if span is None:
                return None
            return f'{file.content[: span.start]}"{hashed}"{file.content[span.end :]}'
    return None


def without_person(file: SourceFile, name: str) -> str | None:
    """The text without this person, None if they are not in it. Raises Unreadable."""
    for user in _users(file):
        if user.name.text == name:
            start, end = user.span.start, user.span.end
            start = (
                file.content.rfind("\n", 0, start) + 1
                if not file.content[:start].rpartition("\n")[2].strip()
                else start
            )
            rest = file.content[end:]
            # With its line, where it has one of its own.
            return file.content[:start] + (rest.partition("\n")[2] if not rest.partition("\n")[0].strip() else rest)
    return None


def _users(file: SourceFile) -> list[ast.User]:
    tree, findings = parse(file)
    if findings:
        raise Unreadable(findings)
    return [each for each in tree.statements if isinstance(each, ast.User)]


def _person(user: ast.User) -> Person:
    value = next((option.value for option in user.options if option.name.text == "key"), None)
    text = value.text if isinstance(value, ast.Literal) else ""
    hashed = text.startswith("sha256:")
    return Person(user.name.text, hashed, text.removeprefix("sha256:")[:8] if hashed else "")
