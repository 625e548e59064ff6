"""Whether somebody is logged in at Anthropic, and what a repository is called."""

import json
from pathlib import Path

import pytest

from ccr.launcher.login import logged_in, repository, repository_name

NAMES = {
    "git@github.com:acme/payments.git": "github.com/acme/payments",
    "ssh://git@github.com:22/acme/payments.git": "github.com/acme/payments",
    "https://me:secret@github.com/acme/payments": "github.com/acme/payments",
    "https://git.corp.example:8443/a/b/c.git/": "git.corp.example/a/b/c",
    "https://github.com/acme/@scope": "github.com/acme/@scope",
    "github-work:acme/payments.git": "github-work/acme/payments",
    "/srv/git/payments.git": "",
    "../payments": "",
    "C:/git/payments": "",
    "file:///srv/git/payments": "",
    "": "",
}


@pytest.mark.parametrize("url", NAMES)
def test_a_repository_is_called_by_its_remote(url: str) -> None:
    assert repository_name(url) == NAMES[url]


def test_a_folder_without_a_repository_has_none(tmp_path: Path) -> None:
    assert repository(tmp_path) == ""


@pytest.mark.parametrize("named", ["", "elsewhere"])
def test_a_login_is_seen_by_its_file(tmp_path: Path, named: str) -> None:
    environment = {"HOME": str(tmp_path)} | ({"CLAUDE_CONFIG_DIR": str(tmp_path / named)} if named else {})
    folder = tmp_path / (named or ".claude")
    folder.mkdir()
    assert not logged_in(environment)
    (folder / ".credentials.json").write_text(json.dumps({"mcpOAuth": {}}))
    assert not logged_in(environment)
    (folder / ".credentials.json").write_text(json.dumps({"claudeAiOauth": {"accessToken": "x"}}))
    assert logged_in(environment)


def test_a_token_of_setup_token_is_a_login(tmp_path: Path) -> None:
    assert logged_in({"HOME": str(tmp_path), "CLAUDE_CODE_OAUTH_TOKEN": "sk-ant-oat01-x"})
