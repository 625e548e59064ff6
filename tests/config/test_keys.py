"""The table of keys: what is found under which spelling, and that the example file shows every one."""

from pathlib import Path

import pytest

from ccr.config.keys import BUILT_IN, FALLBACK, LAUNCHER, PROVIDER, ROOT, ROUTER, TABLES, Kind, find, plain
from ccr.config.read import read_config
from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.source import SourceFile
from ccr.routing.options import BLOCKS

EXAMPLE = Path(__file__).parents[2] / "examples" / "config.example.json"


def test_the_example_loads_without_an_error() -> None:
    transcript = read_config(SourceFile("config.example.json", EXAMPLE.read_text(encoding="utf-8")))
    assert transcript.file is not None
    assert [each.message for each in transcript.diagnostics if each.level is not Severity.NOTE] == []


@pytest.mark.parametrize("where", TABLES)
def test_the_example_shows_every_key(where: str) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert [key for key in TABLES[where] if f'"{key}"' not in text] == []


def test_every_line_of_the_example_that_is_switched_off_can_be_switched_on() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    on = [line.replace("// ", "", 1) if line.lstrip().startswith(('// "', "// {")) else line for line in lines]
    transcript = read_config(SourceFile("config.json", "\n".join(on)))
    assert [each.message for each in transcript.diagnostics if each.level is not Severity.NOTE] == []
    assert not {"CCR903", "CCR902"} & {each.code.number for each in transcript.diagnostics}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_no_two_keys_go_by_one_name(table: dict[str, object]) -> None:
    assert len({plain(name) for name in table}) == len(table)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("providers", "Providers"), ("log", "LOG"), ("apiKey", "APIKEY"), ("api_timeout_ms", "API_TIMEOUT_MS"),
        ("httpsProxy", "HTTPS_PROXY"), ("CLAUDE_EXECUTABLE_PATH", "CLAUDE_PATH"), ("statusline", "StatusLine"),
    ],
)  # fmt: skip
def test_keys_are_found_in_any_case(written: str, name: str) -> None:
    found = find(ROOT, written)
    assert found is not None and found.name == name


def test_every_option_is_one_that_rule_files_have() -> None:
    assert {key.option for key in ROOT.values() if key.option} <= set(BLOCKS["server"])
    assert {key.option for key in PROVIDER.values() if key.option} <= set(BLOCKS["provider"])


def test_every_scenario_can_fall_back() -> None:
    assert set(FALLBACK) == {name for name, key in ROUTER.items() if key.kind is Kind.TEXT}
    assert set(LAUNCHER) <= set(ROOT)


def test_built_in_names_are_known_by_their_lower_case() -> None:
    assert all(lower == name.lower() for lower, name in BUILT_IN.items()) and len(BUILT_IN) == 24


REFERENCE = {
    "": "PORT HOST APIKEY LOG LOG_LEVEL LOG_FILE API_TIMEOUT_MS PROXY_URL HTTPS_PROXY https_proxy httpsProxy Providers providers Router "
    "fallback transformers plugins Plugins StatusLine CUSTOM_ROUTER_PATH REWRITE_SYSTEM_PROMPT NON_INTERACTIVE_MODE CLAUDE_PATH "
    "ANTHROPIC_SMALL_FAST_MODEL forceUseImageAgent CLAUDE_EXECUTABLE_PATH noServer claudeCodeSettings schema template "
    "configMappings userValues",
    "Providers[]": "name api_base_url api_key models transformer tokenizer",
    "Router": "default background think longContext longContextThreshold webSearch image",
    "fallback": "default background think longContext webSearch",
    "transformers[]": "path options",
}
"""What claude-code-router 1.0.31 to 2.0.0 documents or reads of config.json (its README, its code, 22 Nov 2026)."""


@pytest.mark.parametrize("where", REFERENCE)
def test_every_key_of_the_reference_is_known(where: str) -> None:
    assert [name for name in REFERENCE[where].split() if find(TABLES[where], name) is None] == []
