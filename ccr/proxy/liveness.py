"""Signs of life: the client's probes, answered here and never passed on (acceptance J4), and `/health`.

`/health` tells a stranger that the proxy is up and a caller with a key what it runs; nothing in it is secret.
"""

import os
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ccr import __version__
from ccr.diagnostics.render_text import render
from ccr.facts.health import Health
from ccr.live.live import Live

_NO_CREW: Mapping[str, Any] = MappingProxyType({})


def health(live: Live, whole: bool, targets: Health = Health(), crew: Mapping[str, Any] = _NO_CREW) -> dict[str, Any]:  # noqa: B008 (frozen)
    """The state of the running world; `whole` for callers who may use the proxy. `crew`: which worker this is and how the
    others stand, where there are several. Ages and rests in seconds."""
    snapshot, failure = live.current, live.last_failure
    said: dict[str, Any] = {"status": "ok", "service": "ccr", "version": __version__}
    if not whole:
        return said
    said |= {
        "pid": os.getpid(),
        "uptime": round(time.time() - live.started_at, 1),
        "snapshot": snapshot.id,
        "age": round(time.time() - live.loaded_at, 1),
        "rules": "stale" if failure else "live",
        "sources": [file.name for file in snapshot.sources],
        "providers": [each.name for each in snapshot.catalog.configured],
        "findings": len(snapshot.findings),
        "resting": [
            {"provider": provider, "model": model, "seconds": round(rest.seconds, 1), "why": rest.why}
            for (provider, model, _), rest in targets.resting.items()
        ],
    }
    said |= crew
    if failure:
        said["failure"] = {"at": failure.at, "text": failure.fault or render(failure.diagnostics, form="concise")}
    return said
