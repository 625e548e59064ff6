"""The rank tables of the tokenizers that ship with ccr: our own packed files in, token bytes to rank out. No network.

The format and where the bytes come from stand in `data/NOTICE`.
"""

import zlib
from pathlib import Path

import msgspec

_DATA = Path(__file__).parent / "data"


def load_ranks(encoding: str) -> dict[bytes, int]:
    """Token to rank of `cl100k_base` or `o200k_base`. Raises FileNotFoundError for another."""
    packed = zlib.decompress((_DATA / f"{encoding}.z").read_bytes())
    tokens = msgspec.msgpack.decode(packed, type=list[bytes])
    return dict(zip(tokens, range(len(tokens)), strict=True))
