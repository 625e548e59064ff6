"""Providers in a browser: one is added and routed to without a restart, a key changes while a stream runs, and the rest of
what a card offers. One ccr and one fake provider for all."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ccr.live.surroundings import look
from tests import fake_upstream as fake
from tests.api.visiting import Visitor, logged_in
from tests.running import Answer, Running, running, write
from tests.ui.conftest import Looking
from tests.ui.test_pages import findings

OLD, NEW = "sk-canary-old-0123456789", "sk-canary-new-0123456789"
GATE = threading.Event()


def choose(received: fake.Received) -> fake.Script:
    """An OpenAI-shaped provider: `slow` begins, and goes on when the test says so; `locked` takes no key."""
    if received.path == "/v1/models":
        return fake.whole({"data": [{"id": "small"}, {"id": "slow"}, {"id": "locked"}]})
    if received.path != "/v1/chat/completions":
        return fake.whole({"error": {"message": "no such path"}}, status=404)
    match received.json["model"]:
        case "locked":
            return fake.whole({"error": {"message": "Incorrect API key provided"}}, status=401)
        case "slow":
            events = fake.openai_events("first ", "last")
            return fake.stream(*events[:2], fake.Until(GATE), *events[2:])
        case _ if received.json.get("stream"):
            return fake.stream(*fake.openai_events("pong"))
        case _:
            return fake.whole(fake.openai_message("pong"))


@pytest.fixture(scope="module")
def upstream() -> Iterator[fake.FakeUpstream]:
    with fake.in_thread(choose=choose) as served:
        yield served
        GATE.set()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def ccr(home: Path, upstream: fake.FakeUpstream) -> Iterator[Running]:
    rules = f'provider shop {{ url = "{upstream.url}/v1"; dialect = openai_chat; key = env.SHOP_API_KEY }}\n'
    write(home, "rules/10.ccr", rules + "default route demo/m\n")
    write(home, "keys.json", json.dumps({"SHOP_API_KEY": OLD}))
    with running(home) as served:
        served.live.look = lambda: look(home, served.live.discovered)  # type: ignore[method-assign]
        yield served


@pytest.fixture(scope="module")
def visitor(ccr: Running) -> Visitor:
    visitor = logged_in(ccr)
    visitor.send("PUT", "/providers/shop/key", {"key": OLD})  # the world is made anew with the keys of this home
    return visitor


def card(page: Looking, name: str) -> Looking:
    return page.locator(".providers-card", has=page.get_by_role("heading", name=name, exact=True))


def test_one_is_added_by_its_address_and_routed_to_without_a_restart(
    person: Callable[..., Looking], ccr: Running, upstream: fake.FakeUpstream, home: Path
) -> None:
    page = person("/ui/providers")
    page.get_by_role("button", name="Add a provider").first.click()
    page.get_by_role("tab", name="By address").click()
    page.get_by_role("textbox", name="Address").fill(f"{upstream.url}/v1")
    page.get_by_label("Key", exact=True).fill(NEW)
    page.get_by_role("button", name="Look at it").click()
    page.get_by_text("It speaks openai_chat").wait_for()
    page.get_by_label("Name", exact=True).fill("fresh")
    page.get_by_label("small", exact=True).check()
    page.get_by_text("= env.FRESH_API_KEY").wait_for()
    page.get_by_role("button", name="Add", exact=True).click()
    card(page, "fresh").get_by_text("well").wait_for()
    assert ccr.ask(model="fresh/small").text == "pong"
    assert upstream.requests[-1].headers["authorization"] == f"Bearer {NEW}"
    assert NEW not in page.content() and NEW not in (home / "rules" / "00-providers.ccr").read_text()
    card(page, "fresh").get_by_role("button", name="Remove fresh").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    card(page, "fresh").wait_for(state="detached")
    assert ccr.ask(model="fresh/small").status != 200


def test_one_of_the_catalogue_is_there_with_its_key(person: Callable[..., Looking], home: Path) -> None:
    page = person("/ui/providers")
    page.get_by_role("button", name="Add a provider").first.click()
    page.get_by_role("searchbox").fill("deepseek")
    page.get_by_role("button", name="deepseek").first.click()
    page.get_by_label("Key", exact=True).fill(NEW)
    page.get_by_text("provider deepseek").wait_for()
    page.get_by_role("button", name="Add", exact=True).click()
    card(page, "deepseek").get_by_text("well").wait_for()
    assert json.loads((home / "keys.json").read_text())["DEEPSEEK_API_KEY"] == NEW


def test_a_stream_that_runs_ends_under_the_old_key_and_the_next_request_uses_the_new_one(
    person: Callable[..., Looking], ccr: Running, upstream: fake.FakeUpstream
) -> None:
    page = person("/ui/providers")
    before, answers, came = len(upstream.requests), list[Answer](), threading.Event()
    streaming = threading.Thread(target=lambda: (answers.append(ccr.ask(model="shop/slow", stream=True)), came.set()))
    streaming.start()
    shop = card(page, "shop")
    while len(upstream.requests) == before:
        page.wait_for_timeout(5)
    old = shop.locator("dd.code, dd .code").first.inner_text()
    shop.get_by_role("button", name="Key").click()
    page.get_by_label("New key").fill(NEW)
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("shop uses the new key from now on").wait_for()
    page.wait_for_function("(old) => !document.querySelector('.providers-cards').innerText.includes(old)", arg=old)
    assert not came.is_set(), "the stream still runs"
    assert ccr.ask(model="shop/small").text == "pong"
    GATE.set()
    assert came.wait(10) and answers[0].text == "first last"
    streaming.join()
    shown = [each.headers["authorization"] for each in upstream.requests[before:]]
    assert shown == [f"Bearer {OLD}", f"Bearer {NEW}"]
    assert NEW not in page.content()


def test_a_model_is_tried_and_what_mends_it_is_said(person: Callable[..., Looking]) -> None:
    page = person("/ui/providers")
    card(page, "shop").get_by_role("button", name="Test").click()
    page.get_by_role("button", name="Ask which models it has").click()
    page.get_by_role("button", name="small").click()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("shop/small answered").wait_for()
    assert "pong" in page.locator(".providers-result").inner_text()
    page.get_by_label("Model", exact=True).fill("locked")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("shop/locked did not answer").wait_for()
    told = page.locator(".providers-result").inner_text()
    assert "401" in told and "Incorrect API key provided" in told and "the key is not taken" in told


def test_transformers_and_a_block_to_give_away(person: Callable[..., Looking], home: Path) -> None:
    page = person("/ui/providers")
    card(page, "shop").get_by_role("button", name="Transformers").click()
    page.get_by_label("Add a transformer").select_option("maxtoken")
    page.get_by_label("max_tokens").fill("4096")
    page.get_by_role("button", name="Save").click()
    card(page, "shop").get_by_text("maxtoken").wait_for()
    assert "use maxtoken(max_tokens = 4096)" in (home / "rules" / "10.ccr").read_text()
    card(page, "shop").get_by_role("button", name="Export shop").click()
    page.get_by_text("use maxtoken(max_tokens = 4096)").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    text = Path(download.value.path()).read_text()
    assert "env.SHOP_API_KEY" in text and "sk-canary" not in text
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Import").click()
    page.get_by_label("Block").fill(text.replace("provider shop", "provider given"))
    page.get_by_role("button", name="Take it in").click()
    card(page, "given").wait_for()


@pytest.mark.parametrize(("dark", "width"), [(False, 1280), (True, 390)])
def test_its_dialogs_can_be_used_by_everybody(
    person: Callable[..., Looking], upstream: fake.FakeUpstream, dark: bool, width: int
) -> None:
    page = person("/ui/providers", dark=dark, width=width)

    def look() -> None:
        assert not findings(page)
        room = page.locator("dialog").evaluate("(each) => each.scrollWidth - each.clientWidth")
        assert room <= 0, f"a dialog is {room} px too wide"

    for name, shown in (("Test", "Send"), ("Key", "Keep it"), ("Transformers", "Save")):
        card(page, "shop").get_by_role("button", name=name).click()
        page.get_by_role("button", name=shown, exact=True).wait_for()
        look()
        page.keyboard.press("Escape")
    page.get_by_role("button", name="Add a provider").first.click()
    page.get_by_role("searchbox").wait_for()
    look()
    page.get_by_role("tab", name="By address").click()
    page.get_by_role("textbox", name="Address").fill(f"{upstream.url}/v1")
    page.get_by_label("Model to try").fill("small")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_text("What is written into").wait_for()
    look()


def test_what_is_refused_is_said_where_it_was_asked(person: Callable[..., Looking], home: Path, ccr: Running) -> None:
    page = person("/ui/providers")
    write(home, "rules/20.ccr", "when kind == search route shop/small\n")
    card(page, "shop").get_by_role("button", name="Remove shop").click()
    page.get_by_role("button", name="Remove", exact=True).click()
    page.get_by_text("the rules would not load with this").wait_for()
    assert "provider shop" in (home / "rules" / "10.ccr").read_text()
    (home / "rules" / "20.ccr").unlink()
