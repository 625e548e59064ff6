"""What is built: small, strict, in both languages, and nothing of it from anywhere else."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.ui.conftest import ROOT, STATIC, UI

BUDGET = 250 * 1024
FIRST_VIEW = 90 * 1024
"""Bytes, packed: what comes before the first page is seen. The editor is not among them."""


def sizes() -> dict[str, int]:
    found: dict[str, int] = json.loads((STATIC / "sizes.json").read_text())
    return found


def test_all_of_it_fits_the_budget(built: None) -> None:
    assert 10_000 < sum(sizes().values()) <= BUDGET


def test_the_first_view_needs_little_of_it(built: None) -> None:
    """The entry, what it imports, its styles and the first page; chunks that are only loaded later do not count."""
    known, reached = sizes(), set[str]()
    waiting = [name for name in known if name.startswith(("main-", "overview-"))]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            text = (STATIC / "assets" / name).read_text(encoding="utf-8")
            waiting += re.findall(r'(?:from|import)\s*"\./([\w.-]+\.js)"', text)
    assert sum(known[name] for name in reached) <= FIRST_VIEW
    assert not [name for name in reached if "codemirror" in (STATIC / "assets" / name).read_text().lower()]


def test_no_file_names_another_host(built: None) -> None:
    harmless = {"www.w3.org", "github.com", "preactjs.com"}
    for path in STATIC.rglob("*"):
        if path.suffix in (".js", ".css", ".html", ".svg"):
            named = set(re.findall(r"https?://([\w.-]+)", path.read_text(encoding="utf-8")))
            assert named <= harmless, path.name


def test_the_index_has_no_script_and_no_style_of_its_own(built: None) -> None:
    index = (STATIC / "index.html").read_text(encoding="utf-8")
    assert not re.search(r"<script(?![^>]*\bsrc=)", index)
    assert "<style" not in index and " style=" not in index and not re.search(r"\son\w+=", index)


def test_packages_are_pinned_and_name_no_registry() -> None:
    package = json.loads((UI / "package.json").read_text())
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions.values())
    assert '"resolved"' not in (UI / "package-lock.json").read_text()


def test_the_types_are_strict_and_fit_the_api(built: None, tmp_path: Path) -> None:
    """The types are made from the API as it is now, and every page holds to them."""
    compiler = UI / "node_modules" / "typescript" / "bin" / "tsc"
    if not compiler.exists():
        pytest.skip("typescript is not installed: make ui")
    node = shutil.which("node") or ""
    subprocess.run([node, "types.mjs"], cwd=UI, check=True, timeout=30)
    done = subprocess.run(
        [node, str(compiler), "--noEmit"], cwd=UI, capture_output=True, text=True, timeout=50, check=False
    )
    assert done.returncode == 0, done.stdout
    assert json.loads((UI / "tsconfig.json").read_text())["compilerOptions"]["strict"] is True


def test_every_text_is_said_in_both_languages() -> None:
    """Of pages the build holds it, too; here also of the parts."""
    pattern = re.compile(r"^  (\w+): \{ (.*) \},?$", re.MULTILINE)
    seen = 0
    for path in (UI / "src").rglob("*.tsx"):
        block = re.search(r"export const words = \{\n(.*?)\n\};", path.read_text(encoding="utf-8"), re.DOTALL)
        for name, said in pattern.findall(block[1]) if block else ():
            seen += 1
            assert re.search(r'\ben: "[^"]', said) and re.search(r'\bzh: "[^"]', said), f"{path.name}: {name}"
            places = [set(re.findall(r"\{(\w+)\}", text)) for text in re.findall(r'(?:en|zh): "([^"]*)"', said)]
            assert places[0] == places[1], f"{path.name}: {name} names other values in one language"
    assert seen > 60


def test_a_page_is_a_file_and_nothing_more(built: None) -> None:
    listed = subprocess.run(
        [shutil.which("node") or "", "build.mjs", "--pages"],
        cwd=UI,
        check=True,
        capture_output=True,
        text=True,
        timeout=30,
    )
    names = {page["name"] for page in json.loads(listed.stdout)}
    assert names == {path.stem for path in (UI / "src" / "pages").glob("*.tsx")}
    paths = [page["path"] for page in json.loads(listed.stdout)]
    assert len(set(paths)) == len(paths) and "" in paths


def test_nothing_built_is_kept_in_git() -> None:
    ignored = (ROOT / ".gitignore").read_text()
    assert "ccr/api/static/" in ignored and "node_modules/" in ignored
