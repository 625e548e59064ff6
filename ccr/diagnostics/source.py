"""Source texts and places in them.

A `SourceFile` is a name and its text; a `Span` is a half-open range of code points in one. Lines and columns are
worked out here and nowhere else: 1-based, a column counts code points (rulings R2), a tab is one.
"""

from bisect import bisect_right
from functools import lru_cache

from msgspec import Struct


class SourceFile(Struct, frozen=True, eq=False):
    """A text with the name it is shown by. `text` is None for a file that was mentioned and is not there. `loose`:
    everybody on the machine may write it."""

    name: str
    text: str | None
    loose: bool = False

    def __repr__(self) -> str:
        """Without the text, which may hold a key: a repr ends in logs and crash reports."""
        return f"SourceFile({self.name!r})"

    @property
    def content(self) -> str:
        return self.text or ""

    def line_column(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of an offset in code points."""
        starts = _line_starts(self)
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a 1-based line, without its line ending."""
        starts = _line_starts(self)
        end = starts[number] if number < len(starts) else len(self.content)
        return self.content[starts[number - 1] : end].rstrip("\r\n")

    def byte_offset(self, offset: int) -> int:
        return len(self.content[:offset].encode("utf-8", "surrogatepass"))

    def utf16_column(self, offset: int) -> int:
        """The 0-based UTF-16 column that editors speak of."""
        line, column = self.line_column(offset)
        return len(self.line(line)[: column - 1].encode("utf-16-le", "surrogatepass")) // 2


@lru_cache(maxsize=64)
def _line_starts(file: SourceFile) -> tuple[int, ...]:
    text = file.content
    return (0, *(i + 1 for i, char in enumerate(text) if char == "\n"))


class Span(Struct, frozen=True):
    """A half-open range [start, end) of code points in a file."""

    file: SourceFile
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.file.content[self.start : self.end]

    @property
    def position(self) -> tuple[int, int]:
        """1-based line and column of the start."""
        return self.file.line_column(self.start)

    def to(self, other: "Span") -> "Span":
        """From the start of this one to the end of the other."""
        return Span(self.file, self.start, other.end)

    def __str__(self) -> str:
        line, column = self.position
        return f"{self.file.name}:{line}:{column}"


NOWHERE = SourceFile("<nowhere>", "")
