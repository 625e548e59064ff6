"""What would have changed, told: as tables for people, as JSON for programs. Money is in dollars here."""

from collections.abc import Iterator, Sequence
from typing import Any

from ccr.usage.recounting import called
from ccr.usage.replaying import Change, Moved, Result, Row, Taken, now, then
from ccr.usage.telling import money, tokens

SHOWN = 20
"""Rows and rules that people are shown, unless they want all."""
_WIDEST = 44
_WHY = {
    "prompt": "the prompt's text is not kept",
    "system": "the system prompt is not kept",
    "body": "the body was not hashed",
}


def text(result: Result, by: str = "", everything: bool = False) -> str:
    """The line that says how many, then what changed from where to where, then which rules take more or less."""
    lines = [summary(result)]
    if result.changed:
        lines += [
            "",
            *_table(_rows(result), result.total, (by,) if by else ("from", "to"), everything),
            *_notes(result),
        ]
    moved = _moved(result)
    if moved:
        lines += ["", *_rules(moved, everything)]
    return "\n".join(lines)


def summary(result: Result) -> str:
    """`18,204 requests · 17,951 same route · 231 changed · 22 not decidable from the log (prompt: …)`"""
    parts = [_many(result.requests, "request"), f"{result.same:,} same route", f"{result.changed:,} changed"]
    open_ = sum(result.undecided.values())
    if open_:
        why = ", ".join(f"{_open(name)}: {count:,}" for name, count in result.undecided.most_common(3))
        parts.append(f"{open_:,} not decidable from the log ({why})")
    return " · ".join(parts)


def line(change: Change) -> str:
    """`#4f2a91  claude-opus-4-5: deepseek/deepseek-chat → zai/glm-4.6 ($0.0038 → $0.0021 … $0.0030)`"""
    entry = change.entry
    before = money(entry.cost) if entry.cost is not None else "unknown"
    after = _span(change.cost.low, change.cost.high) if change.cost is not None else "unknown"
    return f"{called(entry)}  {entry.record.model}: {then(entry)} → {now(change.outcome)} ({before} → {after})"


def _open(name: str) -> str:
    return _WHY.get(name, f"`{name}`")


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _rows(result: Result) -> list[tuple[tuple[str, ...], Row]]:
    """Those that change most first: by cost, then by number."""
    return sorted(result.rows.items(), key=lambda each: (-abs(each[1].high - each[1].then), -each[1].count, each[0]))


# ---- for people -------------------------------------------------------------------------------------------------------


def _table(
    rows: Sequence[tuple[tuple[str, ...], Row]], total: Row, names: tuple[str, ...], everything: bool
) -> Iterator[str]:
    shown = rows if everything else rows[:SHOWN]
    heads = (*names, "n", "input", "cost then", "cost now", "")
    cells = [heads, *((*map(_cut, key), *_cells(row)) for key, row in shown)]
    if len(rows) > 1:
        cells.append((*("total", "")[: len(names)], *_cells(total)))
    widths = [max(len(row[at]) for row in cells) for at in range(len(heads))]
    for row in cells:
        yield (
            "  "
            + "  ".join(
                f"{cell:<{width}}" if at < len(names) else f"{cell:>{width}}"
                for at, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
        )
    if len(rows) > len(shown):
        yield f"  … and {len(rows) - len(shown)} more: --all shows them"


def _cells(row: Row) -> tuple[str, ...]:
    if row.unpriced == row.count:
        return f"{row.count:,}", tokens(row.input), "unknown", "unknown", ""
    mark = "+" if row.unpriced else ""
    return f"{row.count:,}", tokens(row.input), money(row.then) + mark, _span(row.low, row.high) + mark, _percent(row)


def _span(low: int, high: int) -> str:
    return f"{money(low)} … {money(high)}" if money(low) != money(high) else money(low)


def _percent(row: Row) -> str:
    """The middle of the interval against what it was."""
    if not row.then:
        return ""
    change = round(100 * ((row.low + row.high) / 2 - row.then) / row.then)
    return f"{change:+d}%" if change else "±0%"


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _notes(result: Result) -> Iterator[str]:
    if result.total.unpriced:
        yield f"  + {_many(result.total.unpriced, 'request')} whose cost is not known, then or now"
    newest = max((row.example for row in result.rows.values()), default="")
    if newest:
        yield f"  one of them: ccr explain {newest.removeprefix('req_')[:6]}"


def _moved(result: Result) -> list[tuple[str, Taken]]:
    changed = [(text, each) for text, each in result.rules.items() if each.then != each.now]
    return sorted(changed, key=lambda each: (-abs(each[1].now - each[1].then), each[1].place))


def _rules(moved: Sequence[tuple[str, Taken]], everything: bool) -> Iterator[str]:
    shown = moved if everything else moved[:SHOWN]
    places = max(len(each.place) for _, each in shown)
    texts = max(len(_cut(text)) for text, _ in shown)
    for text, each in shown:
        yield f"  {each.place:<{places}}  {_cut(text):<{texts}}  taken {each.then:,} → {each.now:,}"
    if len(moved) > len(shown):
        yield f"  … and {len(moved) - len(shown)} more rules"


# ---- two worlds -------------------------------------------------------------------------------------------------------

_PAIRS = 5


def shares(told: Moved) -> Iterator[str]:
    """What share of served requests a change concerns."""
    of = f"of {_many(told.requests, 'request')} of the log"
    open_ = f"; {told.undecided:,} cannot be decided from it" if told.undecided else ""
    if not told.count:
        yield f"{of} none goes elsewhere{open_}"
        return
    yield f"{of} {told.count:,} ({_share(told.count, told.requests)}) {'goes' if told.count == 1 else 'go'} elsewhere{open_}"
    for (before, after), count in told.pairs.most_common(_PAIRS):
        yield f"    {_share(count, told.requests):>6}  {_cut(before)} → {_cut(after)}"
    if len(told.pairs) > _PAIRS:
        yield f"    … and {len(told.pairs) - _PAIRS} more"


def _share(part: int, whole: int) -> str:
    share = 100 * part / whole
    return f"{share:.1f}%" if share >= 0.1 else "<0.1%"


def shares_as_json(told: Moved) -> dict[str, Any]:
    pairs = [{"from": before, "to": after, "requests": count} for (before, after), count in told.pairs.most_common()]
    return {"requests": told.requests, "elsewhere": told.count, "undecided": told.undecided, "pairs": pairs}


# ---- for programs -----------------------------------------------------------------------------------------------------


def as_json(result: Result, by: str = "") -> dict[str, Any]:
    """Dollars and tokens. `cost` is an interval; `share` and `dearer` are what the gates compare, as parts of one."""
    names = (by,) if by else ("from", "to")
    return {
        "version": 1,
        "requests": result.requests,
        "same": result.same,
        "changed": result.changed,
        "undecided": dict(result.undecided.most_common()),
        "cost_then": result.cost / 1e6,
        "share": round(result.share, 6),
        "dearer": round(result.dearer, 6) if result.dearer is not None else None,
        "rows": [{**dict(zip(names, key, strict=True)), **_values(row)} for key, row in _rows(result)],
        "total": _values(result.total),
        "rules": [
            {"place": each.place, "text": text, "then": each.then, "now": each.now} for text, each in _moved(result)
        ],
    }


def change_as_json(change: Change) -> dict[str, Any]:
    entry, cost = change.entry, change.cost
    return {
        "id": entry.record.request_id,
        "at": entry.at,
        "from": then(entry),
        "to": now(change.outcome),
        "cost_then": entry.cost / 1e6 if entry.cost is not None else None,
        "cost_now": [cost.low / 1e6, cost.high / 1e6] if cost is not None else None,
    }


def _values(row: Row) -> dict[str, Any]:
    return {
        "requests": row.count,
        "input_tokens": row.input,
        "cost_then": row.then / 1e6,
        "cost_now": [row.low / 1e6, row.high / 1e6],
        "unpriced": row.unpriced,
        "example": row.example or None,
    }
