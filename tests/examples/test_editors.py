"""The editors' folder: what it says is well formed, and VS Code's extension starts our server."""

import json
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

EDITORS = Path(__file__).parents[2] / "examples" / "editors"
README = (EDITORS / "README.md").read_text(encoding="utf-8")
PLAY = """
const Module = require("module");
const heard = { command: [], said: [], started: 0, stopped: 0 };
const asked = { get: (name) => (name === "server.command" ? COMMAND : undefined) };
const stands = {
  vscode: { workspace: { getConfiguration: () => asked }, window: { showWarningMessage: (text) => heard.said.push(text) } },
  "vscode-languageclient/node": {
    TransportKind: { stdio: 0 },
    LanguageClient: class {
      constructor(id, name, server, interests) { heard.command = [server.command, ...server.args]; heard.languages = interests.documentSelector.map((each) => each.language); }
      async start() { heard.started++; if (FAILS) throw new Error("it is not there"); }
      needsStop() { return true; }
      async stop() { heard.stopped++; }
    },
  },
};
const load = Module._load;
Module._load = (name, ...rest) => stands[name] || load(name, ...rest);
const extension = require(process.argv[1]);
extension.activate().then(() => extension.deactivate()).then(() => console.log(JSON.stringify(heard)));
"""
"""The extension among stand-ins for the editor's own modules."""


def played(command: list[str], fails: bool) -> dict[str, object]:
    program = PLAY.replace("COMMAND", json.dumps(command)).replace("FAILS", json.dumps(fails))
    words = ["node", "-e", program, str(EDITORS / "vscode" / "extension.js")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=30, check=True)
    heard: dict[str, object] = json.loads(done.stdout)
    return heard


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on this machine")
def test_the_extension_starts_the_server_that_is_configured() -> None:
    package = json.loads((EDITORS / "vscode" / "package.json").read_text(encoding="utf-8"))
    default = package["contributes"]["configuration"]["properties"]["ccr.server.command"]["default"]
    assert default == ["ccr", "lsp"]
    assert played(default, fails=False) == {
        "command": ["ccr", "lsp"], "languages": ["ccr", "ccr"], "said": [], "started": 1, "stopped": 1,
    }  # fmt: skip


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on this machine")
def test_a_server_that_is_not_there_is_said_with_what_to_do() -> None:
    [said] = played(["nowhere/ccr", "lsp"], fails=True)["said"]  # type: ignore[misc]
    assert "pip install" in said and "claude-code-rules[lsp]" in said and "ccr.server.command" in said


def test_what_the_page_says_to_write_can_be_read() -> None:
    blocks = re.findall(r"^```(\w+)\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    for kind, text in blocks:
        if kind == "json":
            json.loads(text)
        elif kind == "toml":
            server = tomllib.loads(text)["language-server"]["ccr"]
            assert [server["command"], *server["args"]] == ["ccr", "lsp"]
    assert {kind for kind, _ in blocks} == {"json", "toml", "lua"}
    assert 'cmd = { "ccr", "lsp" }' in README
