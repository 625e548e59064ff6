"""The six lines: what is on the machine becomes a rule file. Pure.

Small things go to a model on this machine or to a cheap one, pictures to one that sees, long talks to one with the
window, everything else to one good model. A line that would change nothing is left out.
"""

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from ccr.providers.spec import ModelSpec, ProviderSpec
from ccr.providers.suggested import SUGGESTED, Suggestion
from ccr.setup.machine import Machine

HEAD = "# Written by `ccr init`. Change it while Claude Code runs; `ccr check` reads it over.\n"
_SLOW = (
    "# A model on this machine reads some 15,000 tokens before its first word. Without the tools of MCP servers it is less:\n"
    "# drop tools ~ ^mcp__\n"
)
_LOGIN = "anthropic"
_LONG, _SHORT = 150_000, 30_000
"""Tokens: when a talk is long; and what is short enough for a small model on this machine."""
_SIZE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)b\b", re.IGNORECASE)
_SMALL_BILLIONS = 9
_CODES, _NO_TALKER = (
    re.compile(r"code|devstral", re.IGNORECASE),
    re.compile(r"embed|rerank|whisper|guard", re.IGNORECASE),
)


class Chosen(Struct, frozen=True):
    """`main`: the provider that the default goes to; a local one has its models in `Machine.local`."""

    main: str
    login: bool = False


def choose(machine: Machine, wanted: str = "") -> Chosen | None:
    """The main provider: the one that is asked for, else the first with a key, else the login, else a local one. None if
    there is nothing."""
    if wanted:
        known = wanted in machine.keys or wanted in machine.local or (wanted == _LOGIN and machine.login)
        return Chosen(wanted, wanted == _LOGIN and wanted not in machine.keys) if known else None
    if machine.login and _LOGIN not in machine.keys:
        return Chosen(_LOGIN, login=True)
    first = next(iter((*machine.keys, *machine.local)), None)
    return Chosen(first) if first else None


def suggest(machine: Machine, chosen: Chosen, specs: Mapping[str, ProviderSpec]) -> str:
    """The text of the file, ending in a newline."""
    rows = list(_rows(machine, chosen, specs))
    width = max((len(condition) for condition, _ in rows if condition), default=0)
    lines = [
        f"{condition:<{width}}   route {target}" if condition else f"default route {target}"
        for condition, target in rows
    ]
    note = _SLOW if chosen.main in machine.local else ""
    return HEAD + "\n".join(lines) + "\n" + note


def _rows(machine: Machine, chosen: Chosen, specs: Mapping[str, ProviderSpec]) -> Iterator[tuple[str, str]]:
    taste = _taste(machine, chosen.main, specs)
    home = _at_home(machine, chosen)
    small = [each for each in (home, _target(chosen.main, taste.small)) if each]
    if chosen.login:
        # A login pays for what is asked of it anyway: only what a model at home can do is kept from it.
        if home:
            yield "when kind in [title, probe]", f"{home} or requested"
            yield f"when model ~ haiku and tokens < {_SHORT // 1000}k", f"{home} or requested"
        yield "", "requested"
        return
    if small:
        yield "when kind in [title, probe]", " or ".join(small)
    if taste.search:
        yield "when web_search", _target(chosen.main, taste.search)
    if sees := _sees(machine, chosen, taste, specs):
        yield "when last.image", sees
    if taste.wide:
        yield f"when tokens > {_LONG // 1000}k", _target(chosen.main, taste.wide)
    yield "", _target(chosen.main, taste.main) if taste.main else "requested"


def _target(provider: str, model: str) -> str:
    """A target as it is written: names that the language cannot read bare stand between quotes."""
    if not model:
        return ""
    text = f"{provider}/{model}"
    return text if re.fullmatch(r"[A-Za-z][\w.:@/-]*", text) else '"' + text.replace('"', '\\"') + '"'


# ---- which models ---------------------------------------------------------------------------------------------------


def _taste(machine: Machine, provider: str, specs: Mapping[str, ProviderSpec]) -> Suggestion:
    if provider in machine.local:
        models = talkers(machine.local[provider])
        return Suggestion(_best(models), small=_smallest(models) if len(models) > 1 else "")
    if provider in SUGGESTED:
        return SUGGESTED[provider]
    known = [name for name, spec in specs[provider].models.items() if spec.tools is not False]
    return Suggestion(known[0] if known else "")


def _at_home(machine: Machine, chosen: Chosen) -> str:
    """A small model on this machine, for somebody whose main one is elsewhere."""
    if chosen.main in machine.local:
        return ""
    for provider, models in machine.local.items():
        if small := _smallest(talkers(models)):
            return _target(provider, small)
    return ""


def _sees(machine: Machine, chosen: Chosen, taste: Suggestion, specs: Mapping[str, ProviderSpec]) -> str:
    """Where pictures go, if the main model does not see, or another of the person's vendors does."""
    if taste.sees:
        return _target(chosen.main, taste.sees)
    if chosen.main in machine.local or _spec(specs, chosen.main, taste.main).vision is not False:
        return ""
    for provider in machine.keys:
        other = SUGGESTED.get(provider)
        for name in (other.sees, other.main) if other is not None else ():
            if name and _spec(specs, provider, name).vision:
                return _target(provider, name)
    return ""


def _spec(specs: Mapping[str, ProviderSpec], provider: str, model: str) -> ModelSpec:
    return specs[provider].models.get(model, ModelSpec())


def talkers(models: tuple[str, ...]) -> tuple[str, ...]:
    """Without what cannot hold a conversation: models that embed, rank or transcribe. The others, if that leaves any."""
    return tuple(name for name in models if not _NO_TALKER.search(name)) or models


def _best(models: tuple[str, ...]) -> str:
    """The largest of those made for code, else the largest; the newest of equals."""
    coders = [name for name in models if _CODES.search(name)]
    return max(coders or models, key=_billions, default="")


def _smallest(models: tuple[str, ...]) -> str:
    """The largest of those that answer quickly; "" if all are large."""
    quick = [name for name in models if 0 < _billions(name) <= _SMALL_BILLIONS]
    return max(quick, key=_billions, default="")


def _billions(name: str) -> float:
    """Parameters, as far as the name tells them."""
    found = _SIZE.search(name)
    return float(found[1]) if found else 0.0
