"""What the demo says."""

from tests.routing.world import asked, recital, world


def test_somebody_with_nothing_is_told_what_to_set() -> None:
    text = recital(world(), asked("claude-opus-5-5")).text
    assert "No rule matched" in text
    assert "`ccr key set NAME`" in text and "openrouter" in text and "rules/10-routes.ccr" in text
    assert "- model: claude-opus-5-5" in text


def test_the_rule_is_quoted_and_the_changes_are_told() -> None:
    text = recital(world("set top_k = 3\ndrop metadata\nwhen model ~ opus route zai/glm-4.6"), asked("opus")).text
    assert "    when model ~ opus route zai/glm-4.6" in text
    assert "- set top_k = 3" in text and "- drop metadata" in text
    assert "say `ccr key set zai`" in text and ("set ZAI_API_KEY" in text or "set Z_AI_API_KEY" in text)


def test_long_values_are_cut() -> None:
    text = recital(
        world("when prompt ~ hello route zai/glm-4.6"), asked(messages=[{"role": "user", "content": "hello " * 500}])
    ).text
    assert max(len(line) for line in text.splitlines() if line.startswith("- prompt")) < 120


def test_a_dry_run_of_somebody_who_has_providers_asks_for_nothing() -> None:
    text = recital(
        world("default route zai/glm-4.6", keys=("ZAI_API_KEY", "OPENROUTER_API_KEY")), asked(), dry_run=True
    ).text
    assert "sent this request to nobody" in text and "zai/glm-4.6" in text and "To reach" not in text
