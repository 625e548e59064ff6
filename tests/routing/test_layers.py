"""What layers say, merged: rulings R13 and R14."""

from ccr.routing.effects import DropField, Rewrite, SetField, Tagged
from tests.routing.world import asked, chain, decided, picture, world

END = '\nprovider p { url = "http://p/v1" }\ndefault route p/m'


def effects(kind: type, user: str, **others: str) -> list[object]:
    return [each for each in decided(world(user + END, **others), asked()).effects if isinstance(each, kind)]


def sets(user: str, **others: str) -> list[tuple[str, object, bool]]:
    return [(each.field, each.value, each.add) for each in effects(SetField, user, **others)]  # type: ignore[attr-defined]


def test_a_later_set_replaces_an_earlier_one() -> None:
    assert sets("set temperature = 0.1\nset top_k = 3\nset temperature = 0.2") == [
        ("top_k", 3, False),
        ("temperature", 0.2, False),
    ]


def test_a_stronger_layers_set_wins() -> None:
    assert sets("set top_k = 3", policy="set top_k = 1", project="set top_k = 2") == [("top_k", 1, False)]


def test_a_set_hides_what_weaker_layers_set_and_added_and_stronger_additions_follow() -> None:
    said = sets(
        'set system = "weak"\nset system += "weak too"',
        project='set system = "base"\nset system += "mine"',
        policy='set system += "ours"',
    )
    assert said == [("system", "base", False), ("system", "mine", True), ("system", "ours", True)]


def test_what_stands_below_the_ending_does_not_count() -> None:
    assert sets("set top_k = 1\nwhen model ~ claude route p/m\nset top_k = 2") == [("top_k", 1, False)]


def test_one_use_per_name_the_stronger_replaces() -> None:
    uses = effects(Rewrite, "use maxtoken(max_tokens = 1)\nuse cleancache", policy="use maxtoken(max_tokens = 2)")
    assert [(each.name, dict(each.arguments)) for each in uses] == [("maxtoken", {"max_tokens": 2}), ("cleancache", {})]  # type: ignore[attr-defined]


def test_a_later_use_of_a_name_replaces_an_earlier_one() -> None:
    (use,) = effects(Rewrite, "use maxtoken(max_tokens = 1)\nuse maxtoken(max_tokens = 5)")
    assert use.arguments == {"max_tokens": 5}  # type: ignore[attr-defined]


def test_drops_and_tags_are_a_union() -> None:
    drops = effects(DropField, "drop tools ~ ^mcp__", policy="drop metadata")
    assert [(each.field, each.pattern) for each in drops] == [("metadata", ""), ("tools", "^mcp__")]  # type: ignore[attr-defined]
    assert [each.name for each in effects(Tagged, "tag a\ntag b\ntag a", policy="tag c")] == ["c", "a", "b"]  # type: ignore[attr-defined]


def test_a_denied_request_has_no_effects() -> None:
    assert decided(world("set top_k = 1\ndeny"), asked()).effects == ()


def test_values_have_the_types_of_their_fields() -> None:
    assert sets("set max_tokens = 16k\nset timeout = 40s\nset effort = low\nset temperature = 1") == [
        ("max_tokens", 16_000, False),
        ("timeout", 40_000, False),
        ("effort", "low", False),
        ("temperature", 1.0, False),
    ]


def test_arguments_are_read_as_they_were_written() -> None:
    (use,) = effects(Rewrite, 'use openrouter(provider.only = [deepinfra, "x y"], provider.zdr = true, n = 3, f = 0.5)')
    assert use.arguments == {"provider.only": ["deepinfra", "x y"], "provider.zdr": True, "n": 3, "f": 0.5}  # type: ignore[attr-defined]


# ---- aliases that several layers give (rulings R8) ---------------------------------------------------------------------

SHADOWED = """
provider a { url = "http://a/v1"; models = [m, n, o] }
alias fast = a/m
alias cheap = fast or a/o
alias drawn = (fast 50%, a/o 50%) by user
when image route cheap
when pdf route drawn
default route a/o
"""


def test_an_alias_of_another_layer_goes_on_leading_where_it_led() -> None:
    here = world(SHADOWED, project="alias fast = a/n\nwhen thinking route cheap\nwhen stream route fast\n")
    assert chain(here, asked(thinking={"type": "enabled", "budget_tokens": 9})) == ["a/m", "a/o"]
    assert chain(here, asked(stream=True)) == ["a/n"], "its own name wins for its own rules"
    assert chain(here, asked(messages=[picture()])) == ["a/m", "a/o"], "and for nobody else's"


def test_each_of_several_layers_means_its_own() -> None:
    here = world(SHADOWED, policy="alias fast = a/n\nwhen stream route fast\n", project="when thinking route cheap\n")
    assert chain(here, asked(stream=True)) == ["a/n"]
    assert chain(here, asked(thinking={"type": "enabled", "budget_tokens": 9})) == ["a/m", "a/o"]
    assert chain(here, asked("cheap")) == ["a/m", "a/o"], "also for a client that names it"
    assert chain(here, asked("fast")) == ["a/n"], "which gets the strongest layer's"
    assert set(here.policy.aliases) == {"fast", "cheap", "drawn", "fast@user"}


def test_a_side_of_a_split_keeps_its_meaning() -> None:
    here = world(SHADOWED, project="alias fast = a/n\nwhen thinking route drawn\n")
    drawn = {
        tuple(chain(here, asked(thinking={"type": "enabled", "budget_tokens": 9}, user=name))) for name in "abcdefghij"
    }
    assert drawn == {("a/m",), ("a/o",)}
