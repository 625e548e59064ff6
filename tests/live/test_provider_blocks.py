"""Blocks that are added and taken away leave everything else as it was."""

from pathlib import Path

import pytest

from ccr.diagnostics.source import SourceFile
from ccr.lang.syntax import parse
from ccr.lang.tidy import tidy
from ccr.live.paths import Places
from ccr.live.provider_blocks import FILE, adding, block, find


def places(home: Path) -> Places:
    return Places(home, home / "config.json", home / "rules")


def write(home: Path, text: str, name: str = FILE) -> Path:
    path = home / "rules" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(
    "text",
    [
        block("zai"),
        block("mine", "https://llm.example.com/v1", "openai_chat", "MINE_API_KEY", ("a", "b:c", 'with "quotes"')),
        block("local", "http://127.0.0.1:8080", keyless=True),
    ],
)
def test_a_block_is_in_the_style(text: str) -> None:
    assert not parse(SourceFile("x.ccr", text))[1]
    assert tidy(SourceFile("x.ccr", text)) == text


def test_what_cannot_be_read_is_left_for_loading_to_tell() -> None:
    assert "dialect = kling on" in block("mine", dialect="kling on")


def test_added_blocks_stand_below_one_another(tmp_path: Path) -> None:
    first = adding(places(tmp_path), "provider a\n")
    assert first.path == tmp_path / "rules" / FILE
    assert first.before == ""
    write(tmp_path, first.after)
    second = adding(places(tmp_path), "provider b\n")
    assert second.before == first.after
    assert second.after == first.after + "\nprovider b\n"


def test_a_rule_file_in_the_place_of_the_folder_gets_it(tmp_path: Path) -> None:
    one = tmp_path / "one.ccr"
    one.write_text("default deny 403", encoding="utf-8")
    where = Places(tmp_path, tmp_path / "config.json", one)
    assert adding(where, "provider a\n").after == "default deny 403\n\nprovider a\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("provider a { url = x }\n", ""),
        ("# of a\nprovider a { url = x }\n\nprovider b\n", "# of a\n\nprovider b\n"),
        ("provider b\n\nprovider a {\n  url = x\n}\n\nprovider c\n", "provider b\n\nprovider c\n"),
        ("provider b\r\nprovider a { url = x }\r\nprovider c\r\n", "provider b\r\nprovider c\r\n"),
        ("provider a  # mine\nprovider b\n", "  # mine\nprovider b\n"),
        ("provider b\nprovider a", "provider b\n"),
    ],
)
def test_taken_away_without_a_trace(tmp_path: Path, before: str, after: str) -> None:
    write(tmp_path, before)
    found = find(places(tmp_path), "a")
    assert found is not None
    assert found.edit.before == before
    assert found.edit.after == after
    assert found.line == before[: before.index("provider a")].count("\n") + 1


def test_who_is_not_there(tmp_path: Path) -> None:
    assert find(places(tmp_path), "a") is None
    write(tmp_path, "provider ab\n")
    assert find(places(tmp_path), "a") is None
