"""Each scheme's headers, and whose credential is passed on."""

import asyncio
import json
import sys
from functools import cache
from pathlib import Path

import pytest

from ccr.dialects.wire import WireRequest
from ccr.messages.errors import ApiError, ErrorKind
from ccr.routing.plan import KeyUse
from ccr.routing.secret import Secret
from ccr.upstream import signing
from ccr.upstream.signing import show, sign
from tests.fake_upstream import in_thread, whole

KEY = Secret("k")


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("bearer", (("authorization", "Bearer k"),)),
        ("x-api-key", (("x-api-key", "k"),)),
        ("x-goog-api-key", (("x-goog-api-key", "k"),)),
        ("api-key", (("api-key", "k"),)),
        ("none", ()),
    ],
)
def test_schemes(scheme: str, expected: tuple[tuple[str, str], ...]) -> None:
    assert sign(KeyUse(scheme, KEY), (("authorization", "Bearer sk-ant-caller"),)) == expected


def test_without_a_secret_nothing_is_shown() -> None:
    assert sign(KeyUse("bearer"), ()) == ()
    assert sign(KeyUse("bearer", Secret("")), ()) == ()


@pytest.mark.parametrize(
    "pair",
    [
        ("authorization", "Bearer sk-ant-oat01-x"),
        ("authorization", "bearer  sk-ant-oat01-x"),
        ("x-api-key", "sk-ant-api03-x"),
    ],
)
def test_the_clients_own_credential_is_passed_on_if_it_is_anthropics_s7(pair: tuple[str, str]) -> None:
    assert sign(KeyUse("client"), (("accept", "a"), pair)) == (pair,)


@pytest.mark.parametrize(
    "value", ["ccr", "test", "dummy", "Bearer ccr", "Bearer test", "sk-or-v1-x", "", "Basic sk-ant-x"]
)
def test_no_other_credential_ever_leaves_1_4(value: str) -> None:
    assert sign(KeyUse("client"), (("authorization", value), ("x-api-key", value))) == ()


def test_an_unknown_scheme_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError):
        sign(KeyUse("smoke-signals", KEY), ())


# ---- Google ---------------------------------------------------------------------------------------------------------


@cache
def _private_key() -> str:
    rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa", reason="google-auth is not installed")
    from cryptography.hazmat.primitives import serialization as form

    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return str(made.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption()).decode())


def account(token_uri: str, name: str = "ccr") -> str:
    """A service account's file as Google writes them, with a key of our own."""
    pytest.importorskip("google.auth", reason="google-auth is not installed")
    email = f"{name}@p1.iam.example"
    return json.dumps({"type": "service_account", "project_id": "p1", "private_key_id": "k1", "private_key": _private_key(), "client_email": email, "token_uri": token_uri})  # fmt: skip


WIRE = WireRequest("http://127.0.0.1:9/v1/messages", b"{}")


def shown(secret: str | None) -> object:
    return asyncio.run(show(KeyUse("google", Secret(secret) if secret is not None else None), (), WIRE))


def test_a_service_account_becomes_a_token_that_is_kept(tmp_path: Path) -> None:
    with in_thread(whole({"access_token": "t-1", "expires_in": 3600, "token_type": "Bearer"})) as google:
        text = account(f"{google.url}/token")
        (tmp_path / "account.json").write_text(text, encoding="utf-8")
        for said in (text, str(tmp_path / "account.json")):
            assert shown(said) == shown(said) == (("authorization", "Bearer t-1"),)
    assert len(google.requests) == 2, "one for each way of saying it"
    assert b"grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer" in google.requests[0].body


def test_the_machines_own_login_is_taken_without_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with in_thread(whole({"access_token": "t-2", "expires_in": 3600})) as google:
        (tmp_path / "adc.json").write_text(account(f"{google.url}/token", "machine"), encoding="utf-8")
        monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "adc.json"))
        monkeypatch.setattr(signing, "_logins", {})
        assert shown(None) == (("authorization", "Bearer t-2"),)


def test_a_token_that_somebody_else_made_is_shown_as_it_is() -> None:
    assert shown("ya29.a-b_c") == (("authorization", "Bearer ya29.a-b_c"),)


def test_a_login_that_is_refused_says_so_and_is_tried_again(tmp_path: Path) -> None:
    refused = whole({"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, status=400)
    with in_thread(refused, whole({"access_token": "t-3", "expires_in": 3600})) as google:
        text = account(f"{google.url}/token", "refused")
        error = shown(text)
        assert isinstance(error, ApiError) and error.kind is ErrorKind.AUTHENTICATION
        assert "login to Google failed" in error.message and "Invalid JWT" in error.message
        assert "PRIVATE" not in error.message
        assert shown(text) == (("authorization", "Bearer t-3"),)


@pytest.mark.parametrize(
    "said", ["/nowhere/account.json", "account.json", "{broken", '{"type":"service_account"}', "{}"]
)
def test_a_key_that_is_no_account_says_so(said: str) -> None:
    pytest.importorskip("google.auth", reason="google-auth is not installed")
    error = shown(said)
    assert isinstance(error, ApiError) and "Google" in error.message


def test_without_the_extra_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "google.auth.exceptions", None)
    error = shown('{"type": "nobody has asked for this one"}')
    assert isinstance(error, ApiError) and "claude-code-rules[vertex]" in error.message
