"""Whether a command line of ours that stands in a unit, an image or a workflow can be typed: the command exists and takes what is
said to it. Nothing is run. What `${{ … }}` or `$name` will be is not known, so such words are taken as they are."""

import re

from tests.house.typed import commands, wrong


def can_be_typed(line: str) -> None:
    """`ccr …` also with the folder it is in. Raises AssertionError."""
    words = re.sub(r"^\S*/(?=ccr )", "", line)
    assert re.match(r"(ccr|claude-code-rules) ", words), line
    assert [said for each in commands(words) if (said := wrong(each))] == [], line
