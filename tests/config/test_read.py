"""config.json to the tree: the order of the rules, lenient reading with exact reports, and nothing that gets lost."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from ccr.config.read import Transcript, read_config
from ccr.config.show import as_rules
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.source import SourceFile
from ccr.lang import ast
from ccr.lang.ast import Form

README_SAMPLE = (Path(__file__).parent / "readme-sample.json").read_text(encoding="utf-8")


def read(config: Any, values: Mapping[str, str] | None = None) -> Transcript:
    text = config if isinstance(config, str) else json.dumps(config, ensure_ascii=False)
    return read_config(SourceFile("config.json", text), values)


def tree(transcript: Transcript) -> ast.File:
    assert transcript.file is not None, transcript.diagnostics
    return transcript.file


def codes(transcript: Transcript) -> list[str]:
    return [finding.code.number for finding in transcript.diagnostics]


def only(transcript: Transcript, kind: type[Any]) -> Any:
    found = [statement for statement in tree(transcript).statements if isinstance(statement, kind)]
    assert len(found) == 1, found
    return found[0]


def options(block: Any) -> dict[str, Any]:
    return {
        each.name.text: each.value.text
        if isinstance(each.value, ast.Literal)
        else [item.text for item in each.value.items]
        for each in (block.options if isinstance(block, ast.Server) else block.body)
        if isinstance(each, ast.Option)
    }


def provider(**entry: Any) -> Transcript:
    return read({"Providers": [{"name": "p", **entry}]})


# ---- the whole -----------------------------------------------------------------------------------------------------------


def test_the_readme_sample_has_no_finding() -> None:
    transcript = read(README_SAMPLE)
    assert transcript.diagnostics == ()
    assert [type(each).__name__ for each in tree(transcript).statements] == [
        "Server",
        *["Provider"] * 4,
        "When",
        "When",
        "When",
        "Route",
        "When",
        "When",
        "When",
        "Default",
    ]
    assert options(tree(transcript).statements[0]) == {
        "key": "your-secret-key",
        "log": "meta",
        "log_level": "info",
        "timeout": "10m",
        "proxy": "http://127.0.0.1:7890",
    }


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"LOG": True}, {"log": "meta", "log_level": "info"}),
        ({"LOG": True, "LOG_LEVEL": "debug"}, {"log": "meta", "log_level": "debug"}),
        ({"LOG_LEVEL": "warn"}, {"log_level": "warn"}),
        ({"LOG": False}, {"log": "off"}),
    ],
)
def test_a_log_that_is_on_has_a_file(config: dict[str, Any], said: dict[str, str]) -> None:
    assert options(tree(read(config)).statements[0]) == said


def test_an_empty_key_is_no_key() -> None:
    assert "key" not in options(tree(read(README_SAMPLE)).statements[4])
    assert read({"APIKEY": "", "PORT": None, "Router": {"think": ""}, "Providers": []}).diagnostics == ()


def test_places_are_those_of_the_json() -> None:
    deepseek = tree(read(README_SAMPLE)).statements[2]
    assert isinstance(deepseek, ast.Provider)
    assert deepseek.name.span.text == '"deepseek"' and deepseek.span.position == (7, 5)


def test_an_empty_object_is_an_empty_world() -> None:
    transcript = read("{}")
    assert tree(transcript).statements == () and transcript.diagnostics == ()


# ---- Router ----------------------------------------------------------------------------------------------------------------

ALL = {"image": "i,m", "longContext": "l,m", "background": "b,m", "webSearch": "w,m", "think": "t,m", "default": "d,m"}


def routes(transcript: Transcript) -> list[str]:
    found = []
    for statement in tree(transcript).statements:
        route = (
            statement.body[0]
            if isinstance(statement, ast.When)
            else statement.action
            if isinstance(statement, ast.Default)
            else statement
        )
        if isinstance(route, ast.Route):
            found.append(" or ".join(getattr(choice, "text", "python") for choice in route.target.choices))
    return found


def test_rules_stand_in_the_order_of_the_reference() -> None:
    assert routes(read({"Router": ALL})) == ["i/m", "requested", "l/m", "l/m", "hint", "b/m", "w/m", "t/m", "d/m"]


def test_absent_scenarios_give_no_line() -> None:
    assert routes(read({"Router": {"think": "t,m"}})) == ["requested", "hint", "t/m"]
    assert routes(read({"Router": {"longContextThreshold": 1}})) == []


def test_the_threshold_is_in_both_lines_and_may_be_a_text() -> None:
    transcript = read({"Router": {"longContext": "l,m", "longContextThreshold": "90000"}})
    _, first, again, _ = tree(transcript).statements
    assert isinstance(first, ast.When) and isinstance(again, ast.When)
    assert first.condition.value.text == "90000"  # type: ignore[union-attr]
    assert [part.value.text for part in again.condition.parts] == ["90000", "20000"]  # type: ignore[union-attr]
    assert codes(transcript) == ["CCR904"]


def test_the_default_threshold_is_sixty_thousand() -> None:
    first = tree(read({"Router": {"longContext": "l,m"}})).statements[1]
    assert first.condition.value.text == "60000"  # type: ignore[union-attr]


def test_fallback_makes_chains_on_the_lines_of_its_scenario() -> None:
    transcript = read({"Router": ALL, "fallback": {"default": ["a,x", "b,y/z"], "longContext": ["c,w"], "think": []}})
    assert routes(transcript)[2:4] == ["l/m or c/w"] * 2 and routes(transcript)[-1] == "d/m or a/x or b/y/z"


def test_a_fallback_without_a_scenario_is_said() -> None:
    assert codes(read({"Router": {"default": "a,b"}, "fallback": {"think": ["a,c"]}})) == ["CCR909"]


@pytest.mark.parametrize(
    ("written", "meant", "quoted"),
    [
        ("openrouter,anthropic/claude-3.5-sonnet:online", "openrouter/anthropic/claude-3.5-sonnet:online", False),
        ("openrouter/qwen", "openrouter/qwen", False),
        (" p , m ", "p/m", False),
        ("p,a,b", "p/a,b", True),
        ("p,my deployment", "p/my deployment", True),
        ("302.ai,gpt-4o", "302.ai/gpt-4o", False),
        ("\u7845\u57fa\u6d41\u52a8,m", "\u7845\u57fa\u6d41\u52a8/m", True),
        ("cheap", "cheap", False),
        ("default", "default", True),
        ("p,claude[1m]", "p/claude[1m]", True),
    ],
)
def test_targets(written: str, meant: str, quoted: bool) -> None:
    ref = only(read({"Router": {"default": written}}), ast.Default).action.target.choices[0]
    assert (ref.text, ref.quoted) == (meant, quoted)


def test_a_python_router_is_asked_first() -> None:
    transcript = read({"CUSTOM_ROUTER_PATH": "~/r.py", "Router": {"default": "a,b"}})
    first = tree(transcript).statements[0]
    assert isinstance(first, ast.Route) and isinstance(first.target.choices[0], ast.PythonRef)
    assert first.target.choices[0].path.text == "~/r.py:router"


def test_a_javascript_router_is_a_warning_with_the_python_way() -> None:
    transcript = read({"CUSTOM_ROUTER_PATH": "$HOME/r.js", "Router": {"default": "a,b"}})
    assert [(each.level, each.code.number) for each in transcript.diagnostics] == [(Severity.WARNING, "CCR908")]
    assert "def router" in transcript.diagnostics[0].help and routes(transcript) == ["requested", "hint", "a/b"]


# ---- providers -------------------------------------------------------------------------------------------------------------


def test_options_of_a_provider() -> None:
    transcript = provider(
        api_base_url="http://h/v1", api_key="k", models=["a", "b/c", "d e"], dialect="openai-chat", auth="client"
    )
    block = only(transcript, ast.Provider)
    assert options(block) == {
        "url": "http://h/v1",
        "dialect": "openai_chat",
        "auth": "client",
        "key": "k",
        "models": ["a", "b/c", "d e"],
    }
    forms = [item.form for item in block.body[-1].value.items]
    assert forms == [Form.WORD, Form.MODEL, Form.STRING] and codes(transcript) == ["CCR904"]


@pytest.mark.parametrize("name", ["OpenRouter", "302.ai", "\u7845\u57fa\u6d41\u52a8", "my provider", "default", "p"])
def test_any_name_will_do(name: str) -> None:
    named = only(read({"Providers": [{"name": name}]}), ast.Provider).name
    assert named.text == name and named.quoted == (
        name in ("302.ai", "\u7845\u57fa\u6d41\u52a8", "my provider", "default")
    )


def test_a_key_that_is_a_variable_is_not_in_the_tree() -> None:
    for written in ("$DEEPSEEK_KEY", "${DEEPSEEK_KEY}"):
        transcript = read({"Providers": [{"name": "p", "api_key": written}]}, {"DEEPSEEK_KEY": "sk-1"})
        key = only(transcript, ast.Provider).body[0].value
        assert (key.form, key.text) == (Form.ENV, "env.DEEPSEEK_KEY") and transcript.variables == ("DEEPSEEK_KEY",)
        assert transcript.diagnostics == ()


def test_variables_are_filled_in_everywhere_else() -> None:
    config = {
        "PORT": "$PORT",
        "Providers": [{"name": "p", "api_base_url": "http://${HOST_NAME}/v1", "models": ["$MODEL"], "transformer": {"use": [["customparams", {"a": {"b": [{"c": "x-$MODEL"}]}}]]}}],
        "Router": {"default": "p,$MODEL", "think": "$THINK"},
    }  # fmt: skip
    values = {"PORT": "4000", "HOST_NAME": "h", "MODEL": "m1", "THINK": "q,r"}
    transcript = read(config, values)
    block = only(transcript, ast.Provider)
    assert options(tree(transcript).statements[0])["port"] == "4000"
    assert options(block) == {"url": "http://h/v1", "models": ["m1"]}
    assert json.loads(block.body[-1].arguments[0].value.text) == {"a": {"b": [{"c": "x-m1"}]}}
    assert routes(transcript)[-2:] == ["q/r", "p/m1"]
    assert transcript.diagnostics == () and transcript.variables == ("PORT", "HOST_NAME", "MODEL", "THINK")


def test_an_unset_variable_is_a_note_that_says_what_to_do() -> None:
    transcript = read({"Providers": [{"name": "p", "api_base_url": "http://$H/v1", "api_key": "$K"}]}, {})
    assert [(each.level, each.code.number) for each in transcript.diagnostics] == [(Severity.NOTE, "CCR906")]
    assert "export H=" in transcript.diagnostics[0].help
    assert options(only(transcript, ast.Provider)) == {"url": "http://${H}/v1", "key": "env.K"}


def test_of_two_providers_with_one_name_the_last_holds() -> None:
    transcript = read({"Providers": [{"name": "p", "models": ["a"]}, {"name": "q"}, {"name": "p", "models": ["b"]}]})
    assert codes(transcript) == ["CCR905"] and options(tree(transcript).statements[-1]) == {"models": ["b"]}


def test_a_provider_without_a_name_is_left_out_and_said() -> None:
    transcript = read({"Providers": [{"api_base_url": "http://h"}, {"name": "q"}]})
    assert codes(transcript) == ["CCR909"] and only(transcript, ast.Provider).name.text == "q"


def test_three_openai_keys_are_a_provider_and_the_default() -> None:
    transcript = read({"log": True, "OPENAI_API_KEY": "sk-1", "OPENAI_BASE_URL": "https://h/v1", "OPENAI_MODEL": "m"})
    assert options(only(transcript, ast.Provider)) == {"url": "https://h/v1", "key": "sk-1", "models": ["m"]}
    assert routes(transcript) == ["openai/m"] and codes(transcript) == ["CCR904"]


def test_the_openai_keys_yield_to_a_provider_and_a_router() -> None:
    config = {
        "OPENAI_API_KEY": "k",
        "OPENAI_MODEL": "m",
        "Providers": [{"name": "openai"}],
        "Router": {"default": "openai,x"},
    }
    transcript = read(config)
    assert codes(transcript) == ["CCR909"] and routes(transcript)[-1] == "openai/x"


# ---- transformers ------------------------------------------------------------------------------------------------------------


def uses(**transformer: Any) -> list[Any]:
    return list(only(provider(transformer=transformer), ast.Provider).body)


def arguments(use: ast.Use) -> dict[str, Any]:
    return {
        each.name.text: each.value.text
        if isinstance(each.value, ast.Literal)
        else [item.text for item in each.value.items]
        for each in use.arguments
    }


def test_options_become_dotted_arguments() -> None:
    (use,) = uses(use=[["openrouter", {"provider": {"only": ["deepinfra", "x y"], "zdr": True}, "n": 0.5, "s": "t"}]])
    assert arguments(use) == {"provider.only": ["deepinfra", "x y"], "provider.zdr": "true", "n": "0.5", "s": "t"}
    assert [each.value.form for each in use.arguments[1:]] == [Form.WORD, Form.NUMBER, Form.STRING]


def test_what_is_deeper_goes_to_the_one_that_merges_json() -> None:
    first, second = uses(
        use=[["openrouter", {"sort": "price", "models": [{"id": 1}], "a.b": 1, "n": -1, "none": None}]]
    )
    assert arguments(first) == {"sort": "price"} and second.transform.text == "customparams"
    assert json.loads(arguments(second)["json"]) == {"models": [{"id": 1}], "a.b": 1, "n": -1, "none": None}


def test_there_is_one_customparams() -> None:
    (use,) = uses(use=[["customparams", {"a": 1, "deep": {"list": [[1]]}}]])
    assert arguments(use) == {"a": "1", "json": '{"deep": {"list": [[1]]}}'}


def test_an_argument_knows_its_key_s_place() -> None:
    (use,) = uses(use=[["sampling", {"temperature": 0.5}]])
    argument = use.arguments[0]
    assert (argument.name.span.text, argument.value.span.text, argument.span.text) == (
        '"temperature"',
        "0.5",
        '"temperature": 0.5',
    )


def test_names_are_found_in_any_case() -> None:
    transcript = provider(
        transformer={"use": ["openai", ["anthropic", {"UseBearer": True}], "MaxToken", "unknown-one"]}
    )
    block = only(transcript, ast.Provider)
    assert [each.transform.text for each in block.body] == ["OpenAI", "Anthropic", "maxtoken", "unknown-one"]
    assert codes(transcript) == ["CCR904"] * 3 and block.body[1].arguments[0].name.quoted


def test_numbers_written_as_texts_are_numbers() -> None:
    transcript = provider(transformer={"use": [["maxtoken", {"max_tokens": "65536"}]]})
    value = only(transcript, ast.Provider).body[0].arguments[0].value
    assert (value.form, value.text) == (Form.NUMBER, "65536") and codes(transcript) == ["CCR904"]


def test_a_model_has_its_own_transformers() -> None:
    use, model, other = uses(
        **{"use": ["a"], "Qwen/Q-3": {"use": ["reasoning"]}, "x y": {"use": [["b", {}]]}, "none": {"use": []}}
    )
    assert (model.name.text, model.name.quoted, model.body[0].transform.text) == ("Qwen/Q-3", False, "reasoning")
    assert (other.name.quoted, use.transform.text) == (True, "a")


def test_a_built_in_takes_the_options_of_a_file_with_its_name() -> None:
    config = {
        "transformers": [{"path": "$HOME/.claude-code-router/plugins/gemini-cli.js", "options": {"project": "x"}}],
        "Providers": [{"name": "p", "transformer": {"use": ["gemini-cli"]}}],
    }
    transcript = read(config)
    assert codes(transcript) == ["CCR904"]
    assert arguments(only(transcript, ast.Provider).body[0]) == {"project": "x"}


def _python(transcript: Transcript) -> list[tuple[str, dict[str, object]]]:
    blocks = only(transcript, ast.Provider).body
    return [(use.transform.path.text, arguments(use)) for use in blocks if isinstance(use.transform, ast.PythonRef)]


@pytest.mark.parametrize(
    ("entry", "name", "place"),
    [
        ({"path": "/x/mine.py"}, "mine", "/x/mine.py:transformer"),
        ({"path": "/x/mine.py:Mask"}, "mine", "/x/mine.py:Mask"),
        ({"path": "/x/mine.py", "name": "mask"}, "mask", "/x/mine.py:transformer"),
        ({"path": "C:\\x\\mine.PY"}, "mine", "C:/x/mine.PY:transformer"),
        ({"path": "maxtoken.py"}, "maxtoken", "maxtoken.py:transformer"),
    ],
)
def test_a_transformer_in_python_is_asked_where_its_name_is_used(entry: dict[str, str], name: str, place: str) -> None:
    transcript = read({"transformers": [entry], "Providers": [{"name": "p", "transformer": {"use": [name]}}]})
    assert _python(transcript) == [(place, {})] and not codes(transcript)


def test_its_options_are_those_of_the_file_and_of_the_use() -> None:
    deep = {"a": 1, "b": {"c": "x"}, "never": None, "less": -1}
    config = {
        "transformers": [{"path": "mine.py", "options": deep}],
        "Providers": [{"name": "p", "transformer": {"use": [["mine", {"a": 2}], "customparams"]}}],
    }
    transcript = read(config)
    told = {"a": "2", "b.c": "x", "json": '{"never": null, "less": -1}'}
    assert _python(transcript) == [("mine.py:transformer", told)] and not codes(transcript)
    assert not arguments(only(transcript, ast.Provider).body[1]), "what is deep is its own, and not customparams'"


def test_a_transformer_in_python_that_nobody_uses_is_told() -> None:
    transcript = read({"transformers": [{"path": "/x/mine.py"}]})
    assert codes(transcript) == ["CCR909"] and "no provider uses" in transcript.diagnostics[0].message


def test_a_javascript_transformer_is_a_warning_and_its_uses_are_left_out() -> None:
    config = {
        "transformers": [{"path": "/x/mine.js"}],
        "Providers": [{"name": "p", "transformer": {"use": ["mine", "maxtoken"]}}],
    }
    transcript = read(config)
    assert codes(transcript) == ["CCR908", "CCR909"] and "in Python, mine.py" in transcript.diagnostics[0].help
    assert [each.transform.text for each in only(transcript, ast.Provider).body] == ["maxtoken"]


# ---- lenient reading, exact reports --------------------------------------------------------------------------------------------


def test_what_the_reference_s_own_tools_write() -> None:
    transcript = read(
        {
            "API_TIMEOUT_MS": "600000",
            "APIKEY": "",
            "LOG": "false",
            "providers": [{"name": "p", "transformer": {"use": ["openai"]}}],
        }
    )
    assert codes(transcript) == ["CCR904"] * 4
    assert all(each.level is Severity.NOTE and "usually written" in each.label for each in transcript.diagnostics)
    assert options(tree(transcript).statements[0]) == {"log": "off", "timeout": "10m"}


@pytest.mark.parametrize(
    ("config", "where"),
    [
        ({"PORT": "many"}, "PORT"), ({"PORT": -1}, "PORT"), ({"PORT": True}, "PORT"), ({"Providers": {}}, "Providers"),
        ({"Router": []}, "Router"), ({"Router": {"default": ["a,b"]}}, "default"), ({"LOG": "loud"}, "LOG"),
        ({"Providers": ["p"]}, "provider"), ({"fallback": {"default": 1}}, "default"), ({"APIKEY": {}}, "APIKEY"),
        ({"NON_INTERACTIVE_MODE": "perhaps"}, "NON_INTERACTIVE_MODE"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_for_anything_is_an_error(config: Any, where: str) -> None:
    transcript = read(config)
    assert [each.code.number for each in transcript.diagnostics if each.level is Severity.ERROR] == ["CCR902"]
    assert where in transcript.diagnostics[0].message


def test_unknown_keys_are_told_with_a_suggestion() -> None:
    transcript = read({"Router": {"defualt": "a,b"}, "PROT": 1, "zzzzzz": 1})
    assert codes(transcript) == ["CCR903"] * 3
    assert [
        "`default`" in each.help or "`PORT`" in each.help
        for each in sorted(transcript.diagnostics, key=lambda d: d.at.start)
    ] == [True, True, False]


def test_a_lone_text_is_a_list_of_one() -> None:
    transcript = read({"Providers": [{"name": "p", "models": "m", "transformer": {"use": "reasoning"}}]})
    block = only(transcript, ast.Provider)
    assert options(block) == {"models": ["m"]} and block.body[-1].transform.text == "reasoning"
    assert codes(transcript) == ["CCR904"] * 2


def test_a_limit_of_zero_is_no_limit() -> None:
    transcript = read({"API_TIMEOUT_MS": 0})
    assert tree(transcript).statements == () and codes(transcript) == ["CCR909"]


def test_what_comes_later_is_said_by_name() -> None:
    transcript = read({"plugins": [], "forceUseImageAgent": False})
    assert codes(transcript) == ["CCR801"]
    assert all(each.level is Severity.NOTE for each in transcript.diagnostics)
    assert "plugins" in transcript.diagnostics[0].message


def test_a_prompt_of_ones_own_is_for_those_that_tell_of_an_environment() -> None:
    printed = as_rules(read({"REWRITE_SYSTEM_PROMPT": "~/prompt.txt"}))
    assert 'system ~ "<env>" or system ~ "# Environment" use rewrite_system(file = "~/prompt.txt")' in printed


def test_a_key_twice_is_a_warning_and_the_last_holds() -> None:
    transcript = read('{"PORT": 1, "PORT": 2}')
    assert codes(transcript) == ["CCR905"] and options(only(transcript, ast.Server)) == {"port": "2"}


def test_who_may_reach_a_host_is_not_decided_here() -> None:
    transcript = read({"HOST": "0.0.0.0"})
    assert options(only(transcript, ast.Server)) == {"host": "0.0.0.0"} and transcript.diagnostics == ()


def test_https_proxy_comes_before_proxy_url() -> None:
    for key in ("HTTPS_PROXY", "https_proxy", "httpsProxy"):
        assert options(only(read({"PROXY_URL": "http://a", key: "http://b"}), ast.Server)) == {"proxy": "http://b"}


def test_settings_of_the_terminal_are_no_declarations() -> None:
    transcript = read(
        {
            "CLAUDE_PATH": "/c",
            "NON_INTERACTIVE_MODE": "true",
            "StatusLine": {"enabled": True},
            "ANTHROPIC_SMALL_FAST_MODEL": "h",
        }
    )
    assert tree(transcript).statements == ()
    assert transcript.settings == {
        "CLAUDE_PATH": "/c",
        "NON_INTERACTIVE_MODE": True,
        "StatusLine": {"enabled": True},
        "ANTHROPIC_SMALL_FAST_MODEL": "h",
    }


# ---- broken files ----------------------------------------------------------------------------------------------------------------

BROKEN = sorted((Path(__file__).parent / "broken").glob("*.json"))


@pytest.mark.parametrize("case", BROKEN, ids=lambda path: path.stem)
def test_broken_files_say_where_and_what(case: Path) -> None:
    transcript = read_config(SourceFile("config.json", case.read_bytes().decode("utf-8", "surrogateescape")))
    said = "".join(
        f"{each.at}: {each.level.value}[{each.code.number}]: {each.message}\n  {each.label}\n  {each.help}\n"
        for each in transcript.diagnostics
    )
    assert transcript.file is None
    assert said == case.with_suffix(".txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("given", [["$KEY_A", "$KEY_B", "sk-c"], ["$KEY_A"]])
def test_an_api_key_may_be_a_list_h10(given: list[str]) -> None:
    provider = next(
        each
        for each in tree(read({"Providers": [{"name": "p", "api_key": given}]})).statements
        if isinstance(each, ast.Provider)
    )
    (option,) = [each for each in provider.body if isinstance(each, ast.Option)]
    assert option.name.text == "keys" and isinstance(option.value, ast.ListValue)
    assert [item.text for item in option.value.items] == [text.replace("$", "env.") for text in given]


def test_pictures_are_put_into_words_by_who_would_get_the_requests() -> None:
    router = {"default": "p,m", "image": "p,eyes"}
    printed = as_rules(read({"forceUseImageAgent": True, "Router": router}))
    assert 'use describe_images(by = "p/eyes")' in printed and "last.image" not in printed
    assert "when last.image route p/eyes" in as_rules(read({"forceUseImageAgent": False, "Router": router}))
    alone = read({"forceUseImageAgent": True, "Router": {"default": "p,m"}})
    assert codes(alone) == ["CCR909"] and "Router.image" in alone.diagnostics[0].message
    behind = read({"forceUseImageAgent": True, "Router": router, "fallback": {"image": ["p,m"]}})
    assert codes(behind) == ["CCR909"] and "fallback.image" in behind.diagnostics[0].message
