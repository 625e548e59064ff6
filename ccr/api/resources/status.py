"""How it goes: what runs, what was asked today, what it cost, and whether the last change of the rules failed."""

import os
import time

from msgspec import Struct

from ccr import __version__
from ccr.api.findings import Findings, findings_of
from ccr.api.parts import Parts
from ccr.api.resource import Call, Operation, Resource
from ccr.api.told import MICRO, Told, told


class Failure(Struct, frozen=True):
    """The sources do not load. `at` in seconds since the epoch; `fault`: a mistake of ccr itself, in words."""

    at: float
    fault: str
    findings: Findings


class Today(Struct, frozen=True):
    """Since midnight in the zone of the settings. Dollars; `saved` against the models that were asked for, of the requests
    in `counted` whose prices are known, null where there are none."""

    requests: int
    spend: float
    week: float
    month: float
    saved: float | None
    counted: int


class Status(Struct, frozen=True):
    """`uptime` and `age` (of the rules in force) in seconds. `rules`: live, or stale while a failed load stands."""

    version: str
    pid: int
    uptime: float
    snapshot: str
    age: float
    rules: str
    sources: tuple[str, ...]
    providers: int
    findings: dict[str, int]
    failure: Failure | None
    today: Today
    recent: tuple[Told, ...]


async def _status(call: Call) -> Status:
    live = call.parts.live
    snapshot, failed, now = live.current, live.last_failure, time.time()
    return Status(
        version=__version__,
        pid=os.getpid(),
        uptime=now - live.started_at,
        snapshot=snapshot.id,
        age=now - live.loaded_at,
        rules="stale" if failed else "live",
        sources=tuple(file.name for file in snapshot.sources),
        providers=len(snapshot.catalog.configured),
        findings=findings_of(snapshot.findings).summary,
        failure=Failure(failed.at, failed.fault, findings_of(failed.diagnostics)) if failed else None,
        today=_today(call.parts),
        recent=tuple(told(each) for each in reversed(call.parts.recent)),
    )


def _today(parts: Parts) -> Today:
    sums = parts.spend()
    midnight = parts.now().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    saved = [
        each.saved for each in parts.recent if each.at >= midnight and each.record.target and each.saved is not None
    ]

    def money(name: str) -> float:
        value = sums.get(name, 0)
        return value / MICRO if isinstance(value, int) else 0.0

    requests = sums.get("requests.today", 0)
    return Today(
        requests=requests if isinstance(requests, int) else 0,
        spend=money("spend.today"),
        week=money("spend.week"),
        month=money("spend.month"),
        saved=sum(saved) / MICRO if saved else None,
        counted=len(saved),
    )


RESOURCE = Resource(
    "status",
    "What runs and how it goes; `/events` tells what changes.",
    (Operation("GET", "/status", "How it goes", _status, Status),),
)
