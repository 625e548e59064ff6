"""Takes the text out of a PDF; the only door to pypdf. Runs as a process of its own: `python -m ccr.documents.reader`.

The file comes by standard input, the answer leaves as one JSON object by standard output: `text` and `pages`, or `wrong`
in words for a person. What a strange file does to time and memory, it does to this process, which its parent ends.
"""

import json
import sys
from io import BytesIO

PAGES = 100
"""That many pages are read (https://docs.anthropic.com/en/docs/build-with-claude/pdf-support takes as many)."""
CHARACTERS = 400_000
"""That many characters are told, some 100,000 tokens."""
_MEMORY = 1 << 30
"""Bytes this process may have, where the system lets it be said."""


def text_of(data: bytes) -> dict[str, object]:
    """The text, page by page, up to the bounds; what was left out is told at its end."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"wrong": "it is locked by a password"}
        pages = len(reader.pages)
        texts = [reader.pages[at].extract_text().strip() for at in range(min(pages, PAGES))]
    except (PyPdfError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, OSError) as error:
        return {"wrong": f"it cannot be read ({type(error).__name__})"}
    except MemoryError:
        return {"wrong": "reading it takes too much memory"}
    told = "\n\n".join(text for text in texts if text)
    rest = [f"{pages - PAGES} further pages"] if pages > PAGES else []
    rest += [f"{len(told) - CHARACTERS} further characters"] if len(told) > CHARACTERS else []
    end = f"\n[{' and '.join(rest)} are not told]" if rest and told else ""
    return {"text": told[:CHARACTERS] + end, "pages": pages}


def _bound() -> None:
    """Windows knows no such bound; there the parent's patience is the only one."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def main() -> None:
    _bound()
    sys.stdout.write(json.dumps(text_of(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
