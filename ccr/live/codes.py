"""All kinds of findings there are, collected from the modules that declare them, and their page of the reference."""

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules

from ccr.diagnostics.diagnostic import Code
from ccr.routing.reference import Entry, Page

_CODES = (
    "ccr.lang.syntax_codes", "ccr.lang.findings", "ccr.routing.findings", "ccr.config.findings",
    "ccr.routing.expectations", "ccr.routing.proofs", "ccr.lang.tidy",
)  # fmt: skip
_LINTS = ("ccr.lang.lints", "ccr.routing.lints")


def codes() -> Iterator[Code]:
    """All kinds of findings there are, each once."""
    seen: set[str] = set()
    for name in (*_CODES, *_lints()):
        for value in vars(import_module(name)).values():
            if isinstance(value, Code) and value.number not in seen:
                seen.add(value.number)
                yield value


def _lints() -> Iterator[str]:
    for package in _LINTS:
        yield from (f"{package}.{module.name}" for module in iter_modules(import_module(package).__path__))


def page() -> Page:
    """The page of the reference about them."""
    intro = (
        "What `ccr check` can say. An error keeps the sources from loading; a warning does so under `--strict`; a note never. "
        "`ccr check --explain CODE` prints one page."
    )
    entries = (
        Entry(f"{code.number} {code.name}", code.manual, (("severity", code.severity.value),))
        for code in sorted(codes(), key=lambda code: code.number)
    )
    return Page("codes", "Findings", intro, tuple(entries), sections=True)
