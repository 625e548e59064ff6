"""The test bench in a browser, against a fake provider: one answer, two side by side, stopping, and a failure in words."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests import fake_upstream as fake
from tests.api.visiting import Visitor, logged_in
from tests.running import Running, running, write
from tests.ui.conftest import Looking
from tests.ui.test_pages import findings

RULES = """provider shop {{ url = "{url}/v1"; dialect = openai_chat; key = env.SHOP_KEY
  models = [good, slow, locked]
  model good {{ price_in = $1; price_out = $2 }} }}
default route demo/m
"""


def choose(received: fake.Received) -> fake.Script:
    match received.json["model"]:
        case "locked":
            return fake.whole({"error": {"message": "Incorrect API key provided"}}, status=401)
        case "slow":
            return fake.stream(*fake.openai_events("first")[:2], fake.Silence())
        case _:
            return fake.stream(*fake.openai_events("pong ", "<b>pong</b>"))


@pytest.fixture(scope="module")
def ccr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    home = tmp_path_factory.mktemp("home")
    with fake.in_thread(choose=choose) as shop:
        write(home, "rules/10.ccr", RULES.format(url=shop.url))
        with running(home, variables={"SHOP_KEY": "sk-canary-bench-1234"}) as served:
            yield served


@pytest.fixture(scope="module")
def visitor(ccr: Running) -> Visitor:
    return logged_in(ccr)


def test_two_targets_answer_side_by_side_with_their_figures(person: Callable[..., Looking]) -> None:
    page = person("/ui/bench")
    assert page.get_by_role("button", name="Send").is_disabled()
    page.get_by_label("Prompt", exact=True).fill("ping")
    page.get_by_role("button", name="Compare two").click()
    page.get_by_label("First target").fill("shop/good")
    page.get_by_role("button", name="Send").click()
    one, two = page.locator(".bench-answer").all()
    one.get_by_text("pong <b>pong</b>").wait_for()
    one.get_by_text("done").wait_for()
    two.get_by_text("done").wait_for()
    assert one.get_by_role("heading").inner_text() == "shop/good"
    assert two.get_by_role("heading").inner_text() == "demo/m"
    figures = one.locator("dl").inner_text()
    assert "11 + 7" in figures and "< $0.0001" in figures and "chosen here" in figures
    assert "10.ccr:4" in two.locator("dl").inner_text()


def test_stop_ends_the_request(person: Callable[..., Looking], ccr: Running) -> None:
    page = person("/ui/bench?target=shop/slow")
    page.get_by_label("Prompt", exact=True).fill("ping")
    page.get_by_label("Prompt", exact=True).press("Control+Enter")
    answer = page.locator(".bench-answer")
    answer.get_by_text("first").wait_for()
    page.get_by_role("button", name="Stop").click()
    answer.get_by_text("stopped").wait_for()
    until = time.monotonic() + 5
    while ccr.records[-1].outcome != "client_closed" and time.monotonic() < until:
        time.sleep(0.01)
    assert ccr.records[-1].target == "shop/slow"


def test_a_failure_is_said_with_what_to_do(person: Callable[..., Looking]) -> None:
    page = person("/ui/bench?target=shop/locked")
    page.get_by_label("Prompt", exact=True).fill("ping")
    page.get_by_role("button", name="Send").click()
    said = page.get_by_role("alert")
    said.wait_for()
    assert "Incorrect API key" in said.inner_text() and "check key of shop" in said.inner_text()
    assert "sk-canary" not in page.content()
    for dark in (False, True):
        page.emulate_media(color_scheme="dark" if dark else "light")
        assert not findings(page)
