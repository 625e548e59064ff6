"""A config.json without its keys, and one merged into another."""

import json
from typing import Any

import pytest

from ccr.config.edit import NotEdited
from ccr.config.portable import exported, left_out, merged, of_preset
from ccr.diagnostics.source import SourceFile

MINE = """\
{
  "APIKEY": "sk-of-the-proxy", // ours
  "Providers": [
    {"name": "deepseek", "api_base_url": "https://a/v1", "api_key": "sk-mine", "models": ["x"]},
    {"name": "302.ai", "api_base_url": "https://b/v1", "api_keys": ["sk-one", "$TWO"]},
  ],
  "Router": {"default": "deepseek,x"},
}
"""


def file(text: str | Any) -> SourceFile:
    return SourceFile("config.json", text if isinstance(text, str) else json.dumps(text))


def test_keys_do_not_travel() -> None:
    told = exported(file(MINE), "all")
    assert "sk-" not in json.dumps(told.tree)
    assert told.tree["APIKEY"] == "$CCR_APIKEY"
    assert told.tree["Providers"][0]["api_key"] == "$DEEPSEEK_API_KEY"
    assert told.tree["Providers"][1]["api_keys"] == ["$P_302_AI_API_KEYS", "$TWO"]
    assert dict(told.variables) == {
        "CCR_APIKEY": "`APIKEY`", "DEEPSEEK_API_KEY": "`api_key` of deepseek", "P_302_AI_API_KEYS": "`api_keys` of 302.ai",
    }  # fmt: skip


def test_parts() -> None:
    assert list(exported(file(MINE), "providers").tree) == ["Providers"]
    assert list(exported(file(MINE), "settings").tree) == ["APIKEY", "Router"]
    assert exported(file(MINE), "providers", with_keys=True).tree["Providers"][0]["api_key"] == "sk-mine"
    with pytest.raises(NotEdited):
        exported(file("{broken"), "all")


THEIRS = {
    "APIKEY": "theirs", "HOST": "0.0.0.0", "LOG": True,
    "Providers": [{"name": "deepseek", "api_base_url": "https://c/v1", "api_key": "$K"}, {"name": "new", "api_base_url": "https://d/v1"}],
    "Router": {"default": "new,y", "think": "new,z"},
}  # fmt: skip


def test_what_one_has_is_kept() -> None:
    made = merged(file(MINE), file(THEIRS))
    assert made.added == ("LOG", "provider new", "Router.think")
    assert made.kept == ("APIKEY", "HOST", "provider deepseek", "Router.default")
    now = exported(file(made.text), "all", with_keys=True).tree
    assert [each["name"] for each in now["Providers"]] == ["deepseek", "302.ai", "new"]
    assert (now["APIKEY"], "HOST" in now, now["Router"]) == (
        "sk-of-the-proxy",
        False,
        {"default": "deepseek,x", "think": "new,z"},
    )
    assert "// ours" in made.text


def test_what_both_have_is_taken_over_but_for_ones_keys() -> None:
    made = merged(file(MINE), file(THEIRS), replace=True)
    assert made.replaced == ("provider deepseek", "Router.default")
    now = exported(file(made.text), "all", with_keys=True).tree
    assert now["Providers"][0] == {"name": "deepseek", "api_base_url": "https://c/v1", "api_key": "sk-mine"}
    assert (now["APIKEY"], now["Router"]["default"]) == ("sk-of-the-proxy", "new,y")


def test_a_list_of_providers_alone_and_again() -> None:
    made = merged(file("{}"), file(THEIRS["Providers"]))
    assert made.added == ("provider deepseek", "provider new")
    again = merged(file(made.text), file(THEIRS["Providers"]))
    assert (again.text, again.added) == (made.text, ())


@pytest.mark.parametrize("text", ["{broken", "3"])
def test_what_is_no_config(text: str) -> None:
    with pytest.raises(NotEdited):
        merged(file(MINE), file(text))


def test_a_preset_starts_nothing_and_leads_nobody_elsewhere() -> None:
    harmless = {"Router": {"default": "a,#{model}"}, "StatusLine": {"default": {"modules": [{"type": "model"}]}}}
    harmful = {
        "CUSTOM_ROUTER_PATH": "/x.py", "claude_path": "/x", "transformers": [{"path": "/x.py"}], "PROXY_URL": "http://x",
        "HTTPS_PROXY": "http://x", "APIKEY": "k", "HOST": "0.0.0.0", "REWRITE_SYSTEM_PROMPT": "/x",
    }  # fmt: skip
    about = {"name": "p", "description": "d", "schema": [{"id": "model"}], "noServer": True, "unheard": 1}
    assert of_preset({**about, **harmless, **harmful}, {"model": "m"}) == {**harmless, "Router": {"default": "a,m"}}
    assert left_out({**about, **harmless, **harmful}) == tuple(harmful)
    scripted = {"StatusLine": {"default": {"modules": [{"type": "script", "scriptPath": "/x"}]}}}
    assert (of_preset(scripted, {}), left_out(scripted)) == ({}, ("StatusLine",))
    assert of_preset({**harmful, "template": harmless}, {}) == harmless
