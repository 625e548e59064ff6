"""Nothing that rules can say is left to the reference alone: each statement, field, option, attribute and transformer, and each
command, is named on a page that somebody wrote, or in an example."""

import json
import re

import pytest
from click.testing import CliRunner

from ccr.cli.main import group
from tests.house.markdown import PAGES, ROOT, read

WRITTEN = "\n".join(
    [
        *(read(page) for page in PAGES if "reference" not in page.parts and page.name != "CONTRIBUTING.md"),
        *(path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").rglob("*.ccr"))),
    ]
)
FAMILY = re.compile(r"^(?:PROVIDER|project|session|user)\.(?=(?:spend|requests)\.)")
"""`user.spend.week` is told where `spend.week` is, and that it stands with a name before it."""


def named(name: str) -> bool:
    bare = FAMILY.sub("", name)
    last = bare.rpartition(".")[2]
    forms = {name, bare, f".{last}" if "." in bare else bare, re.sub(r"NAME$", "", bare)}
    return any(re.search(rf"(?<![\w-]){re.escape(form)}", WRITTEN) for form in forms) or _in_passing(name)


def _in_passing(command: str) -> bool:
    """`ccr config` … `show`: the group in full, and what it can in a word; `list` is what a group does by itself."""
    head, _, last = command.rpartition(" ")
    return head.startswith("ccr ") and f"`{head}" in WRITTEN and (last == "list" or f"`{last}`" in WRITTEN)


@pytest.mark.parametrize("topic", ["statements", "fields", "options", "attributes", "transformers", "commands"])
def test_everything_is_told(topic: str) -> None:
    told = json.loads(CliRunner().invoke(group, ["reference", topic, "--json"]).stdout)["entries"]
    names = [entry["name"] for entry in told if entry["name"] != "PROVIDER/MODEL"]
    assert [name for name in names if not named(name)] == []


def test_what_is_told_nowhere_is_found() -> None:
    assert not named("zebra") and not named("user.zebra") and named("user.spend.week") and named("ccr check")
