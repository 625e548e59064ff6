"""`ccr user`: keys of people who share a ccr, made, shown once, kept as hashes."""

import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.test_serve import environment, serving, write

ASK = b'{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}'


def user(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "ccr", "user", *words]
    return subprocess.run(
        command, capture_output=True, text=True, cwd=home, env=environment(home, {}), timeout=20, check=False
    )


def made(home: Path, *words: str) -> str:
    """The key that a command made."""
    done = user(home, *words, "--json")
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["key"])


def file(home: Path) -> Path:
    return home / ".claude-code-router" / "users.ccr"


def test_a_key_is_shown_once_and_its_hash_kept(tmp_path: Path) -> None:
    done = user(tmp_path, "add", "alice")
    assert done.returncode == 0
    said = done.stdout
    settings = json.loads(said[said.index("{") : said.index("\n}\n") + 3])
    key = settings["env"]["ANTHROPIC_AUTH_TOKEN"]
    assert key.startswith("ccr-") and len(key) > 40
    assert settings["env"]["ANTHROPIC_BASE_URL"] == "http://127.0.0.1:3456"
    assert f'"ANTHROPIC_CUSTOM_HEADERS": "x-ccr-key: {key}"' in said
    assert "everybody needs a key from now on, you too" in said
    kept = file(tmp_path).read_text()
    assert f'user alice {{ key = "sha256:{sha256(key.encode()).hexdigest()}" }}' in kept and key not in kept
    if os.name == "posix":
        assert file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert key not in user(tmp_path, "list").stdout
    assert key != made(tmp_path, "add", "bob")
    assert "everybody" not in user(tmp_path, "add", "carol").stdout


def test_the_address_is_the_one_that_others_reach(tmp_path: Path) -> None:
    write(
        tmp_path, "rules/a.ccr", 'server { port = 4000; hosts = [ccr.corp.example]; tls_cert = "c"; tls_key = "k" }\n'
    )
    assert '"ANTHROPIC_BASE_URL": "https://ccr.corp.example:4000"' in user(tmp_path, "add", "alice").stdout


def test_people_come_and_go_while_it_serves(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.ccr", 'when user == alice deny 418 "it is alice"\ndefault deny 418 "somebody"\n')
    alice = made(tmp_path, "add", "alice")
    with serving(tmp_path, "--watch") as ccr:
        assert ccr.post(ASK)[0] == 401
        assert b"it is alice" in ccr.post(ASK, {"x-ccr-key": alice})[2]
        bob = made(tmp_path, "add", "bob")
        ccr.line("live: ")
        assert b"somebody" in ccr.post(ASK, {"authorization": f"Bearer {bob}"})[2]
        again = made(tmp_path, "rotate", "alice")
        ccr.line("live: ")
        assert ccr.post(ASK, {"x-ccr-key": alice})[0] == 401
        assert b"it is alice" in ccr.post(ASK, {"x-ccr-key": again})[2]
        assert user(tmp_path, "remove", "bob").returncode == 0
        ccr.line("live: ")
        assert ccr.post(ASK, {"x-api-key": bob})[0] == 401
        hashed = sha256(again.encode()).hexdigest()
        assert ccr.post(ASK, {"x-api-key": f"sha256:{hashed}"})[0] == 401  # what the file says is no key


def test_people_are_known_wherever_the_rules_are(tmp_path: Path) -> None:
    key = made(tmp_path, "add", "alice")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.ccr").write_text('default deny 418 "hello"\n')
    with serving(tmp_path, "other") as ccr:
        assert ccr.post(ASK)[0] == 401
        assert ccr.post(ASK, {"x-ccr-key": key})[0] == 418


def test_what_a_person_wrote_beside_stays(tmp_path: Path) -> None:
    user(tmp_path, "add", "alice")
    user(tmp_path, "add", "bob")
    file(tmp_path).write_text("# of ours\n" + file(tmp_path).read_text() + "\n# the end\n")
    assert user(tmp_path, "rotate", "alice").returncode == 0
    assert user(tmp_path, "remove", "alice").returncode == 0
    text = file(tmp_path).read_text()
    assert text.startswith("# of ours\n") and text.endswith("\n# the end\n")
    assert "alice" not in text and text.count("user ") == 1
    backups = list((tmp_path / ".claude-code-router" / "backups").iterdir())
    assert len(backups) == 3 and all(each.name.endswith("users.ccr") for each in backups)


@pytest.mark.parametrize("name", ["alice.b", "Ann", "2nd", "ann@corp.example"])
def test_names_that_are_no_words_of_the_language_are_quoted(tmp_path: Path, name: str) -> None:
    made(tmp_path, "add", name)
    assert json.loads(user(tmp_path, "list", "--json").stdout)["users"][0]["name"] == name
    assert user(tmp_path, "rotate", name).returncode == 0
    assert user(tmp_path, "remove", name).returncode == 0
    assert "nobody yet" in user(tmp_path, "list").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "alice"), "alice has a key already; `ccr user rotate alice` makes another"),
        (("rotate", "zoe"), "zoe is not in ~/.claude-code-router/users.ccr; there is: alice"),
        (("remove", "zoe"), "zoe is not in ~/.claude-code-router/users.ccr; there is: alice"),
        (("add", "a b"), "a name is letters, digits and"),
        (("add", 'a" }'), "a name is letters, digits and"),
        (("add", ""), "a name is letters, digits and"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_changes(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    made(tmp_path, "add", "alice")
    before = file(tmp_path).read_bytes()
    done = user(tmp_path, *words)
    assert done.returncode == 2 and said in done.stderr.replace(
        ".claude-code-router/users", "~/.claude-code-router/users"
    ).replace("~/~/", "~/")
    assert file(tmp_path).read_bytes() == before


def test_a_file_with_mistakes_is_not_touched(tmp_path: Path) -> None:
    broken = write(tmp_path, "users.ccr", "user alice { key = \n")
    for words in (("add", "bob"), ("list",), ("remove", "alice")):
        done = user(tmp_path, *words)
        assert done.returncode == 1 and "users.ccr:1" in done.stderr and "nothing was changed" in done.stderr
    assert broken.read_text() == "user alice { key = \n"


def test_a_name_of_the_rules_is_taken(tmp_path: Path) -> None:
    write(tmp_path, "rules/a.ccr", 'user alice { key = "k" }\n')
    assert "alice has a key already" in user(tmp_path, "add", "alice").stderr


def test_without_anybody_it_says_so(tmp_path: Path) -> None:
    assert "nobody yet" in user(tmp_path, "list").stdout
    assert list(tmp_path.iterdir()) == []
    made(tmp_path, "add", "alice")
    assert "no key is left" in user(tmp_path, "remove", "alice").stdout
