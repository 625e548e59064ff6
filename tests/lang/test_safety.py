"""Files that others can change, and Python from elsewhere; keys and letters are golden cases of routing/lints."""

import pytest

from ccr.diagnostics.source import SourceFile
from ccr.lang.analyze import LayerText, analyze
from tests.lang.world import ENVIRONMENT

LOOSE = "CCR702"
HOOK = "def pick(request, context):\n    return None\n"


def found(rules: SourceFile, *mentioned: SourceFile, layer: str = "user") -> list[str]:
    told = analyze((LayerText(layer, (rules,), mentioned),), ENVIRONMENT).diagnostics
    return [each.message for each in told if each.code.number == LOOSE]


@pytest.mark.parametrize(
    ("path", "named", "outside"),
    [
        ("pick.py", "rules/pick.py", False),
        ("hooks/pick.py", "rules/hooks/pick.py", False),
        ("../pick.py", "pick.py", True),
        ("../rules2/pick.py", "rules2/pick.py", True),
        ("/etc/pick.py", "/etc/pick.py", True),
    ],
)
def test_python_from_outside_the_folder_is_told(path: str, named: str, outside: bool) -> None:
    rules = SourceFile("rules/a.ccr", f'when python "{path}:pick" tag x\n')
    told = found(rules, SourceFile(named, HOOK))
    assert told == ([f"`{named}` is Python from outside the folder of these rules"] if outside else [])


def test_a_file_that_everybody_may_write_is_told_once_where_it_is_named() -> None:
    assert LOOSE == "CCR702"
    rules = SourceFile("rules/a.ccr", 'when python "pick.py:pick" tag x\n')
    assert found(rules, SourceFile("rules/pick.py", HOOK, True)) == [
        "everybody on this machine may change `rules/pick.py`"
    ]
    assert found(SourceFile("rules/a.ccr", "tag x\n", True)) == ["everybody on this machine may change `rules/a.ccr`"]


def test_a_recorded_example_is_no_python() -> None:
    rules = SourceFile("rules/a.ccr", 'expect requested for "../seen.json"\n')
    assert found(rules, SourceFile("seen.json", "{}")) == []
