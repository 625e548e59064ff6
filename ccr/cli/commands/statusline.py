"""Print the status line; Claude Code runs this and tells on standard input where it is.

`ccr code` sets it unless you have one of your own; for a client that `ccr code` does not start, put it into
settings.json: {"statusLine": {"type": "command", "command": "ccr statusline"}}. The theme is config.json's `StatusLine`.
It waits for nobody: what the proxy does not tell within a tenth of a second is left out. The exit code is always 0.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import click

from ccr.config.terminal import status_line_in
from ccr.daemon.ask import ask
from ccr.diagnostics.source import SourceFile
from ccr.launcher import statusline
from ccr.launcher.environment import BASE_URL, HEADERS, TOKEN
from ccr.launcher.statusline import Theme

_PATIENCE = 0.1
_SCRIPT_PATIENCE = 1.0
_SAMPLE = {"session_id": "", "cwd": "", "model": {"display_name": "Claude"}}
_NODE = (
    "const f = require(process.argv[1]); const [v, o] = JSON.parse(require('fs').readFileSync(0, 'utf8'));"
    "Promise.resolve(typeof f === 'function' ? f(v, o) : f).then(t => process.stdout.write(String(t)))"
)


@click.command(epilog="Example: echo '{}' | ccr statusline")
@click.argument("preset", required=False)
def command(preset: str | None) -> None:
    """Print the status line; Claude Code runs this and tells on standard input where it is."""
    del preset  # claude-code-router names one; a preset's status line is merged into config.json when it is installed
    client = _client()
    shown = statusline.theme(_configured())
    wanted = statusline.needs(shown)
    lately = _lately(str(client.get("session_id") or "")) if wanted & statusline.LATELY else {}
    known = statusline.variables(client, lately, _branch(client) if "gitBranch" in wanted else "")
    text = statusline.line(shown, known, _scripts(shown, known), colour=not os.environ.get("NO_COLOR"))
    # Claude Code reads UTF-8 whatever the terminal speaks; and `report`, which asks, takes longer than all this.
    sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "replace"))


def _client() -> Mapping[str, Any]:
    """What Claude Code tells; a little of our own for a person who tries the command at a terminal."""
    if sys.stdin.isatty():
        return {**_SAMPLE, "cwd": str(Path.cwd())}
    try:
        said = json.loads(sys.stdin.buffer.read())
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _configured() -> Mapping[str, Any] | None:
    named = os.environ.get("CCR_HOME")
    place = (Path(named).expanduser() if named else Path.home() / ".claude-code-router") / "config.json"
    try:
        text = place.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return None
    return status_line_in(SourceFile(str(place), text))


def _lately(session: str) -> Mapping[str, Any]:
    """What the proxy tells of this conversation; asked as the client asks, with what it was given to show."""
    address = urlsplit(os.environ.get(BASE_URL, ""))
    if not session or not address.hostname or address.scheme != "http":
        return {}
    headers = {"authorization": f"Bearer {os.environ.get(TOKEN, '')}"}
    for each in (os.environ.get(HEADERS) or "").splitlines():
        name, _, value = each.partition(":")
        if name.strip().lower() == "x-ccr-key":
            headers["x-ccr-key"] = value.strip()
    said = ask(address.hostname, address.port or 80, f"/health/session/{quote(session, safe='')}", headers, _PATIENCE)
    return said or {}


def _branch(client: Mapping[str, Any]) -> str:
    """The branch of the folder's repository, read and not asked of git: that would take longer than all the rest."""
    workspace = client.get("workspace")
    told = workspace.get("current_dir") if isinstance(workspace, Mapping) else None
    place = Path(str(told or client.get("cwd") or "."))
    for folder in (place, *place.parents):
        git = folder / ".git"
        try:
            if git.is_file():  # a worktree: the file says where its own folder is
                git = folder / git.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
            head = (git / "HEAD").read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            continue
        return head.removeprefix("ref: refs/heads/") if head.startswith("ref:") else head[:7]
    return ""


def _scripts(shown: Theme, known: Mapping[str, str]) -> Mapping[str, str]:
    """What the scripts of a theme say. A `.js` file is a module as in claude-code-router: a function of the variables, or
    a text; any other file is started and reads them as JSON."""
    return {each.script: _script(each.script, known, each.options) for each in shown.modules if each.script}


def _script(path: str, known: Mapping[str, str], options: Mapping[str, Any]) -> str:
    place = str(Path(path).expanduser())
    words = ["node", "-e", _NODE, place] if place.endswith((".js", ".cjs")) else [place]
    said = json.dumps([known, options] if words[0] == "node" else known).encode()
    try:
        done = subprocess.run(words, input=said, capture_output=True, timeout=_SCRIPT_PATIENCE, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""
