"""A rule for web searches leads to a model that cannot search.

    provider local { url = "http://localhost:8000/v1"; model m { search = false } }
    when web_search route local/m

The search tool runs at the provider. Name a model whose provider searches. It is told of models that a file of yours says
`search = false` of: vendors write in prose, by endpoint and not by model, who searches, so the catalogue says nothing.
"""

from collections.abc import Iterator

from ccr.diagnostics.diagnostic import Code, Diagnostic, Label, Severity
from ccr.lang.prove import Found, Never
from ccr.routing.lint import Lint
from ccr.routing.prospects import Prospects
from ccr.routing.reach import condition_of, facts_of, reached, source

CODE = Code("CCR407", "cannot-search", Severity.WARNING, __doc__)


def prove(prospects: Prospects) -> Iterator[Diagnostic]:
    searches = prospects.condition("web_search or kind == search")
    for here in reached(prospects):
        members = here.fixed
        if not members or any(facts_of(prospects, each).search is not False for each in members):
            continue
        if not isinstance(here.ask(prospects, searches), Found):
            continue  # of what no request gets to, everything is true
        if isinstance(here.ask(prospects, prospects.formulas.negate(searches)), Never):
            condition = condition_of(here.prospect)
            yield Diagnostic(
                CODE,
                f"this rule is for web searches, but {members[0].destination.model} cannot search",
                members[0].at,
                f"no search ({source(prospects, members[0], 'search')})",
                (Label(condition, ""),) if condition is not None else (),
            )


LINT = Lint(CODE, prove=prove)
