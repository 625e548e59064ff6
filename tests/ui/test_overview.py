"""The overview while things happen: requests stream in, rules fail and are mended by a click."""

import re
from collections.abc import Callable
from pathlib import Path

from tests.running import Running, write
from tests.ui.conftest import RULES, Looking


def live(page: Looking) -> None:
    page.locator(".foot .state.good").wait_for(state="attached")


def test_before_the_first_request_it_says_what_to_do(person: Callable[..., Looking]) -> None:
    page = person()
    page.get_by_text("No request yet").wait_for()
    page.get_by_text("ccr code", exact=True).wait_for()


def test_requests_stream_in_with_their_rule_and_target(person: Callable[..., Looking], ccr: Running) -> None:
    page = person()
    live(page)
    ccr.ask("one")
    row = page.locator("tbody tr").first
    row.wait_for()
    assert re.search(r"10-work\.ccr:3\s*demo/m", row.inner_text())
    page.get_by_text("Requests today").wait_for()
    ccr.ask("two", model="nobody/nothing")
    page.get_by_text("denied 403").wait_for()
    assert page.locator("tbody tr").count() == 2
    assert page.locator(".figure .value").first.inner_text() == "2"
    page.reload()
    page.locator("tbody tr").nth(1).wait_for()


def test_a_failed_reload_is_a_banner_in_the_words_of_ccr_check_and_its_fix_mends_it(
    person: Callable[..., Looking], ccr: Running, home: Path
) -> None:
    page = person()
    live(page)
    before = ccr.live.current.id
    write(home, "rules/10-work.ccr", RULES.replace("tokens", "toknes"))
    banner = page.get_by_role("alert")
    banner.wait_for()
    assert ccr.live.last_failure is not None
    finding = ccr.live.last_failure.diagnostics[0]
    said = banner.inner_text()
    assert finding.message.replace("`", "") in said and finding.code.number in said and before in said
    banner.get_by_role("button", name="tokens").click()
    page.get_by_text("Mended and live again").wait_for()
    banner.wait_for(state="detached")
    assert (home / "rules" / "10-work.ccr").read_text() == RULES
    assert len(list((home / "backups").iterdir())) == 1


def test_rules_that_go_live_are_told_without_a_reload(person: Callable[..., Looking], ccr: Running, home: Path) -> None:
    page = person()
    live(page)
    before = ccr.live.current.id
    page.get_by_text(before).wait_for()
    write(home, "rules/20-more.ccr", "when kind == search route demo/other\n")
    page.get_by_text(before).wait_for(state="detached")
    page.get_by_text(ccr.live.current.id).wait_for()


def test_providers_tell_how_they_are(person: Callable[..., Looking]) -> None:
    page = person()
    line = page.locator(".list li", has_text="openrouter")
    line.wait_for()
    assert "well" in line.inner_text()
