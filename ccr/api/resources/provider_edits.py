"""Providers added, removed, given a key or transformers, exported and imported: the blocks that `ccr providers` writes.

What would not load is not written. Every file is copied first. Keys go to keys.json and are never told again.
"""

import asyncio
from pathlib import Path

from msgspec import Struct, structs

from ccr.api.findings import Findings, findings_of
from ccr.api.refusal import Refused
from ccr.api.resource import Call, Effect, Operation, Resource
from ccr.api.security import conflict
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.source import SourceFile
from ccr.lang.ast import Provider
from ccr.lang.syntax import parse
from ccr.live.credentials import Broken, flaw_of, forget, store
from ccr.live.files import read
from ccr.live.paths import shown
from ccr.live.provider_blocks import Edit, adding, block, find
from ccr.live.provider_parts import blocks, key_said, of_config, portable, use_statement, using, with_key, with_uses
from ccr.providers.spec import ProviderSpec
from ccr.routing.advice import bare
from ccr.routing.secret import Secret
from ccr.routing.surroundings import Surroundings
from ccr.setup.provider_edits import (
    Outcome,
    Wanted,
    block_of,
    judge,
    stays,
    usual_variable,
    variable_for,
    variable_of,
    why_not,
    write,
)


class NewProvider(Struct, frozen=True):
    """`url` "": the catalogue knows it. `key`: kept in keys.json, under the variable that the block names. `models`: those
    that are listed; none: any name is sent as it is."""

    name: str = ""
    url: str = ""
    dialect: str = ""
    key: str = ""
    models: tuple[str, ...] = ()
    keyless: bool = False


class BlockPreview(Struct, frozen=True):
    """What would be written, and what would be found. `why`: why not, "" if it can be. `variable` keeps the key."""

    text: str
    file: str
    variable: str
    why: str
    findings: Findings


class Written(Struct, frozen=True):
    """`backup`: the copy of what was there. `live`: it is in force; else `findings` say what keeps the rules from loading."""

    name: str
    snapshot: str
    live: bool
    backup: str | None
    findings: Findings


class NewKey(Struct, frozen=True):
    key: str = ""


class Use(Struct, frozen=True):
    name: str
    arguments: dict[str, str] = {}


class Uses(Struct, frozen=True):
    """In order."""

    uses: tuple[Use, ...] = ()


class Portable(Struct, frozen=True):
    """A provider as a block of rules, without its key."""

    name: str
    text: str


class BlockText(Struct, frozen=True):
    """`text`: blocks of providers, and nothing else."""

    text: str = ""


# ---- one more ---------------------------------------------------------------------------------------------------------


async def _preview(call: Call) -> BlockPreview:
    new: NewProvider = call.body
    wanted, spec = _wanted(new), _spec(call, new.name)
    edit = adding(call.parts.live.places, block_of(wanted, spec))
    variable = variable_of(wanted, spec) or variable_for(new.name, None, spec)
    why = why_not(call.parts.live.places, wanted, call.parts.vocabulary) or (flaw_of(new.key) if new.key else "")
    fresh = () if why else (await _judged(call, edit, variable, new.key)).fresh
    return BlockPreview(block_of(wanted, spec).rstrip("\n"), shown(edit.path), variable, why, findings_of(fresh))


async def _add(call: Call) -> Written:
    new: NewProvider = call.body
    wanted, spec = _wanted(new), _spec(call, new.name)
    if why := why_not(call.parts.live.places, wanted, call.parts.vocabulary):
        raise Refused(422, "refused", why.replace("--url https://…", "give its address"))
    variable = variable_of(wanted, spec) or variable_for(new.name, None, spec)
    key = _checked(new.key) if new.key.strip() else ""
    if key and not variable:
        raise Refused(422, "refused", f"{new.name} asks for no key")
    edit = adding(call.parts.live.places, block_of(wanted, spec))
    return await _made(call, new.name, edit, variable, key)


def _wanted(new: NewProvider) -> Wanted:
    named = usual_variable(new.name) if new.key.strip() and new.url else ""
    return Wanted(new.name, new.url.strip(), new.dialect, named, new.models, new.keyless)


def _spec(call: Call, name: str) -> ProviderSpec | None:
    return call.parts.vocabulary.providers.get(name)


# ---- one changed or less ----------------------------------------------------------------------------------------------


async def _remove(call: Call) -> Written:
    name, live = call.path["name"], call.parts.live
    found = find(live.places, name)
    if found is None:
        raise Refused(404, "not_found", stays(name, live.current.catalog))
    return await _made(call, name, found.edit)


async def _key(call: Call) -> Written:
    """Where a key stands in the rules themselves, the block names a variable from then on."""
    name, live, key = call.path["name"], call.parts.live, _checked(call.body.key)
    written, spec = blocks(live.places).get(name), _known(call, name)
    variable = variable_for(name, written, spec) or usual_variable(name)
    named = of_config(live.places).get(name) if written is None else None
    if named is not None and key_said(named).variable:
        return await _made(call, name, None, key_said(named).variable, key)
    if written is None:
        _not_elsewhere(call, name)
        if spec is None or not spec.auth.variables:
            raise Refused(409, "elsewhere", f"{name} asks for no key")
        return await _made(call, name, None, variable, key)
    said = key_said(written)
    names_none = not said.variable and (spec is None or not spec.auth.variables)
    edit = with_key(live.places, name, variable) if said.written or names_none else None
    return await _made(call, name, edit, variable, key)


async def _forget(call: Call) -> Written:
    name, live = call.path["name"], call.parts.live
    written = (of_config(live.places) | blocks(live.places)).get(name)
    variable = variable_for(name, written, _known(call, name))
    try:
        there = bool(variable) and forget(live.places.home, variable)
    except Broken as broken:
        raise Refused(500, "disk", str(broken)) from None
    if not there:
        raise Refused(404, "not_found", f"no key of {name} is kept here")
    return await _told(call, name, None)


async def _uses(call: Call) -> Written:
    name, places = call.path["name"], call.parts.live.places
    statements = [use_statement(each.name, each.arguments.items()) for each in call.body.uses]
    edit = with_uses(places, name, statements)
    if edit is None:
        _not_elsewhere(call, name)
        if _known(call, name) is None:
            raise Refused(404, "not_found", f"there is no provider {name!r}")
        edit = adding(places, using(name, statements))
    return await _made(call, name, edit)


def _known(call: Call, name: str) -> ProviderSpec | None:
    there = call.parts.snapshot.catalog.providers.get(name)
    return there.spec if there is not None else _spec(call, name)


def _not_elsewhere(call: Call, name: str) -> None:
    there = call.parts.snapshot.catalog.providers.get(name)
    if there is not None and there.at is not None:
        place = f"{there.at.file.name}:{there.at.position[0]}"
        raise Refused(409, "elsewhere", f"{name} stands in {place}, which is not written here: change it there")


# ---- given to others --------------------------------------------------------------------------------------------------


async def _export(call: Call) -> Portable:
    name = call.path["name"]
    written = blocks(call.parts.live.places).get(name)
    if written is not None:
        return Portable(name, portable(written) + "\n")
    there = call.parts.snapshot.catalog.providers.get(name)
    if there is None:
        raise Refused(404, "not_found", f"there is no provider {name!r}")
    if there.spec is not None and there.at is None:
        return Portable(name, block(name))
    listed = tuple(there.models) if there.listed else ()
    return Portable(name, block(name, bare(there.url), there.dialect, usual_variable(name), listed))


async def _import(call: Call) -> Written:
    places, text = call.parts.live.places, call.body.text.strip() + "\n"
    tree, found = parse(SourceFile("import.ccr", text))
    errors = [each for each in found if each.level is Severity.ERROR]
    if errors:
        raise Refused(422, "broken", "this is no block of rules, and nothing was written", findings=findings_of(errors))
    providers = [each for each in tree.statements if isinstance(each, Provider)]
    if not providers or len(providers) != len(tree.statements):
        raise Refused(422, "refused", "only `provider NAME { … }` blocks are taken here")
    for each in providers:
        there = find(places, each.name.text)
        if there is not None:
            said = f"{each.name.text} is there already, at {shown(there.path)}:{there.line}: remove it first"
            raise Refused(409, "exists", said)
    return await _made(call, providers[0].name.text, adding(places, text))


# ---- written ----------------------------------------------------------------------------------------------------------


async def _made(call: Call, name: str, edit: Edit | None, variable: str = "", key: str = "") -> Written:
    """Checks, keeps the key, writes the block and reloads, with nothing between that another call could come into."""
    live = call.parts.live
    if edit is not None:
        outcome = await _judged(call, edit, variable, key)
        if outcome.errors:
            said = "the rules would not load with this, and nothing was changed"
            raise Refused(422, "broken", said, findings=findings_of(outcome.errors))
        if read(edit.path).content != edit.before:
            raise conflict("the file has changed on the disk meanwhile", live.current.id)
    try:
        if key:
            store(live.places.home, variable, key)
        backup = write(live.places.home, edit) if edit is not None else None
    except Broken as broken:
        raise Refused(500, "disk", str(broken)) from None
    return await _told(call, name, backup)


async def _told(call: Call, name: str, backup: Path | None) -> Written:
    live = call.parts.live
    await live.reload()
    failed = live.last_failure
    found = failed.diagnostics if failed is not None else ()
    kept = shown(backup) if backup is not None else None
    return Written(name, live.current.id, failed is None, kept, findings_of(found))


async def _judged(call: Call, edit: Edit, variable: str, key: str) -> Outcome:
    parts = call.parts
    return await asyncio.to_thread(judge, parts.live.places, edit, _with(call, variable, key), parts.vocabulary)


def _with(call: Call, variable: str, key: str) -> Surroundings:
    """The machine as it would be with this key kept."""
    machine = call.parts.live.look()
    if not (variable and key):
        return machine
    return structs.replace(machine, variables={**machine.variables, variable: Secret(key)})


def _checked(key: str) -> str:
    if flaw := flaw_of(key.strip()):
        raise Refused(422, "no_key", f"not kept: {flaw}")
    return key.strip()


RESOURCE = Resource(
    "provider-edits",
    "Providers added, changed and removed, as blocks of the person's own rules; a key is written and never told again.",
    (
        Operation(
            "POST",
            "/providers/preview",
            "What adding would write",
            _preview,
            BlockPreview,
            NewProvider,
            effect=Effect.READS,
        ),
        Operation("POST", "/providers", "Add one", _add, Written, NewProvider),
        Operation("POST", "/providers/import", "Add blocks that somebody gave", _import, Written, BlockText),
        Operation("DELETE", "/providers/{name}", "Take one out of the rules", _remove, Written),
        Operation("PUT", "/providers/{name}/key", "Keep its key", _key, Written, NewKey),
        Operation("DELETE", "/providers/{name}/key", "Forget its key", _forget, Written),
        Operation("PUT", "/providers/{name}/transformers", "What its block uses", _uses, Written, Uses),
        Operation("GET", "/providers/{name}/export", "The block without its key", _export, Portable),
    ),
)
