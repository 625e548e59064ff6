"""How long `ccr replay` takes: a hundred thousand requests within 5 s (`make bench`); the ordinary run, a fiftieth of them."""

import os
import random
import time

import pytest
from msgspec import structs

from ccr.lang.values import Bounds
from ccr.usage.opening import NAME
from ccr.usage.replaying import replay
from ccr.usage.sqlite import SqliteStore
from tests.routing.world import world
from tests.usage.logged import RULES, SNAPSHOT, filled

REQUESTS = min(100_000, int(os.environ.get("CCR_RECORDS", "20000")) // 10)
LIMIT = 5.0 * REQUESTS / 100_000 + 1.0
"""Seconds; a busy machine gets one more."""
OTHER = world(
    RULES.replace("$8", "$6")
    + "\n".join(f"when turns > {60 - at} and tokens > {at}k route ollama/x{at}" for at in range(50))
    + "\nwhen tokens > 60k and turns > 3 route openrouter/z-ai/glm-4.6\n"
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """Requests of which no two are alike in their numbers: of conversations that grow."""
    made, dice, base = SqliteStore(tmp_path_factory.mktemp("log") / NAME), random.Random(1), filled(1)
    for first in range(0, REQUESTS, 2000):
        batch = []
        for number in range(first, min(first + 2000, REQUESTS)):
            low = dice.randrange(100, 60_000)
            facts = {
                "model": dice.choice(["claude-opus-4-5", "claude-haiku-4-5", "claude-sonnet-4-5"]),
                "tokens": Bounds(low, low * 3, "tokens"),
                "session": f"s{number // 40}",
                "project": f"~/work/p{dice.randrange(40)}",
                "session.spend": dice.randrange(10_000_000),
                "turns": dice.randrange(30),
            }
            record = structs.replace(base.entry.record, request_id=f"req_{number:020x}", session=facts["session"])
            entry = structs.replace(base.entry, record=record, at=1e9 + number)
            batch.append(structs.replace(base, entry=entry, facts={**base.facts, **facts}))
        made.write(batch)
    return made


@pytest.mark.timeout(300)
@pytest.mark.parametrize("rules", [SNAPSHOT, OTHER], ids=["the running rules", "other rules"])
def test_the_log_is_decided_again_in_seconds(store: SqliteStore, rules: object) -> None:
    began = time.process_time()
    result = replay(store.read(0, 4e9), lambda entry: rules)  # type: ignore[arg-type, return-value]
    took = time.process_time() - began
    print(f"\n{result.requests:,} requests in {took:.2f} s of CPU, {result.decided:,} of them decided")
    assert result.requests == REQUESTS and took < LIMIT
