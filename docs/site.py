"""What mkdocs is told besides `mkdocs.yml`: pages of the repository that stand outside docs/ (SECURITY.md, the tour of the
examples) become pages of the site where docs/ or the navigation leads to them; files that are no pages are copied.

On the disk a link leads to the file, so that it works in an editor and where the repository is shown, too; on the site the
same link leads to the copy below `repository/`.
"""

import os.path
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).parents[1]
OUTSIDE = PurePosixPath("repository")
ALWAYS = ("SECURITY.md", "CONTRIBUTING.md", "examples/README.md")
_LINK = re.compile(r"\]\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?\)")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Leaves a page out of the navigation that is not written yet; a test names those that may be."""
    if config.nav is not None:
        config.nav = [each for entry in config.nav if (each := _there(entry)) is not None]
    return config


def _there(entry: Any) -> Any:
    match entry:
        case dict():
            kept = {title: there for title, inner in entry.items() if (there := _there(inner)) is not None}
            return kept or None
        case list():
            return [there for inner in entry if (there := _there(inner)) is not None] or None
        case _:
            return entry if _on_disk(entry).is_file() else None


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds what the pages lead to, and what that leads to."""
    waiting = [ROOT / each for each in ALWAYS]
    waiting += [target for each in files.documentation_pages() for target in _led_to(ROOT / "docs" / each.src_uri)]
    while waiting:
        path = waiting.pop()
        name = _on_site(path)
        if path.is_relative_to(ROOT / "docs") or not path.is_file() or files.get_file_from_path(name):
            continue
        files.append(File.generated(config, name, abs_src_path=str(path)))
        if path.suffix == ".md":
            waiting.extend(_led_to(path))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turns the links of a page into links of the site; what is a folder on the disk is no link here."""
    here = _on_disk(page.file.src_uri)
    start = os.path.dirname(page.file.src_uri)

    def turned(found: re.Match[str]) -> str:
        name = _on_site(Path(os.path.normpath(here.parent / found[1])))
        if files.get_file_from_path(name) is None:
            return "]"
        return f"]({os.path.relpath(name, start)}{found[2] or ''})"

    return re.sub(r"\[([^\]]*)\]$", r"\1", _LINK.sub(turned, markdown), flags=re.MULTILINE)


def _led_to(page: Path) -> Iterator[Path]:
    for path, _ in _LINK.findall(page.read_text(encoding="utf-8")):
        yield Path(os.path.normpath(page.parent / path))


def _on_site(path: Path) -> str:
    """The name of a file on the site, whether it is there or not."""
    if path.is_relative_to(ROOT / "docs"):
        return path.relative_to(ROOT / "docs").as_posix()
    return str(OUTSIDE / path.relative_to(ROOT).as_posix())


def _on_disk(name: str) -> Path:
    within = PurePosixPath(name)
    return ROOT / within.relative_to(OUTSIDE) if within.is_relative_to(OUTSIDE) else ROOT / "docs" / within
