"""What reverse proxies tell of who asks: believed from those that were named, as far as they vouch for it."""

from typing import Any

import pytest

from ccr.proxy.forwarded import believed

OURS = ("10.0.0.0/8", "fd00::/8", "192.168.1.7")


def scope(client: str, *told: tuple[str, str]) -> dict[str, Any]:
    headers = [(name.encode(), value.encode()) for name, value in told]
    return {"type": "http", "scheme": "http", "client": (client, 4711), "headers": headers}


@pytest.mark.parametrize(
    ("peer", "told", "client"),
    [
        ("10.1.2.3", "203.0.113.9", "203.0.113.9"),
        ("192.168.1.7", "203.0.113.9, 10.9.9.9", "203.0.113.9"),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
        ("10.1.2.3", "127.0.0.1, 203.0.113.9", "203.0.113.9"),  # the first was written by whoever asked
        ("10.1.2.3", "10.5.5.5, 10.6.6.6", "10.5.5.5"),
        ("203.0.113.1", "127.0.0.1", "203.0.113.1"),  # nobody we know
        ("192.168.1.8", "127.0.0.1", "192.168.1.8"),
        ("10.1.2.3", "unknown", "10.1.2.3"),
        ("10.1.2.3", "<script>", "10.1.2.3"),
    ],
)
def test_the_client_is_the_nearest_that_is_no_proxy_of_ours(peer: str, told: str, client: str) -> None:
    assert believed(scope(peer, ("X-Forwarded-For", told)), OURS)["client"][0] == client


def test_the_scheme_is_believed_with_it() -> None:
    assert believed(scope("10.0.0.1", ("x-forwarded-proto", "https")), OURS)["scheme"] == "https"
    assert believed(scope("10.0.0.1", ("x-forwarded-proto", "gopher")), OURS)["scheme"] == "http"
    assert believed(scope("1.2.3.4", ("x-forwarded-proto", "https")), OURS)["scheme"] == "http"


def test_without_headers_and_without_an_address_all_stays() -> None:
    assert believed(scope("10.0.0.1"), OURS) == scope("10.0.0.1")
    assert believed({**scope("x"), "client": None}, OURS)["client"] is None
