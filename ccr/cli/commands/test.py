"""Hold rule files to what they expect of themselves.

`expect … when` is proved for every request or refuted by one that can be pasted; `expect … for` is decided as that
request would be. Each PATH takes the place of the user layer: a folder is one layer, each file a layer of its own;
without PATHS the layers in force are tried. `--cover` says which decisions of the rules the expectations try: each route
taken, each test true and false where it matters, each fallback reached, each transform fired. With `--last 7d` it says so
of the requests that were served, which shows the rules that nobody needs. Exit codes: 0 everything holds, 1 something fails, less than `--min` is covered or the rules do not load, 2 there is no expectation, or misused.
"""

import asyncio
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import click
from msgspec import Struct, structs

from ccr.cli import margin, past, report
from ccr.counting.counter import Counter
from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.render_text import render
from ccr.facts.facts import Facts
from ccr.lang import ast
from ccr.lang.coverage import Coverage
from ccr.lang.locations import normal
from ccr.lang.patterns import matcher
from ccr.lang.values import Bounds
from ccr.live.files import read_sources
from ccr.live.paths import home, places
from ccr.live.surroundings import look
from ccr.routing.coverage import Tried
from ccr.routing.expectations import Bench, Verdict
from ccr.routing.prospects import Prospects
from ccr.routing.surroundings import Sources
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import world
from ccr.usage.covering import Traffic
from ccr.usage.store import StoreError

_OTHERS = "unknown-alias"
"""The finding that is none in a project's file: each colleague gives the names it uses."""
_OWN = ("policy", "session", "project", "user")
"""Layers that people write in the language."""
_WIDTH = 100
_MARKS = {True: "✓", False: "✗", None: "?"}


class Line(Struct, frozen=True, eq=False):
    """A verdict with the file it stands in and its text in one line."""

    file: str
    line: int
    text: str
    verdict: Verdict


class Outcome(Struct, frozen=True, eq=False):
    """What came out of one world. `coverage` if it was asked for."""

    lines: tuple[Line, ...]
    coverage: Coverage | None = None


@click.command("test", epilog="Example: ccr test rules/ --run secret")
@click.argument("paths", nargs=-1)
@click.option(
    "--run", "wanted", metavar="PAT", default="", help="Only expectations whose text contains this (`*` is any run)."
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit", *report.SERVICES]),
    default="text",
    help="How it is told.",
)
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--cover", is_flag=True, help="Also say which decisions of the rules nothing tries.")
@click.option(
    "--min", "least", type=click.FloatRange(0, 100), metavar="PERCENT", help="With --cover: fail below this share."
)
@click.option(
    "--last", metavar="7d", type=past.Span(), help="With --cover: what requests of that time tried, not expectations."
)
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Another config.json.")
@click.pass_context
def command(
    context: click.Context,
    paths: tuple[str, ...],
    wanted: str,
    form: str,
    as_json: bool,
    cover: bool,
    least: float | None,
    last: float | None,
    config: Path | None,
) -> None:
    """Hold rule files to what they expect of themselves."""
    report.prepare()
    form = "json" if as_json else form
    if last is not None and (wanted or form not in ("text", "json")):
        raise click.UsageError(
            "--last tells what requests tried, as text or JSON: --run and other forms ask expectations"
        )
    cover = cover or least is not None
    missing = [path for path in paths if not Path(path).exists()]
    if missing:
        report.say(f"there is no file or folder {missing[0]!r}", sys.stderr)
        context.exit(report.MISUSED)
    if last is not None:
        context.exit(_by_requests(next(_worlds(paths, config)), last, config, form, least))
    tried: list[Line] = []
    coverage: list[Coverage] = []
    for sources in _worlds(paths, config):
        found = asyncio.run(_try(sources, wanted, cover))
        if isinstance(found, tuple) and all(each.code.name == _OTHERS for each in found):
            found = asyncio.run(_try(_as_project(sources), wanted, cover))
        if isinstance(found, tuple):
            if form in report.SERVICES:
                report.for_services(found, form)
            else:
                report.say(render(found).rstrip("\n"), sys.stderr)
            context.exit(report.FOUND)
        tried += found.lines
        coverage += [found.coverage] if found.coverage is not None else []
    if not tried:
        what = f"no expectation matches {wanted!r}" if wanted else "there is no `expect` in these rules"
        report.say(f'{what}: write what must stay true, such as `expect deny when user == ""`', sys.stderr)
        context.exit(report.MISUSED)
    whole = _whole(coverage) if cover else None
    _show(tried, form, whole)
    short = whole is not None and _is_short(whole, least)
    context.exit(report.FOUND if short or any(each.verdict.holds is False for each in tried) else report.GOOD)


def _is_short(coverage: Coverage, least: float | None) -> bool:
    """Whether less is covered than was asked for; says so."""
    short = least is not None and coverage.permille < least * 10
    if short:
        report.say(f"less than {least:g} % of the decisions are tried", sys.stderr)
    return short


# ---- what is tried ---------------------------------------------------------------------------------------------------


def _worlds(paths: Sequence[str], config: Path | None) -> Iterator[Sources]:
    """The world with each path in the place of the user layer; a file that another one imports is not tried again."""
    if not paths:
        yield read_sources(places(config=config))
        return
    worlds = [(path, read_sources(places(config=config, rules=Path(path).absolute()))) for path in paths]
    spliced = {file.name for _, each in worlds for layer in each.layers for file in layer.mentioned}
    for path, each in worlds:
        own = next((layer for layer in each.layers if layer.name == "user"), None)
        if own and not (len(own.files) == 1 and own.files[0].name in spliced):
            yield each if Path(path).absolute().parent.name != ".ccr" else _as_project(each)


def _as_project(sources: Sources) -> Sources:
    return Sources(
        tuple(structs.replace(each, name="project") if each.name == "user" else each for each in sources.layers),
        sources.config,
    )


async def _try(sources: Sources, wanted: str, cover: bool) -> Outcome | tuple[Diagnostic, ...]:
    """Every expectation that is wanted, tried; what is wrong if the rules do not load."""
    words = vocabulary()
    made = world(sources, look(home(), {}), words, proofs=False)
    if made.loaded.snapshot is None:
        return tuple(each for each in made.loaded.diagnostics if each.level is Severity.ERROR)
    prospects = Prospects(made.loaded.snapshot, made.layers)
    files = {normal(file.name): file for file in made.loaded.snapshot.sources}
    counter = Counter(made.loaded.snapshot.settings.tokenizer)
    covered = Tried(prospects, [name for name in prospects.layers if name in _OWN]) if cover else None
    lines: list[Line] = []
    try:
        for name, layer in prospects.layers.items():
            bench = Bench(prospects, name, words.readers, files)
            for expect in layer.expects if name != "shipped" else ():
                text = " ".join(expect.span.text.split())
                if matcher(wanted, False)(text):
                    place = expect.span.file.name, expect.span.position[0]
                    lines.append(Line(*place, text, await _judge(bench, expect, counter)))
                    if covered is not None:
                        await _cover(covered, bench, expect, counter)
    finally:
        counter.close()
    return Outcome(tuple(lines), covered.coverage(_rule_files(sources)) if covered is not None else None)


def _rule_files(sources: Sources) -> list[str]:
    """The names of the rule files that people write."""
    files = (file for layer in sources.layers if layer.name in _OWN for file in (*layer.files, *layer.mentioned))
    return [file.name for file in files if file.name.endswith(".ccr")]


async def _cover(covered: Tried, bench: Bench, expect: ast.Expect, counter: Counter) -> None:
    if expect.condition is not None:
        covered.theorem(bench, expect.condition)
        return
    facts = bench.facts(expect)
    if isinstance(facts, Facts):
        if isinstance(facts.read("tokens"), Bounds):
            facts = facts.know("tokens", await counter.count(facts.inputs.request))
        covered.example(bench, facts)


def _whole(parts: Sequence[Coverage]) -> Coverage:
    return Coverage(
        tuple(choice for part in parts for choice in part.choices), frozenset().union(*(part.tried for part in parts))
    )


async def _judge(bench: Bench, expect: ast.Expect, counter: Counter) -> Verdict:
    verdict = bench.judge(expect)
    facts = bench.facts(expect) if verdict.asks is not None else None
    while isinstance(facts, Facts) and (asked := verdict.asks) is not None:
        facts = facts.know("tokens", await counter.narrow(facts.inputs.request, asked.threshold))
        verdict = bench.example(expect, facts)
    return verdict


# ---- what was served ---------------------------------------------------------------------------------------------------


def _by_requests(sources: Sources, seconds: float, config: Path | None, form: str, least: float | None) -> int:
    """Paints what the requests of the log tried."""
    try:
        store = past.store_of(past.running_settings(config))
        try:
            made = world(sources, past.surroundings_of(sources, store, seconds), vocabulary(), proofs=False)
            if made.loaded.snapshot is None:
                errors = [each for each in made.loaded.diagnostics if each.level is Severity.ERROR]
                report.say(render(errors).rstrip("\n"), sys.stderr)
                return report.FOUND
            prospects = Prospects(made.loaded.snapshot, made.layers)
            layers = [name for name in prospects.layers if name in _OWN]
            traffic = Traffic(prospects, layers, past.worlds(made.loaded.snapshot))
            for entry in past.entries(store, seconds, "reading the log"):
                traffic.hear(entry)
        finally:
            store.close()
    except StoreError as error:
        report.say(str(error), sys.stderr)
        return report.FOUND
    if not traffic.requests:
        report.say("no request is logged in that time: --last 30d looks further back", sys.stderr)
        return report.FOUND
    coverage = traffic.coverage(_rule_files(sources))
    report.say(margin.traffic_as_json(coverage, traffic) if form == "json" else margin.traffic(coverage, traffic))
    return report.FOUND if _is_short(coverage, least) else report.GOOD


# ---- how it is told ----------------------------------------------------------------------------------------------------


def _show(tried: Sequence[Line], form: str, coverage: Coverage | None) -> None:
    """In a service's form only what does not hold, beside its line. What is covered goes where it disturbs no program."""
    if form == "json":
        report.say(_json(tried, coverage))
        return
    if form == "text":
        report.say(_text(tried))
    if coverage is not None:
        report.say("\n".join(margin.painted(coverage)), sys.stdout if form == "text" else sys.stderr)
    if form == "junit":
        report.say(_junit(tried))
    if form in ("text", "junit"):
        return
    report.for_services([each.verdict.finding for each in tried if each.verdict.finding is not None], form)
    if form != "sarif":
        report.say(_summary(tried))


def _text(tried: Sequence[Line]) -> str:
    lines: list[str] = []
    width = max(len(str(each.line)) for each in tried)
    for at, each in enumerate(tried):
        if at == 0 or tried[at - 1].file != each.file:
            lines.append(each.file)
        text = each.text if len(each.text) <= _WIDTH - 24 else each.text[: _WIDTH - 26] + " …"
        head = f"  {_MARKS[each.verdict.holds]} {each.line:>{width}}  {text}"
        lines.append(f"{head:<{_WIDTH - 24}}  {each.verdict.how}".rstrip())
        lines += [f"{'':{width + 6}}{line}" for line in _why(each.verdict)]
    return "\n".join([*lines, _summary(tried)])


def _why(verdict: Verdict) -> Iterator[str]:
    finding = verdict.finding
    if finding is None:
        return
    if finding.code.name == "sample-incomplete":
        yield finding.message
    for note in finding.notes:
        first, *more = note.split("\n")
        yield f"not {first}" if more else first
        yield from more


def _summary(tried: Sequence[Line]) -> str:
    counts = {holds: sum(each.verdict.holds is holds for each in tried) for holds in _MARKS}
    parts = [f"{counts[True]} hold" if counts[True] != 1 else "1 holds"]
    if counts[False]:
        parts.append(f"{counts[False]} fail" if counts[False] != 1 else "1 fails")
    if counts[None]:
        parts.append(f"{counts[None]} not decided")
    return f"{len(tried)} expectation{'s' if len(tried) != 1 else ''}: {', '.join(parts)}"


def _json(tried: Sequence[Line], coverage: Coverage | None) -> str:
    rows = [
        {
            "file": each.file,
            "line": each.line,
            "text": each.text,
            "kind": "theorem" if each.verdict.expect.condition is not None else "example",
            "holds": each.verdict.holds,
            "how": each.verdict.how,
            "counterexample": each.verdict.counter or None,
            "instead": each.verdict.instead or None,
            "code": each.verdict.finding.code.number if each.verdict.finding else None,
        }
        for each in tried
    ]
    holds = [each.verdict.holds for each in tried]
    summary = {"hold": holds.count(True), "fail": holds.count(False), "undecided": holds.count(None)}
    said = {"version": 1, "expectations": rows, "summary": summary}
    if coverage is not None:
        said["coverage"] = margin.as_json(coverage)
    return json.dumps(said, ensure_ascii=False, indent=2)


def _junit(tried: Sequence[Line]) -> str:
    failures = sum(each.verdict.holds is False for each in tried)
    skipped = sum(each.verdict.holds is None for each in tried)
    head = f'<testsuite name="ccr" tests="{len(tried)}" failures="{failures}" skipped="{skipped}">'
    return "\n".join(['<?xml version="1.0" encoding="utf-8"?>', head, *map(_case, tried), "</testsuite>"])


def _case(each: Line) -> str:
    name, place = quoteattr(f"{each.line}: {each.text}"), quoteattr(each.file)
    why = "\n".join(_why(each.verdict))
    message = quoteattr(each.verdict.finding.message if each.verdict.finding else each.verdict.how)
    inner = {
        True: "",
        None: f"<skipped message={message}/>",
        False: f"<failure message={message}>{escape(why)}</failure>",
    }
    return f"  <testcase classname={place} name={name}>{inner[each.verdict.holds]}</testcase>"
