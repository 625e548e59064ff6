"""Lenses from a log that a whole ccr has written."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from ccr.desk.desk import Desk
from ccr.live.paths import Places as Where
from ccr.lsp.convert import Places
from ccr.lsp.traffic import lenses
from ccr.routing.vocabulary import vocabulary
from tests.fake_upstream import in_thread
from tests.observe.test_metrics import BUSY, GOOD
from tests.running import running, write

RULES = """\
provider lab {{ url = "{url}"; dialect = anthropic; auth = none; models = [large]; model large {{ price_in = $3; price_out = $15 }} }}
set retries = 0
when image route lab/large
default route lab/large
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two requests, one of which failed, are in the log."""
    with in_thread(GOOD, BUSY) as upstream:
        write(tmp_path, "rules/10.ccr", RULES.format(url=upstream.url))
        with running(tmp_path) as ccr:
            for _ in range(2):
                ccr.entry(ccr.ask())
    return tmp_path


def seen(home: Path, text: str = "", days: int = 0) -> list[tuple[int, str]]:
    path = home / "rules" / "10.ccr"
    desk = Desk(Where(home, home / "config.json", home / "rules"), vocabulary())
    if text:
        desk.put(path, path.as_uri(), text)
    view = desk.view(path)
    found = lenses(view, home, datetime.now().date() + timedelta(days=days), Places("utf-16", view.uris))
    return [(each.range.start.line, each.command.title) for each in found if each.command]


def test_a_rule_tells_what_it_took(home: Path) -> None:
    assert seen(home) == [(3, "2 requests · $0.01 · 1 failed · last 7 days")]
    assert seen(home, days=8) == []


def test_a_rule_that_was_written_anew_has_no_traffic_of_another(home: Path) -> None:
    text = (home / "rules" / "10.ccr").read_text()
    assert seen(home, text.replace("default route lab/large", "default route requested")) == []
    assert seen(home, text + "tag more\n") == [(3, "2 requests · $0.01 · 1 failed · last 7 days")]


def test_without_a_log_there_is_nothing_and_none_is_made(tmp_path: Path) -> None:
    write(tmp_path, "rules/10.ccr", "default route demo/m\n")
    assert seen(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["rules"]
