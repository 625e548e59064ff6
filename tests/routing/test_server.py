"""`server` and `user` blocks, and the same said in config.json."""

import pytest

from ccr.routing.secret import Secret
from tests.routing.world import loaded, world


def test_options_become_settings() -> None:
    text = 'server { port = 4000; hosts = [ccr.corp.example]; zone = "Europe/Berlin"; log = meta; tokenizer = o200k; key = env.K }'
    settings = world(text, keys=("K",)).settings
    assert (settings.port, settings.hosts, settings.zone) == (4000, ("ccr.corp.example",), "Europe/Berlin")
    assert (settings.log, settings.tokenizer) == ("meta", "o200k")
    assert settings.api_key is not None and settings.api_key.matches("value of K")


def test_rules_win_over_config_json_option_by_option() -> None:
    settings = world(
        "server { port = 4000 }", config={"PORT": 5000, "LOG": True, "PROXY_URL": "http://127.0.0.1:7890"}
    ).settings
    assert (settings.port, settings.log, settings.proxy_url) == (4000, "meta", "http://127.0.0.1:7890")


def test_the_time_limit_holds_for_the_first_byte_between_bytes_and_a_whole_answer() -> None:
    limits = world(config={"API_TIMEOUT_MS": 60000}).settings.limits
    assert (limits.first_byte, limits.idle, limits.whole) == (60, 60, 60)


def test_an_open_host_without_a_key_is_forced_to_loopback() -> None:
    found = loaded('server { host = "0.0.0.0" }')
    assert found.snapshot is not None and found.snapshot.settings.host == "127.0.0.1"
    assert [each.code.number for each in found.diagnostics] == ["CCR705"]


@pytest.mark.parametrize("guard", ['server { key = "k" }', 'user ann { key = "k" }'])
def test_with_a_key_it_is_left_open(guard: str) -> None:
    text = (
        'server { host = "0.0.0.0" }\n' + guard
        if guard.startswith("user")
        else 'server { host = "0.0.0.0"; key = "k" }'
    )
    assert world(text).settings.host == "0.0.0.0"


def test_a_person_whose_key_is_not_set_matches_nobody() -> None:
    settings = world("user ann { key = env.A }\nuser bob { key = env.B }", keys=("A",)).settings
    assert list(settings.users) == ["ann"]
    assert not any(key.matches("") for key in settings.users.values())


@pytest.mark.parametrize(("keys", "key"), [((), "weaker"), (("K",), "value of K")])
def test_a_key_whose_variable_is_not_set_leaves_the_weaker_one(keys: tuple[str, ...], key: str) -> None:
    """A container's policy says `env.CCR_KEY`; without it the APIKEY of a config.json still closes the door."""
    text = 'server { host = "0.0.0.0"; key = env.K }'
    settings = world(text, config={"APIKEY": "weaker"}, keys=keys).settings
    assert settings.api_key is not None and settings.api_key.matches(key)
    assert settings.host == "0.0.0.0"


@pytest.mark.parametrize("text", ["", "sha256:", "sha256: "])
def test_an_empty_key_matches_nobody(text: str) -> None:
    assert not any(Secret(text).matches(each) for each in ("", text, "sha256:", " "))


def test_a_key_may_be_given_as_its_hash() -> None:
    hashed = "sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9"
    key = world(f'user ann {{ key = "{hashed}" }}').settings.users["ann"]
    assert key.matches("hello world")
    assert not key.matches(hashed) and not key.matches("")


def test_what_is_for_the_terminal_is_kept_apart() -> None:
    assert world(config={"CLAUDE_PATH": "/opt/claude"}).settings.launcher == {"CLAUDE_PATH": "/opt/claude"}


def test_networks_of_proxies_are_read_and_what_is_none_is_said() -> None:
    good = world('server { forwarded = ["10.0.0.0/8", "192.168.1.7"] }').settings
    assert good.forwarded == ("10.0.0.0/8", "192.168.1.7")
    found = loaded('server { forwarded = ["10.0.0.0/40", "office", "::/0"] }')
    assert found.snapshot is None
    assert [each.message for each in found.diagnostics] == ["`10.0.0.0/40` is no network", "`office` is no network"]
