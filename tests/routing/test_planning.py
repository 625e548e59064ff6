"""From a decision to attempts: who can serve, in which order, with what; and what is said when nobody can."""

from collections import Counter

import pytest
from msgspec import structs

from ccr.diagnostics.source import SourceFile
from ccr.facts.health import Health, Rest
from ccr.lang.values import Bounds, Undecided
from ccr.messages.errors import ErrorKind
from ccr.routing.effects import DropField, Rewrite, SetField, Tagged
from ccr.routing.plan import Attempts, KeyUse, Recital
from ccr.routing.planning import plan
from ccr.routing.secret import Secret
from ccr.routing.settings import Allowance
from ccr.routing.surroundings import LayerSources, Sources, Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from tests.routing.world import LOGIN, asked, attempts, decided, loaded, picture, recital, world

TWO = """
provider small { url = "http://small/v1"; key = "s"; model m { context = 64k; vision = false } }
provider large { url = "http://large/v1"; key = "l"; model m { context = 1M; vision = true } }
"""
BOTH = TWO + "default route small/m or large/m"


def targets(made: object) -> list[str]:
    return [str(each.destination) for each in made.attempts]  # type: ignore[attr-defined]


# ---- denials and recitals --------------------------------------------------------------------------------------------


def test_a_denial_is_told_once_and_never_to_be_tried_again() -> None:
    error = recital(world('deny 429 "enough"'), asked()).error
    assert error is not None
    assert (error.http_status, error.kind, error.message, error.final) == (429, ErrorKind.RATE_LIMITED, "enough", True)


def test_with_nothing_configured_the_demo_answers_and_names_the_rule() -> None:
    made = recital(world("when model ~ haiku route openrouter/z-ai/glm-4.6"), asked("claude-haiku-4-5"))
    assert made.error is None
    assert "user.ccr:1" in made.text and "openrouter/z-ai/glm-4.6" in made.text
    assert "set OPENROUTER_API_KEY" in made.text and "model: claude-haiku-4-5" in made.text


def test_a_local_provider_that_a_rule_names_is_tried() -> None:
    made = attempts(world("route ollama/qwen3:4b"), asked())
    assert targets(made) == ["ollama/qwen3:4b"]
    assert made.attempts[0].key.scheme == "none"


def test_a_dry_run_answers_in_words_whatever_is_configured() -> None:
    made = recital(world(BOTH), asked(), dry_run=True)
    assert "small/m" in made.text and "user.ccr:4" in made.text


def test_the_demo_can_be_named_in_a_rule() -> None:
    assert "demo" not in recital(world(TWO + "route demo/hello"), asked()).text.partition("matched")[0]


# ---- window ----------------------------------------------------------------------------------------------------------


def test_a_window_that_is_too_small_is_passed_over_with_the_figures() -> None:
    made = attempts(world(BOTH), asked(known={"tokens": 90_000}))
    assert targets(made) == ["large/m"]
    assert [(each.target, each.why) for each in made.skipped] == [("small/m", "context 90k > 64k")]


def test_bounds_are_enough_where_they_decide() -> None:
    assert targets(attempts(world(BOTH), asked(known={"tokens": Bounds(70_000, 90_000, "tokens")}))) == ["large/m"]
    assert targets(attempts(world(BOTH), asked(known={"tokens": Bounds(10, 64_000, "tokens")}))) == [
        "small/m",
        "large/m",
    ]


def test_bounds_around_the_window_ask_for_a_count() -> None:
    snapshot, facts = world(BOTH), asked(known={"tokens": Bounds(10, 90_000, "tokens")})
    outcome = plan(decided(snapshot, facts), snapshot, facts, Health(), vocabulary())
    assert outcome == Undecided("tokens", "tokens", 64_000)


def test_when_all_windows_are_too_small_the_client_is_told_to_compact() -> None:
    error = recital(world(BOTH), asked(known={"tokens": 1_200_000})).error
    assert error is not None
    assert error.message == "prompt is too long: 1200000 tokens > 1000000 maximum"
    assert error.http_status == 400


# ---- eyes ------------------------------------------------------------------------------------------------------------


def test_those_who_see_come_first_when_the_last_message_holds_an_image() -> None:
    made = attempts(world(BOTH), asked(messages=[picture()]))
    assert targets(made) == ["large/m", "small/m"]
    assert [each.profile.sees_images for each in made.attempts] == [True, False]


def test_an_old_image_changes_no_order() -> None:
    talk = [picture(), {"role": "assistant", "content": "a cat"}, {"role": "user", "content": "thanks"}]
    assert targets(attempts(world(BOTH), asked(messages=talk))) == ["small/m", "large/m"]


def test_images_that_a_rule_drops_count_for_nothing() -> None:
    assert targets(attempts(world("drop images\n" + BOTH), asked(messages=[picture()]))) == ["small/m", "large/m"]


# ---- health and keys -------------------------------------------------------------------------------------------------


def resting(**seconds: float) -> Health:
    return Health({(name, "", ""): Rest(each, why="overloaded") for name, each in seconds.items()})


def test_a_target_that_rests_is_passed_over() -> None:
    made = attempts(world(BOTH), asked(), resting(small=30))
    assert targets(made) == ["large/m"]
    assert made.skipped[0].why == "rests for 30s: overloaded"


def test_if_all_rest_the_shortest_rest_is_tried() -> None:
    assert targets(attempts(world(BOTH), asked(), resting(small=30, large=5))) == ["large/m"]


def test_a_key_that_rests_gives_way_to_the_next() -> None:
    snapshot = world('provider p { url = "http://p/v1"; keys = ["one", "two"] }\nroute p/m')
    first = attempts(snapshot, asked()).attempts[0].key.secret
    assert first is not None
    health = Health({("p", "m", first.fingerprint): Rest(60, limited=True)})
    second = attempts(snapshot, asked(), health).attempts[0].key.secret
    assert second is not None and second != first


def test_a_session_keeps_its_key_and_sessions_spread_over_keys() -> None:
    snapshot = world('provider p { url = "http://p/v1"; keys = ["one", "two"] }\nroute p/m')

    def key(session: str, size: int) -> object:
        facts = asked(headers=(("x-claude-code-session-id", session),), max_tokens=size)
        return attempts(snapshot, facts).attempts[0].key.secret

    assert all(key(f"s{number}", 1) == key(f"s{number}", 2) for number in range(10))
    assert len({key(f"s{number}", 1) for number in range(20)}) == 2


POOL = 'provider p { url = "http://p/v1"; keys = ["one", "one", "one", "two", "three"] }\n'


def keys_of(made: Attempts) -> list[object]:
    return [each.key.secret for each in made.attempts]


def test_all_keys_of_a_target_are_tried_before_the_next_target_h10() -> None:
    made = attempts(world(POOL + TWO + "route p/m or large/m"), asked())
    assert targets(made) == ["p/m", "p/m", "p/m", "large/m"]
    assert set(keys_of(made)[:3]) == {Secret("one"), Secret("two"), Secret("three")}


def test_a_key_that_is_written_more_often_gets_more_sessions_h10() -> None:
    snapshot = world(POOL + "route p/m")
    drawn = Counter(
        keys_of(attempts(snapshot, asked(headers=(("x-claude-code-session-id", f"s{number}"),))))[0]
        for number in range(300)
    )
    assert 130 < drawn[Secret("one")] < 230 and min(drawn[Secret("two")], drawn[Secret("three")]) > 30


def test_a_key_less_moves_only_its_own_sessions_h10() -> None:
    def first(names: str) -> list[object]:
        snapshot = world(f'provider p {{ url = "http://p/v1"; keys = [{names}] }}\nroute p/m')
        headers = [(("x-claude-code-session-id", f"s{number}"),) for number in range(100)]
        return [keys_of(attempts(snapshot, asked(headers=each)))[0] for each in headers]

    both = zip(first('"one", "two", "three"'), first('"two", "one"'), strict=True)
    assert all(before == after for before, after in both if before != Secret("three"))


def test_when_all_rest_the_soonest_return_of_the_others_is_kept_h3() -> None:
    made = attempts(world(BOTH), asked(), resting(small=30, large=5))
    assert made.back == 30
    assert attempts(world(BOTH), asked()).back is None


def test_limits_go_with_the_attempt() -> None:
    rules = (
        'provider p { url = "http://p/v1"; key = "k"; rpm = 20; tpm = 100k; concurrency = 4; timeout = 40s }\nroute p/m'
    )
    (attempt,) = attempts(world(rules), asked(known={"tokens": 1234})).attempts
    assert attempt.allowance == Allowance(concurrency=4, rpm=20, tpm=100_000)
    assert (attempt.tokens, attempt.limits.first_byte) == (1234, 40.0)
    assert world(rules).catalog.allowances == {"p": attempt.allowance}


def test_a_missing_key_is_passed_over_and_named() -> None:
    made = attempts(world(TWO + "route openrouter/z-ai/glm-4.6 or large/m"), asked())
    assert targets(made) == ["large/m"]
    assert made.skipped[0].why == "no key: set OPENROUTER_API_KEY"
    error = recital(world(TWO + "route openrouter/z-ai/glm-4.6"), asked()).error
    assert error is not None and error.http_status == 403 and "OPENROUTER_API_KEY" in error.message


def test_a_login_goes_to_its_vendor_only_when_it_is_one() -> None:
    snapshot = world(TWO + "route anthropic/claude-opus-5-5 or large/m")
    assert targets(attempts(snapshot, asked(headers=LOGIN))) == ["anthropic/claude-opus-5-5", "large/m"]
    assert attempts(snapshot, asked(headers=LOGIN)).attempts[0].key.scheme == "client"
    made = attempts(snapshot, asked(headers=(("authorization", "Bearer test"),)))
    assert targets(made) == ["large/m"] and "no login" in made.skipped[0].why


def test_a_dialect_that_is_not_built_says_so() -> None:
    snapshot, facts = world('provider g { url = "http://g/v1"; dialect = ollama; key = "k" }\nroute g/m'), asked()
    words = structs.replace(vocabulary(), dialects={})
    made = plan(decided(snapshot, facts), snapshot, facts, Health(), words)
    assert isinstance(made, Recital) and made.error is not None
    assert "the dialect ollama is not in this release" in made.error.message


# ---- clouds ----------------------------------------------------------------------------------------------------------

VERTEX = 'provider vertex { project = "p1"; region = %s }\nroute vertex/%s'
PUBLISHERS = "aiplatform.googleapis.com/v1/projects/p1/locations"


@pytest.mark.parametrize(
    ("region", "model", "dialect", "url"),
    [
        ("us-east5", "claude-sonnet-4@20250514", "anthropic", f"https://us-east5-{PUBLISHERS}/us-east5/publishers/anthropic"),
        ("us-east5", "gemini-2.5-pro", "gemini", f"https://us-east5-{PUBLISHERS}/us-east5/publishers/google"),
        ("global", "gemini-2.5-pro", "gemini", f"https://{PUBLISHERS}/global/publishers/google"),
    ],
)  # fmt: skip
def test_a_cloud_speaks_to_each_model_in_its_makers_dialect(region: str, model: str, dialect: str, url: str) -> None:
    attempt = attempts(world(VERTEX % (region, model)), asked()).attempts[0]
    assert (attempt.dialect.name, attempt.url, attempt.key) == (dialect, url, KeyUse("google"))
    assert attempt.profile.model_in_body == (dialect == "gemini")


def test_a_dialect_that_was_said_holds_for_all_models() -> None:
    snapshot = world(
        'provider bedrock { region = r; key = "k"; dialect = anthropic }\nroute bedrock/openai.gpt-oss-120b'
    )
    assert attempts(snapshot, asked()).attempts[0].dialect.name == "anthropic"
    snapshot = world('provider bedrock { region = r; key = "k" }\nroute bedrock/openai.gpt-oss-120b')
    attempt = attempts(snapshot, asked()).attempts[0]
    assert (attempt.dialect.name, attempt.url) == ("openai_chat", "https://bedrock-runtime.r.amazonaws.com/openai/v1")


def test_a_cloud_without_its_place_is_told_and_passed_over() -> None:
    found = loaded("provider vertex { region = global }\nroute vertex/gemini-2.5-pro")
    assert "nothing says the project of `vertex`" in [each.message for each in found.diagnostics]
    assert found.snapshot is not None
    error = recital(found.snapshot, asked()).error
    assert error is not None and "nothing says its project" in error.message


def test_azures_two_doors_want_their_key_in_two_headers() -> None:
    for url, scheme in (("https://n.openai.azure.com/openai/v1", "api-key"), ("https://n.services.ai.azure.com/anthropic", "x-api-key")):  # fmt: skip
        snapshot = world(f'provider azure {{ url = "{url}"; key = "k" }}\nroute "azure/my deployment"')
        assert attempts(snapshot, asked()).attempts[0].key.scheme == scheme


# ---- what an attempt is made of --------------------------------------------------------------------------------------


def test_anthropic_to_anthropic_is_relayed_and_others_are_translated() -> None:
    snapshot = world(TWO + "route anthropic/claude-opus-5-5 or large/m", keys=("ANTHROPIC_API_KEY",))
    made = attempts(snapshot, asked())
    assert [(each.dialect.name, each.relays) for each in made.attempts] == [("anthropic", True), ("openai_chat", False)]
    assert made.attempts[0].key.scheme == "x-api-key"
    assert made.attempts[1].url == "http://large/v1"


def test_a_models_facts_shape_its_profile() -> None:
    snapshot = world(
        'provider p { url = "http://p/v1"; model m { context = 32k; output = 4k; tools = false } }\nroute p/m'
    )
    profile = attempts(snapshot, asked()).attempts[0].profile
    assert (profile.context, profile.max_output, profile.tool_calls) == (32_000, 4_000, False)


def test_a_use_that_is_a_way_of_speaking_becomes_quirks() -> None:
    snapshot = world('provider p { url = "http://p/v1"; use openrouter(provider.only = [deepinfra]) }\nroute p/m')
    attempt = attempts(snapshot, asked()).attempts[0]
    assert attempt.profile.extra_body["provider"] == {"only": ["deepinfra"]}
    assert attempt.rewrites == ()


def test_rewrites_come_in_the_order_rules_provider_model() -> None:
    snapshot = world(
        'provider p { url = "http://p/v1"; use enhancetool; model m { use maxtoken(max_tokens = 10) } }\n'
        "use cleancache\nroute p/m"
    )
    attempt = attempts(snapshot, asked()).attempts[0]
    assert [each.transformer.name for each in attempt.rewrites] == ["cleancache", "enhancetool", "maxtoken"]
    assert attempt.rewrites[2].arguments == {"max_tokens": 10}
    assert [each.name for each in attempt.effects if isinstance(each, Rewrite)] == [
        "cleancache",
        "enhancetool",
        "maxtoken",
    ]


def sets(snapshot: object, facts: object) -> dict[str, object]:
    attempt = attempts(snapshot, facts).attempts[0]  # type: ignore[arg-type]
    return {each.field: each.value for each in attempt.effects if isinstance(each, SetField)}


def test_a_provider_sets_only_what_no_rule_has_set_and_the_model_before_it() -> None:
    provider = (
        'provider p { url = "http://p/v1"; set temperature = 0.1; set max_tokens = 1; set top_k = 5\n'
        "  model m { set max_tokens = 2 } }\n"
    )
    assert sets(world(provider + "route p/m"), asked()) == {"temperature": 0.1, "top_k": 5, "max_tokens": 2}
    ruled = provider + "set max_tokens = 3\nset temperature = 0.9\nroute p/m"
    assert sets(world(ruled), asked()) == {"max_tokens": 3, "temperature": 0.9, "top_k": 5}


def test_conditions_on_the_target_are_asked_at_each_attempt() -> None:
    snapshot = world(
        TWO + "when target.provider == small tag degraded\nwhen attempt > 1 set temperature = 0.5\n" + BOTH[len(TWO) :]
    )
    first, second = attempts(snapshot, asked()).attempts
    assert next(each for each in first.effects if isinstance(each, Tagged)).name == "degraded"
    assert not [each for each in second.effects if isinstance(each, Tagged)]
    assert not [each for each in first.effects if isinstance(each, SetField)]
    assert [each.value for each in second.effects if isinstance(each, SetField)] == [0.5]
    assert all(each.condition is None for each in (*first.effects, *second.effects))


def test_a_blocks_condition_may_use_the_layers_lets() -> None:
    snapshot = world(
        'let many = tools.count > 1\nprovider p { url = "http://p/v1"; when many drop tools ~ ^mcp__ }\nroute p/m'
    )
    tools = [{"name": "Read", "input_schema": {}}, {"name": "mcp__x", "input_schema": {}}]
    drops = [each for each in attempts(snapshot, asked(tools=tools)).attempts[0].effects if isinstance(each, DropField)]
    assert [(each.field, each.pattern) for each in drops] == [("tools", "^mcp__")]
    assert not attempts(snapshot, asked(tools=tools[:1])).attempts[0].effects


def test_a_condition_on_the_answer_travels_on() -> None:
    snapshot = world('provider p { url = "http://p/v1"; when response.stop_reason == max_tokens tag cut }\nroute p/m')
    (tag,) = attempts(snapshot, asked()).attempts[0].effects
    assert isinstance(tag, Tagged) and tag.condition is not None


def test_texts_are_filled_in_when_the_target_is_known() -> None:
    snapshot = world(
        TWO + 'set response.header.x-served-by = "{target.provider}/{target.model} for {model}"\nroute large/m'
    )
    assert sets(snapshot, asked("opus")) == {"response.header.x-served-by": "large/m for opus"}


def test_a_provider_waits_as_long_as_it_says() -> None:
    snapshot = world('provider p { url = "http://p/v1"; timeout = 40s }\nroute p/m')
    assert attempts(snapshot, asked()).attempts[0].limits.first_byte == 40


def test_a_key_does_not_show() -> None:
    snapshot = world('provider p { url = "http://p/v1"; key = "sk-very-secret" }\nroute p/m')
    key = attempts(snapshot, asked()).attempts[0].key
    assert key.secret and "very-secret" not in repr(key)


def test_a_use_is_handed_the_text_of_its_file() -> None:
    rules = 'provider p { url = "http://p/v1"; use rewrite_system(file = "texts/own.txt") }\nroute p/m'
    own = LayerSources("user", (SourceFile("rules/a.ccr", rules),), (SourceFile("rules/texts/own.txt", "Be brief."),))
    snapshot = load(Sources((own,)), Surroundings(), vocabulary()).snapshot
    assert snapshot is not None
    (rewriting,) = attempts(snapshot, asked()).attempts[0].rewrites
    assert rewriting.arguments["text"] == "Be brief."


def test_a_file_that_is_not_there_keeps_rules_from_loading_and_config_json_not() -> None:
    rules = 'provider p { url = "http://p/v1" }\nuse rewrite_system(file = "own.txt")\nroute p/m'
    own = LayerSources("user", (SourceFile("rules/a.ccr", rules),), (SourceFile("rules/own.txt", None),))
    found = load(Sources((own,)), Surroundings(), vocabulary())
    assert found.snapshot is None and "there is no file `own.txt`" in {each.message for each in found.diagnostics}
    config = SourceFile("config.json", '{"REWRITE_SYSTEM_PROMPT": "own.txt"}')
    found = load(Sources((), config, (SourceFile("own.txt", None),)), Surroundings(), vocabulary())
    assert found.snapshot is not None and "there is no file `own.txt`" in {each.message for each in found.diagnostics}


@pytest.mark.parametrize("path", ["/etc/passwd", "~/.ssh/id_ed25519", "../secret.txt"])
def test_a_projects_rules_name_no_file_outside_it(path: str) -> None:
    found = loaded('provider p { url = "http://p/v1" }\nroute p/m', project=f'use rewrite_system(file = "{path}")')
    assert found.snapshot is not None
    assert not attempts(found.snapshot, asked()).attempts[0].rewrites
    assert any("cannot name a file outside the project" in each.message for each in found.diagnostics)
