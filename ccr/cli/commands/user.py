"""People who may use this ccr, each with a key of their own: add, list, rotate, remove.

A key is made here and shown once; `users.ccr` in the ccr home keeps its hash, so it is fit for git. Rules then know who
asks: `when user == alice`. A running `ccr serve --watch` takes a change at once. Exit codes: 0 good, 1 a file has
mistakes, 2 misused or nobody of that name.
"""

import json
import sys
from typing import NoReturn

import click
from msgspec import structs

from ccr.cli import report
from ccr.cli.subcommands import Subcommands
from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.render_text import render
from ccr.diagnostics.source import SourceFile
from ccr.live import people
from ccr.live.backups import keep
from ccr.live.files import read_sources, write_atomic
from ccr.live.paths import home, places, shown
from ccr.live.surroundings import look
from ccr.routing.settings import Settings
from ccr.routing.snapshot import Loaded
from ccr.routing.surroundings import LayerSources
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load

_EVERY = ("0.0.0.0", "::", "")
_JSON = click.option("--json", "as_json", is_flag=True, help="For a program.")


def _checked(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if not people.NAME.match(value):
        raise click.BadParameter(
            "a name is letters, digits and . _ @ + - , 64 at most, and begins with a letter or digit"
        )
    return value


_NAME = click.argument("name", metavar="NAME", callback=_checked)


@click.group("user", cls=Subcommands, epilog="Example: ccr user add alice")
def command() -> None:
    """People who may use this ccr."""
    report.prepare()


@command.command("add")
@_NAME
@_JSON
@click.pass_context
def add(context: click.Context, name: str, as_json: bool) -> None:
    """Make a key for NAME and keep its hash."""
    before = _loaded()
    known = before.snapshot.settings if before.snapshot is not None else Settings()
    if name in known.users or name in (each.name for each in _people(context)):
        raise click.UsageError(f"{name} has a key already; `ccr user rotate {name}` makes another")
    key, hashed = people.new_key()
    after = _write(context, people.with_person(people.source(home()), name, hashed))
    first = not known.users and known.api_key is None
    _hand_over(name, key, after, as_json, "everybody needs a key from now on, you too" if first else "")


@command.command("list")
@_JSON
@click.pass_context
def show(context: click.Context, as_json: bool) -> None:
    """Who has a key in users.ccr; never the key."""
    known = _people(context)
    if as_json:
        report.say(json.dumps({"users": [{"name": each.name, "fingerprint": each.fingerprint} for each in known]}))
        return
    if not known:
        report.say(f"nobody yet in {shown(home() / people.FILE)}; `ccr user add NAME` makes a key")
    width = max((len(each.name) for each in known), default=0)
    for each in known:
        kept = f"hash {each.fingerprint}…" if each.hashed else "a key that is not kept as a hash"
        report.say(f"{each.name:<{width}}  {kept}")


@command.command("rotate")
@_NAME
@_JSON
@click.pass_context
def rotate(context: click.Context, name: str, as_json: bool) -> None:
    """Make another key for NAME; the one before fits no more."""
    _known(context, name)
    key, hashed = people.new_key()
    text = people.with_key(people.source(home()), name, hashed)
    if text is None:
        raise click.UsageError(f"{name} has no key in {people.FILE}; remove and add them")
    _hand_over(name, key, _write(context, text), as_json, "the key before fits no more")


@command.command("remove")
@_NAME
@_JSON
@click.pass_context
def remove(context: click.Context, name: str, as_json: bool) -> None:
    """Take NAME's key away."""
    known = _known(context, name)
    text = people.without_person(people.source(home()), name)
    assert text is not None
    after = _write(context, text)
    nobody = len(known) == 1 and after.api_key is None and not after.users
    if as_json:
        report.say(json.dumps({"removed": name, "keys_left": not nobody}))
        return
    report.say(f"{name} may no longer use this ccr")
    if nobody:
        report.say("no key is left: ccr listens on 127.0.0.1 alone, and everybody on this machine may use it")


# ---- the file -----------------------------------------------------------------------------------------------------------


def _people(context: click.Context) -> list[people.Person]:
    try:
        return people.people(people.source(home()))
    except people.Unreadable as error:
        _refuse(context, error.findings)


def _known(context: click.Context, name: str) -> list[people.Person]:
    known = _people(context)
    if name not in (each.name for each in known):
        there = ", ".join(each.name for each in known) or "nobody"
        raise click.UsageError(f"{name} is not in {shown(home() / people.FILE)}; there is: {there}")
    return known


def _write(context: click.Context, text: str) -> Settings:
    """Puts the file in its place, if it can be read there; the settings with it. The one before is kept in backups/."""
    path = home() / people.FILE
    mistakes = _mistakes(SourceFile(shown(path), text))
    if mistakes:
        _refuse(context, mistakes)
    keep(home(), path)
    write_atomic(path, text.encode("utf-8", "surrogateescape"))
    after = _loaded()
    return after.snapshot.settings if after.snapshot is not None else Settings()


def _mistakes(file: SourceFile) -> tuple[Diagnostic, ...]:
    sources = read_sources(places())
    own = next((each for each in sources.layers if each.name == "user"), LayerSources("user", ()))
    files = (*(each for each in own.files if each.name != file.name), file)
    others = tuple(each for each in sources.layers if each.name != "user")
    layers = (*(each for each in others if each.name == "policy"), structs.replace(own, files=files))
    layers += tuple(each for each in others if each.name != "policy")
    found = load(structs.replace(sources, layers=layers), look(home(), {}), vocabulary(), proofs=False).diagnostics
    return tuple(each for each in found if each.level is Severity.ERROR and each.at.file.name == file.name)


def _loaded() -> Loaded:
    return load(read_sources(places()), look(home(), {}), vocabulary(), proofs=False)


def _refuse(context: click.Context, findings: tuple[Diagnostic, ...]) -> NoReturn:
    report.say(render(findings).rstrip("\n"), sys.stderr)
    report.say("nothing was changed", sys.stderr)
    context.exit(report.FOUND)


# ---- what is said -------------------------------------------------------------------------------------------------------


def _hand_over(name: str, key: str, settings: Settings, as_json: bool, beside: str) -> None:
    environment = {"ANTHROPIC_BASE_URL": _address(settings), "ANTHROPIC_AUTH_TOKEN": key}
    if as_json:
        report.say(json.dumps({"name": name, "key": key, "env": environment, "note": beside}))
        return
    report.say(f"{name} may use this ccr{f'; {beside}' if beside else ''}. Their key is shown this once.")
    report.say("For `~/.claude/settings.json` of theirs:\n")
    lines = json.dumps({"env": environment}, indent=2)
    report.say(lines)
    report.say(
        "\nWho keeps a Claude login of their own shows the key beside it, instead of ANTHROPIC_AUTH_TOKEN:"
        f'\n    "ANTHROPIC_CUSTOM_HEADERS": "x-ccr-key: {key}"'
    )


def _address(settings: Settings) -> str:
    """Where clients reach this ccr, as far as the settings tell."""
    scheme = "https" if settings.tls_cert else "http"
    bound = "127.0.0.1" if settings.host in _EVERY else settings.host
    host = settings.hosts[0] if settings.hosts else bound
    return f"{scheme}://{f'[{host}]' if ':' in host else host}:{settings.port}"
