"""The site of the documentation: every page has a place in the navigation, it builds without a warning, and nothing of it is
fetched from another host."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.house.markdown import PAGES, ROOT

SETTINGS = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
NAMED = re.findall(r"(\S+\.md)$", SETTINGS.split("\nnav:\n")[1], re.MULTILINE)
NOT_YET = {"performance.md"}
"""Pages with a place in the navigation that are left out of it until they are written."""
FETCHED = re.compile(
    r"""<(?:link|script|img|iframe|source)\b[^>]*?(?:href|src)=["']?(?:https?:)?//|url\(["']?(?:https?:)?//"""
)


def test_every_page_of_docs_has_a_place_in_the_navigation() -> None:
    """A new page needs a line under `nav` in mkdocs.yml."""
    ours = {str(page.relative_to(ROOT / "docs")) for page in PAGES if page.is_relative_to(ROOT / "docs")}
    assert {name for name in NAMED if not name.startswith("repository/")} - NOT_YET == ours - NOT_YET
    assert len(NAMED) == len(set(NAMED))


@pytest.mark.skipif(find_spec("material") is None, reason="mkdocs-material is not here (the extra `docs`)")
def test_the_site_builds_strictly_and_asks_no_other_host(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    built = [*tmp_path.rglob("*.html"), *tmp_path.rglob("*.css"), *tmp_path.rglob("*.svg")]
    assert tmp_path / "repository" / "SECURITY.html" in built
    for path in built:
        text = path.read_text(encoding="utf-8")
        assert not (found := FETCHED.search(text)), f"{path.relative_to(tmp_path)}: {found and found[0]}"
        assert 'class="mermaid"' not in text, "mermaid's script would be fetched: draw it as SVG"


@pytest.mark.parametrize(
    "text", ['<script src="https://a.b/c.js">', "<link rel=x href=//a.b/c.css>", "@import url(https://a.b/c.css)"]
)
def test_what_is_fetched_is_found(text: str) -> None:
    assert FETCHED.search(text)
