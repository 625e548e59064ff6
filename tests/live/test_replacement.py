"""A person's file is never written over without a copy."""

import os
import stat
from pathlib import Path

import pytest

from ccr.live.replacement import overwrite


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_a_copy_is_kept_and_the_mode_stays(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    assert overwrite(tmp_path, path, "one") is None
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.chmod(0o640)
    copy = overwrite(tmp_path, path, "two")
    assert copy is not None and (copy.read_text(), path.read_text()) == ("one", "two")
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_what_cannot_be_written_leaves_all_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text("one")
    (tmp_path / "backups").write_text("in the way")
    with pytest.raises(OSError):
        overwrite(tmp_path, path, "two")
    assert path.read_text() == "one"
