"""Cards of the routing: read from what stands there, written back as the least change of it."""

from pathlib import Path

import pytest

from ccr.diagnostics.source import SourceFile
from ccr.lang.tidy import untidy
from ccr.live.paths import Places
from ccr.setup.routing import MARK, Card, Wish, cards, changes, differing, with_changes
from ccr.setup.slots import ORDER

RULES = """\
# mine
alias big = a/b
when user == alice route x/hers
when tokens > 100k route x/long or big  # long talks
when web_search route (x/a 50%, y/b 50%) by session
default route big
"""
CONFIG = """\
{
  // the old one
  "Router": {
    "default": "p,m", // cheap
    "longContext": "p,long",
    "longContextThreshold": 80000
  },
  "fallback": { "default": ["q,n"] }
}
"""


@pytest.fixture
def there(tmp_path: Path) -> Places:
    (tmp_path / "rules").mkdir()
    return Places(tmp_path, tmp_path / "config.json", tmp_path / "rules")


def own(places: Places, text: str, name: str = "20-mine.ccr") -> Path:
    path = places.rules / name
    path.write_text(text)
    return path


def told(places: Places) -> dict[str, Card]:
    return {each.name: each for each in cards(places)}


def one(places: Places, *wishes: Wish) -> str:
    (change,) = changes(places, wishes)
    return change.text


def test_cards_tell_what_the_rules_say(there: Places) -> None:
    own(there, RULES)
    found = told(there)
    assert tuple(found) == ORDER
    assert (found["longContext"].targets, found["longContext"].threshold) == (("x/long", "big"), 100_000)
    assert found["longContext"].place.endswith("20-mine.ccr:4")
    assert found["default"].targets == ("big",)
    assert found["webSearch"].targets == () and found["webSearch"].written == "(x/a 50%, y/b 50%) by session"
    assert found["image"] == Card("image")


def test_a_line_is_changed_where_it_stands_and_nothing_else(there: Places) -> None:
    own(there, RULES)
    text = one(there, Wish("longContext", ("big", "x/long", "z/new"), 70_000))
    assert text == RULES.replace("100k route x/long or big ", "70k route big or x/long or z/new ")


def test_a_new_line_goes_before_those_asked_later_with_a_word_on_who_wrote_it(there: Places) -> None:
    own(there, RULES.replace("when tokens > 100k route x/long or big  # long talks\n", ""))
    text = one(there, Wish("longContext", ("x/long",), 60_000), Wish("think", ("x/deep",)))
    shown = [line for line in text.splitlines() if line.startswith(("when", "default"))]
    assert [line.partition("   route")[0] for line in shown][1:] == [
        "when tokens > 60k",
        "when web_search route (x/a 50%, y/b 50%) by session",
        "when plan or thinking.budget > 0 or (thinking and effort >= high)",
        "default route big",
    ]
    own(there, "let x = image\ndefault route a/b\n")
    assert one(there, Wish("image", ("x/y",))) == f"let x = image\n{MARK}when last.image route x/y\ndefault route a/b\n"


def test_a_file_in_the_style_stays_in_it(there: Places) -> None:
    own(there, "when tokens > 60k route x/long\ndefault route a/b\n")
    text = one(there, Wish("webSearch", ("x/y",)))
    assert untidy(SourceFile("x", text)) is None and "when web_search " in text


def test_a_card_that_is_emptied_takes_its_line_along(there: Places) -> None:
    own(there, RULES)
    assert one(there, Wish("longContext")) == RULES.replace(RULES.splitlines(keepends=True)[3], "")


def test_what_is_the_same_changes_nothing(there: Places) -> None:
    own(there, RULES)
    assert changes(there, [Wish(each.name, each.targets, each.threshold) for each in cards(there)]) == ()


def test_config_json_is_changed_in_its_place(there: Places) -> None:
    there.config.write_text(CONFIG)
    found = told(there)
    assert found["default"].targets == ("p/m", "q/n") and found["longContext"].threshold == 80_000
    assert found["default"].place.endswith("config.json:4")
    text = one(
        there, Wish("default", ("q/n",)), Wish("longContext", ("p/long", "q/n"), 60_000), Wish("image", ("v/see",))
    )
    assert "// the old one" in text and "// cheap" in text
    there.config.write_text(text)
    now = told(there)
    assert now["default"].targets == ("q/n",) and now["image"].targets == ("v/see",)
    assert (now["longContext"].targets, now["longContext"].threshold) == (("p/long", "q/n"), 60_000)
    there.config.write_text(one(there, Wish("longContext")))
    assert told(there)["longContext"].targets == ()


def test_behind_a_default_of_ones_own_config_json_is_never_asked(there: Places) -> None:
    there.config.write_text(CONFIG)
    path = own(there, "default route a/b\n")
    (change,) = changes(there, [Wish("think", ("x/deep",))])
    assert change.path == path


def test_without_anything_a_file_is_made_of_all_cards(there: Places) -> None:
    (change,) = changes(there, [Wish(name, (f"x/{name}",), 60_000) for name in ORDER])
    assert change.path == there.rules / "10-routes.ccr"
    change.path.write_text(change.text)
    assert [each.targets for each in cards(there)] == [(f"x/{name}",) for name in ORDER]
    assert change.text.index("last.image") < change.text.index("tokens > 60k") < change.text.index("default route")


def test_what_will_be_is_looked_at_before_it_is(there: Places) -> None:
    there.config.write_text('{"Providers": [{"name": "p", "api_key": "sk-canary-1234567", "models": ["m"]}]}')
    (change,) = changes(there, [Wish("default", ("p/m",))])
    world = with_changes(there, [change])
    assert world.config is not None and '"default": "p,m"' in world.config.content
    assert any(line.startswith("+") for line in differing(there, change))
    assert not any("canary" in line for line in differing(there, change))
    there.config.unlink()
    (change,) = changes(there, [Wish("default", ("p/m",))])
    user = next(each for each in with_changes(there, [change]).layers if each.name == "user")
    assert [file.text for file in user.files] == [change.text]
