"""A decision told to a person and to a program."""

from ccr.routing.explain import to_json, to_text
from tests.routing.world import asked, decided, world

RULES = """provider p { url = "http://p/v1"; key = "k" }
set temperature = 0.2
when model ~ haiku  tag small
when tokens > 60000 route p/large
when model ~ haiku  route p/small or groq/other
when plan           route p/best
never groq/*
"""


def test_for_programs() -> None:
    snapshot, facts = world(RULES), asked("claude-haiku-4-5")
    told = to_json(decided(snapshot, facts, trace=True), snapshot, facts)
    assert told["outcome"] == "route" and told["status"] is None
    assert told["targets"] == ["p/small"]
    assert told["rule"] == {"file": "user.ccr", "line": 5, "text": "when model ~ haiku route p/small or groq/other"}
    assert told["facts"]["model"] == "claude-haiku-4-5"
    assert told["set"] == {"temperature": 0.2}
    assert (told["drop"], told["use"], told["tags"]) == ([], [], ["small"])
    assert told["skipped"] == [{"target": "groq/other", "why": "guard never groq/* (user.ccr:7)"}]
    own = [each for each in told["looked_at"] if each["file"] == "user.ccr"]
    assert [(each["line"], each["result"]) for each in own] == [(4, False), (5, True), (6, "not needed")]
    assert own[1]["facts"] == {"model": "claude-haiku-4-5"}
    assert own[0]["facts"]["tokens"]["high"] < 60_000


def test_a_denial_for_programs() -> None:
    snapshot, facts = world('when model ~ opus deny 429 "no"'), asked("opus")
    told = to_json(decided(snapshot, facts), snapshot, facts)
    assert (told["outcome"], told["status"], told["message"], told["targets"]) == ("deny", 429, "no", [])


def test_for_people() -> None:
    snapshot, facts = world(RULES), asked("claude-haiku-4-5")
    told = to_text(decided(snapshot, facts, trace=True), snapshot, facts)
    lines = told.splitlines()
    assert lines[0].startswith("claude-haiku-4-5  →  p/small   (rules ")
    (winner,) = [line for line in lines if line.startswith("▶")]
    assert winner.startswith("▶ user.ccr:5") and "YES" in winner and "model: claude-haiku-4-5" in winner
    assert any("user.ccr:6" in line and "not needed" in line for line in lines)
    assert "    set temperature = 0.2" in lines and "    tag small" in lines
    assert any("tokens: 0 to " in line and ", by size (" in line and "no  " in line for line in lines)
    assert lines[-1].startswith("  looked at   ") and lines[-1].endswith("; tokens bounded, not counted")
    assert any("skipped" in line and "groq/other" in line for line in lines)


def test_a_route_that_came_to_nothing_says_so() -> None:
    snapshot, facts = world('provider p { url = "http://p/v1" }\nroute hint\nroute p/m'), asked()
    told = to_text(decided(snapshot, facts, trace=True), snapshot, facts)
    assert any("route hint" in line and "no target" in line for line in told.splitlines())


CONFIG = {
    "Providers": [{"name": "p", "api_base_url": "http://p/v1", "api_key": "k", "models": ["m", "large"]}],
    "Router": {"default": "p,m", "longContext": "p,large"},
}


def test_what_config_json_says_is_told_as_the_rules_it_means() -> None:
    """Several of its rules stand at one place, so each is told by itself."""
    snapshot, facts = world(config=CONFIG), asked("p,large")
    decision = decided(snapshot, facts, trace=True)
    lines = to_text(decision, snapshot, facts).splitlines()
    (winner,) = [line for line in lines if line.startswith("▶")]
    assert 'when model ~ "," or model ~ "/" route requested' in winner
    (hint,) = [line for line in lines if "config.json" in line and "route hint" in line]
    assert "not needed" in hint
    assert to_json(decision, snapshot, facts)["rule"]["text"] == 'when model ~ "," or model ~ "/" route requested'

    facts = asked("claude-opus-4-5")
    decision = decided(snapshot, facts, trace=True)
    lines = to_text(decision, snapshot, facts).splitlines()
    (named,) = [line for line in lines if "config.json" in line and "route requested" in line]
    assert "no target" not in named
    assert [line.split("  ")[-1] for line in lines if line.startswith("▶")] == ["default route p/m"]


def test_a_key_that_a_rule_sends_along_is_not_told() -> None:
    snapshot, facts = (
        world('set header.x-team-key = "s3cret-012345"; set header.x-team = "web"\n' + RULES),
        asked("claude-haiku-4-5"),
    )
    decision = decided(snapshot, facts, trace=True)
    told = to_json(decision, snapshot, facts)
    assert told["set"]["header.x-team-key"] == "***" and told["set"]["header.x-team"] == "web"
    assert "s3cret" not in to_text(decision, snapshot, facts)
    assert 'set header.x-team = "web"' in to_text(decision, snapshot, facts)
