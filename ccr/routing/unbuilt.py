"""What parses and checks but has no engine in this release: one row each, told to the person by name (CCR801).

The one place where this is said. Whoever builds a thing deletes its row. Keys are written as a rule file writes them:

* an attribute by its full name;
* an option as `block.option`, a dialect as `provider.dialect = NAME`;
* a field as `set FIELD` or `drop FIELD`;
* `when python`, `route python`, `use python` for forms of statements, `use NAME` for a name.
"""

from collections.abc import Iterable, Mapping

_DIALECT = "the dialect `{}` is not built in this release: the file loads, and a request to such a provider gets an error that says so"

UNBUILT: Mapping[str, str] = {}


def of_dialects(options: Iterable[str], manners: Mapping[str, str], built: frozenset[str]) -> Mapping[str, str]:
    """Rows for dialects that can be named, as an option or after `use`, and that no drop-in provides."""
    return {
        **{f"provider.dialect = {name}": _DIALECT.format(name) for name in options if name not in built},
        **{f"use {name}": _DIALECT.format(name) for name, dialect in manners.items() if dialect not in built},
    }
