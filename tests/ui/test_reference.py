"""The reference: what is installed, searched."""

from collections.abc import Callable

from tests.ui.conftest import Looking


def test_what_is_looked_for_is_found(person: Callable[..., Looking]) -> None:
    page = person("/ui/reference")
    page.get_by_role("searchbox").fill("tokens")
    page.locator(".entry dt .code", has_text="tokens").first.wait_for()
    assert "tokens" in page.locator(".entry dt .code").first.inner_text()
    page.get_by_role("searchbox").fill("no such thing")
    page.get_by_text("Nothing here is called so").wait_for()
    page.get_by_role("button", name="Show all").click()
    page.locator(".entry").nth(20).wait_for(state="attached")


def test_a_topic_has_an_address(person: Callable[..., Looking]) -> None:
    page = person("/ui/reference/codes")
    page.get_by_text("CCR101", exact=False).first.wait_for()
    page.get_by_role("tab", name="Findings").press("ArrowLeft")
    page.wait_for_url("**/ui/reference/providers")
