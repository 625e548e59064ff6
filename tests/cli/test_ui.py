"""`ccr ui`: starts the service, opens the plain address, prints one that lets in once."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]


def run(home: Path, *words: str, **more: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], "CCR_HOME": str(home), "PYTHONPATH": str(ROOT), **more}
    command = [sys.executable, "-m", "ccr", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=40, check=False)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path
    run(tmp_path, "stop")


def test_it_starts_the_service_and_its_code_lets_in_once(home: Path) -> None:
    done = run(home, "ui", "--port", "0", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    code = told["once"].partition("#code=")[2]
    assert told["started"] is True and told["once"].startswith(told["url"]) and len(code) > 20
    again = json.loads(run(home, "ui", "--json").stdout)
    assert again["started"] is False and again["url"] == told["url"]

    def enter(code: str) -> int:
        connection = HTTPConnection(urlsplit(told["url"]).netloc, timeout=10)
        connection.request("POST", "/api/session", json.dumps({"code": code}), {"content-type": "application/json"})
        status: int = connection.getresponse().status
        connection.close()
        return status

    fresh = again["once"].partition("#code=")[2]
    assert [enter(code), enter(fresh), enter(fresh)] == [401, 200, 401]


@pytest.mark.skipif(os.name != "posix", reason="a browser made of a shell script")
def test_the_browser_gets_the_address_and_not_the_code(home: Path, tmp_path: Path) -> None:
    """Other users see what a program was started with."""
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n')
    browser.chmod(0o755)
    done = run(home, "ui", "--port", "0", BROWSER=f"{browser} %s")
    address = opened.read_text().strip()
    assert address.endswith("/ui") and f"opened {address}" in done.stdout
    assert f"{address}#code=" in done.stdout


def test_without_a_browser_the_address_is_printed(home: Path) -> None:
    done = run(home, "ui", "--port", "0")
    assert done.returncode == 0 and "\nopen  http://127.0.0.1:" in f"\n{done.stdout}"
    assert "opened" not in run(home, "ui", "--no-open", BROWSER="false").stdout
