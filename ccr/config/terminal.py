"""What config.json says to the terminal rather than to the proxy: which Claude Code, how it is started, the status line.

The values come out of `Settings.launcher` as they were written; here they become one value with types. What is of a
wrong type is as if it were not there: `ccr check` has said so.
"""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from ccr.config.json5 import Node, Table, read_json5
from ccr.config.keys import plain
from ccr.diagnostics.source import SourceFile

TIMEOUT = "API_TIMEOUT_MS"
"""A variable of Claude Code's own, which config.json may also hold."""
EXECUTABLE = "CLAUDE_PATH"
"""The variable that names the executable; config.json's key is called alike."""

_LINE = "StatusLine"


class Terminal(Struct, frozen=True):
    """`executable` as it was written, "" if nobody said; `small_model` is what titles are asked of; `status_line` the
    object of config.json, None if there is none."""

    executable: str = ""
    non_interactive: bool = False
    small_model: str = ""
    status_line: Mapping[str, Any] | None = None


def read_terminal(said: Mapping[str, Any]) -> Terminal:
    """Of `Settings.launcher`."""
    line = said.get(_LINE)
    return Terminal(
        executable=_text(said.get(EXECUTABLE)),
        non_interactive=said.get("NON_INTERACTIVE_MODE") is True,
        small_model=_text(said.get("ANTHROPIC_SMALL_FAST_MODEL")),
        status_line=line if isinstance(line, Mapping) else None,
    )


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def status_line_in(file: SourceFile) -> Mapping[str, Any] | None:
    """The status line of a config.json, and nothing else of it: a status line has no time to read providers. None for a
    file that says none, or cannot be read."""
    node, _ = read_json5(file)
    if node is None or not isinstance(node.value, Table):
        return None
    found = next((_plain(pair.node) for pair in node.value.pairs if plain(pair.key) == plain(_LINE)), None)
    return found if isinstance(found, dict) else None


def _plain(node: Node) -> Any:
    match node.value:
        case Table(pairs):
            return {pair.key: _plain(pair.node) for pair in pairs}
        case tuple(items):
            return [_plain(item) for item in items]
        case value:
            return value
