"""Sources are read whole with what they mention; files are written whole or not at all."""

import os
import stat
from pathlib import Path

import pytest

from ccr.live.files import decode, layer_files, read, read_sources, write_atomic
from ccr.live.paths import Places, placed


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"tag x", "tag x"),
        (b"\xef\xbb\xbftag x", "tag x"),
        ("tag é".encode("utf-16"), "tag é"),
        (b"\xfe\xff" + "tag é".encode("utf-16-be"), "tag é"),
        (b"tag \xff", "tag \udcff"),
    ],
)
def test_what_editors_and_shells_write_is_read(data: bytes, text: str) -> None:
    assert decode(data) == text


def test_a_missing_file_is_a_source_without_text(tmp_path: Path) -> None:
    assert read(tmp_path / "gone.ccr").text is None


def test_a_layer_is_its_files_in_name_order(tmp_path: Path) -> None:
    for name in ("20-b.ccr", "10-a.ccr", "notes.md"):
        (tmp_path / name).write_text("")
    assert [path.name for path in layer_files(tmp_path)] == ["10-a.ccr", "20-b.ccr"]
    assert layer_files(tmp_path / "10-a.ccr") == [tmp_path / "10-a.ccr"]
    assert layer_files(tmp_path / "none") == []


def test_writing_is_whole_and_private(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "file"
    write_atomic(target, b"one")
    write_atomic(target, b"two")
    assert target.read_bytes() == b"two"
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert [path.name for path in target.parent.iterdir()] == ["file"]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.mkdir()
    with pytest.raises(OSError):
        write_atomic(target, b"new")
    assert target.is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_config_that_is_there_and_cannot_be_read_is_not_taken_for_none(tmp_path: Path) -> None:
    where = Places(tmp_path, tmp_path / "config.json", tmp_path / "rules")
    assert read_sources(where).config is None
    where.config.mkdir()
    config = read_sources(where).config
    assert config is not None
    assert config.text is None


@pytest.mark.skipif(os.name != "posix", reason="the rights of files are those of POSIX systems")
def test_a_file_that_everybody_may_write_is_known(tmp_path: Path) -> None:
    rules = tmp_path / "rules.ccr"
    rules.write_text("tag x\n")
    rules.chmod(0o664)
    assert not read(rules).loose
    rules.chmod(0o666)
    assert read(rules).loose


def test_the_prompt_that_config_json_names_is_read_with_it(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"rewrite_system_prompt": "own.txt"}')
    (tmp_path / "own.txt").write_text("Be brief.")
    where = Places(tmp_path, tmp_path / "config.json", tmp_path / "rules")
    sources = read_sources(where)
    assert [(placed(file.name), file.text) for file in sources.beside] == [(tmp_path / "own.txt", "Be brief.")]
    (tmp_path / "own.txt").unlink()
    assert [file.text for file in read_sources(where).beside] == [None]


@pytest.mark.parametrize("named", ["own.txt", '"own.txt"', "texts/own.txt", '"./texts/own.txt"'])
def test_a_text_that_a_use_is_handed_is_read_however_its_path_is_written(tmp_path: Path, named: str) -> None:
    path = tmp_path / "rules" / named.strip('"')
    path.parent.mkdir(parents=True)
    path.write_text("Be brief.")
    (tmp_path / "rules/10.ccr").write_text(f"use rewrite_system(file = {named})\n")
    (layer, _) = read_sources(Places(tmp_path, tmp_path / "config.json", tmp_path / "rules")).layers
    assert [file.text for file in layer.mentioned] == ["Be brief."]
