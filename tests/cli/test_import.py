"""`ccr import`: an old config.json as rules, its keys as variables, and the proof that both are one world."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from ccr.cli.main import group
from ccr.diagnostics.source import SourceFile
from ccr.lang.tidy import tidy
from ccr.setup.machine import databases_of_version_3

CONFIG = """{
  "Providers": [
    {"name": "deepseek", "api_key": "sk-clear-text-99", "models": ["deepseek-chat", "deepseek-reasoner"],
     "transformer": {"use": ["deepseek"], "deepseek-chat": {"use": [["maxtoken", {"max_tokens": 8192}]]}}},
    {"name": "302.ai", "api_base_url": "https://api.302.ai/v1/chat/completions", "api_key": "it's $5 \\"x\\"", "models": ["gpt-4o"]},
    {"name": "ollama", "models": ["qwen3:4b"]},
  ],
  "Router": {"default": "deepseek,deepseek-chat", "background": "ollama,qwen3:4b", "think": "302.ai,gpt-4o",
             "longContext": "deepseek,deepseek-reasoner", "longContextThreshold": 30000, "webSearch": "302.ai,gpt-4o",
             "image": "302.ai,gpt-4o"},
  "fallback": {"default": ["302.ai,gpt-4o"]},
  "Typo": 1,
}"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CCR_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("DEEPSEEK_API_KEY", "P_302_AI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "config.json").write_text(CONFIG)
    return tmp_path / "home"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["import", *arguments], catch_exceptions=False)


def test_rules_on_one_stream_and_keys_on_the_other(home: Path) -> None:
    result = run()
    assert result.exit_code == 0
    assert "sk-clear-text-99" not in result.stdout and "key    = env.DEEPSEEK_API_KEY" in result.stdout
    assert tidy(SourceFile("printed", result.stdout)) == result.stdout
    assert "DEEPSEEK_API_KEY=sk-clear-text-99" in result.stderr
    lines = result.stderr.splitlines()
    assert all(line.startswith("#") or "=" in line.split()[0] for line in lines), "all of it is a .env file"
    assert any("CCR903" in line for line in lines)
    assert (home / "config.json").read_text() == CONFIG


def test_a_key_with_odd_signs_is_quoted(home: Path) -> None:
    line = next(line for line in run().stderr.splitlines() if line.startswith("P_302_AI_API_KEY"))
    assert line.partition("   #")[0] == """P_302_AI_API_KEY='it'\\''s $5 "x"'"""


def test_both_worlds_decide_alike(home: Path) -> None:
    result = run("--verify")
    assert result.exit_code == 0, result.stderr
    assert "every provider: no difference" in result.stderr


def test_routes_are_written_and_keys_stay(home: Path) -> None:
    target = home / "rules" / "10-routes.ccr"
    result = run("--write", "--verify")
    assert (result.exit_code, result.stdout) == (0, "")
    written = target.read_text()
    assert "provider" not in written.replace("/model provider,model", "").replace("provider,model", "")
    assert "default route deepseek/deepseek-chat or 302.ai/gpt-4o" in written
    assert CliRunner().invoke(group, ["check"]).exit_code == 0
    target.write_text("# mine\n")
    refused = run("--write")
    assert refused.exit_code == 2 and "is there already" in refused.stderr
    assert target.read_text() == "# mine\n"
    assert run("--write", "--force").exit_code == 0 and target.read_text() == written


def test_another_file_is_written_whole(home: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text('{"Providers": [{"name": "lab", "api_base_url": "http://10.0.0.5/v1", "models": ["m"]}]}')
    assert run(str(other), "--write").exit_code == 0
    assert "provider lab" in (home / "rules" / "10-routes.ccr").read_text()


def test_json_tells_rules_variables_and_differences(home: Path) -> None:
    told = json.loads(run("--json", "--verify").stdout)
    assert told["differences"] == [] and told["variables"]["DEEPSEEK_API_KEY"] == "the key of `deepseek`"
    assert "default route deepseek/deepseek-chat" in told["rules"]
    assert "sk-clear-text-99" not in run("--json").stdout


def test_a_broken_file_is_told_with_its_place(home: Path) -> None:
    (home / "config.json").write_text('{\n  "PORT": 1\n  "LOG": true\n}')
    result = run()
    assert (result.exit_code, result.stdout) == (1, "")
    assert "comma" in result.stderr


def test_our_own_log_is_no_settings_of_version_3(home: Path) -> None:
    (home / "config.json").unlink()
    (home / "usage.db").write_bytes(b"SQLite format 3\0" + bytes(84))
    assert "usage.db" not in run().stderr and databases_of_version_3(home) == []
    (home / "settings.db").touch()
    assert databases_of_version_3(home) == [home / "settings.db"] and "settings.db is there" in run().stderr


def test_version_3_is_told_what_to_do(home: Path) -> None:
    (home / "config.json").unlink()
    (home / "config.sqlite").write_bytes(b"SQLite format 3\0" + bytes(84))
    result = run()
    assert result.exit_code == 2 and "config.sqlite is there" in result.stderr and "version 3" in result.stderr
    named = run(str(home / "config.sqlite"))
    assert named.exit_code == 2 and "is a database" in named.stderr


def test_a_javascript_router_is_named(home: Path) -> None:
    (home / "config.json").write_text('{"CUSTOM_ROUTER_PATH": "router.js", "Router": {"default": "ollama,a"}}')
    result = run("--verify")
    assert result.exit_code == 0 and "router.js" in result.stderr and "JavaScript" in result.stderr


def test_a_key_within_an_address_is_named_and_told_apart(home: Path) -> None:
    (home / "config.json").write_text(
        '{"Providers": [{"name": "lab", "api_base_url": "http://me:pw-123@10.0.0.5/v1", "models": ["m"]}]}'
    )
    result = run("--verify")
    assert "pw-123" not in result.stdout and "LAB_LOGIN=me:pw-123" not in result.stdout
    assert "keys within an address are not filled in" in result.stderr
    assert result.exit_code == 1 and "differs: provider lab" in result.stderr


def test_files_that_config_json_names_are_found_from_the_rules_too(home: Path) -> None:
    """`rules/` is another folder than config.json's."""
    config = {
        "CUSTOM_ROUTER_PATH": "router.py",
        "REWRITE_SYSTEM_PROMPT": "./own.txt",
        "Router": {"default": "ollama,a"},
    }
    (home / "config.json").write_text(json.dumps(config))
    (home / "router.py").write_text("def router(request, config):\n    return None\n")
    (home / "own.txt").write_text("Be brief.\n")
    result = run("--verify", "--write")
    assert result.exit_code == 0 and "no difference" in result.stderr
    written = (home / "rules/10-routes.ccr").read_text()
    assert '"~/home/router.py:router"' in written and 'file = "~/home/own.txt"' in written
    checked = CliRunner().invoke(group, ["check"], catch_exceptions=False)
    assert "CCR112" not in checked.output and checked.exit_code == 0
