"""A whole ccr on port 0, in a thread of the test: sources in a folder, providers where the test wants them.

`providers` moves vendors of the catalogue to other addresses, so that a fake can stand in for one without a rule file.
Requests are sent by plain `http.client`, so nothing of ours is on the client's side.
"""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, NamedTuple

import uvicorn
from msgspec import structs

from ccr.app import build, first_look
from ccr.daemon.ports import bind
from ccr.diagnostics.render_text import render
from ccr.exchange.record import UsageRecord
from ccr.live.files import read_sources
from ccr.live.live import Live
from ccr.live.paths import places
from ccr.live.watch import watch
from ccr.proxy.server import _config
from ccr.routing.secret import Secret
from ccr.routing.surroundings import Surroundings
from ccr.routing.vocabulary import Vocabulary, vocabulary
from ccr.routing.workspace import load
from ccr.usage.entry import Entry


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """The text of a whole message, or of a streamed one."""
        if self.body.startswith(b"{"):
            return "".join(block.get("text", "") for block in self.json["content"])
        return "".join(
            event["delta"]["text"]
            for event in self.events
            if event["type"] == "content_block_delta" and event["delta"]["type"] == "text_delta"
        )

    @property
    def events(self) -> list[dict[str, Any]]:
        lines = self.body.decode().splitlines()
        return [json.loads(line[5:]) for line in lines if line.startswith("data:")]


class Running(NamedTuple):
    port: int
    live: Live
    entries: list[Entry]

    def __repr__(self) -> str:
        return f"Running({self.port})"

    @property
    def records(self) -> list[UsageRecord]:
        return [entry.record for entry in self.entries]

    def record(self, answer: Answer) -> UsageRecord:
        """What was written down of an exchange."""
        return self.entry(answer).record

    def entry(self, answer: Answer) -> Entry:
        """The same with what was decided; it is made just after the client has everything."""
        until = time.monotonic() + 3
        while time.monotonic() < until:
            for entry in self.entries:
                if entry.record.request_id == answer.headers["request-id"]:
                    return entry
            time.sleep(0.01)
        raise AssertionError("no record was made")

    def send(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """One request on a connection of its own; anything but bytes is sent as JSON."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
            connection.request(method, path, data, {"content-type": "application/json", **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def leave(self, after: float) -> None:
        """A small request whose client hangs up after so many seconds."""
        body = json.dumps(request()).encode()
        head = f"POST /v1/messages HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n\r\n"
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as client:
            client.sendall(head.encode() + body)
            time.sleep(after)

    def ask(self, prompt: str = "hello", headers: Mapping[str, str] | None = None, **changes: Any) -> Answer:
        """A small Messages request."""
        return self.send("POST", "/v1/messages?beta=true", {**request(prompt), **changes}, headers)


def request(prompt: str = "hello") -> dict[str, Any]:
    return {
        "model": "claude-opus-5-5",
        "max_tokens": 1000,
        "messages": [{"role": "user", "content": [{"type": "text", "text": prompt}]}],
    }


def moved(**addresses: str) -> Vocabulary:
    """The vocabulary with some vendors of the catalogue at other addresses, and local servers nowhere else."""
    words = vocabulary()
    nowhere = "http://127.0.0.1:9"
    specs = {name: words.providers[name] for name in words.providers}
    for name, spec in specs.items():
        address = addresses.get(name, nowhere if spec.local else "")
        if address:
            specs[name] = structs.replace(spec, base_url=address, models_url=address.removesuffix("/v1") + "/api/tags")
    return structs.replace(words, providers=specs)


@contextmanager
def running(
    home: Path,
    *,
    words: Vocabulary | None = None,
    variables: Mapping[str, str] | None = None,
    watching: bool = False,
    dry_run: bool = False,
    crew: Callable[[], Mapping[str, Any]] = dict,
) -> Iterator[Running]:
    """ccr with this home, until the block ends. `crew`: what it knows of other workers, such as a second one of these."""
    words = words or moved()
    where = structs.replace(places(home / "config.json", home / "rules"), home=home, policies=())
    known = {name: Secret(value) for name, value in (variables or {}).items()}
    discovered = first_look(words)
    loaded = load(read_sources(where), Surroundings(known, discovered, home=str(home)), words, proofs=False)
    assert loaded.snapshot is not None, render(loaded.diagnostics)
    live, entries = Live(where, words, loaded.snapshot, discovered), list[Entry]()
    live.look = lambda: Surroundings(known, live.discovered, home=str(home))
    with bind("127.0.0.1", 0) as listener, _serving(live, words, entries, listener, watching, dry_run, crew):
        yield Running(listener.getsockname()[1], live, entries)


@contextmanager
def _serving(
    live: Live,
    words: Vocabulary,
    entries: list[Entry],
    listener: Any,
    watching: bool,
    dry_run: bool,
    crew: Callable[[], Mapping[str, Any]],
) -> Iterator[None]:
    started, servers = threading.Event(), list[uvicorn.Server]()

    async def serve() -> None:
        app = build(live, words, lambda: live.current.settings, entries.append, dry_run=dry_run, crew=crew)
        server = uvicorn.Server(_config(app.asgi))
        servers.append(server)
        tasks = [asyncio.ensure_future(each()) for each in _backgrounds(live, app.discovery, watching)]
        serving = asyncio.ensure_future(server.serve(sockets=[listener]))
        while not server.started:
            await asyncio.sleep(0.005)
        started.set()
        await serving
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await app.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert started.wait(10), "ccr did not start"
    try:
        yield
    finally:
        servers[0].should_exit = True
        thread.join(15)
        assert not thread.is_alive(), "ccr did not stop"


def _backgrounds(live: Live, discovery: Callable[[], Any], watching: bool) -> Sequence[Callable[[], Any]]:
    async def watch_sources() -> None:
        await watch(lambda: live.watched, live.reload)

    return [discovery, live.prove, watch_sources] if watching else [discovery]


def write(home: Path, name: str, text: str) -> Path:
    """A source in the home, its folders made."""
    path = home / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
