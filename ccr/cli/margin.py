"""Coverage as people and programs read it: each line that holds a decision, its mark, and what nothing tried there."""

from collections.abc import Iterator

from ccr.lang.coverage import Beside, Coverage, margin

_TEXT = 62
"""Columns of a line's own text; what stands beside it begins after them."""
_MARKS = {True: "✓", False: "✗"}


def painted(coverage: Coverage) -> Iterator[str]:
    """The margin of each file, and the sum."""
    lines = list(margin(coverage))
    width = max((len(str(each.line)) for each in lines), default=1)
    file = None
    for each in lines:
        if each.file is not file:
            file = each.file
            yield ""
            yield each.file.name
        yield _line(each, width)
    yield summary(coverage)


def _line(beside: Beside, width: int) -> str:
    text = beside.file.line(beside.line).expandtabs(2).rstrip()
    text = text if len(text) <= _TEXT else text[: _TEXT - 2] + " …"
    return f"{_MARKS[beside.tried]} {beside.line:>{width}} | {text:<{_TEXT}}  {', '.join(beside.missing)}".rstrip()


def summary(coverage: Coverage) -> str:
    """`decisions 41/46 (89.1 %, rounded down)`."""
    whole, tenth = divmod(coverage.permille, 10)
    return f"decisions {len(coverage.done)}/{len(coverage.choices)} ({whole}.{tenth} %, rounded down)"


def as_json(coverage: Coverage) -> dict[str, object]:
    """For programs: the sum, and every decision with its place. Lines and columns begin at 1."""
    return {
        "decisions": len(coverage.choices),
        "tried": len(coverage.done),
        "percent": coverage.permille / 10,
        "choices": [
            {
                "file": each.at.file.name,
                "line": each.line,
                "column": each.at.position[1],
                "kind": each.kind.name.lower(),
                "text": each.text,
                "tried": each in coverage.tried,
            }
            for each in coverage.choices
        ],
    }
