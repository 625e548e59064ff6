"""The memory as a whole: what an exchange says is what the next request's state and plan are made of."""

from datetime import UTC, datetime

from ccr.exchange.record import RESTING, AttemptRecord, Resting, UsageRecord
from ccr.facts.state import EMPTY
from ccr.memory.memory import Memory
from ccr.memory.sessions import Who
from ccr.messages.usage import Usage
from tests.facts.asking import read

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
ANN = Who("ann", "s1")


def _record(outcome: str = "ok", kind: str = "main", target: str = "groq/kimi") -> UsageRecord:
    attempts = (
        AttemptRecord("zai/glm", "server", 500, 0.0, None, 0.5, provider="zai", model="glm", key="z"),
        AttemptRecord(target, outcome, 200, 0.5, 0.75, 2.0, provider="groq", model="kimi", key="k"),
    )
    return UsageRecord(
        "r", "snap", "s1", "", kind, "claude", "f:1", target, attempts, outcome, 200, Usage(input=10, output=5), 0.75, 2.0,
        user="ann",
    )  # fmt: skip


def test_an_exchange_is_the_state_of_the_next_request() -> None:
    memory = Memory(lambda: 100.0)
    memory.record(NOW, _record(), cost=2_500_000, project="~/work")
    state = memory.sample(NOW, ANN)
    asked = {"last.model": "groq/kimi", "last.tokens": 10, "project": "~/work", "groq.latency": 250, "zai.down": False,
             "spend.today": 2_500_000, "user.spend.month": 2_500_000, "groq.spend.week": 2_500_000,
             "project.spend.today": 2_500_000, "session.spend": 2_500_000, "user.requests.hour": 1}  # fmt: skip
    assert {name: read(name, {}, state=state) for name in asked} == asked


def test_a_failed_exchange_answered_nobody() -> None:
    memory = Memory(lambda: 100.0)
    memory.record(NOW, _record("truncated"))
    assert "last.model" not in memory.sample(NOW, ANN).values


def test_a_request_beside_the_conversation_pays_for_its_sessions_project() -> None:
    memory = Memory(lambda: 100.0)
    memory.record(NOW, _record(), cost=1, project="~/work")
    memory.record(NOW, _record(kind="title", target="ollama/qwen"), cost=2)
    state = memory.sample(NOW, ANN)
    assert (state.values["project.spend.today"], state.values["last.model"]) == (3, "groq/kimi")


def test_steps_that_remember() -> None:
    memory = Memory(lambda: 100.0)
    memory.remember(ANN, RESTING, Resting("groq", "kimi", "k", 7.0, True, "429"))
    memory.remember(ANN, "call_1", "because")
    rest = memory.health().rest("groq", "kimi", "k")
    assert rest is not None and rest.seconds == 7.0
    assert memory.recall(ANN) == {"call_1": "because"}
    assert read("groq.limited", {}, state=memory.sample(NOW, ANN)) is True


def test_sums_nobody_asks_for_are_not_looked_up() -> None:
    memory = Memory(lambda: 100.0)
    memory.record(NOW, _record(), cost=1)
    assert not [name for name in memory.sample(NOW, ANN, asked=("tokens", "last.model")).values if "spend" in name]
    assert memory.sample(NOW, ANN, asked=("user.spend.today",)).values["user.spend.today"] == 1


def test_a_sample_is_a_value() -> None:
    memory = Memory(lambda: 100.0)
    assert memory.sample(NOW, ANN, asked=()) == EMPTY
    memory.record(NOW, _record(), cost=1)
    first = memory.sample(NOW, ANN)
    assert first.values and first == memory.sample(NOW, ANN)
    memory.record(NOW, _record(), cost=1)
    assert memory.sample(NOW, ANN) != first
