"""Command lines as pages show them: taken apart as a shell would, and held against our own command line.

What is not ours is not run by these tests: it has to be a program of the table below, so that a slip of the pen is found.
"""

import re
import shlex
import tomllib
from collections.abc import Iterator

import click

from ccr.cli.main import group
from tests.house.markdown import ROOT

_PROGRAMS = """
Invoke-Expression Out-String brew cat chmod claude code cp curl docker echo export fish find git grep gunzip head irm jq kubectl
launchctl ln loginctl ls mkdir mv npm npx ollama openssl pipx pnpm powershell py python python3 rm ruff sed set sh source sqlite3 sudo
systemctl tail tar test ufw uv wsl xattr
"""
FOREIGN = frozenset(_PROGRAMS.split())
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
EXTRAS = set(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"])
_INNER = re.compile(r"\$\(([^()]+)\)")
_SPLIT = re.compile(r"\s*(?:&&|\|\||[|;&])\s*")
_ASSIGNED = re.compile(r"^[A-Z_]+=\S*$")


def lines(text: str) -> list[str]:
    """The commands of a block, without comments, a continued line as one."""
    joined = text.replace("\\\n", " ")
    return [line for each in joined.splitlines() if (line := _uncommented(each))]


def _uncommented(line: str) -> str:
    return re.sub(r"(^|\s)#.*$", "", line).strip()


def commands(line: str) -> Iterator[list[str]]:
    """The words of each command of a line: parts of a pipe, of `a && b`, and what stands in `$(…)`."""
    for inner in _INNER.findall(line):
        yield from commands(inner)
    words = shlex.split(_INNER.sub("INNER", line))
    part: list[str] = []
    for word in [*words, ";"]:
        if word in ("|", "&&", "||", ";", "&"):
            part = [each for at, each in enumerate(part) if not (_ASSIGNED.match(each) and not _named(part[:at]))]
            if part:
                yield part
            part = []
        elif word.endswith(";"):
            part.append(word[:-1])
        else:
            part.append(word)


def _named(before: list[str]) -> bool:
    return any(not _ASSIGNED.match(each) for each in before)


def wrong(words: list[str], whole: bool = True) -> str:
    """What is wrong with a command; "" if it can be typed. A mention in a sentence need not be `whole`."""
    match re.sub(r"^(\.venv/(bin|Scripts)/|\./)", "", words[0]):
        case "ccr" | "claude-code-rules":
            return _ours(_unredirected(words[1:]), whole)
        case "make":
            missing = {word for word in words[1:] if word.isalpha()} - TARGETS
            return f"make has no {missing}" if missing else ""
        case "pip":
            named = {extra for found in re.findall(r"\[([a-z,-]+)\]", " ".join(words)) for extra in found.split(",")}
            return f"no extra {named - EXTRAS}" if named - EXTRAS else ""
        case "cd":
            return "" if words[1].startswith(("~", "/")) or (ROOT / words[1]).is_dir() else f"no folder {words[1]}"
        case "pytest":
            paths = [word.split("::")[0] for word in words[1:] if "/" in word and not word.startswith("-")]
            gone = [path for path in paths if not (ROOT / path).exists()]
            return f"no such tests: {gone}" if gone else ""
        case "eval":
            return ""
        case name if name in FOREIGN or (ROOT / name).is_file():
            return ""
        case name:
            return f"what is {name}?"


def _unredirected(words: list[str]) -> list[str]:
    kept = []
    rest = iter(words)
    for word in rest:
        if word in (">", "<", ">>"):
            next(rest, None)
        else:
            kept.append(word)
    return kept


def _ours(rest: list[str], whole: bool) -> str:
    command: click.Command = group
    context = click.Context(group, info_name="ccr")
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(context, rest[0])
        if found is None:
            return f"no command {rest[0]}"
        command, rest = found, rest[1:]
    try:
        command.make_context("ccr", list(rest))
    except (click.exceptions.Exit, click.exceptions.NoArgsIsHelpError):
        return ""
    except click.UsageError as error:
        said = error.format_message()
        allowed = "does not exist" in said or (not whole and re.search("Missing|requires an argument", said))
        return "" if allowed else said
    return ""
