"""Look at everything that goes wrong on a machine, and say what to do.

The ccr home, file modes, the service and its port, npm's ccr, rules and config.json, keys, the way to providers (without a
key, not with --offline), proxies, certificates, the clock, Claude Code and what leads it elsewhere. With --fix file modes
are set and records of services that are gone taken away; nothing else is changed. Exit codes: 0 all is well, 1 something
is wrong.
"""

import json
import sys
from collections.abc import Iterator, Sequence

import click

from ccr.cli import report
from ccr.cli.waiting import ticker
from ccr.doctor.check import Examined, Level
from ccr.doctor.examine import BAD, CHECKS, do, examine, is_well
from ccr.doctor.look import look
from ccr.doctor.machine import Machine
from ccr.live.paths import places

_COLOURS = {Level.OK: "32", Level.NOTE: "36", Level.WARNING: "33", Level.ERROR: "31"}


@click.command("doctor", epilog="Example: ccr doctor --fix")
@click.option("--fix", is_flag=True, help="Set file modes, take away records of services that are gone.")
@click.option("--offline", is_flag=True, help="Try no provider.")
@click.option("--quiet", "-q", is_flag=True, help="Only what is wrong.")
@click.option("--json", "as_json", is_flag=True, help="For a program.")
@click.pass_context
def command(context: click.Context, fix: bool, offline: bool, quiet: bool, as_json: bool) -> None:
    """Look at everything that goes wrong on a machine, and say what to do."""
    report.prepare()
    try:
        found = examine(_machine(offline))
        done = list(_fixed(found)) if fix else []
        if done:
            found = examine(_machine(offline))
    except KeyboardInterrupt:
        report.say("stopped", sys.stderr)
        context.exit(report.FOUND)
    if as_json:
        shown = [each for each in found if not quiet or each.finding.level in BAD]
        told = {"well": is_well(found), "findings": [each.as_json for each in shown], "done": done}
        report.say(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        report.say("\n".join([*done, *_text(found, quiet)]))
    context.exit(report.GOOD if is_well(found) else report.FOUND)


def _machine(offline: bool) -> Machine:
    with ticker("looking") as ticking:
        return look(places(), offline=offline, ticking=ticking)


def _fixed(found: Sequence[Examined]) -> Iterator[str]:
    for each in found:
        if each.finding.mend is not None:
            try:
                yield do(each.finding.mend)
            except OSError as error:
                yield f"could not mend {each.finding.mend.path}: {error.strerror}"


def _text(found: Sequence[Examined], quiet: bool) -> Iterator[str]:
    wrong = [each for each in found if each.finding.level in BAD]
    widest = max(map(len, CHECKS))
    for each in wrong if quiet else found:
        level = f"{each.finding.level.value:7}"
        if report.colourful(sys.stdout):
            level = f"\x1b[{_COLOURS[each.finding.level]}m{level}\x1b[0m"
        yield f"{level}  {each.check:{widest}}  {each.finding.text}"
        if each.finding.advice:
            yield f"{'':7}  {'':{widest}}  → {each.finding.advice}"
    errors = sum(each.finding.level is Level.ERROR for each in wrong)
    if not wrong:
        yield "all is well"
    else:
        yield f"{errors} wrong, {len(wrong) - errors} to look at"
