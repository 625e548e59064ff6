"""The door: what it answers to what is odd, and what it costs those who never come to it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from ccr.api.door import LIMIT, RESOURCES
from ccr.api.pages import Pages
from ccr.api.resource import Resource
from tests.api.visiting import Visitor, logged_in
from tests.running import running


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    with running(tmp_path) as ccr:
        yield logged_in(ccr)


def test_a_resource_is_a_file_with_one_constant() -> None:
    for name in RESOURCES:
        assert isinstance(RESOURCES[name], Resource) and RESOURCES[name].name == name


def test_what_is_not_there_says_where_to_look(visitor: Visitor) -> None:
    answer = visitor.get("/nothing")
    assert answer.status == 404 and "/api/openapi.json" in answer.json["error"]["message"]
    wrong = visitor.send("PATCH", "/rules")
    assert (wrong.status, wrong.headers["allow"]) == (405, "GET")


def test_a_body_that_is_none_is_told(visitor: Visitor) -> None:
    for body in (b"", b"{", b"[]", b'{"name": 1}', b"[" * 100_000):
        headers = visitor.headers(**{"content-type": "application/json"})
        answer = visitor.ccr.send("POST", "/api/rules/check", body, headers)
        assert answer.status == 400 and answer.json["error"]["kind"] == "invalid", body[:20]
    assert visitor.get("/rules/file").status == 400


def test_too_large_a_body_is_not_kept(visitor: Visitor) -> None:
    headers = visitor.headers(**{"content-type": "application/json"})
    assert visitor.ccr.send("POST", "/api/explain", b" " * (LIMIT + 10), headers).status == 413


def test_a_start_does_not_pay_for_it() -> None:
    """Nothing of the API is imported until somebody comes to it."""
    code = "import sys, ccr.app, ccr.cli.commands.serve; print([name for name in sys.modules if name.startswith('ccr.api')])"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=environment, timeout=30, check=True
    )
    assert done.stdout.strip() == "[]"


def test_pages_that_are_not_built_explain_themselves(tmp_path: Path) -> None:
    status, body, headers = Pages(tmp_path).answer("GET", "/ui/overview", ())
    assert status == 503 and b"make ui" in body and b"<script" not in body
    nonce = dict(headers)["content-security-policy"].partition("'nonce-")[2].partition("'")[0]
    assert f'<style nonce="{nonce}">'.encode() in body


def test_files_are_packed_for_those_who_take_it_and_kept_for_long(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "main-1.js").write_bytes(b"plain")
    (tmp_path / "assets" / "main-1.js.gz").write_bytes(b"packed")
    pages = Pages(tmp_path)
    assert pages.answer("GET", "/ui/assets/main-1.js", ())[1] == b"plain"
    status, body, headers = pages.answer("GET", "/ui/assets/main-1.js", (("accept-encoding", "br, gzip"),))
    assert (status, body, dict(headers)["content-encoding"]) == (200, b"packed", "gzip")
    assert "immutable" in dict(headers)["cache-control"] and "javascript" in dict(headers)["content-type"]
