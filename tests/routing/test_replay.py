"""Deciding by what was read: the same as deciding, and only once where the same is read."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from ccr.facts.facts import Facts
from ccr.lang.values import Bounds, Reading, Undecided, Unknown
from ccr.routing.decide import decide
from ccr.routing.replay import ByReading, Found, as_served, outcome
from ccr.routing.secret import Secret
from ccr.routing.surroundings import Surroundings
from tests.routing.world import asked, loaded, world

WORLD = world(
    """provider ollama {}
provider deepseek { key = "k" }
alias daily = deepseek/deepseek-chat or ollama/qwen3:4b
when project in "~/vault" only ollama/*
when tokens > 60k and (turns > 3 or effort >= high) route deepseek/long
when tokens < 1k and not image route ollama/small
when session.spend > $8 deny 429 "you spent {session.spend} today"
when user == alice and deepseek.down route ollama/alice
when turns > 9 route (deepseek/a 50%, ollama/b 50%) by request
default route requested or daily
""",
    policy="when kind == title route ollama/tiny\nwhen tokens > 150k deny 413",
)
READINGS = st.fixed_dictionaries(
    {
        "project": st.sampled_from(["", "~/vault/a", "~/web"]),
        "tokens": st.one_of(
            st.sampled_from([0, 500, 999, 1000, 60_000, 60_001, 200_000]),
            st.builds(lambda low, more: Bounds(low, low + more, "tokens"), st.sampled_from([1, 900, 59_000, 149_000]), st.sampled_from([0, 200, 99_000])),
        ),
        "turns": st.sampled_from([0, 3, 4, 10]),
        "effort": st.sampled_from(["", "low", "high", "nonsense"]),
        "image": st.booleans(),
        "session.spend": st.sampled_from([0, 8_000_000, 8_000_001, Unknown("session.spend")]),
        "user": st.sampled_from(["", "alice", "bob"]),
        "deepseek.down": st.sampled_from([True, False, 0]),
        "kind": st.sampled_from(["main", "title"]),
        "model": st.sampled_from(["claude-opus-4-5", "daily", "ollama/x", "gpt-5"]),
        "session": st.sampled_from(["", "s1"]),
    }
)  # fmt: skip
DRAWS = st.sampled_from(["", "aaaa", "bbbb", "cccc"])


class Known:
    def __init__(self, readings: dict[str, Reading]) -> None:
        self.readings = readings
        self.read_names: list[str] = []

    def read(self, inputs: Any, name: str) -> Reading:
        self.read_names.append(name)
        return self.readings.get(name, Unknown(name))


@given(requests=st.lists(st.tuples(READINGS, DRAWS), min_size=1, max_size=30))
@settings(max_examples=60, deadline=None)
def test_what_is_read_off_is_what_would_have_been_decided(requests: list[tuple[dict[str, Reading], str]]) -> None:
    deciding = ByReading(WORLD, outcome)
    for readings, draw in requests:
        inputs = structs.replace(asked().inputs, draw=draw)
        found: Found = deciding.get(Known(readings), inputs, draw)
        truly = decide(WORLD, Facts(Known(readings), inputs))
        if isinstance(truly, Undecided):
            assert isinstance(found, Undecided) and found.attribute == truly.attribute
            continue
        assert not isinstance(found, Undecided)
        assert found.chain == tuple(map(str, truly.chain)) and found.rule == truly.rule
        assert found.denied == (truly.denial.status if truly.denial is not None else 0)


def test_numbers_that_the_rules_do_not_tell_apart_are_decided_once() -> None:
    deciding, inputs = ByReading(WORLD, outcome), asked().inputs
    for number in range(1000, 2000):
        readings = Known({"project": "", "tokens": number, "session.spend": number, "turns": 1, "image": False, "user": "",
                          "kind": "main", "model": "daily", "effort": "", "session": ""})  # fmt: skip
        deciding.get(readings, inputs)
    assert deciding.worked == 1


def test_a_login_of_the_callers_own_is_another_request() -> None:
    plain = world("default route requested", keys=("DEEPSEEK_API_KEY",))
    deciding = ByReading(plain, outcome)
    readings = {"model": "claude-opus-4-5", "session": "", "hint": ""}
    without = deciding.get(Known(readings), asked().inputs)
    mine = asked(headers=(("authorization", "Bearer sk-ant-oat-mine"),)).inputs
    with_login = deciding.get(Known(readings), mine, ("anthropic",))
    assert without != with_login and deciding.worked == 2


def test_what_served_is_there_again_also_where_this_shell_has_no_keys() -> None:
    rules = 'provider mine { url = "http://x/v1"; key = env.MINE; model m }\nprovider other { url = "http://y/v1"; key = env.OTHER }'
    here = loaded(rules).snapshot
    assert here is not None
    then = as_served(Surroundings(), here, ["mine/m", "deepseek/deepseek-chat", "ollama/qwen3:4b", ""])
    assert set(then.variables) == {"MINE", "DEEPSEEK_API_KEY"}, "only of providers that served"
    assert then.discovered == {"ollama": ("qwen3:4b",)}
    own = Surroundings(variables={"DEEPSEEK_API_KEY": Secret("real")})
    assert as_served(own, here, ["deepseek/x"]).variables["DEEPSEEK_API_KEY"].matches("real")
