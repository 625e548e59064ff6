"""Rules that stand in a sentence, between backticks, are rules too: they load, or what they name is there."""

import re

import pytest

from ccr.diagnostics.diagnostic import Severity
from ccr.diagnostics.source import SourceFile
from ccr.routing.surroundings import LayerSources, Sources, Surroundings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from tests.house.markdown import PAGES, ROOT, prose

_STATEMENTS = "alias default deny drop expect import let never only provider route server set tag use user when"
FIRST = frozenset(_STATEMENTS.split())
PLACEHOLDER = re.compile(r"…|\b(?:[A-Z]{2,}|[ABCFNVX])\b")
"""`route A or B`, `default route PROVIDER/MODEL`: a form, and no rule."""
NOT_HERE = {"CCR102", "CCR112"}
"""A provider or a file that the sentence makes up."""


def mentioned(text: str) -> list[str]:
    found = (" ".join(each.split()) for each in re.findall(r"(?<!`)`([^`\n]+(?:\n[^`\n]+)?)`(?!`)", text))
    return sorted({each for each in found if each.split()[0] in FIRST and " " in each and not _is_form(each)})


def _is_form(rule: str) -> bool:
    return bool(PLACEHOLDER.search(re.sub(r'env\.[A-Z_]+|"[^"]*"', "", rule)))


RULES = [(page, rule) for page in PAGES if "reference" not in page.parts for rule in mentioned(prose(page))]


@pytest.mark.parametrize(("page", "rule"), RULES, ids=[f"{page.relative_to(ROOT)}: {rule}" for page, rule in RULES])
def test_a_rule_in_a_sentence_is_one(page: object, rule: str) -> None:
    assert any(not errors(each) for each in completed(rule)), errors(rule)


def completed(rule: str) -> list[str]:
    """As it stands; a condition alone with an action, a field or an option alone with a value of each type."""
    values = ["1", "30s", '"x"', "x", "$1", "true"]
    fields = [f"{rule} = {value}" for value in values] if re.match(r"set \S+$", rule) else []
    block = re.match(r"(server|provider) \{ ([a-z_]+) \}$", rule)
    name = {"server": "server", "provider": "provider ollama"}
    options = [f"{name[block[1]]} {{ {block[2]} = {value} }}" for value in values] if block else []
    return [rule, f"{rule} tag mentioned", *fields, *options]


def errors(rule: str) -> list[str]:
    sources = Sources((LayerSources("user", (SourceFile("page", rule),)),))
    found = load(sources, Surroundings(), vocabulary()).diagnostics
    return [
        f"{each.code.number} {each.message}"
        for each in found
        if each.level is Severity.ERROR and each.code.number not in NOT_HERE
    ]


def test_mistakes_are_found() -> None:
    assert len(RULES) > 40
    for rule in ("when toknes > 60k", "set timeuot", "server { zoen }", "drop tols ~ x", "route"):
        assert all(errors(each) for each in completed(rule)), rule
