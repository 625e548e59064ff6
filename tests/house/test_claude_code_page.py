"""docs/claude-code.md says what `ccr code` does: its variables, its modules, its words."""

import re
from pathlib import Path

from ccr.launcher.environment import Wishes, changes
from ccr.launcher.statusline import TEXTS, needs, theme

PAGE = (Path(__file__).parents[2] / "docs" / "claude-code.md").read_text(encoding="utf-8")


def test_every_variable_that_is_set_is_told() -> None:
    made = changes({"ANTHROPIC_API_KEY": "k"}, Wishes("http://127.0.0.1:1", small_model="h", project="/x"))
    for name in (*made.to_set, *made.to_unset):
        assert f"`{name}`" in PAGE, name


def test_every_module_and_variable_of_the_status_line_is_told() -> None:
    for name in TEXTS:
        assert f"`{name}`" in PAGE, name
    everything = needs(theme({"default": {"modules": [{"type": "script", "scriptPath": "x"}]}}))
    assert set(re.findall(r"\{\{(\w+)\}\}", PAGE)) == everything
