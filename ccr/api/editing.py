"""The world with one file of the user layer as somebody is editing it: what is asked "what if" is asked of this."""

from msgspec import Struct

from ccr.api.findings import Findings, findings_of
from ccr.api.parts import Parts
from ccr.api.rulefiles import path_of, with_text
from ccr.routing.snapshot import Snapshot
from ccr.routing.workspace import load


class Edited(Struct, frozen=True):
    """A file of the user layer as it is being edited."""

    name: str
    text: str


def world(parts: Parts, edited: Edited | None) -> tuple[Snapshot | None, Findings]:
    """The rules to decide by: those in force, or with the edited text among them; None where that does not load. Takes
    up to a second."""
    live = parts.live
    if edited is None:
        return live.current, findings_of(())
    sources = with_text(live, path_of(live, edited.name), edited.text)
    loaded = load(sources, live.look(), parts.vocabulary, proofs=False)
    return loaded.snapshot, findings_of(loaded.diagnostics)
