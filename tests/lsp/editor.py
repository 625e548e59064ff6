"""A small editor: speaks JSON-RPC to a `ccr lsp` over its standard input and output, as any editor does."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE = 20.0
ROOT = Path(__file__).parents[2]
CAPABILITIES = {
    "general": {"positionEncodings": ["utf-16"]},
    "textDocument": {"publishDiagnostics": {"relatedInformation": True}},
}


class Refusal(Exception):
    """What the server answered instead of a result."""


class Editor:
    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path) -> None:
        self.process, self.folder = process, folder
        self.capabilities: dict[str, Any] = {}
        self._answers: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._notes: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._id, self._versions = 0, dict[str, int]()
        threading.Thread(target=self._listen, daemon=True).start()

    # ---- the wire -------------------------------------------------------------------------------------------------

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            message = json.loads(stream.read(length))
            (self._answers if "id" in message and "method" not in message else self._notes).put(message)

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self.process.stdin.flush()

    def notify(self, method: str, params: Any = None) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Any = None) -> Any:
        self._id += 1
        self._send({"id": self._id, "method": method, "params": params})
        answer = self._answers.get(timeout=PATIENCE)
        assert answer["id"] == self._id
        if "error" in answer:
            raise Refusal(answer["error"]["message"])
        return answer["result"]

    # ---- what an editor does --------------------------------------------------------------------------------------

    def start(self, encodings: Sequence[str] = ("utf-16",)) -> None:
        told = {**CAPABILITIES, "general": {"positionEncodings": list(encodings)}}
        answer = self.ask(
            "initialize", {"processId": os.getpid(), "rootUri": self.folder.as_uri(), "capabilities": told}
        )
        self.capabilities = answer["capabilities"]
        self.notify("initialized", {})

    def uri(self, name: str) -> str:
        return name if ":" in name else (self.folder / name).as_uri()

    def open(self, name: str, text: str) -> None:
        self._versions[name] = 1
        document = {"uri": self.uri(name), "languageId": "ccr", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def type(self, name: str, text: str) -> None:
        """The document has another text."""
        self._versions[name] += 1
        document = {"uri": self.uri(name), "version": self._versions[name]}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def diagnostics(self, name: str) -> list[dict[str, Any]]:
        """What is said of the document's newest text, when it is said."""
        while True:
            note = self._notes.get(timeout=PATIENCE)
            params = note.get("params", {})
            current = params.get("version") in (None, self._versions.get(name))
            if note["method"] == "textDocument/publishDiagnostics" and params["uri"] == self.uri(name) and current:
                return list(params["diagnostics"])

    def at(self, name: str, line: int, character: int, **more: Any) -> dict[str, Any]:
        position = {"line": line, "character": character}
        return {"textDocument": {"uri": self.uri(name)}, "position": position, **more}

    def completions(self, name: str, line: int, character: int) -> dict[str, dict[str, Any]]:
        found = self.ask("textDocument/completion", self.at(name, line, character))
        return {item["label"]: item for item in found}

    def hover(self, name: str, line: int, character: int) -> str:
        found = self.ask("textDocument/hover", self.at(name, line, character))
        return str(found["contents"]["value"]) if found else ""

    def stop(self) -> int:
        self.ask("shutdown")
        self.notify("exit")
        return self.process.wait(PATIENCE)


@contextmanager
def editor(folder: Path, *, encodings: Sequence[str] = ("utf-16",), home: Path | None = None) -> Iterator[Editor]:
    """An editor with its server running; `home` is the ccr home, an empty one unless said."""
    variables = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "LANG")}
    environment = {**variables, "HOME": str(folder), "CCR_HOME": str(home or folder / "home"), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "ccr", "lsp", "--stdio"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder,
        env={**environment, "DEEPSEEK_API_KEY": "sk-planted-in-the-environment"},
    )  # fmt: skip
    try:
        running = Editor(process, folder)
        running.start(encodings)
        yield running
        if process.poll() is None:
            assert running.stop() == 0
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream is not None:
                stream.close()
