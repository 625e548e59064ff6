"""The page of routing: a model dragged onto a card takes the next request of its kind; chains by mouse and by keyboard; what
is written is shown first. One service with a fake provider for all of them."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import fake_upstream as fake
from tests.api.visiting import Visitor, logged_in
from tests.running import Running, running, write
from tests.ui.conftest import Looking
from tests.ui.test_pages import findings

RULES = """provider shop {{ url = "{url}/v1"; dialect = openai_chat; key = env.SHOP_KEY; models = [small, large, third] }}
default route shop/small or shop/third
"""
Person = Callable[..., Looking]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def shop() -> Iterator[fake.FakeUpstream]:
    with fake.in_thread(choose=lambda _: fake.stream(*fake.openai_events("pong"))) as upstream:
        yield upstream


@pytest.fixture(scope="module")
def ccr(home: Path, shop: fake.FakeUpstream) -> Iterator[Running]:
    write(home, "rules/10-work.ccr", RULES.format(url=shop.url))
    with running(home, watching=True, variables={"SHOP_KEY": "sk-canary-shop-1234"}) as served:
        yield served


@pytest.fixture(scope="module")
def visitor(ccr: Running) -> Visitor:
    return logged_in(ccr)


def card(page: Looking, name: str) -> Looking:
    return page.locator(".routing-card").filter(has=page.get_by_role("heading", name=name, exact=True))


def models(page: Looking, name: str) -> list[str]:
    found: list[str] = (
        card(page, name).locator("ol li").evaluate_all("(rows) => rows.map((each) => each.dataset.target)")
    )
    return found


def drag(page: Looking, item: Looking, goal: Looking) -> None:
    """As a hand does it, in steps."""
    item.scroll_into_view_if_needed()
    start, end = item.bounding_box(), goal.bounding_box()
    page.mouse.move(start["x"] + 40, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(start["x"] + 50, start["y"] + start["height"] / 2 + 8, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=8)
    page.mouse.up()


def save(page: Looking) -> str:
    """What is said before it is saved."""
    page.get_by_role("button", name="Save…").click()
    dialog = page.get_by_role("dialog")
    dialog.locator(".difference").wait_for()
    said: str = dialog.inner_text()
    dialog.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved and live").wait_for()
    return said


def test_a_model_dragged_onto_long_context_takes_the_next_long_request(
    person: Person, ccr: Running, home: Path, shop: fake.FakeUpstream
) -> None:
    long = "word " * 70_500
    assert ccr.record(ccr.ask(long)).target == "shop/small"
    page = person("/ui/routing")
    drag(page, page.locator(".routing-palette li", has_text="shop/large"), card(page, "Long context").locator("ol"))
    card(page, "Long context").locator("li").wait_for()
    assert models(page, "Long context") == ["shop/large"]
    assert page.locator(".routing-palette li", has_text="shop/large").count() == 1
    card(page, "Long context").get_by_label("Above so many tokens").fill("65k")
    said = save(page)
    assert "+when tokens > 65k" in said and "shop/small or shop/third" in said
    assert not findings(page)
    assert ccr.record(ccr.ask(long)).target == "shop/large"
    assert ccr.record(ccr.ask("short")).target == "shop/small"
    assert "when tokens > 65k" in (home / "rules" / "10-work.ccr").read_text()


def test_a_chain_is_ordered_by_hand_and_by_keyboard(person: Person, ccr: Running) -> None:
    page = person("/ui/routing")
    rows = card(page, "Default").locator("ol li")
    rows.nth(1).wait_for()
    drag(page, rows.nth(1), rows.nth(0))
    page.get_by_text("Not saved yet: 1").wait_for()
    assert models(page, "Default") == ["shop/third", "shop/small"]
    card(page, "Default").get_by_role("button", name="Try shop/small earlier").press("Enter")
    page.get_by_text("Not saved yet").wait_for(state="detached")
    page.get_by_role("combobox", name="Add a model to Think").select_option("shop/large")
    page.get_by_role("combobox", name="Add a model to Think").select_option("shop/third")
    card(page, "Think").get_by_role("button", name="Try shop/third earlier").press("Enter")
    assert models(page, "Think") == ["shop/third", "shop/large"]
    card(page, "Think").get_by_role("button", name="Take out shop/large").press("Enter")
    assert models(page, "Think") == ["shop/third"]
    assert not findings(page)
    page.get_by_role("button", name="Discard").press("Enter")
    assert models(page, "Think") == []


def test_a_rule_above_that_takes_what_a_card_says_is_told_and_another_window_is_not_overrun(
    person: Person, ccr: Running, home: Path
) -> None:
    page = person("/ui/routing")
    write(home, "rules/05-first.ccr", "when image and kind == main route shop/small\n")
    card(page, "Image").get_by_text("by 05-first.ccr:1").wait_for()
    page.get_by_role("combobox", name="Add a model to Image").select_option("shop/third")
    page.get_by_role("button", name="Save…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_text("A rule above takes these requests: 05-first.ccr:1").wait_for()
    text = (home / "rules" / "10-work.ccr").read_text()
    write(home, "rules/10-work.ccr", text + "# somebody else\n")
    dialog.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("The rules changed meanwhile").wait_for()
    assert models(page, "Image") == ["shop/third"]
    wait(lambda: any("# somebody else" in file.content for file in ccr.live.current.sources))
    page.get_by_role("button", name="Save…").click()
    page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Saved and live").wait_for()
    card(page, "Image").get_by_text("A rule above takes these requests").wait_for()
    write(home, "rules/05-first.ccr", "when model ~ haiku or kind in [title, side] route shop/small\n")
    card(page, "Background").get_by_text("by 05-first.ccr:1").wait_for()
    page.get_by_role("combobox", name="Add a model to Background").select_option("shop/third")
    page.get_by_role("button", name="Save…").click()
    page.get_by_role("dialog").get_by_text("this rule can never route").wait_for()
    page.get_by_role("dialog").get_by_text("takes all of these 05-first.ccr:1").wait_for()
    assert page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).is_disabled()
    now = (home / "rules" / "10-work.ccr").read_text()
    assert "# somebody else" in now and "when last.image " in now


def wait(ask: Callable[[], object]) -> None:
    until = time.monotonic() + 8
    while not ask():
        assert time.monotonic() < until
        time.sleep(0.01)
