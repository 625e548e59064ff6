"""What loading may know of the machine, read before it begins so that loading stays pure (rulings 2.2)."""

from collections.abc import Mapping

from msgspec import Struct

from ccr.diagnostics.source import SourceFile
from ccr.routing.secret import Secret


class Surroundings(Struct, frozen=True):
    """`variables` holds every environment variable that sources mention or the catalogue names; unset ones are absent.

    `discovered` holds the models local servers said they have, by provider name, newest first.
    """

    variables: Mapping[str, Secret] = {}
    discovered: Mapping[str, tuple[str, ...]] = {}
    zones: frozenset[str] | None = None
    """Known IANA zones; None: not checked."""
    home: str = ""
    """The ccr home, for messages that say where to write."""
    trusted: frozenset[str] = frozenset()


class LayerSources(Struct, frozen=True):
    """`mentioned` are files that imports in `files` name."""

    name: str
    files: tuple[SourceFile, ...]
    mentioned: tuple[SourceFile, ...] = ()


class Sources(Struct, frozen=True):
    """Everything that makes a world, read into memory. Layers strongest first, their files in name order."""

    layers: tuple[LayerSources, ...]
    config: SourceFile | None = None
    """config.json, if there is one."""
    beside: tuple[SourceFile, ...] = ()
    """Files that config.json names: a router and transformers in Python, a prompt."""
    router: SourceFile | None = None
    """A JSON file of which `Router` stands in the place of config.json's: a project's or a session's own."""

    @property
    def files(self) -> tuple[SourceFile, ...]:
        """Everything that was read, and what was mentioned and is not there: the watch list."""
        config = tuple(each for each in (self.config, self.router) if each is not None)
        return (*(file for layer in self.layers for file in (*layer.files, *layer.mentioned)), *config, *self.beside)
