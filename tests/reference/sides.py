"""Both routers, each in a home of its own, towards a recording provider of its own: who is asked for which request.

The reference is the package from npm, started with Node in a process of its own; ours is a whole ccr in a thread.
"""

import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from tests.fake_upstream import (
    JSON,
    FakeUpstream,
    Received,
    Script,
    free_port,
    in_thread,
    openai_message,
    sse,
    stream,
    whole,
)
from tests.reference.table import Case, World
from tests.running import running

Ask = Callable[[Case], str]
PACKAGE = "node_modules/@musistudio/claude-code-router"
_STATUS, _USAGE = re.compile(r"status=(\d+)"), re.compile(r"usage=(\d+)")
_PATIENCE = 20.0


def reference_in(place: str) -> Path | None:
    """The reference's program below a folder that npm installed it into; None if it, or Node, is not there."""
    root = Path(place).expanduser().absolute()
    found = next((each / "dist/cli.js" for each in (root / PACKAGE, root) if (each / "dist/cli.js").is_file()), None)
    return found if shutil.which("node") else None


def version_of(program: Path) -> str:
    return str(json.loads((program.parents[1] / "package.json").read_text())["version"])


@contextmanager
def ours(home: Path, world: World) -> Iterator[Ask]:
    kept = os.environ.get("CLAUDE_CONFIG_DIR")
    with in_thread(choose=_answer) as upstream:
        _write(home, world, upstream, "router.py")
        os.environ["CLAUDE_CONFIG_DIR"] = str(home / ".claude")
        try:
            with running(home / ".claude-code-router") as ccr:
                yield _asker(ccr.port, upstream, lambda: len(ccr.entries))
        finally:
            os.environ.pop("CLAUDE_CONFIG_DIR")
            if kept is not None:
                os.environ["CLAUDE_CONFIG_DIR"] = kept


@contextmanager
def reference(home: Path, world: World, program: Path) -> Iterator[Ask]:
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), "TMPDIR": str(home)}
    with in_thread(choose=_answer) as upstream:
        _write(home, world, upstream, "router.js", PORT=port, LOG=False)
        process = subprocess.Popen(
            ["node", str(program), "start"],
            env=environment, cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            _wait(port)
            yield _asker(port, upstream)
        finally:
            process.kill()
            process.wait(10)


def _write(home: Path, world: World, upstream: FakeUpstream, router: str, **more: Any) -> None:
    text = json.dumps({**world.config, **more})
    places = {"UPSTREAM": upstream.url, "GONE": f"http://127.0.0.1:{free_port()}"}
    places["ROUTER"] = str(home / ".claude-code-router" / router)
    for name, value in places.items():
        text = text.replace(name, value) if name != "ROUTER" else text.replace('"ROUTER"', json.dumps(value))
    for name, content in {".claude-code-router/config.json": text, **world.files}.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def _wait(port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        try:
            if _send(port, "GET", "/health")[0] == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError(f"nothing answers on port {port}")


def _asker(port: int, upstream: FakeUpstream, ended: Callable[[], int] | None = None) -> Ask:
    """`ended`: how many exchanges are written down, which happens just after a client has everything."""

    def ask(case: Case) -> str:
        for body in case.before:
            wanted = ended() + 1 if ended is not None else 0
            _send(port, "POST", "/v1/messages", body)
            deadline = time.monotonic() + _PATIENCE
            while ended is not None and ended() < wanted:
                assert time.monotonic() < deadline, "an exchange was not written down"
                time.sleep(0.002)
        seen = len(upstream.requests)
        status, answer = _send(port, "POST", case.path, case.body, case.headers)
        return _told(status, answer, upstream.requests[seen:])

    return ask


def _send(
    port: int, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
    try:
        said = json.dumps(body).encode() if body is not None else None
        connection.request(method, path, said, {"content-type": "application/json", **(headers or {})})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def _told(status: int, answer: bytes, asked: list[Received]) -> str:
    """Who answered, as `provider/model`; else what the client was told."""
    if status != 200:
        return f"error {status}"
    if not asked:
        return f"{json.loads(answer)['input_tokens']:,} tokens"
    return f"{_provider(asked[-1])}/{asked[-1].json['model']}"


# ---- the provider -----------------------------------------------------------------------------------------------------


def _provider(request: Received) -> str:
    return request.path.split("/")[1]


def _answer(request: Received) -> Script:
    """An answer by what the prompt asks for: `status=N` of the first provider, `usage=N`."""
    prompt = json.dumps(request.json["messages"][-1])
    wanted = _STATUS.search(prompt)
    if wanted and _provider(request) == "alpha":
        return whole({"error": {"message": "as asked", "type": "x"}}, int(wanted[1]), JSON)
    grown = _USAGE.search(prompt)
    usage = {"prompt_tokens": int(grown[1]) if grown else 11, "completion_tokens": 7}
    usage["total_tokens"] = usage["prompt_tokens"] + 7
    if not request.json.get("stream"):
        return whole({**openai_message("ok", request.json["model"]), "usage": usage})
    return stream(*_chunks(request.json["model"], usage))


def _chunks(model: str, usage: Mapping[str, int]) -> Iterator[bytes]:
    head = {"id": "c1", "object": "chat.completion.chunk", "model": model}
    yield sse({**head, "choices": [{"index": 0, "delta": {"role": "assistant", "content": "ok"}}]}, named=False)
    yield sse({**head, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": usage}, named=False)
    yield b"data: [DONE]\n\n"
