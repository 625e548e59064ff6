"""A report told: as a table with bars for people, as JSON or CSV for programs. Money is in dollars here."""

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from ccr.usage.queries import Report
from ccr.usage.store import Sum

SHOWN = 20
"""Rows that people are shown, unless they want all."""
_BAR = 16
_NOBODY: Mapping[str, str] = {
    "rule": "(no rule)",
    "target": "(no target)",
    "user": "(no name)",
    "project": "(not told)",
    "session": "(not told)",
    "model": "(none)",
    "kind": "(none)",
}


# ---- units ------------------------------------------------------------------------------------------------------------


def money(micro: int) -> str:
    """`$12.30`; what is less than a cent with as many places as show something."""
    dollars = micro / 1_000_000
    return f"{'-' if dollars < 0 else ''}${abs(dollars):,.{2 if abs(dollars) >= 0.01 or not micro else 4}f}"


def tokens(count: int) -> str:
    for size, unit in ((1_000_000_000, "G"), (1_000_000, "M"), (10_000, "k")):
        if count >= size:
            return f"{count / (size if unit != 'k' else 1000):.{0 if unit == 'k' else 1}f} {unit}"
    return f"{count:,}"


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f}%" if whole else "-"


def _seconds(each: Sum) -> str:
    return f"{each.waited / each.answered / 1000:.1f} s" if each.answered else "-"


def cost(each: Sum) -> str:
    """What is known; a `+` where something is not."""
    if each.unpriced == each.requests:
        return "unknown"
    return money(each.cost) + ("+" if each.unpriced else "")


def saved(each: Sum) -> str:
    """Against the models that were asked for, with how much of their price."""
    if not each.asked:
        return "-"
    return f"{money(each.saved)} ({_share(each.saved, each.asked)})"


def _prompt(each: Sum) -> int:
    return each.input + each.cache_read + each.cache_write


# ---- for people -------------------------------------------------------------------------------------------------------

_COLUMNS: tuple[tuple[str, Callable[[Sum], str]], ...] = (
    ("requests", lambda each: f"{each.requests:,}"),
    ("failed", lambda each: f"{each.failed:,}" if each.failed else "-"),
    ("input", lambda each: tokens(_prompt(each))),
    ("cached", lambda each: _share(each.cache_read, _prompt(each))),
    ("output", lambda each: tokens(each.output)),
    ("first", _seconds),
    ("cost", cost),
    ("saved", saved),
)


def text(report: Report, bar: str = "█", most: int = SHOWN) -> str:
    """The table, the total below it, and what has to be said of it. `most` 0: all rows."""
    assert report.total is not None, "somebody who has nothing is told so instead"
    shown = report.rows[:most] if most else report.rows
    lines = list(_table(report, shown, bar))
    if len(report.rows) > len(shown):
        lines.append("… and more: --all shows them")
    return "\n".join((*lines, *_notes(report)))


def _table(report: Report, rows: Sequence[Sum], bar: str) -> Iterator[str]:
    names = [each.key or _NOBODY.get(report.by, "-") for each in rows]
    cells = [[column(each) for _, column in _COLUMNS] for each in (*rows, report.total) if each is not None]
    heads = [head for head, _ in _COLUMNS]
    widths = [max(len(head), *(len(row[at]) for row in cells)) for at, head in enumerate(heads)]
    first = max([len(report.days.words), len(report.by), *map(len, names)])
    bars = _bars(rows, bar)
    yield _line(report.by, first, heads, widths, "")
    for name, row, length in zip(names, cells, bars, strict=False):
        yield _line(name, first, row, widths, length)
    yield _line(report.days.words, first, cells[-1], widths, "")


def _line(name: str, first: int, row: Sequence[str], widths: Sequence[int], bar: str) -> str:
    cells = "  ".join(f"{cell:>{width}}" for cell, width in zip(row, widths, strict=True))
    return f"{name:<{first}}  {cells}  {bar}".rstrip()


def _bars(rows: Sequence[Sum], bar: str) -> list[str]:
    """By cost where any is known, else by requests."""
    paid = any(each.cost for each in rows)
    sizes = [each.cost if paid else each.requests for each in rows]
    largest = max(sizes, default=0)
    return [bar * max(round(_BAR * size / largest), 1 if size else 0) if largest else "" for size in sizes]


def _notes(report: Report) -> Iterator[str]:
    total = report.total
    if total is not None and total.unpriced:
        names = ", ".join(each.key or _NOBODY["target"] for each in report.unpriced[:3])
        more = f" and {len(report.unpriced) - 3} more" if len(report.unpriced) > 3 else ""
        number = f"{total.unpriced:,} request{'' if total.unpriced == 1 else 's'}"
        yield ""
        yield f"The cost of {number} is not known and not in these sums: no price is known of {names}{more}."
        yield "Say it in the provider's block: model NAME { price_in = $0.50; price_out = $2 }, for a million tokens."


# ---- for programs -----------------------------------------------------------------------------------------------------


def values(each: Sum) -> dict[str, Any]:
    """Tokens, dollars, seconds. `cost` is of the requests whose price is known; `unpriced` counts the others; `saved` is
    of those of which also the price of the model asked for is known."""
    return {
        "requests": each.requests,
        "failed": each.failed,
        "input_tokens": each.input,
        "cache_read_tokens": each.cache_read,
        "cache_write_tokens": each.cache_write,
        "output_tokens": each.output,
        "cost": each.cost / 1_000_000,
        "unpriced": each.unpriced,
        "asked_cost": each.asked / 1_000_000,
        "saved": each.saved / 1_000_000,
        "seconds": each.duration / 1000,
        "first_content_seconds": round(each.waited / each.answered / 1000, 3) if each.answered else None,
    }


def as_json(report: Report) -> dict[str, Any]:
    days = report.days
    return {
        "version": 1,
        "since": days.since if days.since > "0001" else None,
        "until": days.until if days.until < "9999" else None,
        "by": report.by or None,
        "where": dict(report.where),
        "currency": "USD",
        "total": values(report.total or Sum("")),
        "rows": [{report.by: each.key, **values(each)} for each in report.rows],
    }


def as_csv(report: Report) -> str:
    """A line of names, then one a row; the total alone where nothing is told apart."""
    rows = report.rows if report.by else (report.total,) if report.total is not None else ()
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([*([report.by] if report.by else []), *values(Sum(""))])
    for each in rows:
        writer.writerow([*([_harmless(each.key)] if report.by else []), *values(each).values()])
    return written.getvalue()


def _harmless(key: str) -> str:
    """A name that a spreadsheet would take for a formula is given an apostrophe: names are the client's word."""
    return f"'{key}" if key[:1] in ("=", "+", "-", "@", "\t", "\r") else key
