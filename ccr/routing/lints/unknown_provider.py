"""A target names a provider that is not declared and not in the catalogue.

    default route opnrouter/z-ai/glm-4.6

Nothing could be sent there. Correct the name, or declare the provider: `provider NAME { url = "https://…" }`. In a
project's rules this is a note: other people may have that provider, and for you the route is none. In config.json it is
a warning, because the old file has to go on working; that scenario is passed over.
"""

from collections.abc import Iterator

from ccr.diagnostics.diagnostic import Code, Diagnostic, Edit, Fix, Severity
from ccr.diagnostics.source import Span
from ccr.diagnostics.suggest import nearest
from ccr.lang.ast import ModelRef
from ccr.routing.lint import Lint, Rules
from ccr.routing.references import describers, models, targets

CODE = Code("CCR102", "unknown-provider", Severity.ERROR, __doc__)
_MILDER = {"project": Severity.NOTE, "session": Severity.NOTE, "config": Severity.WARNING}
_DEMO = "demo"


def check(rules: Rules) -> Iterator[Diagnostic]:
    lost = (name for layer in rules.layers for file in layer.files for name in file.lost)
    known = (*rules.catalog.providers, *rules.catalog.known, *lost, _DEMO)
    for layer in rules.layers:
        routed = (ref for target in targets(layer.files) for ref in models(target))
        for ref in (*routed, *describers(layer.files)):
            name, slash, _ = ref.text.partition("/")
            if slash and name not in known:
                yield _finding(ref, name, known, _MILDER.get(layer.name))


def _finding(ref: ModelRef, name: str, known: tuple[str, ...], severity: Severity | None) -> Diagnostic:
    at = _first_part(ref, name)
    meant = nearest(name, known)
    label = f"did you mean `{meant[0]}`?" if meant else "not declared, and in no catalogue"
    fix = Fix(f"write `{meant[0]}`", (Edit(at, meant[0]),), safe=False) if meant and at.text == name else None
    return Diagnostic(
        CODE,
        f"there is no provider `{name}`",
        at,
        label,
        help=f'provider {name} {{ url = "https://…" }}  declares one',
        fix=fix,
        severity=severity,
    )


def _first_part(ref: ModelRef, name: str) -> Span:
    start = ref.span.start + (1 if ref.quoted else 0)
    found = Span(ref.span.file, start, start + len(name))
    return found if found.text == name else ref.span


LINT = Lint(CODE, check)
