"""A text that makes every request be counted.

    when user.spend.today > $5  deny 429 "no more today; this one was {tokens} tokens"

A comparison such as `tokens > 60k` is nearly always decided by the size of the request alone. A text that says the
number needs the number: each request that gets here is counted, a few milliseconds for a long one. It is a note, not a
fault. How often it happens is known where requests are logged.
"""

from collections.abc import Iterator

from ccr.diagnostics.diagnostic import Code, Diagnostic, Severity
from ccr.diagnostics.source import Span
from ccr.lang import ast
from ccr.lang.environment import Cost, Environment
from ccr.lang.interpolation import places_in
from ccr.lang.proofs import Lint, Proof

CODE = Code("CCR602", "counts-tokens", Severity.NOTE, __doc__)


def check(proof: Proof) -> Iterator[Diagnostic]:
    for rule in proof.guards.rules:
        text = _text(rule.rule.action)
        if text is not None:
            yield from _counted(text, proof.environment)


def _text(action: ast.Action) -> ast.Literal | None:
    match action:
        case ast.Set(value=value) | ast.Tag(name=value):
            return value
        case ast.Deny(text=text):
            return text
        case _:
            return None


def _counted(text: ast.Literal, environment: Environment) -> Iterator[Diagnostic]:
    for name, _, _ in places_in(text.text):
        declared = environment.attribute(name)
        if declared is not None and declared.cost is Cost.COUNT:
            at = text.span.start + max(text.span.text.find(f"{{{name}}}"), 0)
            span = Span(text.span.file, at, at + len(name) + 2)
            yield Diagnostic(
                CODE, f"every request that gets here is counted for `{name}`", span, "needs the number itself"
            )
            return


LINT = Lint(CODE, check)
