"""Exchanges that a person can read: a folder `exchanges/<dialect>/<name>/` each.

`about.toml`   what it is, after which document, and how the target is configured: `model`, `url`, `[profile]`, `[recall]`
`request.json` what the client sends              `wire.json`  what the provider must get (a body)
`upstream.sse` what the provider streams          `client.sse` what the client must read
               (or `upstream.ndjson`)
`upstream.json` or what it answers whole

Files that are missing are not compared. A dialect's folder is found by its name.
"""

import json
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from ccr.dialects.dialect import Dialect, Speech
from ccr.dialects.framing import framing_of
from ccr.dialects.profile import resolve
from ccr.dialects.wire import WireAnswer
from ccr.messages.encode import EventEncoder
from ccr.messages.events import Event
from ccr.messages.order import OrderGuard
from ccr.messages.request import MessagesRequest

FOLDER = Path(__file__).parent / "exchanges"
MINIMAL = {
    "model": "claude-opus-5-5",
    "max_tokens": 64,
    "messages": [{"role": "user", "content": "hello"}],
    "stream": True,
}


def folders() -> list[Path]:
    return sorted(path.parent for path in FOLDER.glob("*/*/about.toml"))


def name_of(folder: Path) -> str:
    return f"{folder.parent.name}/{folder.name}"


class Exchange:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        about = tomllib.loads((folder / "about.toml").read_text("utf-8"))
        raw = self.read("request.json") or json.dumps(MINIMAL).encode()
        headers = tuple((name, value) for name, value in about.get("headers", {}).items())
        self.request = MessagesRequest(msgspec.json.decode(raw), raw, headers)
        profile = {
            key: tuple(value) if isinstance(value, list) else value for key, value in about.get("profile", {}).items()
        }
        self.speech = Speech(
            about.get("url", "https://provider.example/v1"),
            about.get("model", "wire-model"),
            resolve(profile),
            "s0",
            about.get("recall"),
        )
        self.dialect: Dialect = __import__(f"ccr.dialects.builtin.{folder.parent.name}", fromlist=["DIALECT"]).DIALECT

    def read(self, name: str) -> bytes:
        path = self.folder / name
        return path.read_bytes() if path.exists() else b""

    @property
    def stream(self) -> bytes:
        return self.read("upstream.sse") or self.read("upstream.ndjson")

    def wire(self) -> Any:
        return json.loads(self.dialect.encode_request(self.request, self.speech).body)

    def events(self, pieces: list[bytes]) -> list[Event]:
        """What the decoder makes of these bytes, as it stands before the guard."""
        frames = framing_of(self.dialect, self.speech.profile).decoder(None)
        decoder = self.dialect.stream_decoder(self.request, self.speech)
        events = [event for piece in pieces for frame in frames.feed(piece) for event in decoder.feed(frame)]
        return [*events, *(event for frame in frames.finish() for event in decoder.feed(frame)), *decoder.finish()]

    def answered(self) -> list[Event]:
        answer = WireAnswer(200, (("content-type", "application/json"),), self.read("upstream.json"))
        return self.dialect.decode_answer(answer, self.request, self.speech)

    def client(self, events: list[Event]) -> str:
        guard = OrderGuard()
        passed = [*guard.feed(events), *guard.finish()]
        return EventEncoder(self.request.model, "req_1").feed(passed).decode()
