"""What docs/service.md shows can be typed: each command exists and takes what is said to it. What they do is shown in
`transcripts/`."""

import re
import shlex
from pathlib import Path

import click
import pytest

from ccr.cli.main import group

PAGE = (Path(__file__).parents[2] / "docs" / "service.md").read_text(encoding="utf-8")
LINES = [
    line.partition("#")[0].strip()
    for block in re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    for line in block.splitlines()
]
SAID = re.findall(r"`(ccr [a-z][^`<]*)`", PAGE)


@pytest.mark.parametrize("line", [*LINES, *SAID])
def test_it_can_be_typed(line: str) -> None:
    words = shlex.split(line)
    assert words[0] == "ccr"
    command: click.Command = group
    context = click.Context(group, info_name="ccr")
    rest = words[1:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        found = command.get_command(context, rest[0])
        assert found is not None, f"no command {rest[0]}"
        command, rest = found, rest[1:]
    options = {name for each in command.params for name in each.opts}
    assert {word for word in rest if word.startswith("-")} <= options
    if line in LINES:
        command.make_context("ccr", list(rest))
