"""Where a slot's line is, and what a change of it leaves alone."""

from pathlib import Path

import pytest

from ccr.config.edit import NotEdited
from ccr.config.slots import SLOTS, as_config_says
from ccr.live.paths import Places
from ccr.setup.slots import fill, quoted, slots

RULES = """\
# mine
alias big = a/b
when web_search  route x/search or y/search  # two
when model ~ haiku { route ollama/qwen }
default route big
"""


@pytest.fixture
def there(tmp_path: Path) -> Places:
    return Places(tmp_path, tmp_path / "config.json", tmp_path / "rules")


def write(places: Places, **files: str) -> None:
    places.rules.mkdir()
    for name, text in files.items():
        (places.rules / f"{name}.ccr").write_text(text)


def test_a_persons_own_line_is_changed_in_its_place(there: Places) -> None:
    write(there, a="let x = image\n", b=RULES)
    there.config.write_text('{"Router": {"webSearch": "z,z"}}')
    assert [(each.slot.name, each.target) for each in slots(there) if each.target] == [
        ("default", "big"),
        ("webSearch", "x/search or y/search"),
    ]
    change = fill(there, SLOTS["webSearch"], "x/other")
    assert (change.path.name, change.text) == ("b.ccr", RULES.replace("x/search or y/search", "x/other"))
    assert fill(there, SLOTS["default"], "c/d").text == RULES.replace("route big", "route c/d")


def test_a_line_nobody_said_goes_to_config_json(there: Places) -> None:
    write(there, b=RULES.replace("default route big\n", ""))
    there.config.write_text('{"Router": {"default": "z,z"}}')
    assert fill(there, SLOTS["image"], "x/y/z").text == '{"Router": {"default": "z,z", "image": "x,y/z"}}'


def test_a_line_that_config_json_would_say_behind_a_default_goes_before_it(there: Places) -> None:
    """A default ends the person's rules, and with them the question: config.json would never be asked."""
    write(there, a="let x = image\n", b=RULES)
    there.config.write_text('{"Router": {"default": "z,z"}}')
    change = fill(there, SLOTS["image"], "x/y")
    assert change.path == there.rules / "b.ccr"
    assert change.text == RULES.replace("when web_search", "when last.image   route x/y\nwhen web_search")


def test_without_one_a_rule_file_is_made_or_gets_a_line(there: Places) -> None:
    made = fill(there, SLOTS["think"], "x/y")
    assert made.path == there.rules / "10-routes.ccr"
    assert made.text.splitlines()[1:] == [f"when {SLOTS['think'].condition}   route x/y"]
    write(there, **{"10-routes": "default route a/b"})
    assert fill(there, SLOTS["image"], "x/y").text == "when last.image   route x/y\ndefault route a/b\n"


def test_every_slot_is_found_again(there: Places) -> None:
    write(there)
    for name, slot in SLOTS.items():
        change = fill(there, slot, f"x/{name}")
        change.path.write_text(change.text)
    assert {each.slot.name: each.target for each in slots(there)} == {name: f"x/{name}" for name in SLOTS}
    assert change.text.splitlines()[-1] == "default route x/default"


def test_a_config_that_cannot_be_read_is_let_be(there: Places) -> None:
    there.config.write_text("{broken")
    with pytest.raises(NotEdited):
        fill(there, SLOTS["default"], "x/y")
    assert not any(each.target for each in slots(there))


def test_spellings() -> None:
    assert quoted("openrouter/z-ai/glm-4.6:free") == "openrouter/z-ai/glm-4.6:free"
    assert quoted('lmstudio/my "model"') == '"lmstudio/my \\"model\\""'
    assert as_config_says("a/b/c") == "a,b/c"
