"""Where a rule file stands that somebody names or has open: which layer it is, and the world with it in its place.

What `ccr check PATH` and an editor ask of a file by itself. Everything else stays as `ccr serve` would find it.
"""

from collections.abc import Iterable
from pathlib import Path

from msgspec import structs

from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.live.trust import FOLDER
from ccr.routing.surroundings import LayerSources, Sources

ORDER = ("policy", "session", "project", "user")
"""Layers that people write, strongest first."""
_OTHERS = "unknown-alias"
"""The finding that is none in a project's file, unless a name near it shows that it is a slip."""


def layer_name(folder: Path) -> str:
    """Which layer the files of a folder are: a project's in a `.ccr` folder, else the user's."""
    return "project" if folder.name == FOLDER else "user"


def standing(base: Sources, layer: LayerSources) -> Sources:
    """The world with this layer in the place of its own kind, strongest first."""
    written = {each.name: each for each in (*base.layers, layer)}
    strong = [written[name] for name in ORDER if name in written]
    below = [each for each in base.layers if each.name not in ORDER]
    return structs.replace(base, layers=(*strong, *below))


def may_be_a_projects(findings: Iterable[Diagnostic]) -> bool:
    """Whether all that is wrong with a file by itself is that nobody here gives the aliases it names."""
    errors = [each for each in findings if each.level is Severity.ERROR]
    return bool(errors) and all(each.code.name == _OTHERS and not each.fix for each in errors)


def as_project(world: Sources) -> Sources:
    """The same world with the user's layer as a project's, whose rules may use names that each colleague gives."""
    renamed = (structs.replace(each, name="project") if each.name == "user" else each for each in world.layers)
    return structs.replace(world, layers=tuple(renamed))
