"""What loading says of rules where providers and models are known, as a person meets it.

Each case is a file of one layer and the findings beside it. A first line `# layer: project` says which layer, `# keys:
NAME …` which environment variables are set; without them it is the user's, and none is. Below `# ==== LAYER` stands
another layer of the same world, `config` being config.json.
"""

import re
from pathlib import Path

import pytest

from ccr.diagnostics.render_text import render
from tests.golden import cases, compare
from tests.routing.world import loaded

INSTALLED = {"ollama": ("qwen3-coder:30b",)}
ZONES = frozenset({"UTC", "Europe/Berlin"})


def said(text: str) -> str:
    told = dict(re.findall(r"^# (layer|keys): (.+)$", text, re.MULTILINE))
    first, *others = re.split(r"^# ==== (\w+)\n", text, flags=re.MULTILINE)
    layers = {told.get("layer", "user"): first, **dict(zip(others[::2], others[1::2], strict=True))}
    found = loaded(**layers, keys=tuple(told.get("keys", "").split()), discovered=INSTALLED, zones=ZONES)  # type: ignore[arg-type]
    return render(found.diagnostics)


@pytest.mark.parametrize("path", cases(Path(__file__).parent / "cases"))
def test_case(path: Path, update: bool) -> None:
    compare(path, said(path.read_text(encoding="utf-8")), update)
