"""What answers cost, where prices are known, and what they would have cost at the model asked for."""

import pytest

from ccr.messages.usage import Usage
from ccr.providers.spec import Auth, ModelSpec
from ccr.routing.catalog import Catalog, ConfiguredModel, ConfiguredProvider
from ccr.routing.prices import asked_for, price, priced
from ccr.routing.snapshot import Snapshot
from tests.routing.world import world


def test_prices_are_dollars_per_million_which_is_micro_dollars_each() -> None:
    """Acceptance E8: 200 fresh, 800 cached, 50 out; each class of token at its own price, a cached one once."""
    usage = Usage(input=200, cache_read=800, output=50)
    assert price(usage, ModelSpec(price_in=3.0, price_out=15.0, price_cache_read=0.3)) == 200 * 3 + 800 * 0.3 + 50 * 15
    assert price(usage, ModelSpec(price_in=3.0)) == 1000 * 3
    written = Usage(input=1, cache_write=10)
    assert price(written, ModelSpec(price_in=4.0, price_cache_write=5.0)) == 54


def test_an_unknown_price_is_not_nothing_to_pay() -> None:
    assert price(Usage(input=200), ModelSpec()) is None
    assert price(Usage(input=200), None) is None
    assert price(Usage(), None) == 0
    assert price(Usage(input=200), ModelSpec(price_in=0.0, price_out=0.0)) == 0


def test_an_exchange_costs_what_the_model_that_answered_costs() -> None:
    dear, cheap = (
        ConfiguredModel(name, f"vendor/{name}", ModelSpec(price_in=each)) for name, each in (("a", 5.0), ("b", 1.0))
    )
    provider = ConfiguredProvider("p", "openai_chat", "", Auth("none"), (), {"a": dear, "b": cheap}, False, ())
    catalog = Catalog({"p": provider})

    def cost(target: str) -> int | None:
        return price(Usage(input=100), priced(catalog, target))

    targets = ("p/vendor/a", "p/vendor/b", "p/vendor/b[1m]", "p/vendor/c", "q/a", "")
    assert [cost(target) for target in targets] == [500, 100, 100, None, None, None]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("claude-opus-4-5", 5.0),
        ("claude-opus-4-5-20251101", 5.0),
        ("claude-opus-4-5[1m]", 5.0),
        ("Claude-Opus-4-5", 5.0),
        ("anthropic/claude-sonnet-4-5", 3.0),
        ("anthropic,claude-sonnet-4-5", 3.0),
        ("claude-nothing-9", None),
        ("daily", None),
        ("", None),
    ],
)
def test_what_was_asked_for_has_its_vendors_price_also_without_a_key_for_it(name: str, expected: float | None) -> None:
    """People who send everything elsewhere want to know what they save."""
    spec = asked_for(_world(), name)
    assert (spec.price_in if spec is not None else None) == expected


def test_a_local_model_costs_nothing() -> None:
    assert price(Usage(input=100), priced(_world().catalog, "ollama/qwen3:4b")) == 0


def test_names_of_clients_do_not_fill_the_memory() -> None:
    snapshot = _world()
    for number in range(5_000):
        asked_for(snapshot, f"claude-{number}")
    assert len(snapshot.catalog.memo) <= 2_000


def _world() -> Snapshot:
    return world('provider ollama {}\nprovider deepseek { key = "k" }\nalias daily = deepseek/deepseek-chat\n')
