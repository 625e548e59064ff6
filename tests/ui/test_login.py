"""The way in, in a browser."""

import time
from collections.abc import Callable
from pathlib import Path

from ccr.api.password import Keeper
from tests.api.visiting import PASSWORD
from tests.running import Running
from tests.ui.conftest import Looking


def test_the_first_password_is_chosen_then_asked_for(visit: Callable[..., Looking]) -> None:
    page = visit()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.get_by_role("button", name="Keep it and go on").click()
    page.get_by_role("heading", name="Overview").wait_for()
    page.get_by_role("button", name="Log out").click()
    page.get_by_role("heading", name="Log in").wait_for()
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    page.get_by_text("that is not the password").wait_for()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Overview").wait_for()


def test_two_that_differ_are_not_kept(visit: Callable[..., Looking], home: Path) -> None:
    page = visit()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same once more").fill("something else")
    page.get_by_role("button", name="Keep it and go on").click()
    page.get_by_text("The two are not the same.").wait_for()
    assert not (home / "ui.json").exists()


def test_the_address_of_ccr_ui_opens_the_door_and_forgets_its_code(
    visit: Callable[..., Looking], ccr: Running, home: Path
) -> None:
    code = Keeper(home, lambda: None, time.time).invite()
    page = visit(f"/ui#code={code}")
    page.get_by_role("heading", name="Overview").wait_for()
    assert code not in page.url
    page.reload()
    page.get_by_role("heading", name="Overview").wait_for()


def test_who_came_in_by_a_code_can_choose_a_password(visit: Callable[..., Looking], ccr: Running, home: Path) -> None:
    code = Keeper(home, lambda: None, time.time).invite()
    page = visit(f"/ui#code={code}")
    page.get_by_role("button", name="Choose a password").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    dialog.get_by_label("The same once more").fill(PASSWORD)
    dialog.get_by_role("button", name="Keep it and go on").click()
    dialog.wait_for(state="detached")
    assert ccr.send("POST", "/api/session", {"password": PASSWORD}).status == 200


def test_a_session_that_ends_elsewhere_shows_the_login(person: Callable[..., Looking], home: Path) -> None:
    page = person("/ui/reference")
    page.locator(".entry").first.wait_for()
    (home / "ui.json").write_text('{"password": "scrypt$00$00", "sessions": {}}')
    page.get_by_role("tab", name="Operators").click()
    page.get_by_role("heading", name="Log in").wait_for()
