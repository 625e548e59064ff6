"""Pages of the reference, shown: as text for a terminal, as Markdown for the documentation, as JSON for programs.

The language's pages are made in `routing/reference.py`, that of findings where they are collected; that of commands is
made here, because the command line is who knows them.
"""

import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import click

from ccr.live.codes import page as codes_page
from ccr.routing.reference import Entry, Page
from ccr.routing.reference import pages as language_pages
from ccr.routing.vocabulary import vocabulary

_WIDTH = 100
_INDENT = " " * 4
_SAID = frozenset({"known", "arguments", "models known", "key", "by"})
"""Facts that say nothing without their heading."""


def pages(group: click.Group) -> Mapping[str, Callable[[], Page]]:
    """All pages by topic, made when asked for."""
    return {**language_pages(vocabulary()), "codes": codes_page, "commands": lambda: _commands(group)}


def _commands(group: click.Group) -> Page:
    intro = "Exit codes of all commands: 0 good, 1 found something, 2 misused or not found."
    context = click.Context(group, info_name="ccr")
    return Page("commands", "Commands", intro, tuple(_each_command(group, context)), sections=True)


def _each_command(group: click.Group, context: click.Context) -> Iterator[Entry]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        yield _command(command, inner)
        if isinstance(command, click.Group):
            yield from _each_command(command, inner)


def _command(command: click.Command, context: click.Context) -> Entry:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    records = [found for each in command.params if (found := each.get_help_record(context)) is not None]
    options = "\n".join(f"{_INDENT}{flag}\n{_INDENT}{_INDENT}{doc}" for flag, doc in records if doc)
    text = f"{_INDENT}{usage}\n\n{(command.help or '').strip()}" + (f"\n\n{options}" if options else "")
    return Entry(context.command_path, text, (), (command.epilog or "").removeprefix("Example: "))


# ---- faces ------------------------------------------------------------------------------------------------------------


def to_text(page: Page) -> str:
    """For a terminal: a hundred columns wide."""
    parts = [page.title.upper(), _filled(_plain(page.intro), ""), *map(_entry, page.entries)]
    return "\n\n".join(parts) + "\n"


def _entry(entry: Entry) -> str:
    known = ", ".join(f"{head} {value}" if head in _SAID else value for head, value in entry.facts if value)
    lines = _filled(f"{entry.name}   {known}".rstrip(), "", "      ").splitlines()
    for block in entry.doc.strip().split("\n\n"):
        lines.append(textwrap.indent(block, _INDENT) if block.startswith(" ") else _filled(block, _INDENT))
    if entry.example:
        lines.append(f"{_INDENT}e.g. {entry.example}")
    return "\n".join(line for line in lines if line.strip())


def _filled(text: str, indent: str, after: str = "") -> str:
    return textwrap.fill(
        " ".join(text.split()) if not after else text,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=after or indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _plain(text: str) -> str:
    return text.replace("`", "")


def to_markdown(page: Page) -> str:
    """For the documentation."""
    head = f"# {page.title}\n\nPrinted by `ccr reference {page.topic} --format markdown`.\n\n{page.intro}\n\n"
    return head + ("\n".join(map(_section, page.entries)) if page.sections else _table(page.entries))


def _section(entry: Entry) -> str:
    known = "".join(f" ({value})" for _, value in entry.facts if value)
    doc = "\n".join(line.rstrip() for line in entry.doc.strip("\n").splitlines())
    example = f"\nFor example: {_code(entry.example)}\n" if entry.example else ""
    return f"## {entry.name}{known}\n\n{doc}\n{example}"


def _table(entries: tuple[Entry, ...]) -> str:
    heads = list(dict.fromkeys(name for entry in entries for name, _ in entry.facts))
    shown = any(entry.example for entry in entries)
    columns = ["name", *heads, "meaning", *(["example"] if shown else [])]
    rows = [columns, ["---"] * len(columns)]
    for entry in entries:
        known = dict(entry.facts)
        cells = [_code(entry.name), *(_cell(head, known.get(head, "")) for head in heads), _bars(entry.doc)]
        rows.append([*cells, *([_code(entry.example)] if shown else [])])
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def _cell(head: str, text: str) -> str:
    return _code(text) if head in ("form", "address", "key", "arguments") and text != "none" else _bars(text)


def _code(text: str) -> str:
    """As code in Markdown; backticks inside it need more of them around it."""
    if not text:
        return ""
    fence = "``" if "`" in text else "`"
    return fence + text.replace("|", "\\|") + fence


def _bars(text: str) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", " ".join(text.split()))


def index(made: Mapping[str, Callable[[], Page]]) -> str:
    """The list of pages, in Markdown."""
    rows = (f"* [{page().title}]({topic}.md)\n" for topic, page in made.items())
    return "# Reference\n\nPrinted by `ccr reference TOPIC --format markdown` from what is installed.\n\n" + "".join(
        rows
    )


def to_json(page: Page) -> dict[str, Any]:
    """For programs: `{topic, title, entries: [{name, doc, example, …}]}`."""
    entries = [
        {"name": entry.name, "doc": entry.doc, "example": entry.example or None, **_keys(entry)}
        for entry in page.entries
    ]
    return {"topic": page.topic, "title": page.title, "entries": entries}


def _keys(entry: Entry) -> dict[str, str]:
    return {name.replace(" ", "_"): value for name, value in entry.facts}
