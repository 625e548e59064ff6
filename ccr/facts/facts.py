"""Facts of one request: attributes read when asked, each computed at most once."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from ccr.facts.attribute import Attribute, Family
from ccr.facts.inputs import Inputs
from ccr.lang.values import Reading, Unknown

_PYTHON = ("python:", "python.target:")


class Readers:
    """How each name is read. Built once per process; families are tried for names that stand in no table."""

    def __init__(self, declared: Sequence[Attribute | Family]) -> None:
        self._attributes: Mapping[str, Callable[[Inputs], Reading]] = {
            each.declared.name: each.read for each in declared if isinstance(each, Attribute)
        }
        self._families = tuple(each for each in declared if isinstance(each, Family))

    def read(self, inputs: Inputs, name: str) -> Reading:
        """What the attribute comes to. What Python says, `python:FILE:FUNCTION` of a condition and `python.target:…` of a
        route, is Unknown until the edge has called it. Raises KeyError for a name nobody declared."""
        reader = self._attributes.get(name)
        if reader is not None:
            return reader(inputs)
        return Unknown(name) if name.startswith(_PYTHON) else self._read_family(inputs, name)

    def _read_family(self, inputs: Inputs, name: str) -> Reading:
        for family in self._families:
            prefix = family.declared.prefix
            if (prefix and name.startswith(prefix)) or any(
                name.endswith("." + s.name) for s in family.declared.suffixes
            ):
                return family.read(inputs, name)
        raise KeyError(name)


class Reads(Protocol):
    """Whoever knows what attributes come to: the readers of a request, or the log of an old one."""

    def read(self, inputs: Inputs, name: str) -> Reading: ...


class Facts:
    """Lazy name to value. A cache with idempotent writes, never read for meaning (rulings 2.9)."""

    __slots__ = ("_readers", "_values", "inputs")

    def __init__(self, readers: Reads, inputs: Inputs) -> None:
        self._readers, self.inputs = readers, inputs
        self._values: dict[str, Reading] = dict(inputs.known)

    def read(self, name: str) -> Reading:
        """The value, bounds of it, or Unknown; the same answer every time."""
        value = self._values.get(name)
        if value is None:
            value = self._values[name] = self._readers.read(self.inputs, name)
        return value

    def know(self, name: str, value: Reading) -> "Facts":
        """The same facts with one more of them found out; what was computed is kept."""
        return self.know_all({name: value})

    def know_all(self, values: Mapping[str, Reading]) -> "Facts":
        """The same facts with some more of them found out."""
        known = Facts(self._readers, self.inputs)
        known._values = {**self._values, **values}
        return known

    @property
    def looked_at(self) -> Mapping[str, Reading]:
        """What has been read so far."""
        return self._values
