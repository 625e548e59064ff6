"""What the commands that start, stop and look at the service have in common: its options, and how it is told of.

Options for a service in the background are those of `ccr serve`, with absolute paths, because the service has another
working directory.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ccr.daemon import log
from ccr.daemon.ask import ask
from ccr.daemon.records import CODE, TERMINAL, Running
from ccr.live.files import read_sources
from ccr.live.paths import Places, places
from ccr.live.surroundings import look
from ccr.routing.plan import KeyUse
from ccr.routing.settings import Settings
from ccr.routing.snapshot import Loaded
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.upstream.signing import sign

_PATH = click.Path(path_type=Path, exists=True)
_OPTIONS = (
    click.option("--port", type=click.IntRange(0, 65535), help="Port to listen on (default: 3456)."),
    click.option("--host", help="Address to listen on (default: 127.0.0.1)."),
    click.option("--config", type=_PATH, help="Another config.json."),
    click.option("--rules", type=_PATH, help="Another folder of rules (default: rules/ in the ccr home)."),
    click.option("--policy", type=_PATH, help="Folder of the policy layer, stronger than everything else."),
    click.option("--workers", type=click.IntRange(1, 64), help="Serve with N processes."),
)


def with_options(function: Any) -> Any:
    """The options that say how a service serves."""
    for option in reversed(_OPTIONS):
        function = option(function)
    return function


def arguments(**options: Any) -> list[str]:
    """The same for `ccr serve`."""
    said = {name: value for name, value in options.items() if value is not None}
    return [
        word
        for name, value in said.items()
        for word in (f"--{name}", str(value.absolute() if isinstance(value, Path) else value))
    ]


def changed(before: Sequence[str], more: Sequence[str]) -> list[str]:
    """Arguments with some said anew; all of `more` are options with a value."""
    anew = set(more[::2])
    kept = [word for at, word in enumerate(before) if not {word, before[at - 1] if at else ""} & anew]
    return [*kept, *more]


def value(said: Sequence[str], option: str) -> str | None:
    """What stands after an option."""
    words = list(said)
    return words[words.index(option) + 1] if option in words[:-1] else None


def places_of(said: Sequence[str]) -> Places:
    """Where a service with these arguments reads from."""
    named = [Path(found) if (found := value(said, option)) else None for option in ("--config", "--rules", "--policy")]
    return places(*named)


def world(where: Places) -> Loaded:
    """What lies there, loaded without asking anybody."""
    return load(read_sources(where), look(where.home, {}), vocabulary(), proofs=False)


def health(service: Running, settings: Settings | None) -> dict[str, Any] | None:
    """What it says of itself: all, if the key of these settings opens it, else that it is there. None if it does not
    answer."""
    key = settings.api_key if settings is not None else None
    shown = dict(sign(KeyUse("x-api-key", key), ())) if key else {}
    return ask(service.host, service.port, "/health", shown, scheme=service.scheme)


# ---- telling -------------------------------------------------------------------------------------------------------


def since(moment: float, now: float) -> str:
    """`13:02 (5 min)`, with the day where it is another."""
    form = "%H:%M" if time.localtime(moment)[:3] == time.localtime(now)[:3] else "%Y-%m-%d %H:%M"
    return f"{time.strftime(form, time.localtime(moment))} ({age(now - moment)})"


def age(seconds: float) -> str:
    """`12 s`, `5 min`, `3 h`, `2 days`."""
    for unit, size in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size:.0f} {unit}"
    return f"{max(seconds, 0):.0f} s"


def keeper(service: Running) -> str:
    """Who started it, in words."""
    words = {TERMINAL: "`ccr serve` in a terminal or by a service manager", CODE: "`ccr code`, and ends with it"}
    return words.get(service.kept_by, "`ccr start`")


def anew(service: Running, arguments: Sequence[str]) -> str:
    """The line that starts it with other arguments; who started it in a terminal ends it there first."""
    said = " ".join(arguments)
    return f"ccr stop --force && ccr start {said}" if service.kept_by == TERMINAL else f"ccr restart {said}"


def as_json(service: Running) -> dict[str, Any]:
    """What programs are told of a service."""
    return {
        "pid": service.pid,
        "url": service.url,
        "host": service.host,
        "port": service.port,
        "version": service.version,
        "since": service.since,
        "kept_by": service.kept_by,
        "arguments": list(service.arguments),
        "log": service.log or None,
    }


def findings(said: str) -> str:
    """Of what a service wrote when it started, all but the lines that only say that it runs."""
    lines = (each.text for each in log.entries(said.splitlines()) if each.at == 0.0)
    return "\n".join(line for text in lines for line in text.splitlines() if " · watching" not in line).strip()
