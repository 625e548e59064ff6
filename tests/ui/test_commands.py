"""The command generator: what it shows is taken from the page and run, each kind against a running ccr with a fake provider."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests import fake_upstream as fake
from tests.api.visiting import Visitor, logged_in
from tests.running import Running, running, write
from tests.ui.conftest import Looking

KEY = "the-proxys-key-1234"
PROMPT = 'it\'s "quoted" $HOME `date` \\ 漢字 \U0001f600\nsecond line'
SYSTEM = "be 'short'"
RULES = """server {{ key = "{key}" }}
provider shop {{ url = "{url}/v1"; dialect = openai_chat; key = env.SHOP_KEY; models = [good] }}
default route demo/m
"""
KINDS = ("curl", "Python, SDK", "Python, httpx", "TypeScript")
STUB = """#!/bin/sh
for each in "$CLAUDE_CODE_MAX_OUTPUT_TOKENS" "$@"; do printf '%s\\0' "$each"; done
"""


@pytest.fixture(scope="module")
def shop() -> Iterator[fake.FakeUpstream]:
    with fake.in_thread(fake.stream(*fake.openai_events("pong"))) as upstream:
        upstream.choose = _answer
        yield upstream


def _answer(received: fake.Received) -> fake.Script:
    if received.json.get("stream"):
        return fake.stream(*fake.openai_events("po", "ng"))
    message = {"role": "assistant", "content": "pong"}
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    choices = [{"index": 0, "message": message, "finish_reason": "stop"}]
    return fake.whole({"id": "c1", "object": "chat.completion", "model": "good", "choices": choices, "usage": usage})


@pytest.fixture(scope="module")
def ccr(tmp_path_factory: pytest.TempPathFactory, shop: fake.FakeUpstream) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("home")
    write(home, "rules/10.ccr", RULES.format(key=KEY, url=shop.url))
    with running(home, variables={"SHOP_KEY": "sk-canary-shop-1234"}) as served:
        yield served


@pytest.fixture(scope="module")
def visitor(ccr: Running) -> Visitor:
    return logged_in(ccr)


def filled(person: Callable[..., Looking], *, stream: bool) -> Looking:
    page = person("/ui/commands?target=shop/good")
    page.get_by_label("Prompt", exact=True).fill(PROMPT)
    page.get_by_label("System prompt").fill(SYSTEM)
    page.get_by_label("Most tokens").fill("321")
    page.get_by_label("Temperature").fill("0.5")
    page.get_by_label("Show the answer as it comes").set_checked(stream)
    return page


def shown(page: Looking, kind: str) -> str:
    page.get_by_role("tab", name=kind, exact=True).click()
    text: str = page.locator(".commands-lines pre").text_content()
    return text


def run(kind: str, text: str, folder: Path) -> str | None:
    """What it printed. None: what it needs is not on this machine."""
    if kind.startswith("Python"):
        pytest.importorskip("anthropic", reason="the package anthropic is not installed")
        said, names = StringIO(), dict[str, Any]()
        with redirect_stdout(said):
            exec(
                compile(text, "lines.py", "exec"), names
            )  # in this process: an interpreter more would cost a second each
        if "client" in names:
            names["client"].close()  # a script that ends closes it by ending
        return said.getvalue()
    program = shutil.which("curl" if kind == "curl" else "node")
    if program is None:
        return None
    # Node 20 reads no types, and there are none in these lines.
    (folder / "lines.mjs").write_text(text, encoding="utf-8")
    command = ["sh", "-c", text] if kind == "curl" else [program, str(folder / "lines.mjs")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, (kind, done.stderr, text)
    return done.stdout


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
def test_what_is_shown_runs(
    person: Callable[..., Looking],
    shop: fake.FakeUpstream,
    tmp_path: Path,
    stream: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CCR_KEY", KEY)
    page = filled(person, stream=stream)
    for kind in KINDS:
        text = shown(page, kind)
        assert KEY not in text and "CCR_KEY" in text
        before = len(shop.requests)
        said = run(kind, text, tmp_path)
        if said is None:
            continue
        assert "pong" in said or (stream and kind == "curl" and "text_delta" in said), (kind, said)
        sent: dict[str, Any] = shop.requests[before].json
        assert (sent["model"], sent["temperature"], bool(sent.get("stream"))) == ("good", 0.5, stream), kind
        assert 321 in (sent.get("max_tokens"), sent.get("max_completion_tokens"))
        assert [each["content"] for each in sent["messages"]] == [SYSTEM, PROMPT], kind


def test_the_line_of_claude_code_reaches_it_as_it_was_written(person: Callable[..., Looking], tmp_path: Path) -> None:
    """The shell's part of it: words, quotes, the variable. `ccr code` itself is tried in tests/client."""
    page = filled(person, stream=False)
    text = shown(page, "Claude Code")
    page.get_by_text("set temperature = 0.5").wait_for()
    stub = tmp_path / "ccr"
    stub.write_text(STUB)
    stub.chmod(0o755)
    environment = {**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["sh", "-c", text], env=environment, capture_output=True, timeout=10, check=True)
    said = done.stdout.decode().split("\0")[:-1]
    assert said == ["321", "code", "--model", "shop/good", "--append-system-prompt", SYSTEM, "-p", PROMPT]


def test_it_is_copied(person: Callable[..., Looking]) -> None:
    page = person("/ui/commands")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    text = shown(page, "curl")
    page.get_by_role("button", name="Copy").click()
    page.get_by_text("Copied").wait_for()
    assert page.evaluate("() => navigator.clipboard.readText()") == text
