"""The status line: what Claude Code tells of itself, what the proxy tells of the conversation, and a theme, as one line.

Pure. A theme is config.json's `StatusLine`: modules, each with a type, an icon, a text with `{{variable}}`, a colour and
a background. A module whose first variable is empty is left out, so nothing of what is not known yet is shown.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct

_VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_MOST = 10
"""Modules that are shown; a line has no room for more."""
_RESET = "\x1b[0m"
_ARROW = "\ue0b0"
_SEPARATOR = "  "
_NAMES = ("black", "red", "green", "yellow", "blue", "magenta", "cyan", "white")
_CODES = (
    {name: 30 + at for at, name in enumerate(_NAMES)}
    | {f"bright_{name}": 90 + at for at, name in enumerate(_NAMES)}
    | {"gray": 90, "grey": 90}
)
"""SGR parameters of ECMA-48 and what xterm added to it; a background is ten more."""


class Module(Struct, frozen=True):
    """One part of the line. `script`: a program that is asked for the text."""

    type: str
    icon: str = ""
    text: str = ""
    color: str = ""
    background: str = ""
    script: str = ""
    options: Mapping[str, Any] = {}


class Theme(Struct, frozen=True):
    modules: tuple[Module, ...]
    powerline: bool = False


TEXTS = {
    "workDir": "{{workDirName}}",
    "gitBranch": "{{gitBranch}}",
    "model": "{{model}}",
    "usage": "{{inputTokens}} → {{outputTokens}}",
    "context": "{{contextPercent}} of {{contextWindowSize}}",
    "speed": "{{tokenSpeed}} {{streamingIndicator}}",
    "duration": "{{duration}}",
    "lines": "+{{linesAdded}} -{{linesRemoved}}",
    "rule": "{{rule}}",
    "target": "{{target}}",
    "cost": "{{cost}}",
    "saved": "saved {{saved}}",
}
"""The types of modules, and what each says unless its `text` says otherwise; `script` is one more."""
OWN = Theme(
    (
        Module("workDir", color="bright_blue"),
        Module("gitBranch", color="bright_magenta"),
        Module("target", color="bright_green"),
        Module("rule", color="gray"),
        Module("context", color="cyan"),
        Module("cost", color="bright_yellow"),
        Module("saved", color="green"),
    )
)
"""Where config.json has no `StatusLine`."""


def theme(said: Mapping[str, Any] | None) -> Theme:
    """Of `StatusLine`; our own where there is none, or none that says anything. What is misshapen is left out."""
    if said is None:
        return OWN
    style = "powerline" if said.get("currentStyle") == "powerline" else "default"
    chosen = said.get(style)
    rows = chosen.get("modules") if isinstance(chosen, Mapping) else None
    modules = tuple(_module(row) for row in rows if isinstance(row, Mapping)) if isinstance(rows, list | tuple) else ()
    return Theme(modules[:_MOST] or OWN.modules, style == "powerline")


def _module(row: Mapping[str, Any]) -> Module:
    def text(name: str) -> str:
        value = row.get(name)
        return value if isinstance(value, str) else ""

    options = row.get("options")
    return Module(
        text("type"), text("icon"), text("text"), text("color"), text("background"), text("scriptPath"),
        options if isinstance(options, Mapping) else {},
    )  # fmt: skip


def needs(shown: Theme) -> frozenset[str]:
    """The variables that the theme mentions: what nobody shows need not be found out. A script may ask for any."""
    if any(each.script for each in shown.modules):
        return frozenset(_ALL)
    texts = (each.text or TEXTS.get(each.type, "") for each in shown.modules)
    return frozenset(name for text in texts for name in _VARIABLE.findall(text))


# ---- variables ------------------------------------------------------------------------------------------------------

LATELY = frozenset(
    {"rule", "target", "saved", "model", "cost", "inputTokens", "outputTokens", "tokenSpeed", "timeToFirstToken"}
)
"""What the proxy is asked for."""
_ALL = LATELY | {"workDirName", "gitBranch", "isStreaming", "streamingIndicator", "contextPercent", "contextWindowSize",
                 "totalInputTokens", "totalOutputTokens", "duration", "linesAdded", "linesRemoved", "netLines", "version",
                 "sessionId"}  # fmt: skip


def variables(client: Mapping[str, Any], lately: Mapping[str, Any], branch: str = "") -> dict[str, str]:
    """All of them, "" for what is not known. `client`: what Claude Code tells on standard input
    (https://docs.anthropic.com/en/docs/claude-code/statusline, read 2026-11-22); `lately`: what the proxy tells."""
    cost, window, model = _part(client, "cost"), _part(client, "context_window"), _part(client, "model")
    folder = str(_part(client, "workspace").get("current_dir") or client.get("cwd") or "")
    usage = _part(window, "current_usage")
    target = str(lately.get("target") or "")
    prompt = lately.get("input") or sum(_number(usage.get(name)) for name in _PROMPT)
    added, removed = _number(cost.get("total_lines_added")), _number(cost.get("total_lines_removed"))
    size = _number(window.get("context_window_size"))
    share = window.get("used_percentage")
    return {
        "workDirName": folder.replace("\\", "/").rstrip("/").rpartition("/")[2] or folder,
        "gitBranch": branch,
        # What answers, not what was asked for.
        "model": target.partition("/")[2] or str(model.get("display_name") or model.get("id") or ""),
        "target": target,
        "rule": str(lately.get("rule") or ""),
        "inputTokens": _tokens(prompt),
        "outputTokens": _tokens(lately.get("output") or usage.get("output_tokens")),
        "tokenSpeed": f"{lately['speed']:.0f} t/s" if lately.get("speed") else "",
        "timeToFirstToken": f"{lately['first_byte']:.1f} s" if lately.get("first_byte") else "",
        "isStreaming": "false",
        "streamingIndicator": "",
        "contextPercent": f"{_number(share) or (100 * prompt / size if size else 0):.0f}%" if prompt or share else "",
        "contextWindowSize": _tokens(size),
        "totalInputTokens": _tokens(window.get("total_input_tokens")),
        "totalOutputTokens": _tokens(window.get("total_output_tokens")),
        # Claude Code counts by Anthropic's prices whatever answers; the proxy knows who did.
        "cost": _dollars(lately.get("cost")) if lately else _dollars(cost.get("total_cost_usd")),
        "saved": _dollars(lately.get("saved")) if _number(lately.get("saved")) >= _CENT else "",
        "duration": _duration(_number(cost.get("total_duration_ms")) / 1000),
        "linesAdded": str(added) if added or removed else "",
        "linesRemoved": str(removed) if added or removed else "",
        "netLines": f"{added - removed:+}" if added or removed else "",
        "version": str(client.get("version") or ""),
        "sessionId": str(client.get("session_id") or ""),
    }


_PROMPT = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
_CENT = 0.005


def _part(said: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = said.get(name)
    return part if isinstance(part, Mapping) else {}


def _number(value: Any) -> Any:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def _tokens(value: Any) -> str:
    count = _number(value)
    if count < 1000:
        return str(round(count)) if count else ""
    return f"{count / 1e6:.1f}M".replace(".0M", "M") if count >= 999_500 else f"{count / 1000:.0f}k"


def _dollars(value: Any) -> str:
    amount = _number(value)
    return f"${amount:.2f}" if amount >= _CENT else ""


def _duration(seconds: float) -> str:
    minutes = round(seconds) // 60
    if not minutes:
        return f"{seconds:.0f}s" if seconds >= 1 else ""
    return f"{minutes // 60}h{minutes % 60:02}m" if minutes >= 60 else f"{minutes}m"


# ---- the line -------------------------------------------------------------------------------------------------------


def line(shown: Theme, known: Mapping[str, str], scripts: Mapping[str, str], *, colour: bool = True) -> str:
    """The line. `scripts`: what each script said."""
    parts = [part for each in shown.modules if (part := _filled(each, known, scripts))]
    if shown.powerline and colour:
        return _powerline(parts)
    return _SEPARATOR.join(_painted(text, module.color, module.background, colour) for module, text in parts)


def _filled(module: Module, known: Mapping[str, str], scripts: Mapping[str, str]) -> tuple[Module, str] | None:
    text = scripts.get(module.script, "") if module.script else module.text or TEXTS.get(module.type, "")
    names = _VARIABLE.findall(text)
    if names and not known.get(names[0]):
        return None
    said = " ".join(_VARIABLE.sub(lambda match: known.get(match[1], ""), text).split())
    return (module, f"{module.icon} {said}".strip()) if said else None


def _painted(text: str, color: str, background: str, colour: bool) -> str:
    codes = [*_code(color), *_code(background, 10)] if colour else []
    return f"\x1b[{';'.join(codes)}m{text}{_RESET}" if codes else text


def _code(color: str, more: int = 0) -> Sequence[str]:
    """The SGR parameters of `bright_blue`, `bg_blue` or `#7aa2f7`; none for what is no colour."""
    name = color.strip().lower().removeprefix("bg_")
    if name in _CODES:
        return (str(_CODES[name] + more),)
    if re.fullmatch(r"#[0-9a-f]{6}", name):
        return (str(38 + more), "2", *(str(int(name[at : at + 2], 16)) for at in (1, 3, 5)))
    return ()


def _powerline(parts: Sequence[tuple[Module, str]]) -> str:
    return "".join(_segments(parts))


def _segments(parts: Sequence[tuple[Module, str]]) -> Iterator[str]:
    """Each on its ground, with an arrow of that colour pointing into the next one's."""
    for at, (module, text) in enumerate(parts):
        ground = module.background or "bg_blue"
        following = (parts[at + 1][0].background or "bg_blue") if at + 1 < len(parts) else ""
        yield _painted(f" {text} ", module.color or "white", ground, True)
        yield _painted(_ARROW, ground, following, True)
