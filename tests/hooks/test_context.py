"""What a function sees of a request and of config.json."""

import json

import pytest

from ccr.diagnostics.source import SourceFile
from ccr.hooks.context import Request, options_of, settings_of
from ccr.lang.values import Reading, Undecided
from tests.routing.world import asked, vocabulary


def _request(**changes: object) -> Request:
    def find_out(question: Undecided) -> Reading:
        assert question == Undecided("tokens", "tokens")
        return 77

    return Request(asked(**changes), vocabulary().environment, find_out)  # type: ignore[arg-type]


def test_every_attribute_by_name() -> None:
    request = _request(tools=[{"name": "Bash", "input_schema": {}}], headers=(("x-team", "web"),))
    assert request.model == "claude-sonnet-4-5" and request.prompt == "hello" and request.tokens == 77
    assert request["agent.type"] == request.agent_type == "" and request["header.x-team"] == "web"
    assert request.tools == frozenset({"Bash"}) and request.max_tokens == 1000


@pytest.mark.parametrize("name", ["nonsense", "_Request__anything", "__wrapped__", "python"])
def test_what_is_no_attribute_is_none(name: str) -> None:
    with pytest.raises(AttributeError):
        getattr(_request(), name)
    with pytest.raises(KeyError):
        _request()[name]


def test_keys_are_not_shown() -> None:
    request = _request(headers=(("authorization", "Bearer sk-ant-1"), ("x-api-key", "k"), ("accept", "*/*")))
    assert request.headers == {"accept": "*/*"}
    with pytest.raises(KeyError):
        request["header.Authorization"]


def test_the_body_is_a_copy() -> None:
    facts = asked()
    request = Request(facts, vocabulary().environment, lambda question: 0)
    request.body["model"] = "other"
    assert request.body["model"] == "other" and facts.inputs.request.body["model"] == "claude-sonnet-4-5"


def test_config_json_without_its_keys() -> None:
    text = json.dumps({"APIKEY": "secret-of-mine", "PORT": 3456, "Providers": [{"name": "a", "api_key": "sk-secret"}]})
    config = settings_of(SourceFile("config.json", "// mine\n" + text))
    assert config["PORT"] == 3456 and config["Providers"][0]["name"] == "a" and "secret" not in str(config)
    for broken in (None, SourceFile("config.json", None), SourceFile("config.json", "{"), SourceFile("c.json", "[]")):
        assert settings_of(broken) == {}


def test_what_has_to_be_found_out_is_found_out_once() -> None:
    asked_for: list[str] = []

    def find_out(question: Undecided) -> Reading:
        asked_for.append(question.attribute)
        return 77

    request = Request(asked(), vocabulary().environment, find_out)  # type: ignore[arg-type]
    assert (request.tokens, request.tokens, asked_for) == (77, 77, ["tokens"])


def test_options_are_objects_for_dotted_names_and_what_json_says() -> None:
    given = {"a": 1, "b.c": ["x"], "json": '{"b": {"d": null}, "a": 2}'}
    assert options_of(given) == {"a": 1, "b": {"c": ["x"], "d": None}}
    assert options_of({}) == {}


@pytest.mark.parametrize("text", ["no json", "[1]"])
def test_a_json_that_is_no_object_says_so(text: str) -> None:
    with pytest.raises(ValueError):
        options_of({"json": text})
