"""Which Claude Code there is on this machine, and which of them `ccr code` starts. It is `ccr claude`.

One of those that were found can be chosen; a path is taken at the machine alone (`ccr claude use PATH`), so that nobody makes this
process start a program of theirs.
"""

import asyncio
import os
from pathlib import Path

from msgspec import Struct

from ccr.api.refusal import Refused
from ccr.api.resource import Call, Operation, Resource
from ccr.config.terminal import EXECUTABLE, read_terminal
from ccr.launcher import executables
from ccr.launcher.executables import Executable
from ccr.live.paths import shown


class Found(Struct, frozen=True):
    """`source`: how it was found; `version` "" where `problem` says why not. `started`: by `ccr code`. `chosen`: by a person."""

    path: str
    shown: str
    source: str
    version: str
    problem: str
    started: bool
    chosen: bool


class Executables(Struct, frozen=True):
    """The one that is started first. `named`: by the variable CLAUDE_PATH, which has more say than a choice; it may differ
    from the one of the shell in which `ccr code` is run."""

    executables: tuple[Found, ...]
    named: bool


class Choice(Struct, frozen=True):
    """One of the paths that were found; "" forgets the choice."""

    path: str


async def _list(call: Call) -> Executables:
    found = _found(call)
    known = await asyncio.gather(*(asyncio.to_thread(executables.with_version, each) for each in found))
    chosen = _chosen(call)
    told = tuple(_told(each, each is known[0], chosen) for each in known)
    return Executables(told, bool(os.environ.get(EXECUTABLE, "").strip()))


async def _choose(call: Call) -> Executables:
    path, home = call.body.path, call.parts.live.places.home
    if path and path not in (each.path for each in _found(call) if each.command):
        raise Refused(404, "not_found", "this is none of those that were found; at the machine: `ccr claude use PATH`")
    if path:
        executables.choose(home, path)
    else:
        executables.choose_none(home)
    return await _list(call)


def _found(call: Call) -> tuple[Executable, ...]:
    configured = read_terminal(call.parts.settings().launcher).executable
    return executables.found(call.parts.live.places.home, os.environ, configured)


def _chosen(call: Call) -> str:
    try:
        return (call.parts.live.places.home / executables.CHOSEN).read_text("utf-8", "replace").strip()
    except OSError:
        return ""


def _told(each: Executable, first: bool, chosen: str) -> Found:
    started = first and not each.problem
    return Found(
        each.path, shown(Path(each.path)), each.source, each.version, each.problem, started, each.path == chosen
    )


RESOURCE = Resource(
    "claude",
    "The Claude Codes of this machine.",
    (
        Operation("GET", "/claude", "Those that were found, with their versions", _list, Executables),
        Operation("PUT", "/claude", "Choose which one `ccr code` starts", _choose, Executables, Choice),
    ),
)
