"""No page of the repository leads nowhere: each link to a file, a folder or a heading of ours is there."""

from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.house.markdown import PAGES, ROOT, anchors, links


@pytest.mark.parametrize("page", PAGES, ids=[str(page.relative_to(ROOT)) for page in PAGES])
def test_every_link_leads_somewhere(page: Path) -> None:
    assert [said for each in links(page) if (said := wrong(page, each))] == []


def wrong(page: Path, link: str) -> str:
    """What is wrong with a link; "" if nothing is, or it leads to another host."""
    if "://" in link or link.startswith("mailto:"):
        return ""
    path, _, anchor = unquote(link).partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return f"{link}: no such file"
    if not target.is_relative_to(ROOT):
        return f"{link}: leads out of the repository"
    if anchor and target.suffix == ".md" and anchor not in anchors(target):
        return f"{link}: no such heading there"
    return ""


def test_what_leads_nowhere_is_found(tmp_path: Path) -> None:
    """The checker itself: a page with each kind of link."""
    page = ROOT / "docs" / "language.md"
    assert wrong(page, "#actions") == wrong(page, "failures.md#several-keys") == wrong(page, "../examples") == ""
    assert "no such heading" in wrong(page, "failures.md#several-locks")
    assert "no such file" in wrong(page, "failure.md")
    assert "leads out" in wrong(page, "../..")
    made = tmp_path / "page.md"
    made.write_text(
        '# A `b` c!\n\n## A b c\n\n[x](y.md#z) `[no](link)` <img src="p.svg">\n\n```text\n[no](link)\n```\n'
    )
    assert links(made) == ["y.md#z", "p.svg"] and anchors(made) == {"a-b-c", "a-b-c-1"}
