"""List providers and their models, try one with a small request, add or remove one.

`list` (the default) tells which providers are set up, with which key, and what the others need; `models NAME` tells what
is known of a provider's models; `test NAME [MODEL]` makes one real request, which costs a fraction of a cent, and tells
what to mend if it fails; `add NAME` and `remove NAME` write a block of your rules, with a copy of what was there. Exit
codes: 0 good, 1 the rules do not load (or would not) or the test failed, 2 misused or no such provider.
"""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from ccr.app import first_look
from ccr.cli import provider_edits, report, roster
from ccr.cli.subcommands import Subcommands
from ccr.cli.waiting import waiting
from ccr.counting.counter import Counter
from ccr.daemon.ask import ask
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.render_text import render
from ccr.diagnostics.suggest import nearest
from ccr.facts.facts import Facts
from ccr.facts.inputs import Inputs
from ccr.lang.values import Undecided
from ccr.live.files import read_sources
from ccr.live.paths import home, places
from ccr.live.surroundings import look
from ccr.providers.spec import ModelSpec
from ccr.proxy.decision import settle
from ccr.routing.catalog import ConfiguredProvider
from ccr.routing.models import locate
from ccr.routing.plan import Attempts, KeyUse, Plan
from ccr.routing.settings import Settings
from ccr.routing.snapshot import Snapshot
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.setup.provider_edits import Wanted
from ccr.upstream.client import Client
from ccr.upstream.probe import cheapest, plan_for, probe, small_request
from ccr.upstream.proxies import from_environment
from ccr.upstream.roster import Resting, how_to_have, models_json, providers_json
from ccr.upstream.signing import sign
from ccr.upstream.tried import as_json, not_tried

_PATHS = (
    click.option("--config", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Another config.json."),
    click.option("--rules", type=click.Path(path_type=Path, exists=True), help="Another folder of rules."),
    click.option("--json", "as_json", is_flag=True, help="For a program."),
)


def _with_paths(function: Any) -> Any:
    for option in reversed(_PATHS):
        function = option(function)
    return function


def _with_add_options(function: Any) -> Any:
    for option in reversed(provider_edits.ADD_OPTIONS):
        function = option(function)
    return function


@click.group("providers", cls=Subcommands, invoke_without_command=True, epilog="Example: ccr providers test deepseek")
@_with_paths
@click.pass_context
def command(context: click.Context, config: Path | None, rules: Path | None, as_json: bool) -> None:
    """List providers and their models, try one with a small request, add or remove one."""
    report.prepare()
    if context.invoked_subcommand is None:
        _tell_list(_snapshot(config, rules), as_json)


@command.command("list")
@_with_paths
def list_command(config: Path | None, rules: Path | None, as_json: bool) -> None:
    """Which providers there are, with which key, and what the others need."""
    _tell_list(_snapshot(config, rules), as_json)


@command.command("models")
@click.argument("name")
@_with_paths
def models_command(name: str, config: Path | None, rules: Path | None, as_json: bool) -> None:
    """What is known of a provider's models: window, output, tools, vision, price."""
    models = _models(_snapshot(config, rules), name)
    if as_json:
        _print_json({"provider": name, "models": models_json(models)})
    elif models:
        report.say("\n".join(roster.models_text(models)))
    else:
        report.say(f"no model of {name} is known: any name is sent as it is")


@command.command("test")
@click.argument("name")
@click.argument("model", required=False)
@_with_paths
@click.pass_context
def test_command(
    context: click.Context, name: str, model: str | None, config: Path | None, rules: Path | None, as_json: bool
) -> None:
    """Make one small real request, and tell how it went and what to mend."""
    snapshot = _snapshot(config, rules)
    provider = _set_up(snapshot, name)
    named = model or cheapest(provider)
    if named is None:
        raise _refused(f"no model of {name} is known; say which: ccr providers test {name} MODEL")
    try:
        tried = asyncio.run(_try(snapshot, provider, named))
    except KeyboardInterrupt:
        report.say("stopped", sys.stderr)
        context.exit(report.FOUND)
    if isinstance(tried, str):
        tried = {"ok": False, "target": f"{name}/{named}", "outcome": "not tried", "message": tried, "mend": tried}
    if as_json:
        _print_json(tried)
    else:
        report.say(_test_text(tried))
    context.exit(report.GOOD if tried["ok"] else report.FOUND)


@command.command("add", epilog="Example: ccr providers add mine --url https://llm.example.com/v1 --model qwen3-coder")
@click.argument("name")
@_with_add_options
@click.option("--rules", type=click.Path(path_type=Path, exists=True), help="Another folder of rules.")
@click.pass_context
def add_command(context: click.Context, /, rules: Path | None, only_print: bool, **said: Any) -> None:
    """Write a provider into your rules, after a look at what comes of it."""
    report.prepare()
    context.exit(provider_edits.add(places(rules=rules), Wanted(**said), only_print))


@command.command("remove", epilog="Example: ccr providers remove mine")
@click.argument("name")
@click.option("--rules", type=click.Path(path_type=Path, exists=True), help="Another folder of rules.")
@click.pass_context
def remove_command(context: click.Context, name: str, rules: Path | None) -> None:
    """Take a provider out of your rules, if nothing needs it."""
    report.prepare()
    context.exit(provider_edits.remove(places(rules=rules), name))


# ---- the world ----------------------------------------------------------------------------------------------------


def _snapshot(config: Path | None, rules: Path | None) -> Snapshot:
    """The world, with what local servers have at their configured addresses. Exits 1 if it does not load."""
    sources, words = read_sources(places(config=config, rules=rules)), vocabulary()
    loaded = load(sources, look(home(), {}), words)
    if loaded.snapshot is not None and (found := first_look(words, loaded.snapshot)):
        loaded = load(sources, look(home(), found), words)
    if loaded.snapshot is None:
        report.say(render([each for each in loaded.diagnostics if each.level is Severity.ERROR]).rstrip(), sys.stderr)
        click.get_current_context().exit(report.FOUND)
    assert loaded.snapshot is not None, "exit does not come back"
    return loaded.snapshot


def _set_up(snapshot: Snapshot, name: str) -> ConfiguredProvider:
    """The provider, if the person has it. Exits 2 otherwise."""
    catalog = snapshot.catalog
    provider = catalog.providers.get(name)
    if provider is not None and (provider.configured or provider.auth.scheme == "none"):
        return provider
    if name in catalog.known:
        raise _refused(f"{name} is not set up: {how_to_have(catalog.known[name])}")
    raise _unknown(snapshot, name)


def _models(snapshot: Snapshot, name: str) -> Mapping[str, ModelSpec]:
    catalog = snapshot.catalog
    if name in catalog.providers:
        return {model.name: model.spec for model in catalog.providers[name].models.values()}
    if name in catalog.known:
        return catalog.known[name].models
    raise _unknown(snapshot, name)


def _unknown(snapshot: Snapshot, name: str) -> Exception:
    names = dict.fromkeys((*snapshot.catalog.providers, *snapshot.catalog.known))
    meant = nearest(name, tuple(names))
    hint = f"did you mean {meant[0]}?" if meant else "ccr providers lists them"
    return _refused(f"there is no provider {name!r}; {hint}")


def _refused(words: str) -> Exception:
    report.say(words, sys.stderr)
    return click.exceptions.Exit(report.MISUSED)


# ---- list ---------------------------------------------------------------------------------------------------------


def _tell_list(snapshot: Snapshot, as_json: bool) -> None:
    resting = _resting(snapshot.settings)
    if as_json:
        _print_json({"providers": providers_json(snapshot.catalog, resting), "running": resting is not None})
    else:
        report.say("\n".join(roster.providers_text(snapshot.catalog, resting)))


def _resting(settings: Settings) -> Resting | None:
    """Who rests, by the proxy that runs here; None where none does, or where it does not tell us."""
    key = dict(sign(KeyUse("x-api-key", settings.api_key), ())) if settings.api_key is not None else {}
    said = ask(settings.host, settings.port, "/health", key, scheme="https" if settings.tls_cert else "http")
    found = said.get("resting") if said is not None else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else None


def _print_json(value: Mapping[str, Any]) -> None:
    report.say(json.dumps(value, ensure_ascii=False, indent=2))


# ---- test ---------------------------------------------------------------------------------------------------------


async def _try(snapshot: Snapshot, provider: ConfiguredProvider, model: str) -> dict[str, Any] | str:
    """What came of the request, or why there was none."""
    client = Client(from_environment(os.environ, snapshot.settings.proxy_url))
    counter = Counter(snapshot.settings.tokenizer)
    try:
        made, facts = await _plan(snapshot, provider, model, counter)
        if not isinstance(made, Attempts):
            return not_tried(made, provider)
        async with waiting(f"asking {made.attempts[0].destination}"):
            probed = await probe(made, facts.inputs.request, client, f"req_{secrets.token_hex(10)}")
    except KeyError as unknown:
        return f"its block asks for `{unknown.args[0]}`, which only a request of Claude Code tells"
    finally:
        counter.close()
        await client.close()
    return as_json(probed, provider)


async def _plan(snapshot: Snapshot, provider: ConfiguredProvider, model: str, counter: Counter) -> tuple[Plan, Facts]:
    zone = snapshot.settings.zone
    now = datetime.now(ZoneInfo(zone)) if zone else datetime.now().astimezone()
    facts = Facts(vocabulary().readers, Inputs(small_request(model), now))

    async def count(known: Facts, asked: Undecided) -> Any:
        return await counter.narrow(known.inputs.request, asked.threshold)

    destination = locate(provider, model).destination
    asking = partial(_planned, destination, snapshot)
    return await settle(asking, facts, {"tokens": count})


def _planned(destination: Any, snapshot: Snapshot, facts: Facts) -> Plan | Undecided:
    return plan_for(destination, snapshot, facts, vocabulary())


def _test_text(tried: Mapping[str, Any]) -> str:
    if tried["ok"]:
        first = f"first byte {tried['first_byte']:.2f} s, " if tried["first_byte"] is not None else ""
        tokens = f"{tried['tokens']['input']}+{tried['tokens']['output']} tokens"
        return f"{tried['target']}  ok  {first}whole answer {tried['seconds']:.2f} s, {tokens}"
    status = f"{tried['status']} " if tried.get("status") else ""
    lines = [f"{tried['target']}  {status}{tried['outcome']}"]
    if tried["message"] != tried["mend"]:
        lines.append(f"  it says: {tried['message']}")
    lines += [f"  key {each['key']}: {each['outcome']}" for each in _several(tried)]
    return "\n".join([*lines, f"  to mend: {tried['mend']}"])


def _several(tried: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
    """The last try with each key, where there is more than one key."""
    by_key = {each["key"]: each for each in tried.get("attempts", ())}
    return by_key.values() if len(by_key) > 1 else ()
