"""What loading says of rules against the catalog: where, in which words, how bad."""

import pytest

from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.source import SourceFile
from ccr.routing.secret import Secret
from ccr.routing.surroundings import LayerSources, Sources, Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from tests.routing.world import asked, attempts, loaded, world

SHOP = 'provider shop { url = "http://shop/v1"; models = [google/gemini-2.5-pro, other/gemini-2.5-pro, x/one] }\n'


def findings(text: str, code: str, **others: object) -> list[Diagnostic]:
    return [each for each in loaded(text, **others).diagnostics if each.code.number == code]  # type: ignore[arg-type]


def test_an_unknown_provider_is_pointed_at_with_what_was_meant() -> None:
    (finding,) = findings("route opnrouter/z-ai/glm-4.6", "CCR102")
    assert (finding.at.text, finding.label, finding.level) == (
        "opnrouter",
        "did you mean `openrouter`?",
        Severity.ERROR,
    )


@pytest.mark.parametrize(("layer", "level"), [("policy", Severity.ERROR), ("project", Severity.NOTE)])
def test_how_bad_an_unknown_provider_is_depends_on_whose_file_it_is(layer: str, level: Severity) -> None:
    (finding,) = findings("", "CCR102", **{layer: "default route nowhere/x"})
    assert finding.level is level


@pytest.mark.parametrize(
    "text",
    [
        "alias a = nowhere/x\nroute a",
        "use describe_images(by = nowhere/x)",
        'use describe_images(by = "nowhere/x")',
        "default route nowhere/x",
        "when plan { route (nowhere/x 50%, demo/x 50%) }",
    ],
)
def test_every_target_is_looked_at(text: str) -> None:
    assert len(findings(text, "CCR102")) == 1


@pytest.mark.parametrize(
    "text", ["never nowhere/*", "route requested or hint", "route demo/hello", "route openrouter/z-ai/glm-4.6"]
)
def test_what_is_no_unknown_provider(text: str) -> None:
    assert findings(text, "CCR102") == []


def test_an_unknown_model_of_ones_own_list() -> None:
    (finding,) = findings(SHOP + "route shop/x/onne", "CCR103")
    assert (finding.at.text, finding.label, finding.level) == ("x/onne", "did you mean `x/one`?", Severity.ERROR)


def test_a_short_name_that_fits_two_models() -> None:
    (finding,) = findings(SHOP + "route shop/gemini-2.5-pro", "CCR103")
    assert "2 models" in finding.message and "google/gemini-2.5-pro or other/gemini-2.5-pro" in finding.notes[0]


@pytest.mark.parametrize("name", ["x/one", "one", "x/one[1m]"])
def test_names_that_are_understood(name: str) -> None:
    assert findings(SHOP + f'route "shop/{name}"', "CCR103") == []


def test_a_variant_of_a_catalogue_model_is_no_finding() -> None:
    assert findings("route openrouter/z-ai/glm-4.6:free", "CCR103") == []


def test_a_local_model_that_is_not_installed_says_what_to_type() -> None:
    (finding,) = findings("route ollama/llama", "CCR103", discovered={"ollama": ("qwen3-coder:30b",)})
    assert (finding.level, finding.help) == (Severity.WARNING, "ollama pull llama")
    assert "qwen3-coder:30b" in finding.notes[0]


def test_a_beginning_that_fits_several_installed_models_is_a_note() -> None:
    (finding,) = findings("route ollama/qwen", "CCR103", discovered={"ollama": ("qwen3-coder:30b", "qwen2.5:7b")})
    assert (finding.level, finding.label) == (Severity.NOTE, "means `qwen3-coder:30b`")


def test_a_target_tried_twice_is_a_warning() -> None:
    (finding,) = findings("default route groq/a or zai/b or groq/a", "CCR310")
    assert finding.at.position == (1, 34)
    (finding,) = findings("alias both = groq/a or zai/b\ndefault route both or zai/b", "CCR310")
    assert finding.at.text == "zai/b"


def test_sides_of_a_split_are_not_certain() -> None:
    assert findings("default route (groq/a 50%, zai/b 50%) or groq/a", "CCR310") == []


@pytest.mark.parametrize("url", ["http://localhost:4000/v1", "http://127.0.0.1:4000", "http://[::1]:4000/"])
def test_a_provider_that_is_the_proxy_itself_is_an_error(url: str) -> None:
    (finding,) = findings(f'server {{ port = 4000 }}\nprovider mine {{ url = "{url}" }}', "CCR121")
    assert finding.level is Severity.ERROR
    assert findings('server { port = 4000 }\nprovider mine { url = "http://localhost:4001" }', "CCR121") == []


BAD_JSON = 'use customparams(json = "{not json")'


@pytest.mark.parametrize(
    "text",
    [
        BAD_JSON,
        "when plan { " + BAD_JSON + " }",
        'provider shop { url = "http://shop/v1"; ' + BAD_JSON + " }",
        'provider shop { url = "http://shop/v1"; model m { ' + BAD_JSON + " } }",
        'use customparams(json = "[1]", top_k = 40)',
    ],
)
def test_an_argument_that_means_nothing_is_found_when_it_is_loaded(text: str) -> None:
    (finding,) = findings(text, "CCR413")
    assert (finding.level, finding.at.text.startswith("json")) == (Severity.ERROR, True)
    assert "`json` of customparams" in finding.message


def test_an_argument_of_a_project_that_means_nothing_is_a_warning_and_does_nothing() -> None:
    text = BAD_JSON + "\ndefault route shop/x/one"
    (finding,) = findings(SHOP, "CCR413", project=text)
    assert finding.level is Severity.WARNING
    (attempt,) = attempts(world(SHOP, project=text), asked()).attempts
    assert attempt.profile.extra_body == {}


def test_arguments_that_mean_something() -> None:
    for text in (
        "use customparams(json = '{\"a\": 1}', b.c = 2)",
        "use openrouter(provider.only = [a])",
        "use tooluse",
    ):
        assert findings(text, "CCR413") == []


def test_in_config_json_it_is_found_too() -> None:
    shop = {"name": "shop", "api_base_url": "http://shop/v1", "api_key": "k", "models": ["m"]}
    config = {"Providers": [{**shop, "transformer": {"use": [["customparams", {"json": "{"}]]}}]}
    assert len(findings("", "CCR413", config=config)) == 1


def test_a_catalogue_provider_without_its_key_is_told_once() -> None:
    text = "alias a = openrouter/x/y or openrouter/x/z\nroute a\ndefault route ollama/q or shop/x/one\n" + SHOP
    (finding,) = findings(text, "CCR415")
    assert (str(finding.at), finding.level) == ("user.ccr:1:11", Severity.NOTE)
    assert "OPENROUTER_API_KEY" in finding.message
    assert findings(text, "CCR415", keys=("OPENROUTER_API_KEY",)) == []


def test_python_may_edit_what_is_signed() -> None:
    rules = SourceFile(
        "user.ccr",
        "provider anthropic { key = env.KEY }\n"
        'when agent use python "mask.py:mask"\ndefault route anthropic/claude-sonnet-4-5\n',
    )
    hook = SourceFile("mask.py", "def mask(body, context):\n    return body\n")
    sources = Sources((LayerSources("user", (rules,), (hook,)),))
    found = load(sources, Surroundings(variables={"KEY": Secret("x")}), vocabulary()).diagnostics
    (told,) = [each for each in found if each.code.number == "CCR408"]
    assert told.message == "this may edit what a model has signed its thinking over"
    assert told.at.text == 'use python "mask.py:mask"'


def test_describe_images_has_to_say_who_looks() -> None:
    (finding,) = findings("use describe_images", "CCR413")
    assert "needs `by`" in finding.message


def test_a_picture_that_is_put_into_words_reaches_nobody_who_sees_none() -> None:
    blind = 'provider lab { url = "http://lab/v1"; model text { vision = false } }\n'
    rule = "when last.image route lab/text\n"
    assert {each.code.number for each in loaded(blind + rule).diagnostics} & {"CCR401", "CCR402"}
    words = blind + "use describe_images(by = openrouter/google/gemini-2.5-flash)\n" + rule
    assert not {each.code.number for each in loaded(words).diagnostics} & {"CCR401", "CCR402"}
