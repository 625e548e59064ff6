"""The composition root: builds the parts and joins them. The only file that knows them all; no behaviour of its own."""

import asyncio
import os
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, MutableSequence, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from msgspec import Struct

from ccr.counting.counter import Counter
from ccr.documents.texts import Documents
from ccr.exchange import documents, pictures
from ccr.exchange.record import UsageRecord
from ccr.exchange.steps import Ask
from ccr.facts.facts import Facts
from ccr.facts.health import Health
from ccr.hooks.call import Hooks
from ccr.lang.values import Reading, Undecided
from ccr.live.live import Live
from ccr.live.whereabouts import Sessions, Whereabouts, client_folder
from ccr.memory.memory import Memory
from ccr.memory.spend import accounts
from ccr.observe.listeners import Listeners
from ccr.observe.metrics import Metrics, Place
from ccr.providers.spec import ProviderSpec
from ccr.proxy.auth import admits, is_local, presents
from ccr.proxy.decision import settle
from ccr.proxy.duplicates import Duplicates
from ccr.proxy.messages import Parts, answer
from ccr.proxy.routes import Asgi, Routes
from ccr.routing.plan import Attempts
from ccr.routing.settings import Settings
from ccr.routing.snapshot import Snapshot
from ccr.routing.vocabulary import Vocabulary
from ccr.upstream.client import Client
from ccr.upstream.describe import Pictures
from ccr.upstream.discover import Discovery, Endpoints, discover, listening
from ccr.upstream.proxies import from_environment
from ccr.usage.entry import Entry
from ccr.usage.lately import Lately
from ccr.usage.making import Source, make
from ccr.usage.opening import exists, open_store
from ccr.usage.past import Past
from ccr.usage.recorder import Recorder

RECENT = 100
"""Exchanges that are remembered for somebody who opens the web UI."""


class Application(Struct, frozen=True, eq=False):
    """`asgi` is what the server serves. `warm` imports what the first request needs, `discovery` asks local servers for
    their models, `keep` shares what is remembered; all run beside it. `close` ends what was opened; `stopping` is called before,
    while answers still run."""

    asgi: Asgi
    warm: Callable[[], Awaitable[None]]
    discovery: Callable[[], Awaitable[None]]
    keep: Callable[[], Awaitable[None]]
    close: Callable[[], Awaitable[None]]
    stopping: Callable[[], None]


def build(
    live: Live,
    vocabulary: Vocabulary,
    settings: Callable[[], Settings],
    tell: Callable[[Entry], None],
    *,
    dry_run: bool = False,
    memory: Memory | None = None,
    crew: Callable[[], Mapping[str, Any]] = dict,
    place: Place | None = None,
) -> Application:
    """Joins the parts around a running world. `settings`: those in force, flags included. `memory`: one
    that is shared with others; `crew`: what `/health` says of the workers, where there are several, and
    `place`: where this one pins up what it has counted. Needs a running event loop."""
    client = Client(from_environment(os.environ, settings().proxy_url))
    counter = Counter(settings().tokenizer)
    discovery = Discovery(client, lambda: local_endpoints(vocabulary, live.current), live.discover)
    recent: deque[Entry] = deque(maxlen=RECENT)
    lately = Lately()
    heard, ends = [tell, recent.append, lately.hear], list[Callable[[], None]]()
    where = Whereabouts(Sessions(client_folder(os.environ)), _repository)
    memory = memory or Memory()
    hooks = Hooks({"tokens": partial(_count, counter), "project": where.project, "repo": where.repo})
    if not memory.is_shared:
        memory.spend.before = _past(live, settings).paid
    recorder, listeners = _recorder(live, settings), Listeners(live, settings, heard, partial(_notice, live))
    listeners.begin(os.environ)

    def targets() -> Health:
        return memory.health(allowances=live.current.catalog.allowances)

    metrics = Metrics(live, heard, targets, place=place)
    seen = Pictures(client, vocabulary, partial(_described, memory, heard, recorder.keep))
    parts = Parts(
        world=live,
        vocabulary=vocabulary,
        client=client,
        memory=memory,
        answers=hooks.answers,
        change=partial(_changed, hooks, Documents(), seen),
        clock=_now,
        tell=partial(_tell_all, heard),
        keep=recorder.keep,
        missed=discovery.missed,
        duplicates=Duplicates(time.monotonic),
        dry_run=dry_run,
    )

    def side() -> Asgi:
        from ccr.proxy.side import side_doors

        return side_doors(live, counter.count, targets, crew, lately.of, metrics.text)

    def web() -> Asgi:
        return _door(_Seen(live, vocabulary, settings, memory, hooks, client, recent, heard, ends, parts, crew))

    close = partial(_ended, hooks, counter, client, memory, (recorder.close, listeners.close))
    routes = Routes(settings, partial(answer, parts), side, web, _new_id)
    return Application(routes, client.warm, discovery.run, memory.keep, close, partial(_end_all, ends))


async def _ended(
    hooks: Hooks, counter: Counter, client: Client, memory: Memory, writers: Sequence[Callable[[], None]]
) -> None:
    """Ends what was opened; writers last, each in a thread, since they write what is left."""
    hooks.close()
    counter.close()
    await client.close()
    await memory.close()
    for each in writers:
        await asyncio.to_thread(each)


def _past(live: Live, settings: Callable[[], Settings]) -> Past:
    home = live.places.home
    return Past(
        open=lambda: open_store(settings().store, home, writing=False),
        exists=lambda: exists(settings().store, home),
        today=lambda: _now(settings().zone).date(),
        say=partial(_notice, live),
    )


def _recorder(live: Live, settings: Callable[[], Settings]) -> Recorder:
    """What writes the log."""
    return Recorder(
        open=lambda: open_store(settings().store, live.places.home),
        say=partial(_notice, live),
        retention=lambda: settings().retention,
    )


def _notice(live: Live, line: str) -> None:
    for tell in live.notices:
        tell(line)


class _Seen(NamedTuple):
    """What the web UI sees of the parts."""

    live: Live
    vocabulary: Vocabulary
    settings: Callable[[], Settings]
    memory: Memory
    hooks: Hooks
    client: Client
    recent: Sequence[Entry]
    heard: MutableSequence[Callable[[Entry], None]]
    ends: MutableSequence[Callable[[], None]]
    proxy: Parts
    crew: Callable[[], Mapping[str, Any]]


def _door(seen: _Seen) -> Asgi:
    """The door to the web UI and its API; imported and made when somebody first comes to it."""
    from ccr.api import parts
    from ccr.api.door import Door
    from ccr.proxy.bench import bench

    live, settings, memory = seen.live, seen.settings, seen.memory
    doors = parts.Doors(
        admits=lambda headers: refusal.message if (refusal := admits(headers, settings())) else None,
        presents=lambda headers: presents(headers, settings()),
        is_local=lambda client, headers: is_local(client, headers, settings()),
    )
    made = parts.Parts(
        live=live,
        vocabulary=seen.vocabulary,
        settings=settings,
        health=lambda: memory.health(allowances=live.current.catalog.allowances),
        pulse=memory.providers.sample,
        spend=lambda: memory.spend.sample(_now(settings().zone), accounts("", "", "")),
        now=lambda: _now(settings().zone),
        client=seen.client,
        hooks=seen.hooks,
        settle=settle,
        doors=doors,
        recent=seen.recent,
        heard=seen.heard,
        stopping=seen.ends,
        bench=partial(bench, seen.proxy, _new_id),
        workers=lambda: len(seen.crew().get("workers", ())) or 1,
    )
    return Door(made, lambda: settings().ui_password)


def first_look(vocabulary: Vocabulary, snapshot: Snapshot | None = None) -> Mapping[str, tuple[str, ...]]:
    """The models of local servers, where the catalogue says they are, or where `snapshot` does; nothing is imported or
    waited for if none listens."""
    there = listening(local_endpoints(vocabulary, snapshot))
    return asyncio.run(_ask_once(there)) if there else {}


async def _ask_once(endpoints: Endpoints) -> Mapping[str, tuple[str, ...]]:
    client = Client()
    try:
        return await discover(client, endpoints)
    finally:
        await client.close()


def local_endpoints(vocabulary: Vocabulary, snapshot: Snapshot | None) -> Endpoints:
    """Where each local provider lists its models: at the address configured for it, else at the catalogue's."""
    configured = snapshot.catalog.providers if snapshot is not None else {}
    found = {}
    for name in vocabulary.providers:
        spec: ProviderSpec = vocabulary.providers[name]
        if spec.local and spec.models_url:
            own = urlsplit(configured[name].url if name in configured else spec.base_url)
            found[name] = urlunsplit((own.scheme, own.netloc, urlsplit(spec.models_url).path, "", ""))
    return found


def _tell_all(heard: Sequence[Callable[[Entry], None]], entry: Entry) -> None:
    for hear in heard:
        hear(entry)


def _end_all(ends: Sequence[Callable[[], None]]) -> None:
    for end in ends:
        end()


async def _changed(hooks: Hooks, texts: Documents, seen: Pictures, snapshot: Snapshot, facts: Facts, asked: Ask) -> Any:
    """What an exchange asks others, by what it asks."""
    match asked.question:
        case documents.QUESTION:
            return await texts.read(asked.value)
        case pictures.QUESTION:
            return await seen.describe(snapshot, facts, asked)
        case _:
            return await hooks.change(snapshot, facts, asked)


def _described(
    memory: Memory,
    heard: Sequence[Callable[[Entry], None]],
    keep: Callable[[Entry, Source], None],
    snapshot: Snapshot,
    facts: Facts,
    made: Attempts,
    record: UsageRecord,
) -> None:
    """A request that ccr made by itself, to have a picture described: paid for and logged like the person's own."""
    source = Source(snapshot, facts, made, facts.inputs.local)
    entry = make(record, source)
    memory.record(facts.inputs.now, record, entry.cost or 0, entry.project)
    _tell_all(heard, entry)
    keep(entry, source)


def _repository(folder: Path) -> str:
    from ccr.launcher.login import repository

    return repository(folder)


async def _count(counter: Counter, facts: Facts, asked: Undecided) -> Reading:
    return await counter.narrow(facts.inputs.request, asked.threshold)


def _now(zone: str) -> datetime:
    return datetime.now(ZoneInfo(zone)) if zone else datetime.now().astimezone()


def _new_id() -> str:
    return f"req_{secrets.token_hex(10)}"
