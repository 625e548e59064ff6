"""Who serves the name a client asks for, in the order of rulings R17."""

import pytest

from ccr.routing.requested import split_name
from tests.routing.world import LOGIN, asked, chain, world

SHOP = """
provider shop { url = "http://shop/v1"; models = [anthropic/claude-sonnet-4.5, "Qwen/Qwen3-Coder", "gpt-5"] }
provider stall { url = "http://stall/v1"; models = ["gpt-5", "Exact-Case", fallback]; model quick = "some/long-name" }
alias cheap = stall/quick
alias gpt-4 = shop/gpt-5
"""


@pytest.fixture(scope="module")
def snapshot() -> object:
    return world(SHOP + "route requested")


@pytest.mark.parametrize(
    ("model", "target"),
    [
        ("cheap", "stall/some/long-name"),
        ("claude-ccr-cheap", "stall/some/long-name"),
        ("CHEAP", "stall/some/long-name"),
        ("cheap[1m]", "stall/some/long-name"),
        ("gpt-4", "shop/gpt-5"),
        ("stall,quick", "stall/some/long-name"),
        ("stall/quick", "stall/some/long-name"),
        ("stall,never-heard-of", "stall/never-heard-of"),
        ("Stall/never-heard-of", "stall/never-heard-of"),
        ("anthropic/claude-sonnet-4.5", "shop/anthropic/claude-sonnet-4.5"),
        ("Exact-Case", "stall/Exact-Case"),
        ("exact-case", "stall/Exact-Case"),
        ("qwen3-coder", "shop/Qwen/Qwen3-Coder"),
        ("Qwen3-Coder", "shop/Qwen/Qwen3-Coder"),
        ("claude-sonnet-4-5", "shop/anthropic/claude-sonnet-4.5"),
        ("claude-sonnet-4-5-20250929", "shop/anthropic/claude-sonnet-4.5"),
        ("claude-sonnet-4-5[1m]", "shop/anthropic/claude-sonnet-4.5"),
        ("gpt-5", "shop/gpt-5"),
    ],
)
def test_names_find_their_model(snapshot: object, model: str, target: str) -> None:
    assert chain(snapshot, asked(model)) == [target]  # type: ignore[arg-type]


@pytest.mark.parametrize("model", ["claude-sonnet-4", "gpt-5-mini", "qwen3-coder:30b", ""])
def test_near_names_are_other_models(model: str) -> None:
    snapshot = world(SHOP + "route requested\ndefault route stall/fallback")
    assert chain(snapshot, asked(model)) == ["stall/fallback"]


def test_a_wish_for_the_large_window_stays_on_an_explicit_name() -> None:
    assert chain(world(), asked("anthropic/claude-sonnet-4-5[1m]", headers=LOGIN)) == [
        "anthropic/claude-sonnet-4-5[1m]"
    ]


def test_one_who_lists_the_very_name_comes_before_the_vendor_who_does_not() -> None:
    snapshot = world('provider mine { url = "http://mine/v1"; models = ["claude-special"] }')
    assert chain(snapshot, asked("claude-special", headers=LOGIN)) == ["mine/claude-special"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a,b/c", ("a", "b/c")),
        ("a/b/c", ("a", "b/c")),
        (" a , b ", ("a", "b")),
        ("plain", ("plain", "")),
        ("", ("", "")),
    ],
)
def test_an_explicit_name_is_split_at_the_comma_else_at_the_first_slash(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name) == parts


@pytest.mark.parametrize("vendor", ["bedrock { region = eu-central-1;", 'vertex { region = global; project = "p";'])
def test_the_login_of_the_machine_serves_where_somebody_declared_it(vendor: str) -> None:
    snapshot = world(f"provider {vendor} models = [claude-mine] }}\nroute requested\n")
    name = vendor.split()[0]
    assert chain(snapshot, asked("claude-mine")) == [f"{name}/claude-mine"]
