"""A marked key goes through every door there is, working and broken, and comes out nowhere (acceptance N1)."""

import json
from collections.abc import Iterator
from pathlib import Path
from traceback import format_exception

import msgspec
import pytest
from click.testing import CliRunner

from ccr.cli.main import group
from tests.fake_upstream import FakeUpstream, Received, Script, Silence, anthropic_events, in_thread, raw, stream, whole
from tests.running import Answer, Running, running, write

MARK = "sk-ant-test-S3CR3T-0123456789abcdef"
GUARD = "guard-S3CR3T-key"
LOGIN = "sk-ant-oat-S3CR3T-login"

SCRIPTS = {
    "good": stream(*anthropic_events("hello")),
    "refusing": whole(
        {"type": "error", "error": {"type": "authentication_error", "message": "invalid x-api-key"}}, 401
    ),
    "echo": raw(),
    "reset": raw(),
    "html": whole(b"<html>no</html>", 503, headers=(("content-type", "text/html"),)),
    "redirect": whole(b"", 302, headers=(("location", "https://elsewhere.example/"),)),
    "silent": stream(Silence(), head_after=1),
}


def choose(received: Received) -> Script:
    """The provider `echo` says our own key back to us, as some do in their errors."""
    kind = received.path.split("/")[1]
    if kind == "echo":
        said = {
            "type": "error",
            "error": {"type": "authentication_error", "message": f"Incorrect API key provided: {MARK}"},
        }
        return whole(said, 401)
    return SCRIPTS[kind]


@pytest.fixture(scope="module")
def upstream() -> Iterator[FakeUpstream]:
    with in_thread(choose=choose) as upstream:
        yield upstream


def rules(upstream: FakeUpstream) -> str:
    lines = [
        f'provider {kind} {{ url = "{upstream.url}/{kind}/v1/messages"; dialect = anthropic; key = "{MARK}" }}'
        for kind in SCRIPTS
    ]
    lines.append(
        f'provider several {{ url = "{upstream.url}/refusing/v1/messages"; dialect = anthropic; keys = ["{MARK}", "{MARK}-2"] }}'
    )
    lines += [f'server {{ key = "{GUARD}" }}', "set retries = 0", "when target.provider == silent set timeout = 200ms"]
    return "\n".join(lines) + "\ndefault route requested\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory, upstream: FakeUpstream) -> Path:
    home: Path = tmp_path_factory.mktemp("home")
    write(home, "rules/1.ccr", rules(upstream))
    return home


@pytest.fixture(scope="module")
def ccr(home: Path) -> Iterator[Running]:
    with running(home) as ccr:
        yield ccr


def shows(*things: object) -> bool:
    """Whether one of these holds a key, however it is written."""
    return any("S3CR3T" in (thing.decode("latin-1") if isinstance(thing, bytes) else str(thing)) for thing in things)


def ask(ccr: Running, model: str, **body: object) -> Answer:
    return ccr.ask(model=model, headers={"x-ccr-key": GUARD, "authorization": f"Bearer {LOGIN}"}, **body)


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("kind", [*SCRIPTS, "several"])
def test_no_answer_no_header_and_no_record_shows_a_key(
    ccr: Running, kind: str, streamed: bool, caplog: pytest.LogCaptureFixture
) -> None:
    answer = ask(ccr, f"{kind}/m-{streamed}", stream=streamed)
    record = ccr.record(answer)
    assert not shows(answer.body, answer.headers, record, msgspec.json.encode(record), caplog.text)


def test_the_key_did_leave_for_its_provider(ccr: Running, upstream: FakeUpstream) -> None:
    """Or this page would prove nothing."""
    ask(ccr, "good/m")
    assert upstream.requests[-1].headers["x-api-key"] == MARK
    assert GUARD not in str(upstream.requests) and LOGIN not in str(upstream.requests)


@pytest.mark.parametrize("path", ["/health", "/v1/models", "/v1/models/good/m", "/", "/nothing", "/v1/messages"])
@pytest.mark.parametrize("key", ["", GUARD, "wrong-S3CR3T"])
def test_no_door_shows_a_key(ccr: Running, path: str, key: str) -> None:
    answer = ccr.send("GET", path, headers={"x-api-key": key} if key else {})
    assert not shows(answer.body, answer.headers)


def test_a_refused_key_is_not_said_back(ccr: Running) -> None:
    for headers in ({"x-api-key": "my-S3CR3T"}, {"authorization": "Bearer my-S3CR3T"}, {"x-ccr-key": "my-S3CR3T"}):
        answer = ccr.ask(headers=headers)
        assert answer.status == 401 and not shows(answer.body, answer.headers)


def test_a_mistake_of_ours_shows_no_key(
    ccr: Running, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise RuntimeError("a mistake")

    monkeypatch.setattr("ccr.exchange.flow.shape_wire", break_down)
    answer = ask(ccr, "good/crash")
    assert answer.status == 500 and "a mistake in ccr itself" in answer.json["error"]["message"]
    assert "RuntimeError" in caplog.text, "the log tells where it happened"
    assert not shows(answer.body, caplog.text)


def test_a_traceback_with_all_its_values_shows_no_key(ccr: Running) -> None:
    """As crash reporters write them: with the repr of every local."""
    snapshot = ccr.live.current
    assert not shows(repr(snapshot.catalog), repr(snapshot.settings))
    with pytest.raises(TypeError):
        msgspec.json.encode(snapshot.settings)


# ---- the command line ----------------------------------------------------------------------------------------------

BROKEN_RULES = {
    "an unknown option": 'provider p { url = "http://h"; key = "%s"; nonsense = 3 }',
    "a key where none belongs": 'provider p { models = "%s" }\nroute p/m',
    "no end of the text": 'provider p { url = "http://h"; key = "%s }',
    "no end of the block": 'provider p { url = "http://h"; key = "%s"',
    "a key as a bare word": "provider p { key = %s nonsense }",
    "a colon": 'provider p { key: "%s" }',
    "a user's key": 'user alice { key = "%s"; nope = 1 }',
    "a server's key": 'server { key = "%s"; nope = 1 }',
    "a key in an address": 'provider p { url = "https://user:%s@h/v1?key=%s"; nope = 1 }',
}
BROKEN_CONFIGS = {
    "a comma too many": '{"Providers": [{"name": "p", "api_key": "%s",, }]}',
    "no end": '{"Providers": [{"name": "p", "api_key": "%s"',
    "no end of the text": '{"Providers": [{"name": "p", "api_key": "%s}]}',
    "a key that is a list": '{"APIKEY": ["%s"], "Providers": [{"name": "p", "api_key": ["%s", {"a": "%s"}]}]}',
    "unknown keys": '{"Providers": [{"name": "p", "apikey_": "%s", "secret": "%s"}], "password": "%s"}',
    "a key in an address": '{"PROXY_URL": "http://me:%s@proxy", "Providers": [{"name": "p", "api_base_url": "https://h/?key=%s"}]}',
    "a key in a transformer": '{"Providers": [{"name": "p", "transformer": {"use": [["customparams", {"Authorization": "%s"}]]}}]}',
}  # fmt: skip
COMMANDS = [
    ["check"],
    ["check", "--format", "json"],
    ["check", "--strict"],
    ["rules"],
    ["explain", "opus"],
    ["explain", "opus", "--format", "json"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("case", [*BROKEN_CONFIGS, "a whole one"])
def test_no_command_shows_a_key_of_config_json(tmp_path: Path, case: str, words: list[str]) -> None:
    whole_one = json.dumps(
        {"APIKEY": MARK, "Providers": [{"name": "p", "api_key": MARK, "models": ["m"]}], "Router": {"default": "p,m"}}
    )
    text = BROKEN_CONFIGS.get(case, whole_one)
    write(tmp_path, ".claude-code-router/config.json", text.replace("%s", MARK))
    assert not shows(said(tmp_path, *words))


@pytest.mark.parametrize("words", COMMANDS[:3:2], ids=" ".join)
@pytest.mark.parametrize("case", BROKEN_RULES)
def test_no_command_shows_a_key_of_a_rule_file(tmp_path: Path, case: str, words: list[str]) -> None:
    write(tmp_path, ".claude-code-router/rules/1.ccr", BROKEN_RULES[case].replace("%s", MARK))
    assert not shows(said(tmp_path, *words))


@pytest.mark.parametrize("words", COMMANDS[:2], ids=" ".join)
def test_no_traceback_of_the_command_line_shows_a_key(tmp_path: Path, words: list[str]) -> None:
    write(tmp_path, ".claude-code-router/config.json", json.dumps({"APIKEY": MARK}))
    write(tmp_path, ".claude-code-router/rules/1.ccr", 'provider p { url = "http://h"; key = env.P_KEY }\nroute p/m\n')
    assert not shows(said(tmp_path, *words, P_KEY=MARK))


def said(home: Path, *words: str, **variables: str) -> str:
    folder = home / ".claude-code-router"
    result = CliRunner().invoke(group, words, env={"HOME": str(home), "CCR_HOME": str(folder), **variables})
    trace = "".join(format_exception(result.exception)) if result.exception is not None else ""
    assert "Error" not in trace, trace
    return result.output + trace
