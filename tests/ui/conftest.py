"""A browser on a whole ccr: Debian's Chromium, driven by Playwright; what is missing is said and skipped.

`built` builds the pages once if they are older than their sources. `person` is a page of somebody who has logged in; what
the console said and what was asked of other hosts is held against every test at its end.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.api.visiting import Visitor, logged_in
from tests.running import Running, running, write

ROOT = Path(__file__).parents[2]
UI = ROOT / "ui"
STATIC = ROOT / "ccr" / "api" / "static"
RULES = """provider local { url = "http://127.0.0.1:9/v1"; dialect = openai_chat; key = env.LOCAL_KEY }
when tokens > 60k route demo/long
default route demo/m
"""
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)
Looking = Any
"""A Playwright page; the package may be missing."""


@pytest.fixture(scope="session")
def built() -> None:
    """The pages as their sources are."""
    if shutil.which("node") is None:
        pytest.skip("node is not on this machine: the web UI is not built")
    if not (UI / "node_modules" / "esbuild").is_dir():
        pytest.skip("the packages of the web UI are not installed: make ui")
    with _alone():
        made = (STATIC / "index.html").stat().st_mtime if (STATIC / "index.html").exists() else 0.0
        sources = [*(UI / "src").rglob("*.*"), UI / "build.mjs", UI / "package-lock.json"]
        if any(path.stat().st_mtime > made for path in sources if path.name != "types.ts"):
            subprocess.run(["node", "build.mjs"], cwd=UI, check=True, capture_output=True, timeout=50)


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time; a lock that somebody left is taken after a minute."""
    lock, until = UI / "node_modules" / ".building", time.monotonic() + 60
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            break
        except FileExistsError:
            if time.monotonic() > until:
                break
            time.sleep(0.05)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def chromium(built: None) -> Iterator[Any]:
    """Of one module: while it is there an event loop runs in this thread, in which other tests could start none."""
    driver = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install -e '.[ui-test]'"
    )
    if not CHROMIUM:
        pytest.skip("no Chromium is on this machine: apt-get install chromium")
    with driver.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A ccr home with one rule file."""
    write(tmp_path / "home", "rules/10-work.ccr", RULES)
    return tmp_path / "home"


@pytest.fixture
def ccr(home: Path) -> Iterator[Running]:
    with running(home, watching=True, variables={"OPENROUTER_API_KEY": "sk-or-canary-12345678"}) as served:
        yield served


@pytest.fixture
def visit(chromium: Any, ccr: Running) -> Iterator[Callable[..., Looking]]:
    """`visit(path, width=390, dark=True)`: a new page, not logged in."""
    contexts, said, foreign = [], list[str](), list[str]()

    def begin(
        path: str = "/ui",
        *,
        width: int = 1280,
        height: int = 860,
        dark: bool = False,
        cookies: Sequence[Any] = (),
        **options: Any,
    ) -> Looking:
        shape = {"width": width, "height": height}
        context = chromium.new_context(
            viewport=shape, color_scheme="dark" if dark else "light", reduced_motion="reduce", locale="en-GB", **options
        )
        contexts.append(context)
        context.add_cookies(list(cookies))
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text) if _is_wrong(message) else None)
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda asked: foreign.append(asked.url) if not _ours(asked.url, ccr) else None)
        page.goto(f"http://127.0.0.1:{ccr.port}{path}")
        return page

    yield begin
    for context in contexts:
        context.close()
    assert not said, said
    assert not foreign, f"asked of others: {foreign}"


def _is_wrong(message: Any) -> bool:
    """A refusal of the API is told to the person; the browser writes each into the console, too."""
    refused = "/api/" in message.location.get("url", "") and "with a status of 4" in message.text
    return message.type in ("error", "warning") and not refused


def _ours(url: str, ccr: Running) -> bool:
    return url.startswith((f"http://127.0.0.1:{ccr.port}/", "data:"))


@pytest.fixture
def visitor(ccr: Running) -> Visitor:
    """Who has logged in; a module whose `ccr` serves all its tests makes this one of the module, too."""
    return logged_in(ccr)


@pytest.fixture
def person(visit: Callable[..., Looking], ccr: Running, visitor: Visitor) -> Callable[..., Looking]:
    """`person(path)`: a page of somebody who has logged in."""
    name, _, token = visitor.cookie.partition("=")
    cookie = {
        "name": name,
        "value": token,
        "url": f"http://127.0.0.1:{ccr.port}",
        "httpOnly": True,
        "sameSite": "Strict",
    }

    def begin(path: str = "/ui", **options: Any) -> Looking:
        page = visit(path, cookies=[cookie], **options)
        page.locator("h1").first.wait_for()
        return page

    return begin
