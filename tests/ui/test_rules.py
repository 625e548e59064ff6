"""The page of rules: the words of `ccr check` while typing, help, a request to try, a save that shows what changes, and two
windows that lose nothing of each other. One service for all of them; each test begins with its own text on the disk."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.api.visiting import Visitor, logged_in
from tests.running import Running, running, write
from tests.ui.conftest import ROOT, Looking
from tests.ui.test_pages import findings

RULES = """# mine
when tokens > 60k                   route demo/long
when time in 9:00..17:00 and agent  route demo/day
default route demo/m
"""
CONFIG = '{"Providers": [{"name": "p", "api_base_url": "http://127.0.0.1:9/v1", "api_key": "k-canary-123", "models": ["m"]}], "Router": {"default": "p,m"}}'
Person = Callable[..., Looking]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home")
    write(path, "rules/10-work.ccr", RULES)
    write(path, "config.json", CONFIG)
    return path


@pytest.fixture(scope="module")
def ccr(home: Path) -> Iterator[Running]:
    with running(home, watching=True) as served:
        yield served


@pytest.fixture(scope="module")
def visitor(ccr: Running) -> Visitor:
    return logged_in(ccr)


@pytest.fixture(autouse=True)
def begun(ccr: Running, home: Path) -> None:
    """The text of the beginning, in force, and no other file."""
    for path in (home / "rules").glob("*.ccr"):
        if path.name != "10-work.ccr":
            path.unlink()
    write(home, "rules/10-work.ccr", RULES)
    wait(lambda: [file.content for file in ccr.live.current.sources if file.name.endswith("10-work.ccr")] == [RULES])
    wait(lambda: len([file for file in ccr.live.current.sources if "/rules/" in file.name]) <= 2)


def wait(ask: Callable[[], object]) -> None:
    until = time.monotonic() + 8
    while not ask():
        assert time.monotonic() < until
        time.sleep(0.01)


def opened(person: Person, path: str = "/ui/rules", **options: object) -> Looking:
    page = person(path, **options)
    page.locator(".cm-content").wait_for()
    return page


def retype(page: Looking, text: str) -> None:
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")  # else the browser keeps the colours of what was chosen, which its policy refuses
    page.keyboard.insert_text(text)


def save(page: Looking) -> Looking:
    page.get_by_role("button", name="Save…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save").and_(dialog.locator(":enabled")).wait_for()
    return dialog


def test_a_broken_rule_is_told_in_the_words_of_ccr_check(person: Person, ccr: Running, home: Path) -> None:
    page = opened(person)
    retype(page, RULES.replace("tokens", "toknes"))
    page.locator(".rules-findings .finding.bad").wait_for()
    page.locator(".cm-lintRange-error").wait_for()
    page.get_by_text("As on the terminal").first.click()
    said = page.locator(".rules-findings pre").inner_text()
    assert not findings(page)
    dialog = save(page)
    assert "there is no attribute" in dialog.inner_text()
    before = ccr.live.current.id
    dialog.get_by_role("button", name="Save all the same").click()
    page.get_by_text("Saved, but it does not load").wait_for()
    assert ccr.live.current.id == before
    environment = {"PATH": os.environ["PATH"], "CCR_HOME": str(home), "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "ccr", "check"],
        cwd=Path.cwd(),
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert "CCR101" in said and said.strip() in done.stdout + done.stderr


def test_a_fix_is_a_button_and_a_save_shows_what_changes(person: Person, ccr: Running, home: Path) -> None:
    page = opened(person)
    retype(page, RULES.replace("tokens > 60k", "toknes > 70k"))
    page.locator(".rules-findings .finding button").click()
    page.locator(".rules-clean").wait_for()
    assert "tokens > 70k" in page.locator(".cm-content").inner_text()
    dialog = save(page)
    told = dialog.locator(".difference").inner_text()
    assert "demo/long" in told and "demo/m" in told and "tokens" in told
    assert not findings(page)
    dialog.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved and live").wait_for()
    assert (home / "rules" / "10-work.ccr").read_text() == RULES.replace("60k", "70k")
    assert any(path.read_text() == RULES for path in (home / "backups").iterdir())
    assert page.get_by_role("button", name="Save…").is_disabled()


def test_words_are_offered_and_explained_while_typing_and_a_text_is_formatted(person: Person) -> None:
    page = opened(person)
    page.locator(".cm-content").click()
    page.keyboard.press("Control+Home")
    page.keyboard.type("when tok")
    offered = page.locator(".cm-tooltip-autocomplete")
    offered.wait_for()
    assert "tokens" in offered.inner_text()
    offered.locator("li").first.click()
    page.locator(".cm-line", has_text="when tokens").first.wait_for()
    assert page.locator(".cm-line").first.inner_text().startswith("when tokens")
    page.locator(".cm-line .ccr-variable-language, .cm-line .ccr-variable-parameter").first.hover()
    page.locator(".editor-hover").wait_for()
    assert "tokens" in page.locator(".editor-hover").inner_text()
    retype(page, RULES.replace("tokens > 60k ", "tokens   >60k "))
    page.get_by_role("button", name="Format").click()
    page.locator(".cm-line", has_text="when tokens > 60k").wait_for()


def test_two_windows_with_one_file_lose_nothing(person: Person, ccr: Running, home: Path) -> None:
    one, two = opened(person), opened(person)
    retype(one, RULES.replace("60k", "70k"))
    retype(two, RULES.replace("demo/m", "demo/two"))
    save(one).get_by_role("button", name="Save", exact=True).click()
    one.get_by_text("Saved and live").wait_for()
    two.get_by_role("alert").wait_for()
    save(two).get_by_role("button", name="Save", exact=True).click()
    clash = two.get_by_role("dialog", name="10-work.ccr was changed elsewhere")
    clash.wait_for()
    lines = clash.locator(".lines").inner_text()
    assert "-when tokens > 70k  " in lines and "+default route demo/two" in lines
    assert "70k" in (home / "rules" / "10-work.ccr").read_text()
    clash.get_by_role("button", name="Go on with mine").click()
    assert "demo/two" in two.locator(".cm-content").inner_text()
    save(two).get_by_role("button", name="Save", exact=True).click()
    two.get_by_text("Saved and live").wait_for()
    assert (home / "rules" / "10-work.ccr").read_text() == RULES.replace("demo/m", "demo/two")
    assert any(
        "70k" in path.read_text() and "demo/two" not in path.read_text() for path in (home / "backups").iterdir()
    )
    one.locator(".cm-line", has_text="demo/two").wait_for()


def test_what_is_on_the_disk_can_be_taken(person: Person, ccr: Running, home: Path) -> None:
    page = opened(person)
    retype(page, RULES.replace("60k", "70k"))
    write(home, "rules/10-work.ccr", RULES.replace("60k", "90k"))
    page.get_by_role("button", name="Look at both").click()
    page.get_by_role("button", name="Take what is on the disk").click()
    page.locator(".cm-line", has_text="90k").wait_for()
    assert page.get_by_role("button", name="Save…").is_disabled()


def test_a_request_is_said_pasted_or_taken_from_the_log_and_tried_under_what_is_being_written(
    person: Person, ccr: Running
) -> None:
    id = ccr.ask("hello").headers["request-id"]
    page = opened(person)
    page.get_by_label("Tokens", exact=True).fill("70k")
    page.get_by_role("button", name="What happens to it?").click()
    page.locator(".rules-looked li.chosen", has_text="when tokens > 60k").wait_for()
    assert "demo/long" in page.locator(".rules-goes").inner_text()
    retype(page, RULES.replace("60k", "90k"))
    page.get_by_role("button", name="What happens to it?").click()
    page.get_by_text("Decided under what you are writing.").wait_for()
    assert "demo/m" in page.locator(".rules-goes").inner_text()
    page.get_by_role("checkbox", name="agent").check()
    page.get_by_role("button", name="What happens to it?").click()
    page.get_by_text("It hangs on time").wait_for()
    page.get_by_role("tab", name="Pasted").click()
    page.get_by_label("Body of a Messages request").fill("no json")
    page.get_by_role("button", name="What happens to it?").click()
    page.get_by_text("This is no JSON object").wait_for()
    body = '{"model": "claude-x", "max_tokens": 5, "messages": [{"role": "user", "content": "hi"}]}'
    page.get_by_label("Body of a Messages request").fill(body)
    page.get_by_role("button", name="What happens to it?").click()
    page.locator(".rules-goes", has_text="demo/m").wait_for()
    page.goto(f"http://127.0.0.1:{ccr.port}/ui/rules?try={id}")
    page.get_by_role("combobox", name="Request").wait_for()
    page.get_by_role("button", name="What happens to it?").click()
    page.locator(".rules-looked li").first.wait_for()
    assert "false" in page.locator(".rules-looked li").first.inner_text()


def test_config_json_is_read_and_written_as_rules(person: Person, ccr: Running, home: Path) -> None:
    (home / "rules" / "10-work.ccr").unlink()
    page = opened(person, "/ui/rules/config.json?layer=config")
    assert "default route p/m" in page.locator(".cm-content").inner_text()
    assert "canary" not in page.locator("body").inner_text()
    page.get_by_role("button", name="Write as rules").click()
    page.get_by_role("link", name="10-routes.ccr").wait_for()
    page.locator(".cm-line", has_text="default route p/m").wait_for()
    save(page).get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved and live").wait_for()
    assert "default route p/m" in (home / "rules" / "10-routes.ccr").read_text()
    page.get_by_role("button", name="Remove").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_text("Removed").wait_for()
    assert not (home / "rules" / "10-routes.ccr").exists()


def test_the_first_file_is_begun_by_the_keyboard_alone(person: Person, ccr: Running, home: Path) -> None:
    (home / "rules" / "10-work.ccr").unlink()
    wait(lambda: not any(file.name.endswith("10-work.ccr") for file in ccr.live.current.sources))
    page = person("/ui/rules")
    page.get_by_role("heading", name="No rule file yet").wait_for()
    page.locator(".empty").get_by_role("button", name="New file").focus()
    page.keyboard.press("Enter")
    page.get_by_label("Name").wait_for()
    page.get_by_label("Name").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("20-first")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="Rules in 20-first.ccr").wait_for()
    page.get_by_role("textbox", name="Rules in 20-first.ccr").focus()
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("default route demo/m\n")
    page.keyboard.press("Control+s")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save").and_(dialog.locator(":enabled")).wait_for()
    for _ in range(8):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.textContent").strip() == "Save":
            break
    page.keyboard.press("Enter")
    page.get_by_text("Saved and live").wait_for()
    assert (home / "rules" / "20-first.ccr").read_text().endswith("default route demo/m\n")
