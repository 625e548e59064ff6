"""Words that several floors say of a provider."""

import pytest

from ccr.routing.advice import bare, nothing_listens


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://me:pw@127.0.0.1:11434/api?key=abc#x", "http://127.0.0.1:11434/api"),
        ("https://h/v1", "https://h/v1"),
        ("http://[broken?key=abc", "http://[broken"),
    ],
)
def test_an_address_is_told_without_what_may_be_secret(url: str, shown: str) -> None:
    assert bare(url) == shown
    assert nothing_listens(url, "start it.") == f"nothing listens at {shown}: start it."
