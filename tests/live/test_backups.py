"""Copies of what is overwritten: private, named after their time and file, the newest kept."""

import stat
from pathlib import Path

from ccr.live.backups import KEPT, keep, kept


def test_a_copy_is_made_and_listed(tmp_path: Path) -> None:
    path = tmp_path / "rules" / "10-x.ccr"
    path.parent.mkdir()
    path.write_text("one")
    copy = keep(tmp_path, path)
    assert copy is not None and copy.read_text() == "one" and stat.S_IMODE(copy.stat().st_mode) == 0o600
    (found,) = kept(tmp_path)
    assert (found.id, found.name, found.size) == (copy.name, "10-x.ccr", 3)


def test_nothing_there_is_nothing_kept(tmp_path: Path) -> None:
    assert keep(tmp_path, tmp_path / "none.ccr") is None
    assert kept(tmp_path) == () and not (tmp_path / "backups").exists()


def test_the_newest_stay_and_other_files_are_left_alone(tmp_path: Path) -> None:
    path, other = tmp_path / "config.json", tmp_path / "other.ccr"
    other.write_text("o")
    keep(tmp_path, other)
    for number in range(KEPT + 5):
        path.write_text(str(number))
        keep(tmp_path, path)
    names = [each.name for each in kept(tmp_path)]
    assert names.count("config.json") == KEPT and names.count("other.ccr") == 1
    newest = next(each for each in kept(tmp_path) if each.name == "config.json")
    texts = {(tmp_path / "backups" / each.id).read_text() for each in kept(tmp_path) if each.name == "config.json"}
    assert str(KEPT + 4) in texts and "0" not in texts and newest.size == 2
