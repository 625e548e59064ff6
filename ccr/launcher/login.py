"""Whether Claude Code is logged in at Anthropic on this machine, and which repository a folder belongs to.

Only whether there is a login is looked at, never the login: a file is not opened further than for the name of a key in
it, and the system's keychain is asked for the entry, not for its content.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from ccr.launcher.settings import read_object, settings_folder

LOGIN_TOKEN = "CLAUDE_CODE_OAUTH_TOKEN"
"""What `claude setup-token` makes for machines without a browser."""
_KEYCHAIN = "Claude Code-credentials"
_SECONDS = 3.0


def logged_in(environment: Mapping[str, str]) -> bool:
    """By `claude /login` or with a token of `claude setup-token`; the client would then send it itself."""
    if environment.get(LOGIN_TOKEN):
        return True
    folder = settings_folder(environment)
    if "claudeAiOauth" in read_object(folder / ".credentials.json"):
        return True
    beside = folder if environment.get("CLAUDE_CONFIG_DIR") else folder.parent
    if "oauthAccount" not in read_object(beside / ".claude.json"):
        return False
    return sys.platform != "darwin" or _in_keychain()


def _in_keychain() -> bool:
    """macOS keeps the login there; `.claude.json` alone remembers who it was."""
    return _said(["security", "find-generic-password", "-s", _KEYCHAIN]) is not None


def repository(folder: Path) -> str:
    """The remote of the folder's repository as `github.com/acme/payments`; "" where there is none, or no git."""
    return repository_name(_said(["git", "-C", str(folder), "config", "--get", "remote.origin.url"]) or "")


def repository_name(url: str) -> str:
    """`git@github.com:acme/payments.git`, `https://u:p@github.com/acme/payments` and their like as
    `github.com/acme/payments`; "" for a folder. A login within the address is left out. Pure."""
    text = url.strip().removesuffix("/").removesuffix(".git")
    scheme, found, rest = text.partition("://")
    if found:
        return (
            ""
            if scheme == "file"
            else _without_port(rest.rpartition("@")[2] if "@" in rest.partition("/")[0] else rest)
        )
    host, colon, path = text.partition(":")
    if not colon or "/" in host or len(host) == 1:  # a folder, on Windows with a drive
        return ""
    return f"{host.rpartition('@')[2]}/{path.lstrip('/')}"


def _without_port(rest: str) -> str:
    host, slash, path = rest.partition("/")
    return f"{host.partition(':')[0]}{slash}{path}"


def _said(command: list[str]) -> str | None:
    """What a program said; None if it is not there or failed."""
    try:
        done = subprocess.run(
            command, capture_output=True, stdin=subprocess.DEVNULL, timeout=_SECONDS, check=False, encoding="utf-8",
            errors="replace", env={**os.environ, "GIT_TERMINAL_PROMPT": "0"},
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
