"""The settings in force, without a secret: where it listens, how long it waits, who may use it, where its files lie.

Those that are plain words and numbers can be changed: each where it is said (`live/server_options.py`).
"""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from ccr.api.refusal import Refused
from ccr.api.resource import Call, Operation, Resource
from ccr.api.rewriting import Rewritten, write
from ccr.lang.literals import duration
from ccr.live import server_options
from ccr.live.paths import shown
from ccr.routing.settings import Limits, Settings
from ccr.upstream.advice import bare


class Option(Struct, frozen=True):
    """A setting that can be changed. `value` as a rule file writes it, "" if there is none; `kind`: choice, duration, number
    or text; `place` says where it is said, "" if nowhere; `fixed`: by a policy. `restart`: what is changed comes into
    force when ccr is started anew."""

    name: str
    value: str
    kind: str
    choices: tuple[str, ...]
    place: str
    fixed: bool
    restart: bool


class Change(Struct, frozen=True):
    """Values by option; "" takes an option away, so that it is what it is unless said."""

    values: dict[str, str]


class Changed(Struct, frozen=True):
    """`restart`: options that wait for a restart; `overruled`: options of which something else has more say (a flag, a
    variable, another layer), so that they did not change."""

    written: Rewritten
    restart: tuple[str, ...]
    overruled: tuple[str, ...]


class Person(Struct, frozen=True):
    """A user of the proxy, and the fingerprint of the key; it is no part of the key."""

    name: str
    fingerprint: str


class Places(Struct, frozen=True):
    home: str
    config: str
    rules: str
    policies: tuple[str, ...]


class Shown(Struct, frozen=True):
    """`key`: the fingerprint of the proxy's own key, null if it has none. `limits` in seconds."""

    host: str
    port: int
    hosts: tuple[str, ...]
    key: str | None
    users: tuple[Person, ...]
    zone: str
    tokenizer: str
    log: str
    limits: Limits
    proxy: str
    shipped: bool
    password: str
    places: Places
    options: tuple[Option, ...]


class _Kind(Struct, frozen=True):
    """How a value looks, and how it is read off the settings."""

    name: str
    fits: re.Pattern[str]
    read: Callable[[Settings], str]
    choices: tuple[str, ...] = ()
    restart: bool = False


def _choice(read: Callable[[Settings], str], *choices: str) -> _Kind:
    return _Kind("choice", re.compile("|".join(choices)), read, choices)


_DURATION, _NUMBER = re.compile(r"\d{1,9}(ms|s|m|h|d)"), re.compile(r"\d{1,5}")
_OPTIONS = {
    "timeout": _Kind("duration", _DURATION, lambda each: duration(round(each.limits.first_byte * 1000))),
    "log": _choice(lambda each: each.log, "off", "meta", "full"),
    "log_level": _choice(lambda each: each.log_level, "trace", "debug", "info", "warn", "error", "fatal"),
    "retention": _Kind("duration", _DURATION, lambda each: duration(round(each.retention * 1000))),
    "host": _Kind("text", re.compile(r"[\w.:-]{1,80}"), lambda each: each.host, restart=True),
    "port": _Kind("number", _NUMBER, lambda each: str(each.port), restart=True),
    "zone": _Kind("text", re.compile(r"[\w+-]{1,40}(/[\w+-]{1,40}){0,2}"), lambda each: each.zone),
}


async def _settings(call: Call) -> Shown:
    settings, places, keeper = call.parts.settings(), call.parts.live.places, call.shared.keeper
    options = await asyncio.to_thread(_options, call)
    return Shown(
        host=settings.host,
        port=settings.port,
        hosts=settings.hosts,
        key=settings.api_key.fingerprint if settings.api_key is not None else None,
        users=tuple(Person(name, key.fingerprint) for name, key in settings.users.items()),
        zone=settings.zone,
        tokenizer=settings.tokenizer,
        log=settings.log,
        limits=settings.limits,
        proxy=bare(settings.proxy_url),
        shipped=settings.shipped,
        password="given" if keeper.is_given else "chosen" if keeper.has_password else "none",
        places=Places(
            str(places.home), shown(places.config), shown(places.rules), tuple(shown(each) for each in places.policies)
        ),
        options=options,
    )


def _options(call: Call) -> tuple[Option, ...]:
    settings = call.parts.settings()
    return tuple(_option(call, name, kind, kind.read(settings)) for name, kind in _OPTIONS.items())


def _option(call: Call, name: str, kind: _Kind, value: str) -> Option:
    try:
        at = server_options.place(call.parts.live.places, name)
    except server_options.Fixed:
        at = None
    where = f"{shown(at.path)}:{at.line}" if at is not None else ""
    return Option(name, value, kind.name, kind.choices, where, at is not None and at.layer == "policy", kind.restart)


# ---- changing ---------------------------------------------------------------------------------------------------------


async def _change(call: Call) -> Changed:
    values: dict[str, str] = call.body.values
    before = call.parts.settings()
    texts = await asyncio.to_thread(_texts, call, values)
    written = await write(call, texts)
    settings = call.parts.settings()
    told = {
        name: (kind.read(settings), value)
        for name, value in values.items()
        if (kind := _OPTIONS[name]).restart is False
    }
    return Changed(
        written=written,
        restart=tuple(
            name for name, value in values.items() if _OPTIONS[name].restart and _OPTIONS[name].read(before) != value
        ),
        overruled=tuple(
            name for name, (now, wanted) in told.items() if wanted and _same(name, now) != _same(name, wanted)
        ),
    )


def _same(name: str, value: str) -> str:
    """One way to write a value, where there are several: `60s` is `1m`."""
    found = re.fullmatch(r"(\d+)(ms|s|m|h|d)", value) if _OPTIONS[name].name == "duration" else None
    return duration(int(found[1]) * server_options.MILLISECONDS[found[2]]) if found else value


def _texts(call: Call, values: dict[str, str]) -> dict[Path, str]:
    """The files as they are going to be. Raises Refused."""
    texts: dict[Path, str] = {}
    for name, value in values.items():
        kind = _OPTIONS.get(name)
        if kind is None:
            raise Refused(404, "not_found", f"`{name}` is no setting that is changed here: write it into a rule file")
        if value and not kind.fits.fullmatch(value):
            raise Refused(400, "invalid", f"`{value}` is no value of `{name}`: {_wanted(kind)}")
        try:
            edit = server_options.edited(call.parts.live.places, name, _as_written(kind, value), texts)
        except server_options.Fixed as fixed:
            raise Refused(409, "fixed", str(fixed)) from None
        texts |= {edit.path: edit.text} if edit is not None else {}
    return texts


def _as_written(kind: _Kind, value: str) -> str:
    return f'"{value}"' if value and kind.name == "text" else value


def _wanted(kind: _Kind) -> str:
    said = {
        "choice": f"one of {', '.join(kind.choices)}",
        "duration": "such as `30s`, `10m`, `90d`",
        "number": "a number",
    }
    return said.get(kind.name, "a plain word")


RESOURCE = Resource(
    "settings",
    "What is set, secrets as fingerprints.",
    (
        Operation("GET", "/settings", "The settings in force", _settings, Shown),
        Operation("PUT", "/settings", "Change settings where they are said", _change, Changed, Change),
    ),
)
