"""A rule edits what a model has signed its thinking over.

    set system += "Answer in English."
    default route anthropic/claude-sonnet-4-5

Anthropic's models sign their thinking together with what came before it. A changed system text, changed tools or a
changed history makes earlier thinking invalid, and it costs the prompt cache. So do transformers that edit these
(`rewrite_system`, `tooluse`, `forcereasoning`); what a function in Python does is not known. Put the edit under a condition that such
requests do not satisfy, or say the same in the project's CLAUDE.md.
"""

from collections.abc import Iterator

from ccr.diagnostics.diagnostic import Code, Diagnostic, Label, Severity
from ccr.lang import ast
from ccr.lang.flatten import flatten
from ccr.lang.formula import Formula
from ccr.lang.prove import Found
from ccr.routing.lint import Lint
from ccr.routing.prospects import Fixed, Prospects
from ccr.routing.reach import WRITTEN, Reached, actions, model_of, provider_of, reached

CODE = Code("CCR408", "breaks-signed-thinking", Severity.WARNING, __doc__)
_WHAT = "changes the text before the thinking"
_SIGNED_SET, _SIGNED_DROP = frozenset({"system"}), frozenset({"tools", "images"})


def prove(prospects: Prospects) -> Iterator[Diagnostic]:
    said: set[int] = set()
    for here in reached(prospects):
        signing = next(
            (each for each in here.line.members if isinstance(each, Fixed) and _signs(prospects, each)), None
        )
        if signing is None:
            continue
        for action, own in _actions(prospects, here, signing):
            how = _edits(action, prospects)
            if how and id(action) not in said and isinstance(here.ask(prospects, own), Found):
                said.add(id(action))
                label = (Label(signing.at, "signs its thinking"),)
                yield Diagnostic(
                    CODE, f"this {how} what a model has signed its thinking over", action.span, _WHAT, label
                )


def _actions(prospects: Prospects, here: Reached, signing: Fixed) -> Iterator[tuple[ast.Action, Formula]]:
    """What rules do above the route, and what the provider's and the model's own blocks do at the attempt."""
    for layer in (name for name in prospects.guards if name in WRITTEN):
        yield from actions(prospects, layer, here.prospect)
    provider, model = provider_of(prospects, signing), model_of(prospects, signing)
    for body in (provider.body if provider is not None else (), model.body if model is not None else ()):
        for flat in flatten(body):
            read = prospects.guards[next(iter(prospects.guards))].read
            yield flat.action, prospects.formulas.all(read(each) for each in flat.conditions)


def _signs(prospects: Prospects, member: Fixed) -> bool:
    """Anthropic's own host: where `scrub` is off the bytes are relayed as they are."""
    provider = provider_of(prospects, member)
    if provider is None or provider.dialect != "anthropic" or provider.spec is None or not provider.spec.own:
        return False
    return any(quirks.get("scrub") is False for quirks in provider.quirks)


def _edits(action: ast.Action, prospects: Prospects) -> str:
    """How it edits: for certain, perhaps, or not at all."""
    match action:
        case ast.Set(field=field):
            return "edits" if field.text in _SIGNED_SET else ""
        case ast.Drop(field=field):
            return "edits" if field.text in _SIGNED_DROP else ""
        case ast.Use(transform=ast.PythonRef()):
            return "may edit"
        case ast.Use(transform=ast.Name(text=name)):
            known = prospects.environment.transformers.get(name)
            return "edits" if known is not None and known.edits else ""
        case _:
            return ""


LINT = Lint(CODE, prove=prove)
