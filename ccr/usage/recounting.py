"""An entry of the log told: to a person as the story of one request, to a program as JSON.

Everything comes from the entry, nothing is decided again: the rules of then need not exist any more. No text of the
request is in it, and no key.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from ccr.exchange.record import AttemptRecord
from ccr.lang.environment import Environment
from ccr.lang.values import Bounds, Reading
from ccr.routing.wording import plain, say
from ccr.usage.entry import Entry, Looked
from ccr.usage.telling import money

_WORDS = {True: "YES", False: "no", None: "not needed"}
_WIDEST = 64
_ID = 6
"""Digits of an id by which people call a request."""

Zoned = Callable[[float], datetime]
"""Seconds since the epoch as the time of day people there read."""


def called(entry: Entry) -> str:
    """`#4f2a91`"""
    return "#" + entry.record.request_id.removeprefix("req_")[:_ID]


def in_a_line(entry: Entry, zoned: Zoned) -> str:
    """`#4f2a91  2026-11-22 10:42:07  alice  main  claude-opus-4-5  →  zai/glm-4.6`"""
    record = entry.record
    parts = (
        called(entry),
        f"{zoned(entry.at):%Y-%m-%d %H:%M:%S}",
        record.user,
        entry.project,
        record.kind,
        record.model,
    )
    return "  ".join((*filter(None, parts), "→", _end(entry)))


def _end(entry: Entry) -> str:
    if entry.denied:
        return f"denied, {entry.denied}"
    return entry.record.target or ("ccr itself" if entry.record.outcome == "ok" else "nobody")


# ---- for people -------------------------------------------------------------------------------------------------------


def text(entry: Entry, environment: Environment, zoned: Zoned) -> str:
    lines = [f"{in_a_line(entry, zoned)}   (rules {entry.record.snapshot})", ""]
    lines += _rules(entry, environment)
    lines.append("")
    lines += (f"  {head:<11} {line}" for head, told in _parts(entry) for head, line in _labelled(head, told))
    return "\n".join(lines)


def _labelled(head: str, lines: list[str]) -> Iterator[tuple[str, str]]:
    yield from ((head if not number else "", line) for number, line in enumerate(lines))


def _rules(entry: Entry, environment: Environment) -> Iterator[str]:
    width = max((len(each.place) for each in entry.looked), default=0)
    widest = max((len(_cut(each.text)) for each in entry.looked), default=0)
    for each in entry.looked:
        word = "no target" if each.nothing else _WORDS[each.result]
        told = "   ".join(f"{name}: {value(entry, name, environment)}" for name in each.names if was_asked(each))
        mark = "▶" if each.chosen else " "
        yield f"{mark} {each.place:<{width}}  {_cut(each.text):<{widest}}  {word:<10}  {told}".rstrip()
    if not entry.looked:
        yield (
            f"▶ {entry.record.rule}" if entry.record.rule else "▶ no rule matched: the model that was asked for counted"
        )
        yield "  what each rule came to was not kept: too many requests waited to be written"
    elif not any(each.chosen for each in entry.looked):
        yield "▶ no rule matched: the model that was asked for counted"


def was_asked(looked: Looked) -> bool:
    """Whether its condition was read at all."""
    return looked.result is not None or looked.nothing


def value(entry: Entry, name: str, environment: Environment) -> str:
    """What a rule read there, as people write it."""
    declared = environment.attribute(name)
    reading: Reading = entry.read(name)
    return _cut(" ".join(say(reading, declared.type.kind if declared is not None else None).split())) or '""'


def _cut(text: str) -> str:
    return text if len(text) <= _WIDEST else text[: _WIDEST - 1] + "…"


def _parts(entry: Entry) -> Iterator[tuple[str, list[str]]]:
    record = entry.record
    if record.attempts:
        yield "sent to", [_attempt(number, each) for number, each in enumerate(record.attempts, start=1)]
    if record.skipped:
        yield "passed over", list(record.skipped)
    yield "ended", [_ending(entry)]
    if record.attempts:
        yield "tokens", [_tokens(entry)]
        yield "cost", [_cost(entry)]
    if record.edits:
        yield "not said", list(record.edits)
    if record.tags:
        yield "tags", [", ".join(record.tags)]
    yield "kind", [f"{record.kind} ({entry.recognised})" if entry.recognised else record.kind]
    if record.session:
        yield "session", [f"{record.session}{f', agent {record.agent}' if record.agent else ''}"]
    yield "looked at", [_looked_at(entry)]
    if entry.body:
        yield (
            "kept",
            [f"what was sent, {len(entry.body):,} bytes (`log = full`): ccr explain {called(entry)[1:]} --body"],
        )


def _attempt(number: int, each: AttemptRecord) -> str:
    status = f"{each.status} " if each.status else ""
    if each.outcome == "ok":
        first = f"first byte after {each.first_byte - each.began:.1f} s, " if each.first_byte is not None else ""
        return f"{number}. {each.target}  {status}{first}{each.ended - each.began:.1f} s in all"
    why = f": {_cut(' '.join(each.message.split()))}" if each.message else ""
    return f"{number}. {each.target}  {status}{each.outcome} after {each.ended - each.began:.1f} s{why}"


def _ending(entry: Entry) -> str:
    record = entry.record
    stop = f", stopped by {record.stop_reason}" if record.stop_reason else ""
    twice = "; the same request was running already and was ended for it" if record.duplicate else ""
    how = "streamed" if record.streamed else "whole"
    return f"{record.outcome}, {record.status or 'nothing'} to the client, {how}, after {record.duration:.1f} s{stop}{twice}"


def _tokens(entry: Entry) -> str:
    usage = entry.record.usage
    counted = " (our own count: the provider told nothing)" if usage.estimated else ""
    cached = f", {usage.cache_read:,} of them from a cache" if usage.cache_read else ""
    written = f", {usage.cache_write:,} written to one" if usage.cache_write else ""
    return f"{usage.prompt:,} in{cached}{written}; {usage.output:,} out{counted}"


def _cost(entry: Entry) -> str:
    if entry.cost is None:
        return f"not known: there is no price of {entry.record.target}"
    if entry.asked_cost is None:
        return money(entry.cost)
    spared = entry.asked_cost - entry.cost
    share = f" ({100 * spared / entry.asked_cost:.0f}%)" if entry.asked_cost else ""
    compared = f"{money(spared)} saved{share}" if spared >= 0 else f"{money(-spared)} more"
    return f"{money(entry.cost)}; at {entry.record.model} it would have been {money(entry.asked_cost)}: {compared}"


def _looked_at(entry: Entry) -> str:
    tokens = entry.facts.get("tokens")
    counted = "tokens bounded, not counted" if isinstance(tokens, Bounds) else "tokens counted" if tokens else ""
    names = {name for each in entry.looked if was_asked(each) for name in each.names}
    rules = f"{len(names)} fact{'' if len(names) == 1 else 's'} by rules, {len(entry.facts)} kept"
    return "; ".join(filter(None, (rules, counted)))


# ---- for programs -----------------------------------------------------------------------------------------------------


def as_json(entry: Entry) -> dict[str, Any]:
    """Times in seconds, money in dollars; null where something is not known."""
    record, usage = entry.record, entry.record.usage
    return {
        "version": 1,
        "id": record.request_id,
        "at": entry.at,
        "session": record.session,
        "agent": record.agent,
        "kind": record.kind,
        "recognised": entry.recognised,
        "user": record.user,
        "project": entry.project,
        "model": record.model,
        "rule": record.rule,
        "snapshot": record.snapshot,
        "chain": list(entry.chain),
        "denied": entry.denied or None,
        "facts": {name: plain(reading) for name, reading in sorted(entry.facts.items())},
        "state": entry.state,
        "looked_at": [_looked(each) for each in entry.looked],
        "skipped": list(record.skipped),
        "attempts": [_attempt_json(each) for each in record.attempts],
        "target": record.target,
        "outcome": record.outcome,
        "status": record.status,
        "stop_reason": record.stop_reason,
        "streamed": record.streamed,
        "duplicate": record.duplicate,
        "first_content": record.first_byte,
        "duration": record.duration,
        "usage": {
            "input": usage.input, "output": usage.output, "cache_read": usage.cache_read,
            "cache_write": usage.cache_write, "web_searches": usage.web_searches, "estimated": usage.estimated,
        },
        "cost": _dollars(entry.cost),
        "asked_cost": _dollars(entry.asked_cost),
        "saved": _dollars(entry.saved),
        "edits": list(record.edits),
        "tags": list(record.tags),
        "log": entry.log,
    }  # fmt: skip


def _dollars(micro: int | None) -> float | None:
    return micro / 1_000_000 if micro is not None else None


def _looked(each: Looked) -> dict[str, Any]:
    file, _, line = each.place.rpartition(":")
    return {
        "layer": each.layer,
        "file": file,
        "line": int(line),
        "text": each.text,
        "result": "not needed" if each.result is None else each.result,
        "came_to_nothing": each.nothing,
        "chosen": each.chosen,
        "facts": list(each.names),
    }


def _attempt_json(each: AttemptRecord) -> dict[str, Any]:
    return {
        "target": each.target, "outcome": each.outcome, "status": each.status, "began": each.began,
        "first_byte": each.first_byte, "ended": each.ended, "message": each.message, "key": each.key,
    }  # fmt: skip
