"""The log and the sums of it in a browser: found, filtered, one story opened and decided again, live; charts with tables."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import fake_upstream as fake
from tests.api.visiting import Visitor, logged_in
from tests.running import Running, running, write
from tests.ui.conftest import Looking
from tests.ui.test_pages import findings

RULES = """provider good {{ url = "{url}"; dialect = anthropic; key = "k1"
  model m = "m" {{ price_in = $2; price_out = $8 }} }}
provider bad {{ url = "{url}/bad"; dialect = anthropic; key = "k2" }}
when model ~ opus route bad/b or good/m
when model ~ haiku deny 403 "not haiku"
when model ~ sonnet route good/free
default route good/m
"""


def choose(received: fake.Received) -> fake.Script:
    if received.path.startswith("/bad"):
        return fake.whole({"type": "error", "error": {"type": "api_error", "message": "out of order"}}, status=500)
    return fake.whole(fake.anthropic_message("hi"))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def ccr(home: Path) -> Iterator[Running]:
    with fake.in_thread(choose=choose) as upstream:
        write(home, "rules/10.ccr", RULES.format(url=upstream.url))
        with running(home) as served:
            for model in ("claude-opus-4-5", "claude-haiku-4-5", "claude-sonnet-4-5"):
                served.ask("my own words", model=model)
            yield served


@pytest.fixture(scope="module")
def visitor(ccr: Running) -> Visitor:
    visitor, until = logged_in(ccr), time.monotonic() + 5
    while len(visitor.get("/log").json["requests"]) < 3 and time.monotonic() < until:
        time.sleep(0.02)
    return visitor


def rows(page: Looking) -> Looking:
    return page.locator("tbody tr")


def test_a_request_is_found_its_story_read_and_decided_again(person: Callable[..., Looking]) -> None:
    page = person("/ui/log")
    rows(page).nth(2).wait_for()
    page.get_by_label("Outcome").select_option("denied")
    page.wait_for_function("() => document.querySelectorAll('tbody tr').length === 1")
    assert "denied 403" in rows(page).inner_text() and "outcome=denied" in page.url
    page.get_by_role("button", name="Clear filters").click()
    page.get_by_role("searchbox").fill("out of order")
    page.wait_for_url("**search=*")
    page.wait_for_function("() => document.querySelectorAll('tbody tr').length === 1")
    rows(page).press("Enter")
    page.get_by_role("heading", name="What the rules said").wait_for()
    steps, tried = page.locator(".log-steps").all()
    assert "chosen" in steps.inner_text() and "when model ~ opus route bad/b or good/m" in steps.inner_text()
    assert "claude-opus-4-5" in steps.inner_text() and "not needed" in steps.inner_text()
    assert (
        "server 500" in tried.inner_text() and "out of order" in tried.inner_text() and "good/m" in tried.inner_text()
    )
    assert "my own words" not in page.content()
    page.get_by_role("button", name="Decide again").click()
    editor = page.locator(".cm-content")
    editor.wait_for()
    page.get_by_role("button", name="Decide", exact=True).click()
    page.get_by_text("the same").wait_for()
    editor.click()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text('when model ~ opus deny 451 "not now"\n')
    page.get_by_role("button", name="Decide", exact=True).click()
    page.get_by_text("Denied with 451").wait_for()
    assert "Before: Goes to bad/b, then good/m" in page.locator(".log-outcome").inner_text()
    page.get_by_role("link", name="All requests").click()
    rows(page).nth(2).wait_for()


@pytest.mark.parametrize(("dark", "width"), [(False, 1280), (True, 390)])
def test_a_story_can_be_used_by_everybody(
    person: Callable[..., Looking], visitor: Visitor, dark: bool, width: int
) -> None:
    fell = next(each for each in visitor.get("/log").json["requests"] if each["tried"])
    page = person(f"/ui/log/{fell['id']}", dark=dark, width=width)
    page.get_by_role("heading", name="What the rules said").wait_for()
    page.get_by_text("All facts that were kept").click()
    page.get_by_text("As ccr explain prints it").click()
    page.get_by_role("button", name="Decide again").click()
    page.locator(".cm-content").wait_for()
    assert not findings(page)
    assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def test_what_ends_meanwhile_comes_on_top_and_opens_at_once(person: Callable[..., Looking], ccr: Running) -> None:
    page = person("/ui/log")
    rows(page).nth(2).wait_for()
    page.locator(".foot .state.good").wait_for(state="attached")
    before = rows(page).count()
    ccr.ask(model="claude-haiku-4-5")
    page.wait_for_function("(before) => document.querySelectorAll('tbody tr').length === before + 1", arg=before)
    rows(page).first.click()
    page.get_by_role("heading", name="What the rules said").wait_for()
    assert "denied 403" in page.locator(".figure").first.inner_text()


def test_a_request_that_is_not_there_leads_back(person: Callable[..., Looking]) -> None:
    page = person("/ui/log/req_ffffffffffffffffffff")
    page.get_by_text("This request is not in the log").wait_for()
    page.get_by_role("link", name="All requests").click()
    rows(page).first.wait_for()


def test_sums_are_bars_with_tables_and_what_has_no_price_is_said(person: Callable[..., Looking]) -> None:
    page = person("/ui/usage?period=month")
    page.locator(".usage-chart canvas").nth(1).wait_for()
    page.get_by_text("no price is known of good/free").wait_for()
    target = page.locator(".usage-apart tbody tr", has_text="good/free")
    assert "unknown" in target.inner_text()
    page.get_by_role("tab", name="Rule").click()
    page.locator(".usage-apart tbody tr", has_text="10.ccr:4").wait_for()
    assert page.get_by_role("img", name="by Rule").count() == 1
    page.set_viewport_size({"width": 390, "height": 700})
    page.reload()
    page.locator(".usage-chart canvas").nth(1).wait_for()
    assert page.evaluate("() => scrollY") == 0, "a chosen tab moves its row, not the page"
    page.get_by_text("The numbers").click()
    page.get_by_role("region", name="By day").wait_for()
    page.get_by_label("Period").select_option("today")
    page.get_by_role("region", name="By day").wait_for(state="detached")
    assert "period=today" in page.url
    drawn = "() => [...document.querySelectorAll('.usage-chart canvas')].every((each) => each.getContext('2d').getImageData(0, 0, each.width, each.height).data.some(Boolean))"
    page.wait_for_function(drawn)


def test_where_the_log_is_off_it_says_how_to_switch_it_on(
    person: Callable[..., Looking], home: Path, ccr: Running, visitor: Visitor
) -> None:
    """Last: it takes the log away."""
    file = visitor.get("/rules/file?name=10.ccr").json
    text = "server { log = off }\n" + file["text"]
    body = {"name": "10.ccr", "text": text, "seen": file["version"]}
    assert visitor.send("PUT", "/rules/file", body).status == 200
    (home / "usage.db").unlink()
    page = person("/ui/log")
    page.get_by_text("The log is off").wait_for()
    page.get_by_text("server { log = meta }").wait_for()
    page.goto(page.url.replace("/log", "/usage"))
    page.get_by_text("The log is off").wait_for()
