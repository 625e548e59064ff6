"""Signatures that AWS published with its test suite for Signature Version 4 (aws-sig-v4-test-suite), made again.

Access key AKIDEXAMPLE, 2015-08-30 12:36:00, region us-east-1, service `service`, host example.amazonaws.com.
"""

from datetime import UTC, datetime

import pytest

from ccr.upstream.sigv4 import Credentials, Scope, signature_headers

KEYS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
SESSION = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA=="
WHEN = datetime(2015, 8, 30, 12, 36, tzinfo=UTC)
HOST = "https://example.amazonaws.com"


def _signed(method: str, path: str, headers: tuple[tuple[str, str], ...] = (), body: bytes = b"", keys: Credentials = KEYS) -> dict[str, str]:  # fmt: skip
    return dict(signature_headers(method, HOST + path, headers, body, keys, Scope("us-east-1", "service", WHEN)))


@pytest.mark.parametrize(
    ("name", "method", "path", "signature"),
    [
        ("get-vanilla", "GET", "/", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
        ("post-vanilla", "POST", "/", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        ("post-vanilla-empty-query-value", "POST", "/?Param1=value1", "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
        ("get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
        ("get-space", "GET", "/example space/", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
    ],
)  # fmt: skip
def test_the_signatures_of_the_suite(name: str, method: str, path: str, signature: str) -> None:
    expected = (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        f"SignedHeaders=host;x-amz-date, Signature={signature}"
    )
    assert _signed(method, path) == {"x-amz-date": "20150830T123600Z", "authorization": expected}, name


def test_a_body_and_its_type_are_signed() -> None:
    kind = (("content-type", "application/x-www-form-urlencoded"),)
    shown = _signed("POST", "/", kind, b"Param1=value1")["authorization"]
    assert "SignedHeaders=content-type;host;x-amz-date" in shown
    assert shown.endswith("Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a")
    assert shown != _signed("POST", "/", kind, b"Param1=value2")["authorization"]


def test_a_session_s_token_is_sent_and_signed() -> None:
    signed = _signed("POST", "/", keys=Credentials(KEYS.access, KEYS.secret, SESSION))
    assert signed["x-amz-security-token"] == SESSION
    assert signed["authorization"].endswith("85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead")


def test_a_model_s_name_is_encoded_once_more_than_it_is_sent() -> None:
    once, raw = (_signed("POST", f"/model/{name}/invoke")["authorization"] for name in ("a%3Ab", "a:b"))
    assert once != raw


def test_keys_do_not_show_themselves() -> None:
    assert "wJalr" not in repr(KEYS)
