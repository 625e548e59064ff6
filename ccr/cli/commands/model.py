"""Choose which model answers what: an interactive picker, or one line.

Without arguments it asks, at a terminal: which slot, words to search a model by, which one; Ctrl-C leaves everything as it
was. `ccr model set default openrouter/z-ai/glm-4.6` does the same in one line, `ccr model list` shows. Your own rule file
is changed if it says that line, else config.json (its comments stay), else a rule file is made; a copy of what is changed
is kept. Exit codes: 0 good, 1 it would not load, 2 misused or not found.
"""

import json
import sys
from collections.abc import Iterator, Sequence

import click
from msgspec import Struct, structs

from ccr.app import first_look
from ccr.cli import report
from ccr.cli.subcommands import Subcommands
from ccr.config.edit import NotEdited
from ccr.config.slots import SLOTS, Slot
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.render_text import render
from ccr.diagnostics.suggest import nearest
from ccr.live.files import read_sources
from ccr.live.paths import home, places, shown
from ccr.live.replacement import overwrite
from ccr.live.surroundings import look
from ccr.providers.spec import ModelSpec
from ccr.routing.snapshot import Loaded, Snapshot
from ccr.routing.surroundings import Sources
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.setup.routing import differing, with_changes
from ccr.setup.slots import Filled, fill, slots
from ccr.upstream.roster import how_to_have

_MOST = 15
"""Models that are shown at once; more words find fewer."""


class Offer(Struct, frozen=True):
    """A model that the person has. `target` as rules name it."""

    target: str
    spec: ModelSpec


@click.group(
    "model",
    cls=Subcommands,
    invoke_without_command=True,
    epilog="Example: ccr model set webSearch openrouter/anthropic/claude-haiku-4.5:online",
)
@click.pass_context
def command(context: click.Context) -> None:
    """Choose which model answers what: an interactive picker, or one line."""
    report.prepare()
    if context.invoked_subcommand is not None:
        return
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        report.say("the picker needs a terminal; in one line: ccr model set default PROVIDER/MODEL", sys.stderr)
        context.exit(report.MISUSED)
    try:
        context.exit(_pick(_world()))
    except (KeyboardInterrupt, click.Abort):
        report.say("\nnothing was changed")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="For a program; with the models there are.")
def list_command(as_json: bool) -> None:
    """What is in each slot, and which models there are."""
    there, offers = slots(places()), list(_offers(_world()))
    if as_json:
        said = [
            {"slot": each.slot.name, "for": each.slot.words, "target": each.target or None, "place": each.place or None}
            for each in there
        ]
        models = [{"target": each.target, **structs.asdict(each.spec)} for each in offers]
        report.say(
            json.dumps(
                {"slots": said, "models": [_without_source(each) for each in models]}, ensure_ascii=False, indent=2
            )
        )
        return
    report.say("\n".join(_slot_lines(there)))
    report.say(
        f"\n{len(offers)} models to choose from: `ccr model` searches them, `ccr providers models NAME` lists a provider's"
    )


@command.command("set")
@click.argument("slot", metavar="SLOT")
@click.argument("target", metavar="PROVIDER/MODEL")
@click.option("--dry-run", is_flag=True, help="Show the change, and stop.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_context
def set_command(context: click.Context, slot: str, target: str, dry_run: bool, as_json: bool) -> None:
    """Put a model into a slot: default, background, think, longContext, webSearch or image."""
    chosen = _slot_named(slot)
    snapshot = _world()
    context.exit(_set(chosen, _checked(target.replace(",", "/", 1), snapshot), dry_run, as_json))


def _without_source(told: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in told.items() if name not in ("source", "quirks")}


# ---- the world ----------------------------------------------------------------------------------------------------------


def _world() -> Snapshot:
    """With what local servers have. Exits 1 if it does not load."""
    loaded = _loaded(read_sources(places()))
    if loaded.snapshot is None:
        _complain(loaded)
        raise click.exceptions.Exit(report.FOUND)
    return loaded.snapshot


def _loaded(sources: Sources) -> Loaded:
    words = vocabulary()
    first = load(sources, look(home(), {}), words)
    found = first_look(words, first.snapshot) if first.snapshot is not None else {}
    return load(sources, look(home(), found), words) if found else first


def _complain(loaded: Loaded) -> None:
    errors = [each for each in loaded.diagnostics if each.level is Severity.ERROR]
    report.say(render(errors, report.colourful(sys.stderr)).rstrip("\n"), sys.stderr)


def _offers(snapshot: Snapshot) -> Iterator[Offer]:
    for provider in snapshot.catalog.configured:
        for model in provider.models.values():
            yield Offer(f"{provider.name}/{model.name}", model.spec)


def _slot_named(name: str) -> Slot:
    if name in SLOTS:
        return SLOTS[name]
    meant = nearest(name, tuple(SLOTS))
    hint = f"did you mean {meant[0]}?" if meant else f"there are {', '.join(SLOTS)}"
    report.say(f"there is no slot {name!r}; {hint}", sys.stderr)
    raise click.exceptions.Exit(report.MISUSED)


def _checked(target: str, snapshot: Snapshot) -> str:
    """The target, if it names a provider that there is; a model nobody knows is sent as it is, and said."""
    name, slash, model = target.partition("/")
    catalog = snapshot.catalog
    if not slash or not model:
        report.say(f"{target!r} names no model: write PROVIDER/MODEL", sys.stderr)
        raise click.exceptions.Exit(report.MISUSED)
    if name not in catalog.providers and name not in catalog.known:
        meant = nearest(name, (*catalog.providers, *catalog.known))
        hint = f"did you mean {meant[0]}?" if meant else "`ccr providers` lists them"
        report.say(f"there is no provider {name!r}; {hint}", sys.stderr)
        raise click.exceptions.Exit(report.MISUSED)
    provider = catalog.providers.get(name)
    if provider is None or not provider.configured:
        report.say(f"{name} is not set up yet: {how_to_have(catalog.known[name])}", sys.stderr)
    elif provider.models and model not in provider.models:
        meant = nearest(model, tuple(provider.models))
        report.say(f"{name} lists no {model!r}" + (f"; near it: {', '.join(meant)}" if meant else ""), sys.stderr)
    return target


# ---- a change -----------------------------------------------------------------------------------------------------------


def _set(slot: Slot, target: str, dry_run: bool = False, as_json: bool = False) -> int:
    try:
        change = fill(places(), slot, target)
    except NotEdited as why:
        report.say(f"{why}; nothing was changed", sys.stderr)
        return report.FOUND
    loaded = _loaded(with_changes(places(), (change,)))
    if loaded.snapshot is None:
        _complain(loaded)
        report.say("nothing was changed", sys.stderr)
        return report.FOUND
    copy = None if dry_run else overwrite(home(), change.path, change.text)
    if as_json:
        told = {
            "slot": slot.name,
            "target": target,
            "file": str(change.path),
            "written": not dry_run,
            "backup": str(copy) if copy else None,
        }
        report.say(json.dumps(told, ensure_ascii=False, indent=2))
        return report.GOOD
    if dry_run:
        report.say(
            f"{shown(change.path)} would change:\n" + "\n".join(f"  {line}" for line in differing(places(), change))
        )
        return report.GOOD
    report.say(
        f"{slot.name} goes to {target} now: {shown(change.path)}" + (f"   (before: {shown(copy)})" if copy else "")
    )
    return report.GOOD


# ---- the picker ---------------------------------------------------------------------------------------------------------


def _pick(snapshot: Snapshot) -> int:
    """Asks until one is chosen, or somebody leaves by Enter."""
    there = slots(places())
    report.say("Where requests go:\n" + "\n".join(_slot_lines(there, numbered=True)))
    slot = _ask_number("Which? (Enter leaves)", len(there))
    if slot is None:
        report.say("nothing was changed")
        return report.GOOD
    target = _search(list(_offers(snapshot)))
    if target is None:
        report.say("nothing was changed")
        return report.GOOD
    return _set(there[slot].slot, target)


def _ask_number(words: str, most: int) -> int | None:
    """A number from 1, counted from 0; None for nothing."""
    while True:
        said = click.prompt(words, default="", show_default=False).strip()
        if not said:
            return None
        if said.isdigit() and 1 <= int(said) <= most:
            return int(said) - 1
        report.say(f"a number from 1 to {most}, or Enter")


def _search(offers: Sequence[Offer]) -> str | None:
    shown_now: Sequence[Offer] = ()
    while True:
        question = (
            "Search a model (words; Enter leaves)" if not shown_now else "Which? (number, or other words; Enter leaves)"
        )
        said = click.prompt(question, default="", show_default=False).strip()
        if not said:
            return None
        if shown_now and said.isdigit() and 1 <= int(said) <= len(shown_now):
            return shown_now[int(said) - 1].target
        found = matching(offers, said)
        shown_now = found[:_MOST]
        report.say("\n".join(_offer_lines(shown_now)) if found else "no model has these words")
        if len(found) > _MOST:
            report.say(f"and {len(found) - _MOST} more: other words find fewer")


def matching(offers: Sequence[Offer], words: str) -> Sequence[Offer]:
    """Those whose name has all the words, in any case; one that begins with the first word comes first."""
    wanted = words.lower().split()
    found = [each for each in offers if all(word in each.target.lower() for word in wanted)]
    return sorted(found, key=lambda each: not each.target.lower().partition("/")[2].startswith(wanted[0]))


def _slot_lines(there: Sequence[Filled], numbered: bool = False) -> Iterator[str]:
    width = max(len(each.target) for each in there)
    for number, each in enumerate(there, 1):
        mark = f"{number}  " if numbered else ""
        place = f"({each.place})" if each.place else f"for {each.slot.words}"
        yield f"  {mark}{each.slot.name:<12}  {each.target or '-':<{max(width, 1)}}  {place}"


def _offer_lines(offers: Sequence[Offer]) -> Iterator[str]:
    width = max(len(each.target) for each in offers) if offers else 0
    for number, each in enumerate(offers, 1):
        yield f"  {number:>2}  {each.target:<{width}}  {_facts(each.spec)}".rstrip()


def _facts(spec: ModelSpec) -> str:
    window = f"{spec.context // 1000:,}k" if spec.context else ""
    price = (
        f"${spec.price_in:g} / ${spec.price_out:g}" if spec.price_in is not None and spec.price_out is not None else ""
    )
    said = ("sees" if spec.vision else "", "no tools: Claude Code needs them" if spec.tools is False else "")
    return "  ".join(part for part in (window, price, *said) if part)
