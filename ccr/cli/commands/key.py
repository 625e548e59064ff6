"""Keep keys of providers where ccr finds them, list them by fingerprint, forget them.

`set NAME` reads a key from standard input, unseen on a terminal, never from the command line, where others could read it.
NAME is a variable (`OPENROUTER_API_KEY`) or a provider (`openrouter`). Keys are kept in keys.json of the ccr home, for you
alone; a service that runs takes a new one at once. Exit codes: 0 good, 1 no such key or not a key, 2 misused.
"""

import json
import os
import sys
from typing import Any

import click
from msgspec import Struct

from ccr.cli import report, serving
from ccr.cli.roster import table
from ccr.cli.subcommands import Subcommands
from ccr.daemon import service
from ccr.diagnostics.suggest import nearest
from ccr.live.credentials import NAME, Broken, flaw_of, forget, key_file, store, stored, stored_or_none
from ccr.live.paths import home, places, shown
from ccr.live.surroundings import look
from ccr.routing.catalog import Catalog, ConfiguredProvider
from ccr.routing.secret import Secret
from ccr.routing.vocabulary import vocabulary


@click.group("key", cls=Subcommands, epilog="Example: ccr key set openrouter")
def command() -> None:
    """Keep keys of providers where ccr finds them, list them by fingerprint, forget them."""
    report.prepare()


@command.command(
    "set", epilog="Example: ccr key set OPENROUTER_API_KEY < key.txt", context_settings={"allow_extra_args": True}
)
@click.argument("name")
@click.pass_context
def set_command(context: click.Context, name: str) -> None:
    """Read a key from standard input and keep it."""
    if context.args:
        raise click.UsageError(
            "a key is not given on the command line, where others can read it and the shell remembers it (if it was a real "
            f"one, take it out of your shell's history); say  ccr key set {name}  and paste it, or pipe it in"
        )
    variable = _variable(name)
    text = _read(variable)
    flaw = flaw_of(text)
    if flaw:
        report.say(f"not kept: {flaw}", sys.stderr)
        context.exit(report.FOUND)
    try:
        store(home(), variable, text)
    except (Broken, OSError) as error:
        report.say(f"not kept: {_why(error)}", sys.stderr)
        context.exit(report.FOUND)
    report.say(f"kept: {variable}, key {Secret(text).fingerprint}, in {shown(key_file(home()))}")
    there = service.running(home())
    if there is not None and there.kept_by != service.TERMINAL:
        report.say(f"the service at {there.url} takes it at once")


@command.command("forget", epilog="Example: ccr key forget openrouter")
@click.argument("name")
@click.pass_context
def forget_command(context: click.Context, name: str) -> None:
    """Forget a key that was kept."""
    variable = _variable(name)
    try:
        there = forget(home(), variable)
    except (Broken, OSError) as error:
        report.say(f"nothing was changed: {_why(error)}", sys.stderr)
        context.exit(report.FOUND)
    if not there:
        meant = nearest(variable, tuple(stored_or_none(home())))
        hint = f"; did you mean {meant[0]}?" if meant else "; ccr key list tells which there are"
        report.say(f"no key {variable} is kept{hint}", sys.stderr)
        context.exit(report.FOUND)
    report.say(f"forgotten: {variable}")


@command.command("list", epilog="Example: ccr key list --json")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_context
def list_command(context: click.Context, as_json: bool) -> None:
    """Which keys there are, by fingerprint, and where each comes from."""
    try:
        kept = {name: Secret(text) for name, text in stored(home()).items()}
    except Broken as broken:
        report.say(str(broken), sys.stderr)
        context.exit(report.FOUND)
    found = _held(kept)
    if as_json:
        report.say(json.dumps({"keys": [each.as_json for each in found]}, ensure_ascii=False, indent=2))
    elif found:
        rows = [("key", "from", "used by"), *(each.row for each in found)]
        report.say(table(rows, indent=""))
    else:
        report.say("no key yet; ccr key set PROVIDER keeps one, ccr providers tells what each provider needs")


# ---- which there are --------------------------------------------------------------------------------------------------


class Held(Struct, frozen=True):
    """A key, by fingerprint. `source`: `keys.json`, `variable`, or the file that says it; `name` that of the variable."""

    fingerprint: str
    source: str
    name: str = ""
    used_by: tuple[str, ...] = ()
    over: bool = False
    """It is taken instead of another one in the variable of its name."""

    @property
    def row(self) -> tuple[str, ...]:
        of = f"{self.name} in keys.json" if self.source == "keys.json" else self.source
        where = f"the variable {self.name}" if self.source == "variable" else of
        used = ", ".join(self.used_by) or "nobody"
        return self.fingerprint, where + (" (instead of the variable)" if self.over else ""), used

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "fingerprint": self.fingerprint,
            "from": self.source,
            "name": self.name or None,
            "used_by": list(self.used_by),
            "instead_of_variable": self.over,
        }


def _held(kept: dict[str, Secret]) -> list[Held]:
    """Kept ones, then those of variables and files that a provider uses."""
    snapshot = serving.world(places()).snapshot
    catalog = snapshot.catalog if snapshot is not None else Catalog({})
    variables = look(home(), {}).variables
    mine = [
        Held(key.fingerprint, "keys.json", name, _users(catalog, key), _is_over(name, key))
        for name, key in sorted(kept.items())
    ]
    seen = set(kept.values())
    others = list[Held]()
    for provider in catalog.providers.values():
        for key in dict.fromkeys(provider.keys):
            if key and key not in seen:
                seen.add(key)
                name = next((each for each, value in variables.items() if value == key), "")
                source = "variable" if name else _file(provider)
                others.append(Held(key.fingerprint, source, name, _users(catalog, key)))
    return [*mine, *others]


def _users(catalog: Catalog, key: Secret) -> tuple[str, ...]:
    return tuple(each.name for each in catalog.providers.values() if key in each.keys)


def _is_over(name: str, key: Secret) -> bool:
    return bool(os.environ.get(name)) and Secret(os.environ[name]) != key


def _file(provider: ConfiguredProvider) -> str:
    at = provider.at
    return f"{at.file.name}:{at.position[0]}" if at is not None else "the catalogue"


# ---- what is typed ----------------------------------------------------------------------------------------------------


def _variable(name: str) -> str:
    """A variable's name, also by that of a provider."""
    known = vocabulary().providers
    if name.lower() in known and known[name.lower()].auth.variables:
        variable: str = known[name.lower()].auth.variables[0]
        return variable
    if not NAME.fullmatch(name) or (name.islower() and "_" not in name):
        meant = nearest(name, tuple(known))
        hint = f"did you mean {meant[0]}?" if meant else "say a variable's name, as OPENROUTER_API_KEY, or a provider's"
        raise click.UsageError(f"{name!r} is no provider with a key; {hint}")
    return name


def _read(name: str) -> str:
    if sys.stdin.isatty():
        return str(click.prompt(f"{name} (not shown)", hide_input=True, err=True)).strip()
    return sys.stdin.read().strip()


def _why(error: Exception) -> str:
    return f"{error.filename} cannot be written ({error.strerror})" if isinstance(error, OSError) else str(error)
