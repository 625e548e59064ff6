"""Settings in a browser: each journey once, on one ccr: limits and log, keys, Claude Codes, copies, export and import, password."""

import io
import json
import re
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.api.visiting import PASSWORD, Visitor, logged_in
from tests.running import Running, running, write
from tests.ui.conftest import Looking
from tests.ui.test_pages import findings, settle

KEY = "sk-canary-settings-1234"
CONFIG = f"""{{
  // mine
  "API_TIMEOUT_MS": 60000, // a minute
  "Providers": [
    {{ "name": "one", "api_base_url": "http://127.0.0.1:9/v1", "api_key": "{KEY}", "models": ["m"] }}
  ]
}}
"""
OTHER = {
    "API_TIMEOUT_MS": 5000,
    "Providers": [{"name": "two", "api_base_url": "http://127.0.0.1:9/v1", "api_key": "$TWO", "models": ["n"]}],
}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    write(home, "config.json", CONFIG)
    write(home, "rules/10.ccr", "default route demo/m\n")
    for name, version in (("a", "9.0.1"), ("b", "9.0.2")):
        program = write(home, f"{name}/claude", f"#!{sys.executable}\nprint('{version} (Claude Code)')\n")
        program.chmod(0o755)
    return home


@pytest.fixture(scope="module")
def ccr(place: Path) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch, running(place) as served:
        patch.setenv("PATH", f"{place / 'a'}:{place / 'b'}")
        patch.setenv("HOME", str(place / "nobody"))
        patch.delenv("CLAUDE_PATH", raising=False)
        yield served


@pytest.fixture(scope="module")
def visitor(ccr: Running) -> Visitor:
    return logged_in(ccr)


def test_a_limit_is_changed_where_it_stands_and_a_port_waits_for_a_restart(
    person: Callable[..., Looking], place: Path
) -> None:
    page = person("/ui/settings")
    limits = page.locator(".card", has=page.get_by_role("heading", name="Time limits"))
    assert limits.get_by_label("Longest wait").input_value() == "1m"
    assert limits.get_by_role("button", name="Save").is_disabled()
    limits.get_by_label("Longest wait").fill("soon")
    limits.get_by_role("button", name="Save").click()
    page.get_by_text("is no value of timeout").wait_for()
    limits.get_by_label("Longest wait").fill("2m")
    limits.get_by_role("button", name="Save").click()
    page.get_by_text("Saved and in force").wait_for()
    assert (place / "config.json").read_text() == CONFIG.replace("60000", "120000")
    page.get_by_label("Port", exact=True).fill("4001")
    page.locator(".card", has=page.get_by_label("Port", exact=True)).get_by_role("button", name="Save").click()
    page.get_by_text("In force after ccr restart: port").wait_for()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(
    person: Callable[..., Looking], visitor: Visitor, place: Path
) -> None:
    page = person("/ui/settings")
    page.get_by_label("Log file").select_option("warn")
    # The event stream would tell the page of the other change; without it the page has seen the old world.
    page.route(
        "**/api/settings",
        lambda route: (
            route.continue_(headers={**route.request.headers, "if-match": '"00000000"'})
            if route.request.method == "PUT"
            else route.continue_()
        ),
    )
    page.locator(".card", has=page.get_by_label("Log file")).get_by_role("button", name="Save").click()
    page.get_by_text("have changed since you looked").wait_for()
    assert (
        page.get_by_label("Log file").input_value() == "warn" and "LOG_LEVEL" not in (place / "config.json").read_text()
    )
    page.unroute("**/api/settings")
    page.locator(".card", has=page.get_by_label("Log file")).get_by_role("button", name="Save").click()
    page.get_by_text("Saved and in force").wait_for()
    assert '"LOG_LEVEL": "warn"' in (place / "config.json").read_text()


def test_a_key_is_made_shown_once_renewed_and_taken_away(person: Callable[..., Looking], ccr: Running) -> None:
    page = person("/ui/settings/keys")
    page.get_by_text("Nobody is asked for a key").wait_for()
    page.get_by_role("button", name="Add").click()
    page.get_by_role("dialog").get_by_label("Name").fill("alice smith")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_text("a name is letters, digits").wait_for()
    page.get_by_role("dialog").get_by_label("Name").fill("alice")
    page.get_by_role("button", name="Make a key").click()
    page.get_by_text("It is shown this once").wait_for()
    key = page.locator("dialog pre").first.inner_text()
    assert page.get_by_text("everybody needs a key").is_visible()
    assert ccr.ask().status == 401 and ccr.ask(headers={"x-api-key": key}).status == 200
    page.get_by_role("button", name="I have it").click()
    page.locator("tbody tr", has_text="alice").wait_for()
    assert key not in page.content()
    page.get_by_role("button", name="New key: alice").click()
    page.get_by_role("dialog").get_by_role("button", name="New key").click()
    page.get_by_text("It is shown this once").wait_for()
    assert ccr.ask(headers={"x-api-key": key}).status == 401
    page.get_by_role("button", name="I have it").click()
    page.get_by_role("button", name="Remove: alice").click()
    page.get_by_text("It is the last key").wait_for()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_text("Nobody is asked for a key").wait_for()
    assert ccr.ask().status == 200


def test_another_claude_code_is_chosen(person: Callable[..., Looking], place: Path) -> None:
    page = person("/ui/settings/claude")
    row = page.locator("tbody tr", has_text="9.0.2")
    row.get_by_role("button", name="Use this one").click()
    page.locator("tbody tr", has_text="9.0.2").get_by_text("started by ccr code").wait_for()
    assert (place / "claude-path.txt").read_text().strip() == str(place / "b" / "claude")
    page.get_by_role("button", name="Take the first that is found").click()
    page.locator("tbody tr", has_text="9.0.1").get_by_text("started by ccr code").wait_for()
    assert not (place / "claude-path.txt").exists()


def test_what_was_imported_is_taken_back_from_a_copy(person: Callable[..., Looking], ccr: Running, place: Path) -> None:
    before = (place / "config.json").read_text()
    page = person("/ui/settings/transfer")
    page.get_by_label("Or paste its text").fill("{ nothing")
    page.get_by_role("button", name="What would change").click()
    page.get_by_text("cannot be read as JSON").wait_for()
    payload = {"name": "theirs.json", "mimeType": "application/json", "buffer": json.dumps(OTHER).encode()}
    page.locator("input[type=file]").set_input_files(payload)
    page.get_by_role("button", name="What would change").click()
    page.get_by_text("provider two").wait_for()
    assert re.search(r"kept as yours\s+API_TIMEOUT_MS", page.locator(".settings-fates").inner_text())
    assert "+" in page.locator(".settings-lines").inner_text() and KEY not in page.content()
    assert (place / "config.json").read_text() == before
    page.get_by_role("button", name="Merge it").click()
    page.get_by_text("Merged and in force").wait_for()
    assert "two" in ccr.live.current.catalog.providers and KEY in (place / "config.json").read_text()
    page.get_by_role("tab", name="Backups").click()
    page.locator("tbody tr", has_text="config.json").first.get_by_role("button").click()
    page.get_by_text("What putting it back changes").wait_for()
    assert KEY not in page.content()
    page.get_by_role("button", name="Put it back").click()
    page.get_by_text("is as it was, and in force").wait_for()
    assert (place / "config.json").read_text() == before and "two" not in ccr.live.current.catalog.providers


def test_an_export_is_a_file_without_keys(person: Callable[..., Looking]) -> None:
    page = person("/ui/settings/transfer")
    page.get_by_label("What", exact=True).select_option("providers")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save as a file").click()
    assert saved.value.suggested_filename == "ccr-providers.json"
    said = json.loads(Path(saved.value.path()).read_text())
    assert list(said) == ["Providers"] and said["Providers"][0]["api_key"] == "$ONE_API_KEY"
    page.get_by_text("Stands for a key: ONE_API_KEY").wait_for()


def test_a_preset_is_looked_at_installed_and_taken_away(
    person: Callable[..., Looking], ccr: Running, place: Path
) -> None:
    manifest = {
        "name": "third",
        "schema": [{"id": "key", "label": "Key of three", "type": "password"}],
        "Providers": [{"name": "three", "api_base_url": "http://127.0.0.1:9/v1", "api_key": "#{key}", "models": ["n"]}],
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("manifest.json", json.dumps(manifest))
    page = person("/ui/settings/presets")
    page.get_by_text("No presets yet").wait_for()
    payload = {"name": "x.zip", "mimeType": "application/zip", "buffer": made.getvalue()}
    page.locator("input[type=file]").set_input_files(payload)
    page.get_by_text("provider three").wait_for()
    page.get_by_role("button", name="Install it").click()
    page.get_by_text("it asks for Key of three").wait_for()
    page.get_by_label("Key of three").fill("sk-canary-three-1")
    page.get_by_role("button", name="Install it").click()
    page.get_by_text("third is installed and in force").wait_for()
    assert "three" in ccr.live.current.catalog.providers and "sk-canary-three-1" not in page.content()
    page.get_by_role("button", name="Remove: third").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    page.get_by_text("No presets yet").wait_for()
    assert not list((place / "presets").iterdir())


def test_every_tab_can_be_used_by_everybody(person: Callable[..., Looking], visitor: Visitor) -> None:
    """By axe, in both themes; the page's first tab is looked at with all other pages."""
    visitor.send("POST", "/backups")
    page = person("/ui/settings/keys")
    for name in ("Keys", "Claude Code", "Backups", "Export and import", "Presets", "Password"):
        page.get_by_role("tab", name=name).click()
        for dark, width in ((False, 1280), (True, 390)):
            page.emulate_media(color_scheme="dark" if dark else "light")
            page.set_viewport_size({"width": width, "height": 860})
            settle(page)
            assert not findings(page), name
            wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} is {wide} px wider than a screen of {width}"


def test_the_password_is_changed_and_other_logins_end(person: Callable[..., Looking], ccr: Running) -> None:
    """The last one here: it ends the login that the others share."""
    page = person("/ui/settings/password")
    page.get_by_label("Current password").fill("wrong")
    page.get_by_label("New password").fill("another password")
    page.get_by_label("The same once more").fill("another one")
    page.get_by_role("button", name="Change it").click()
    page.get_by_text("The two are not the same.").wait_for()
    page.get_by_label("The same once more").fill("another password")
    page.get_by_role("button", name="Change it").click()
    page.get_by_text("that is not the current password").wait_for()
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_role("button", name="Change it").click()
    page.get_by_text("all other logins have ended").wait_for()
    assert ccr.send("POST", "/api/session", {"password": PASSWORD}).status == 401
    page.reload()
    page.get_by_role("heading", name="Settings").wait_for()
