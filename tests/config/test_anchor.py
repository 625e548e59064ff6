"""Paths of config.json, told so that they mean the same files from another folder."""

import pytest

from ccr.config.anchor import anchored
from ccr.config.read import read_config
from ccr.diagnostics.source import SourceFile
from ccr.lang.splice import paths


@pytest.mark.parametrize(
    ("path", "told"),
    [("own.txt", "~/h/own.txt"), ("./own.txt", "~/h/own.txt"), ("../own.txt", "~/h/../own.txt"), ("~/own.txt", "~/own.txt"), ("/a/own.txt", "/a/own.txt"), ("C:/own.txt", "C:/own.txt")],
)  # fmt: skip
def test_relative_paths_stand_below_the_folder(path: str, told: str) -> None:
    read = read_config(SourceFile("config.json", f'{{"REWRITE_SYSTEM_PROMPT": "{path}"}}'))
    assert read.file is not None
    assert [each.text for each in paths(anchored(read.file, "~/h").statements)] == [told]


def test_what_names_no_file_is_the_same_tree() -> None:
    read = read_config(SourceFile("config.json", '{"Router": {"default": "a,b"}}'))
    assert read.file is not None and anchored(read.file, "~/h") == read.file
