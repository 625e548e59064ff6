"""Tell what the rules do with a request, and why.

REQUEST is `last` or the id of a request that was served (its header `request-id`, or the first digits of it), told from
the log; or a JSON file (the body, or `{"headers": …, "body": …}`), `-` for standard input, or a sample such as
'{ model = "claude-haiku-4-5", tokens = 2k, tools = [Bash] }', in which everything unsaid is absent. No request is sent.
With --rules a request of the log is decided again by those rules, offline. Exit codes: 0 told, 1 the rules do not load,
it is not in the log, or the outcome hangs on what nobody says, 2 misused.
"""

import asyncio
import json
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from ccr.cli import attributes, recorded, report
from ccr.counting.counter import Counter
from ccr.diagnostics.diagnostic import Diagnostic, Severity
from ccr.diagnostics.render_text import render
from ccr.facts.facts import Facts
from ccr.facts.health import Health
from ccr.facts.inputs import Inputs
from ccr.hooks.call import Hooks
from ccr.lang.values import Reading, Undecided
from ccr.live.files import decode, read_sources
from ccr.live.paths import home, places
from ccr.live.projects import Projects
from ccr.live.surroundings import look
from ccr.messages.request import Headers, MessagesRequest
from ccr.proxy.decision import Answers, settle
from ccr.routing.decide import decide
from ccr.routing.explain import to_json, to_text
from ccr.routing.plan import Plan
from ccr.routing.planning import plan
from ccr.routing.sample import read_sample
from ccr.routing.snapshot import Snapshot
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load

T = TypeVar("T")


class Unsaid(Exception):
    """The outcome hangs on something nobody here can find out."""


@click.command("explain")
@click.argument("request", required=False)
@click.option("--attributes", "listing", is_flag=True, help="List what a condition can ask, and stop.")
@click.option(
    "--rules", type=click.Path(path_type=Path, exists=True), help="Another folder or file for the user layer."
)
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Another config.json.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", help="How it is told.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.option("--body", is_flag=True, help="Of a request of the log: what was sent, where `log = full` kept it.")
@click.pass_context
def command(
    context: click.Context,
    request: str | None,
    listing: bool,
    rules: Path | None,
    config: Path | None,
    form: str,
    as_json: bool,
    body: bool,
) -> None:
    """Tell what the rules do with a request, and why."""
    report.prepare()
    as_json = as_json or form == "json"
    if listing:
        words = vocabulary().environment
        report.say(json.dumps(attributes.as_json(words), indent=2) if as_json else attributes.as_text(words))
        return
    if request is None:
        raise click.UsageError(
            "name a request: `last`, an id, a JSON file, `-`, or a sample such as '{ model = \"claude-haiku-4-5\" }'"
        )
    logged, other = recorded.is_recorded(request), rules is not None or config is not None
    if body and not logged:
        raise click.UsageError("--body goes with `last` or the id of a request of the log")
    loaded = load(read_sources(places(config=config, rules=rules)), look(home(), {}), vocabulary())
    if logged and (loaded.snapshot is not None or not other):
        context.exit(recorded.explain(request, loaded.snapshot, other, as_json, body))
    if loaded.snapshot is None:
        _tell([each for each in loaded.diagnostics if each.level is Severity.ERROR])
        context.exit(report.FOUND)
    facts = _facts(request, loaded.snapshot)
    if isinstance(facts, tuple):
        _tell(list(facts))
        context.exit(report.MISUSED)
    try:
        told = asyncio.run(_explained(loaded.snapshot, facts, as_json))
    except Unsaid as unsaid:
        report.say(f"the outcome hangs on `{unsaid}`, which is not said: say it in the sample", sys.stderr)
        context.exit(report.FOUND)
    report.say(told)


# ---- the request ------------------------------------------------------------------------------------------------------


def _facts(request: str, snapshot: Snapshot) -> Facts | tuple[Diagnostic, ...]:
    """The facts of what was named; findings if a sample is wrong."""
    if _is_sample(request):
        assert snapshot.environment is not None, "a snapshot is made by workspace.load"
        read = read_sample(request, snapshot.environment)
        return read.facts if read.facts is not None else read.findings
    zone = snapshot.settings.zone
    now = datetime.now(ZoneInfo(zone)) if zone else datetime.now().astimezone()
    return Facts(vocabulary().readers, Inputs(_request(request), now))


def _is_sample(request: str) -> bool:
    """`{ model = … }` is a sample; what begins like JSON is none, and has to be in a file."""
    inner = request.strip().removeprefix("{").lstrip()
    return request.strip().startswith("{") and not inner.startswith('"')


def _request(named: str) -> MessagesRequest:
    if named == "-":
        data = sys.stdin.buffer.read()
    else:
        try:
            data = Path(named).read_bytes()
        except OSError as error:
            raise click.UsageError(
                f"{named!r} is no request of the log, and no file: {error.strerror}; "
                "`ccr explain last` tells of the last one, and a sample is written { model = … }"
            ) from None
    if not data.strip():
        raise click.UsageError(
            f"{'standard input' if named == '-' else named} is empty; a request in JSON was expected"
        )
    try:
        body = json.loads(decode(data))
    except ValueError as error:
        raise click.UsageError(f"{'standard input' if named == '-' else named} is no JSON: {error}") from None
    return _with_headers(body, named, data)


def _with_headers(body: Any, named: str, data: bytes) -> MessagesRequest:
    """A bare body, or an object that holds headers and body."""
    headers: Headers = ()
    if isinstance(body, dict) and isinstance(body.get("body"), dict):
        said = body.get("headers")
        pairs = said.items() if isinstance(said, dict) else said if isinstance(said, list) else ()
        headers = tuple((str(name).lower(), str(value)) for name, value in pairs)
        body = body["body"]
        data = json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if not isinstance(body, dict):
        raise click.UsageError(f"{named} holds no request: an object is needed")
    return MessagesRequest(body, data, headers)


# ---- the outcome ------------------------------------------------------------------------------------------------------


async def _explained(snapshot: Snapshot, facts: Facts, as_json: bool) -> str:
    """The decision told, with the rules of the request's own project and session. Raises Unsaid."""
    snapshot = await Projects(home(), vocabulary(), lambda line: report.say(line, sys.stderr)).own(snapshot, facts)
    counter = Counter(snapshot.settings.tokenizer)

    async def count(known: Facts, asked: Undecided) -> Reading:
        return await counter.narrow(known.inputs.request, asked.threshold)

    hooks = Hooks({"tokens": count})
    answers = hooks.answers(snapshot)
    try:
        decision, facts = await _settled(lambda known: decide(snapshot, known, True), facts, answers)

        def planned(known: Facts) -> Plan | Undecided:
            return plan(decision, snapshot, known, Health(), vocabulary())

        settled: tuple[Plan, Facts] = await _settled(planned, facts, answers)
    finally:
        hooks.close()
        counter.close()
    made, facts = settled
    skipped = made.skipped
    if as_json:
        return json.dumps(to_json(decision, snapshot, facts, skipped), ensure_ascii=False, indent=2)
    return to_text(decision, snapshot, facts, skipped).rstrip("\n")


async def _settled(ask: Callable[[Facts], T | Undecided], facts: Facts, answers: Answers) -> tuple[T, Facts]:
    try:
        return await settle(ask, facts, answers)
    except KeyError as unknown:
        raise Unsaid(unknown.args[0]) from None


def _tell(findings: list[Diagnostic]) -> None:
    report.say(render(findings).rstrip("\n"), sys.stderr)
