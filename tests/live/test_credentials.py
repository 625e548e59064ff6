"""Keys that are kept: for their owner alone, whole or not at all, stronger than variables."""

import os
from pathlib import Path

import pytest

from ccr.live.credentials import Broken, forget, key_file, store, stored, stored_or_none
from ccr.live.surroundings import look
from ccr.routing.secret import Secret


def test_a_key_is_kept_replaced_and_forgotten(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert stored(home) == {}
    store(home, "A_KEY", "one")
    store(home, "B_KEY", "two")
    store(home, "A_KEY", "three")
    assert stored(home) == {"A_KEY": "three", "B_KEY": "two"}
    assert forget(home, "A_KEY")
    assert not forget(home, "A_KEY")
    assert stored(home) == {"B_KEY": "two"}
    assert forget(home, "B_KEY")
    assert not key_file(home).exists()


@pytest.mark.skipif(os.name != "posix", reason="modes of POSIX")
def test_it_is_for_its_owner_alone_also_when_it_was_not(tmp_path: Path) -> None:
    store(tmp_path, "A_KEY", "one")
    assert key_file(tmp_path).stat().st_mode & 0o777 == 0o600
    key_file(tmp_path).chmod(0o644)
    store(tmp_path, "A_KEY", "two")
    assert key_file(tmp_path).stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["keys.json"], "nothing else is left"


@pytest.mark.parametrize("text", ["{", "[]", '{"A": 1}', "\xff"])
def test_a_broken_file_is_told_and_not_written_over(tmp_path: Path, text: str) -> None:
    key_file(tmp_path).write_bytes(text.encode("latin-1"))
    with pytest.raises(Broken, match=r"keys\.json"):
        store(tmp_path, "A_KEY", "one")
    assert stored_or_none(tmp_path) == {}
    assert key_file(tmp_path).read_bytes() == text.encode("latin-1")


def test_it_is_stronger_than_the_variable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", "variable")
    assert look(tmp_path, {}).variables["A_KEY"] == Secret("variable")
    store(tmp_path, "A_KEY", "kept")
    assert look(tmp_path, {}).variables["A_KEY"] == Secret("kept")
