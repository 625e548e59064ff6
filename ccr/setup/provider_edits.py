"""A provider more or less in the person's rules: what block it would be, what comes of it, and the one way it is written.

`ccr providers add` and `remove` and the web UI ask this. An edit that would bring an error is not made.
"""

from pathlib import Path

from msgspec import Struct

from ccr.diagnostics.diagnostic import Diagnostic, Severity, unseen
from ccr.diagnostics.suggest import nearest
from ccr.lang.ast import Provider
from ccr.live.files import read_sources
from ccr.live.paths import Places, shown
from ccr.live.provider_blocks import NAME, Edit, block, find, sources_with
from ccr.live.provider_parts import key_said
from ccr.live.replacement import overwrite
from ccr.providers.spec import ProviderSpec
from ccr.routing.catalog import Catalog
from ccr.routing.server import is_loopback
from ccr.routing.surroundings import Surroundings
from ccr.routing.vocabulary import Vocabulary
from ccr.routing.workspace import load


class Wanted(Struct, frozen=True):
    """What somebody said of a provider; "" for what they left out. `keyless`: it asks for no key."""

    name: str
    url: str = ""
    dialect: str = ""
    variable: str = ""
    models: tuple[str, ...] = ()
    keyless: bool = False


class Outcome(Struct, frozen=True):
    """What would be found that is not found now; `errors` are those that keep it from being written."""

    fresh: tuple[Diagnostic, ...]

    @property
    def errors(self) -> list[Diagnostic]:
        return [each for each in self.fresh if each.level is Severity.ERROR]


def why_not(where: Places, wanted: Wanted, words: Vocabulary) -> str:
    """Why this provider cannot be added, in words; "" if it can."""
    there = find(where, wanted.name)
    if not NAME.fullmatch(wanted.name):
        return f"{wanted.name!r} is no name for a provider: small letters, digits, - and _, a letter first"
    if there is not None:
        return f"{wanted.name} is there already, at {shown(there.path)}:{there.line}; edit it there"
    if wanted.name not in words.providers and not wanted.url:
        meant = nearest(wanted.name, tuple(words.providers))
        hint = f"did you mean {meant[0]}? Else say" if meant else "say"
        return f"the catalogue knows no {wanted.name}; {hint} where it is: --url https://…"
    return ""


def variable_of(wanted: Wanted, spec: ProviderSpec | None) -> str:
    """The variable that the block names; "" where the catalogue knows it, or none is needed."""
    if wanted.variable or spec is not None or wanted.keyless or is_loopback(_host(wanted.url)):
        return wanted.variable
    return usual_variable(wanted.name)


def usual_variable(name: str) -> str:
    """`my-shop` keeps its key as `MY_SHOP_API_KEY`."""
    return f"{name.upper().replace('-', '_')}_API_KEY"


def variable_for(name: str, written: Provider | None, spec: ProviderSpec | None) -> str:
    """What keeps the key of a provider: what its block names, else what the catalogue does; "" where it says none of it."""
    named = key_said(written).variable if written is not None else ""
    return named or (spec.auth.variables[0] if spec is not None and spec.auth.variables else "")


def block_of(wanted: Wanted, spec: ProviderSpec | None) -> str:
    """The block as it would be written."""
    variable = variable_of(wanted, spec)
    keyless = wanted.keyless or (spec is None and not variable)
    return block(wanted.name, wanted.url, wanted.dialect, variable, wanted.models, keyless)


def judge(where: Places, edit: Edit, machine: Surroundings, words: Vocabulary) -> Outcome:
    """What the edit would bring. Loads the rules twice."""
    before = load(read_sources(where), machine, words, proofs=False)
    after = load(sources_with(where, edit), machine, words, proofs=False)
    return Outcome(tuple(unseen(after.diagnostics, before.diagnostics)))


def write(home: Path, edit: Edit) -> Path | None:
    """Writes it; the copy of what was there. Raises OSError: then nothing was changed."""
    return overwrite(home, edit.path, edit.after)


def stays(name: str, catalog: Catalog | None) -> str:
    """Why a provider that stands in none of the person's rule files cannot be removed from there."""
    provider = catalog.providers.get(name) if catalog is not None else None
    if provider is None:
        meant = nearest(name, tuple(catalog.providers) if catalog is not None else ())
        return f"there is no provider {name!r}" + (f"; did you mean {meant[0]}?" if meant else "")
    if provider.at is not None:
        place = f"{provider.at.file.name}:{provider.at.position[0]}"
        return f"{name} stands in {place}, which is not written here; take it out there"
    variables = " or ".join(provider.auth.variables)
    why = f"because {variables} is set: unset it, or: ccr key forget {name}" if variables else "by itself"
    return f"{name} stands in no file; it is there {why}"


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].rpartition(":")[0] or url.partition("://")[2].partition("/")[0]
