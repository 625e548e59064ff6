"""What config.json says to the terminal rather than to the proxy: which Claude Code, how it is started, the status line.

The values come out of `Settings.launcher` as they were written; here they become one value with types. What is of a
wrong type is as if it were not there: `ccr check` has said so.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

TIMEOUT = "API_TIMEOUT_MS"
"""A variable of Claude Code's own, which config.json may also hold."""
EXECUTABLE = "CLAUDE_PATH"
"""The variable that names the executable; config.json's key is called alike."""


class Terminal(Struct, frozen=True):
    """`executable` as it was written, "" if nobody said; `small_model` is what titles are asked of; `status_line` the
    object of config.json, None if there is none."""

    executable: str = ""
    non_interactive: bool = False
    small_model: str = ""
    status_line: Mapping[str, Any] | None = None


def read_terminal(said: Mapping[str, Any]) -> Terminal:
    """Of `Settings.launcher`."""
    line = said.get("StatusLine")
    return Terminal(
        executable=_text(said.get(EXECUTABLE)),
        non_interactive=said.get("NON_INTERACTIVE_MODE") is True,
        small_model=_text(said.get("ANTHROPIC_SMALL_FAST_MODEL")),
        status_line=line if isinstance(line, Mapping) else None,
    )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
