"""What changes between requests, sampled once per request and handed in as a value: health, spend, what answered last.

`values` holds attributes of cost `state` by their full names (`last.model`, `ollama.down`, `spend.today`); an absent
one reads as its type's zero.
"""

from collections.abc import Mapping

from msgspec import Struct

from ccr.lang.values import Value


class State(Struct, frozen=True):
    values: Mapping[str, Value] = {}


EMPTY = State()
