"""The variables Claude Code is started with (amendments S6)."""

from hypothesis import given
from hypothesis import strategies as st

from ccr.launcher.environment import Wishes, applied, changes

URL = "http://127.0.0.1:3456"


def made(person: dict[str, str] | None = None, **wishes: object) -> dict[str, str]:
    return applied(person or {}, changes(person or {}, Wishes(URL, **wishes)))  # type: ignore[arg-type]


def test_nobody_is_logged_in_and_the_proxy_asks_for_nothing() -> None:
    assert made(project="/home/me/work", repo="github.com/acme/payments") == {
        "ANTHROPIC_BASE_URL": URL,
        "ANTHROPIC_AUTH_TOKEN": "ccr",
        "NO_PROXY": "127.0.0.1,localhost",
        "API_TIMEOUT_MS": "600000",
        "DISABLE_TELEMETRY": "1",
        "DISABLE_COST_WARNINGS": "1",
        "CLAUDE_CODE_GATEWAY_HINT_HEADERS": "1",
        "CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY": "1",
        "ANTHROPIC_CUSTOM_HEADERS": "x-ccr-project: /home/me/work\nx-ccr-repo: github.com/acme/payments",
    }


def test_the_proxys_key_is_the_token() -> None:
    assert made({"ANTHROPIC_AUTH_TOKEN": "another gateway's"}, key="ours")["ANTHROPIC_AUTH_TOKEN"] == "ours"


def test_a_login_stays_a_login() -> None:
    """No token is set, nothing of the person's is taken, and the proxy's key goes beside it (S7, rulings R37)."""
    variables = made({"ANTHROPIC_API_KEY": "sk-ant-api"}, login=True, key="ours")
    assert "ANTHROPIC_AUTH_TOKEN" not in variables
    assert variables["ANTHROPIC_API_KEY"] == "sk-ant-api"
    assert variables["ANTHROPIC_CUSTOM_HEADERS"] == "x-ccr-key: ours"


def test_what_leads_past_the_proxy_goes() -> None:
    person = {
        "ANTHROPIC_API_KEY": "sk-ant-api",
        "CLAUDE_CODE_USE_BEDROCK": "1",
        "CLAUDE_CODE_USE_VERTEX": "0",
        "HOME": "/me",
    }
    told = changes(person, Wishes(URL))
    assert told.to_unset == ("CLAUDE_CODE_USE_BEDROCK", "CLAUDE_CODE_USE_VERTEX", "ANTHROPIC_API_KEY")
    assert applied(person, told)["HOME"] == "/me"


def test_what_the_person_set_stays() -> None:
    person = {
        "NO_PROXY": ".corp, 10.0.0.1",
        "no_proxy": "localhost",
        "API_TIMEOUT_MS": "5",
        "DISABLE_TELEMETRY": "0",
        "ANTHROPIC_SMALL_FAST_MODEL": "mine",
        "ANTHROPIC_CUSTOM_HEADERS": "x-team: a\nX-CCR-Project: /elsewhere",
        "CCR_PROFILE": "night",
    }
    variables = made(person, project="/here", small_model="claude-haiku-5-5", timeout=1000)
    assert variables["NO_PROXY"] == ".corp,10.0.0.1,127.0.0.1,localhost"
    assert variables["no_proxy"] == "localhost,127.0.0.1"
    assert (variables["API_TIMEOUT_MS"], variables["DISABLE_TELEMETRY"]) == ("5", "0")
    assert variables["ANTHROPIC_SMALL_FAST_MODEL"] == "mine"
    assert variables["ANTHROPIC_CUSTOM_HEADERS"] == "x-team: a\nX-CCR-Project: /elsewhere\nx-ccr-profile: night"


def test_a_folder_that_is_not_ascii_can_still_be_told() -> None:
    assert (
        made(project="/home/me/größe 1")["ANTHROPIC_CUSTOM_HEADERS"]
        == "x-ccr-project: UTF-8''/home/me/gr%C3%B6%C3%9Fe%201"
    )


def test_not_interactive() -> None:
    variables = made(non_interactive=True)
    assert (variables["CI"], variables["TERM"], variables["FORCE_COLOR"]) == ("true", "dumb", "0")


@given(st.dictionaries(st.text("ABCDEFGHIJ_", min_size=1), st.text("abc,:\n*=' ")), st.booleans(), st.text("k"))
def test_doing_it_again_changes_nothing(person: dict[str, str], login: bool, key: str) -> None:
    wishes = Wishes(URL, key=key, login=login, project="/x")
    once = applied(person, changes(person, wishes))
    assert applied(once, changes(once, wishes)) == once
