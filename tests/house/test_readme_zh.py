"""README.zh.md says what README.md says: the same sections, the same commands, rules and screens, in the same order. Comments
in commands and rules are translated, so they are left out of the comparison."""

import re

from tests.house.markdown import ROOT, Block, blocks, links, prose

ENGLISH, CHINESE = ROOT / "README.md", ROOT / "README.zh.md"


def bare(block: Block) -> tuple[str, list[str]]:
    """The block without comments; a screen stays as it is."""
    if block.language == "console":
        return block.language, block.text.splitlines()
    return block.language, [re.sub(r"\s*(^|\s)#.*$", "", line) for line in block.text.splitlines()]


def test_it_shows_the_same() -> None:
    """After a change of the README change README.zh.md, too: a block is copied as it is."""
    same = "README.md has changed: copy the changed block into README.zh.md"
    assert [bare(block) for block in blocks(CHINESE)] == [bare(block) for block in blocks(ENGLISH)], same


def test_it_has_the_same_sections_and_leads_to_the_same_pages() -> None:
    marks = [re.findall(r"^(#+) ", prose(page), re.MULTILINE) for page in (CHINESE, ENGLISH)]
    assert marks[0] == marks[1]
    assert set(links(CHINESE)) - {"README.md"} == set(links(ENGLISH)) - {"README.zh.md"}, "say it in README.zh.md, too"


def test_it_is_chinese() -> None:
    assert len(re.findall(r"[\u4e00-\u9fff]", prose(CHINESE))) > 1000
