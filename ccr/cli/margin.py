"""Coverage as people and programs read it: each line that holds a decision, its mark, and what nothing tried there."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from ccr.diagnostics.source import Span
from ccr.lang.coverage import Beside, Coverage, Kind, margin
from ccr.usage.covering import Traffic, unneeded

_TEXT = 62
"""Columns of a line's own text; what stands beside it begins after them."""
_MARKS = {True: "✓", False: "✗"}


def painted(coverage: Coverage, taken: Mapping[Span, int] = MappingProxyType({})) -> Iterator[str]:
    """The margin of each file, and the sum. `taken`: how often what stands there was."""
    often = Counter[tuple[str, int]]()
    for span, count in taken.items():
        often[span.file.name, span.position[0]] += count
    lines = list(margin(coverage))
    width = max((len(str(each.line)) for each in lines), default=1)
    file = None
    for each in lines:
        if each.file is not file:
            file = each.file
            yield ""
            yield each.file.name
        count = often[each.file.name, each.line]
        yield _line(each, width, f"taken {count:,}" if count else "")
    yield summary(coverage)


def _line(beside: Beside, width: int, taken: str) -> str:
    text = beside.file.line(beside.line).expandtabs(2).rstrip()
    text = _cut(text)
    told = ", ".join([*([taken] if taken else []), *beside.missing])
    return f"{_MARKS[beside.tried]} {beside.line:>{width}} | {text:<{_TEXT}}  {told}".rstrip()


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


# ---- by requests that were served --------------------------------------------------------------------------------------


def traffic(coverage: Coverage, told: Traffic) -> str:
    """The margin by traffic, and which rules nobody needed."""
    lines = [*painted(coverage, told.taken), _requests(told)]
    idle = unneeded(coverage)
    if idle:
        lines.append(f"nobody needed {len(idle)} of {_routes(coverage)} routes and denials:")
        lines += (f"  {each.at.file.name}:{each.line}  {_cut(each.text)}" for each in idle)
    return "\n".join(lines).removeprefix("\n")


def traffic_as_json(coverage: Coverage, told: Traffic) -> str:
    """The same for programs."""
    said = {
        "version": 1,
        "requests": told.requests,
        "undecided": told.undecided,
        "elsewhere": told.elsewhere,
        "taken": [
            {"file": span.file.name, "line": span.position[0], "requests": count}
            for span, count in told.taken.most_common()
        ],
        "unneeded": [{"file": each.at.file.name, "line": each.line, "text": each.text} for each in unneeded(coverage)],
        "coverage": as_json(coverage),
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def _requests(told: Traffic) -> str:
    parts = [f"{told.requests:,} request{'' if told.requests == 1 else 's'}"]
    if told.undecided:
        parts.append(f"{told.undecided:,} not decidable from the log")
    if told.elsewhere:
        parts.append(f"{told.elsewhere:,} with rules of their own project or session, not counted")
    return " · ".join(parts)


def _routes(coverage: Coverage) -> int:
    return sum(each.kind is Kind.TAKEN for each in coverage.choices)


def _cut(text: str) -> str:
    return text if len(text) <= _TEXT else text[: _TEXT - 2] + " …"
