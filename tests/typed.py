"""Whether a command line of ours that stands in a page, a workflow or a unit can be typed: the command exists and takes what is
said to it. Nothing is run."""

import shlex
from collections.abc import Iterator

import click

from ccr.cli.main import group


def can_be_typed(line: str) -> None:
    """`ccr …`, with or without a folder before it; raises AssertionError or what click says. Variables stand for words."""
    words = shlex.split(line, comments=True)
    assert words[0].rpartition("/")[2] in ("ccr", "claude-code-rules"), line
    command, rest = _command(words[1:])
    own = [*rest[: rest.index("--")]] if "--" in rest else rest
    known = {name for each in command.params for name in (*each.opts, *each.secondary_opts)}
    said = {word.partition("=")[0] for word in own if word.startswith("-") and word != "-"}
    passes_on = command.context_settings.get("ignore_unknown_options")
    assert passes_on or said <= known | {"--help", "-h", "--version"}, f"{line}: {said - known}"
    if any("$" in word for word in rest) or {"--help", "--version"} & said:
        return
    try:
        command.make_context("ccr", list(rest))
    except click.BadParameter as wrong:
        assert "does not exist" in wrong.format_message(), f"{line}: {wrong.format_message()}"


def commands(script: str) -> Iterator[str]:
    """Those of a shell script that start ccr, continued lines joined; each up to what a pipe or another command begins."""
    for line in script.replace("\\\n", " ").splitlines():
        words = line.partition(" #")[0].strip()
        if words.startswith(("ccr ", "claude-code-rules ")):
            yield (
                words.partition(" | ")[0]
                .partition(" && ")[0]
                .partition(" > ")[0]
                .partition(" >> ")[0]
                .partition(" < ")[0]
            )


def _command(words: list[str]) -> tuple[click.Command, list[str]]:
    command: click.Command = group
    rest = words
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(click.Context(command), rest[0])
        assert found is not None, f"no command {rest[0]}"
        command, rest = found, rest[1:]
    return command, rest
