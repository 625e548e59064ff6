"""The machine's own logins: keys of AWS that sign each request, and tokens of Microsoft Entra that are kept."""

import json
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from ccr.dialects.wire import WireRequest
from ccr.messages.errors import ApiError, ErrorKind
from ccr.providers.microsoft import scope_of
from ccr.upstream.login_amazon import AmazonLogin
from ccr.upstream.login_microsoft import MicrosoftLogin
from ccr.upstream.sigv4 import Credentials, Scope, signature_headers
from tests.fake_upstream import anthropic_events, in_thread, stream, whole
from tests.running import running, write

HOST = "https://bedrock-runtime.eu-central-1.amazonaws.com"
WIRE = WireRequest(f"{HOST}/model/x%3A0/invoke", b'{"a":1}')
KEYS = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "the-secret-key"}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def _shown(login: AmazonLogin | MicrosoftLogin, wire: WireRequest = WIRE) -> dict[str, str] | str:
    shows = login.ready() or login.renew()
    told = shows if isinstance(shows, ApiError) else shows(wire)
    if isinstance(told, ApiError):
        assert told.kind is ErrorKind.AUTHENTICATION
        return told.message
    return dict(told)


def _access(login: AmazonLogin, wire: WireRequest = WIRE) -> str:
    told = _shown(login, wire)
    assert isinstance(told, dict), told
    return told["authorization"].split("Credential=")[1].split(", ")[0]


# ---- Amazon ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "place"),
    [
        ("bedrock-runtime.eu-central-1.amazonaws.com", "eu-central-1/bedrock"),
        ("bedrock-runtime-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1/bedrock"),
        ("bedrock-runtime.cn-north-1.amazonaws.com.cn", "cn-north-1/bedrock"),
        ("vpce-1.bedrock-runtime.us-east-1.vpce.amazonaws.com", "us-east-1/bedrock"),
        ("bedrock-mantle.us-east-1.api.aws", "us-east-1/bedrock-mantle"),
        ("gateway.example", "ap-south-1/bedrock"),
    ],
)
def test_a_request_is_signed_for_the_place_its_host_names(host: str, place: str) -> None:
    login = AmazonLogin({**KEYS, "AWS_REGION": "ap-south-1"})
    today = datetime.now(UTC).strftime("%Y%m%d")
    access = _access(login, WireRequest(f"https://{host}/x", b""))
    assert access.replace(today, "DAY") == f"AKID/DAY/{place}/aws4_request"


def test_a_place_that_nothing_says_is_asked_for() -> None:
    told = _shown(AmazonLogin(KEYS), WireRequest("https://gateway.example/x", b""))
    assert told == "nothing says which AWS region to sign for: set AWS_REGION"


def _files(folder: Path) -> dict[str, str]:
    write(folder, "credentials", "[default]\naws_access_key_id = AK-FILE\naws_secret_access_key = s\n\n[work]\naws_access_key_id=AK-WORK\naws_secret_access_key=s\naws_session_token=t-1\n")  # fmt: skip
    write(folder, "config", "[default]\nregion = x\n\n[profile other]\naws_access_key_id = AK-OTHER\naws_secret_access_key = s%n\n")  # fmt: skip
    names = {"AWS_SHARED_CREDENTIALS_FILE": "credentials", "AWS_CONFIG_FILE": "config"}
    return {variable: str(folder / name) for variable, name in names.items()}


@pytest.mark.parametrize(
    ("variables", "key", "token"),
    [
        ({}, "AK-FILE", None),
        ({"AWS_PROFILE": "work"}, "AK-WORK", "t-1"),
        ({"AWS_PROFILE": "other"}, "AK-OTHER", None),
        ({**KEYS, "AWS_PROFILE": "work"}, "AKID", None),
        ({**KEYS, "AWS_SESSION_TOKEN": "t-2"}, "AKID", "t-2"),
        ({"AWS_ACCESS_KEY_ID": "half"}, "AK-FILE", None),
    ],
)
def test_whose_keys_are_taken(tmp_path: Path, variables: dict[str, str], key: str, token: str | None) -> None:
    told = _shown(AmazonLogin({**_files(tmp_path), **variables}))
    assert isinstance(told, dict) and f"Credential={key}/" in told["authorization"]
    assert told.get("x-amz-security-token") == token


@pytest.mark.parametrize("content", [None, "", "no ini at all", "[default]\naws_access_key_id = x\n", "\0\xff"])
def test_without_keys_it_is_said_where_they_are_looked_for(tmp_path: Path, content: str | None) -> None:
    variables = {"AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "a"), "AWS_CONFIG_FILE": str(tmp_path / "b")}
    if content is not None:
        write(tmp_path, "a", content)
    told = _shown(AmazonLogin(variables))
    assert isinstance(told, str) and "AWS_ACCESS_KEY_ID" in told and "aws configure" in told


def test_files_are_looked_at_again_after_a_while(tmp_path: Path) -> None:
    clock, variables = Clock(), _files(tmp_path)
    login = AmazonLogin(variables, clock)
    assert _access(login).startswith("AK-FILE/")
    write(tmp_path, "credentials", "[default]\naws_access_key_id = AK-NEW\naws_secret_access_key = s\n")
    assert _access(login).startswith("AK-FILE/") and login.ready() is not None
    clock.now += 61
    assert login.ready() is None and _access(login).startswith("AK-NEW/")


def test_what_arrives_is_what_was_signed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**KEYS, "AWS_SESSION_TOKEN": "t-3", "AWS_REGION": "eu-central-1"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_BEARER_TOKEN_BEDROCK", raising=False)
    monkeypatch.setattr("ccr.upstream.signing._logins", {})
    with in_thread(stream(*anthropic_events("Hello"))) as upstream:
        write(
            tmp_path,
            "rules/10.ccr",
            f'provider bedrock {{ url = "{upstream.url}/anthropic" }}\nroute bedrock/anthropic.claude-x:0\n',
        )
        with running(tmp_path) as ccr:
            assert ccr.ask("é", stream=True).text == "Hello"
    (sent,) = upstream.requests
    headers = dict(sent.headers)
    when = datetime.strptime(headers["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    assert abs(when.timestamp() - time.time()) < 60 and headers["x-amz-security-token"] == "t-3"
    scope, keys = Scope("eu-central-1", "bedrock", when), Credentials("AKID", "the-secret-key", "t-3")
    kind = (("content-type", headers["content-type"]),)
    again = dict(signature_headers("POST", f"http://{headers['host']}{sent.path}", kind, sent.body, keys, scope))
    assert headers["authorization"] == again["authorization"] and "the-secret-key" not in str(headers)


def test_a_key_of_bedrock_s_own_is_shown_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    with in_thread(stream(*anthropic_events("Hello"))) as upstream:
        rules = f'provider bedrock {{ url = "{upstream.url}/anthropic"; key = "ABSK-1234567" }}\nroute bedrock/m\n'
        write(tmp_path, "rules/10.ccr", rules)
        with running(tmp_path) as ccr:
            assert ccr.ask(stream=True).text == "Hello"
    assert dict(upstream.requests[0].headers)["authorization"] == "Bearer ABSK-1234567"


# ---- Microsoft ------------------------------------------------------------------------------------------------------

ENTRA = {"AZURE_TENANT_ID": "tenant-1", "AZURE_CLIENT_ID": "client-1", "AZURE_CLIENT_SECRET": "a secret&of mine"}
SCOPE = "https://cognitiveservices.azure.com/.default"


@pytest.mark.parametrize(
    ("host", "scope"), [("x.openai.azure.com", SCOPE), ("x.services.ai.azure.com", "https://ai.azure.com/.default")]
)
def test_a_token_is_asked_for_what_the_host_is(host: str, scope: str) -> None:
    assert scope_of(host) == scope


def _direct(url: str) -> str:
    return ""


def test_a_token_is_got_with_the_applications_secret_and_kept_until_shortly_before_its_end() -> None:
    tokens = [whole({"access_token": f"t-{n}", "expires_in": 3600, "token_type": "Bearer"}) for n in (1, 2)]
    clock = Clock()
    with in_thread(*tokens) as entra:
        login = MicrosoftLogin(SCOPE, _direct, {**ENTRA, "AZURE_AUTHORITY_HOST": entra.url + "/"}, clock)
        assert login.ready() is None
        assert _shown(login) == _shown(login) == {"authorization": "Bearer t-1"}
        clock.now += 3299
        assert _shown(login) == {"authorization": "Bearer t-1"}
        clock.now += 2
        assert _shown(login) == {"authorization": "Bearer t-2"}
    first = entra.requests[0]
    assert first.path == "/tenant-1/oauth2/v2.0/token" and len(entra.requests) == 2
    form = {"grant_type": "client_credentials", "client_id": "client-1", "client_secret": "a secret&of mine", "scope": SCOPE}  # fmt: skip
    assert {name: value for name, (value,) in parse_qs(first.body.decode()).items()} == form


def test_a_token_of_the_environment_is_shown_as_it_is() -> None:
    login = MicrosoftLogin(SCOPE, _direct, {**ENTRA, "AZURE_OPENAI_AD_TOKEN": "eyJ.a.b"})
    assert login.ready() is not None and _shown(login) == {"authorization": "Bearer eyJ.a.b"}


@pytest.mark.parametrize("missing", sorted(ENTRA))
def test_without_a_login_it_is_said_what_to_set(missing: str) -> None:
    told = _shown(MicrosoftLogin(SCOPE, _direct, {name: value for name, value in ENTRA.items() if name != missing}))
    assert isinstance(told, str) and "AZURE_CLIENT_SECRET" in told and "AZURE_OPENAI_AD_TOKEN" in told


REFUSED = {
    "error": "invalid_client",
    "error_description": "AADSTS7000215: Invalid client secret provided: a secret&of mine.\r\nTrace ID: 1",
}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (whole(REFUSED, status=401), "AADSTS7000215: Invalid client secret provided: ***."),
        (whole({"token_type": "Bearer"}), "it gave no token"),
        (whole(b"<html>", status=502), "it answered 502"),
        (whole(b"<html>"), "Expecting value"),
    ],
)
def test_a_login_that_fails_says_why_and_is_tried_again(answer: object, words: str) -> None:
    with in_thread(answer, whole({"access_token": "t-9", "expires_in": 3600})) as entra:  # type: ignore[arg-type]
        login = MicrosoftLogin(SCOPE, _direct, {**ENTRA, "AZURE_AUTHORITY_HOST": entra.url})
        told = _shown(login)
        assert isinstance(told, str) and told.startswith("the login to Microsoft Entra failed: ") and words in told
        assert "secret&of" not in told and "Trace ID" not in told
        assert _shown(login) == {"authorization": "Bearer t-9"}


def test_nobody_there_is_told_and_a_proxy_is_asked() -> None:
    asked: list[str] = []

    def proxy_for(url: str) -> str:
        asked.append(url)
        return "http://127.0.0.1:9"

    told = _shown(MicrosoftLogin(SCOPE, proxy_for, ENTRA))
    assert isinstance(told, str) and "refused" in told
    assert asked == ["https://login.microsoftonline.com/tenant-1/oauth2/v2.0/token"]


@pytest.mark.parametrize("dialect", ["openai_chat", "anthropic"])
def test_a_provider_without_a_key_shows_the_login(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dialect: str
) -> None:
    monkeypatch.setattr("ccr.upstream.signing._logins", {})
    for name in ("AZURE_OPENAI_AD_TOKEN", "AZURE_OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    with (
        in_thread(whole({"access_token": "t-5", "expires_in": 3600})) as entra,
        in_thread(whole({}, status=400)) as upstream,
    ):
        for name, value in {**ENTRA, "AZURE_AUTHORITY_HOST": entra.url}.items():
            monkeypatch.setenv(name, value)
        rules = f'provider azure {{ url = "{upstream.url}/v1"; dialect = {dialect} }}\ndefault route requested\n'
        write(tmp_path, "rules/10.ccr", rules)
        with running(tmp_path) as ccr:
            assert ccr.ask(stream=True, model="azure/m").status == 400
    assert dict(upstream.requests[0].headers)["authorization"] == "Bearer t-5"
    assert json.loads(upstream.requests[0].body)["model"] == "m"
