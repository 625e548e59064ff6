"""docs/coming-from-claude-code-router.md: every key has its line, every command runs with a config.json of the reference, and
config.json is what it was when one goes back."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from ccr.config.keys import TABLES
from ccr.config.read import read_config
from ccr.config.show import as_rules
from ccr.diagnostics.source import SourceFile
from ccr.lang.tidy import tidy
from tests.fake_upstream import in_thread, openai_message, whole
from tests.house.markdown import ROOT, blocks
from tests.house.test_snippets import loads_as_rules
from tests.house.typed import lines
from tests.running import running, write

PATH = ROOT / "docs" / "coming-from-claude-code-router.md"
PAGE = PATH.read_text(encoding="utf-8")
OURS = [
    line
    for block in blocks(PATH)
    if block.language == "sh"
    for line in lines(block.text)
    if re.match("ccr (check|rules|doctor|import|config)", line)
]
CONFIG = """{
  // as the README of claude-code-router shows it
  "Providers": [
    {"name": "openrouter", "api_base_url": "https://openrouter.ai/api/v1/chat/completions", "api_key": "sk-of-nobody",
     "models": ["anthropic/claude-sonnet-4.5", "google/gemini-2.5-pro"], "transformer": {"use": ["openrouter"]}},
  ],
  "Router": {"default": "openrouter,anthropic/claude-sonnet-4.5", "longContext": "openrouter,google/gemini-2.5-pro"},
}
"""
EXPORTED = '{"Providers": [], "Router": {"think": "openrouter,google/gemini-2.5-pro"}, "profiles": []}'


@pytest.mark.parametrize("where", [name for name in TABLES if name in ("", "Providers[]", "Router")])
def test_every_key_has_its_line(where: str) -> None:
    said = set(re.findall(r"`([^`\s]+)`", PAGE))
    assert {key for each in TABLES[where].values() for key in (each.name, *each.others)} - said <= {
        "base_url", "url", "key", "keys", "proxy_url", "transformers",
    }  # fmt: skip


def test_the_commands_run_and_config_json_stays_as_it_is(tmp_path: Path) -> None:
    """In the page's order; only what is told to change it does, and keeps a copy."""
    home = tmp_path / ".claude-code-router"
    write(home, "config.json", CONFIG)
    write(tmp_path, "exported.json", EXPORTED)
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    assert len(OURS) >= 7
    for line in OURS:
        if line == "ccr config import exported.json":
            assert (home / "config.json").read_text() == CONFIG and (home / "rules/10-routes.ccr").is_file()
            line += " --yes"
        words = [sys.executable, "-m", "ccr", *shlex.split(line)[1:]]
        done = subprocess.run(
            words, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )
        # What doctor and check find is found; only a misuse (2) would be the page's fault.
        assert done.returncode in ((0, 1) if line in ("ccr check", "ccr doctor") else (0,)), (line, done.stderr)
        assert "sk-of-nobody" not in done.stdout
    restored = subprocess.run(
        [sys.executable, "-m", "ccr", "config", "restore", "--yes"],
        env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert restored.returncode == 0, restored.stderr
    assert (home / "config.json").read_text() == CONFIG


def test_the_router_that_is_shown_means_the_rules_that_are_shown() -> None:
    shown = {block.language: block.text for block in reversed(blocks(PATH)) if block.language in ("json", "ccr")}
    assert "longContextThreshold" in shown["json"]
    means = as_rules(read_config(SourceFile("c", shown["json"]))).splitlines()
    tokens = [line for line in means if line.startswith(("when tokens", "default"))]
    assert tidy(SourceFile("p", "\n".join(tokens) + "\n")).split() == shown["ccr"].split()


def test_the_rules_beside_those_of_version_3_load() -> None:
    cells = re.findall(r"^\| .* \| `((?:when .*|route [a-z].*))` \|$", PAGE, re.MULTILINE)
    ruled = [each.replace("route …", "route a/x") for each in cells if "python" not in each]
    assert len(ruled) == 4
    for each in ruled:
        loads_as_rules('provider a { url = "http://127.0.0.1:9" }\nprovider b { url = "http://127.0.0.1:9" }\n' + each)


def test_the_router_in_python_chooses(tmp_path: Path) -> None:
    code = next(block.text for block in blocks(PATH) if block.language == "python")
    write(tmp_path, "router.py", code)
    with in_thread(whole(openai_message("explained"))) as upstream:
        at = f"{upstream.url}/v1/chat/completions"
        models = ["other", "anthropic/claude-sonnet-4.5"]
        config = {
            "Providers": [{"name": "openrouter", "api_base_url": at, "api_key": "k", "models": models}],
            "Router": {"default": "openrouter,other"},
            "CUSTOM_ROUTER_PATH": "router.py",
        }
        write(tmp_path, "config.json", json.dumps(config))
        with running(tmp_path) as ccr:
            ccr.ask("please explain this code")
            ccr.ask("hello")
    assert [each.json["model"] for each in upstream.requests] == [models[1], "other"]
