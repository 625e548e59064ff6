"""Show what was asked and what it cost: by rule, target, user, project, session, kind, model or day.

PERIOD is today, yesterday, week (since Monday), month (since the first) or all; without one, today, this week and this
month are shown, then the targets of this month. `saved` is against the price of the models that were asked for. Prices
are list prices from the catalogue or your own rule files. Exit codes: 0 told, 1 there is nothing to tell, 2 misused.
"""

import json
import sys
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ccr.cli import report
from ccr.live.files import read_sources
from ccr.live.paths import home, places, shown
from ccr.live.surroundings import look
from ccr.routing.settings import Settings
from ccr.routing.vocabulary import vocabulary
from ccr.routing.workspace import load
from ccr.usage import telling
from ccr.usage.opening import NAME, exists, open_store
from ccr.usage.queries import PERIODS, Days, ask, between, period
from ccr.usage.store import BY, FILTERS, Store, StoreError

FORMS = ("table", "json", "csv")
_DAY = click.DateTime(["%Y-%m-%d"])


@click.command("usage", epilog="Example: ccr usage week --by rule")
@click.argument("period_", metavar="[PERIOD]", required=False, type=click.Choice(PERIODS))
@click.option("--from", "since", type=_DAY, help="From this day on: 2026-11-01.")
@click.option("--to", "until", type=_DAY, help="Up to this day, included (default: today).")
@click.option("--by", type=click.Choice(BY), help="What is told apart (default: target).")
@click.option("--user", help="Only of this user.")
@click.option("--project", help="Only of this project, written as the log tells it: ~/work/web.")
@click.option("--session", help="Only of this session.")
@click.option("--provider", help="Only what went to this provider.")
@click.option("--target", help="Only what went to this provider/model.")
@click.option("--rule", help="Only what this rule decided: FILE:LINE.")
@click.option("--kind", help="Only requests of this kind: main, agent, title …")
@click.option("--model", help="Only requests that asked for this model.")
@click.option("--all", "everything", is_flag=True, help=f"All rows, not only the {telling.SHOWN} dearest.")
@click.option("--config", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="Another config.json.")
@click.option("--format", "form", type=click.Choice(FORMS), default="table", help="How it is told.")
@click.option("--json", "as_json", is_flag=True, help="The same as --format json.")
@click.pass_context
def command(
    context: click.Context,
    /,
    period_: str | None,
    since: datetime | None,
    until: datetime | None,
    by: str | None,
    everything: bool,
    config: Path | None,
    form: str,
    as_json: bool,
    **filters: str | None,
) -> None:
    """Show what was asked and what it cost."""
    report.prepare()
    form = "json" if as_json else form
    if period_ and (since or until):
        raise click.UsageError("say a period, or --from and --to, not both")
    if since and until and since > until:
        raise click.UsageError(f"--from {since:%Y-%m-%d} is after --to {until:%Y-%m-%d}")
    where = {name: value for name in FILTERS if (value := filters.get(name)) is not None}
    if by == "session" and where.keys() - {"user", "project", "session"}:
        raise click.UsageError(
            "--by session goes with --user and --project; the other words ask of all sessions together"
        )
    settings = _settings(config)
    today = datetime.now(ZoneInfo(settings.zone)).date() if settings.zone else date.today()
    try:
        store = _store(settings)
        try:
            if not period_ and not since and not until and not by and form == "table":
                context.exit(_overview(store, today, where, everything))
            if since or until:
                days = between(since.date() if since else None, until.date() if until else None, today)
            else:
                days = period(period_ or "month", today)
            context.exit(_told(store, days, by or "target", where, form, everything))
        finally:
            store.close()
    except StoreError as error:
        report.say(str(error), sys.stderr)
        context.exit(report.FOUND)


# ---- the log ----------------------------------------------------------------------------------------------------------


def _settings(config: Path | None) -> Settings:
    """What says where the log is and when a day begins; rules that do not load keep nobody from asking."""
    loaded = load(read_sources(places(config=config)), look(home(), {}), vocabulary(), proofs=False)
    if loaded.snapshot is None:
        report.say("your rules do not load (`ccr check` says why): days begin as on this machine", sys.stderr)
        return Settings()
    return loaded.snapshot.settings


def _store(settings: Settings) -> Store:
    """The log to read. Raises StoreError if there is none, with why."""
    if not exists(settings.store, home()):
        off = "`server { log = off }` keeps it empty" if settings.log == "off" else "it begins with the first request"
        raise StoreError(f"nothing is logged yet in {shown(home() / NAME)}: {off}; start with `ccr serve`")
    return open_store(settings.store, home(), writing=False)


# ---- what is told -----------------------------------------------------------------------------------------------------


def _told(store: Store, days: Days, by: str, where: dict[str, str], form: str, everything: bool) -> int:
    most = 0 if everything or by == "day" or form != "table" else telling.SHOWN
    answer = ask(store, days, by, where, most)
    if form == "json":
        report.say(json.dumps(telling.as_json(answer), ensure_ascii=False, indent=2))
    elif form == "csv":
        report.say(telling.as_csv(answer).removesuffix("\n"))
    elif answer.total is not None:
        report.say(telling.text(answer, _bar(), most))
    else:
        report.say(_nothing(store, days, where), sys.stderr)
    return report.GOOD if answer.total is not None or form != "table" else report.FOUND


def _overview(store: Store, today: date, where: dict[str, str], everything: bool) -> int:
    """Today, this week and this month, a line each, and where this month's requests went."""
    spans = [ask(store, period(name, today), "", where) for name in ("today", "week", "month")]
    most = 0 if everything else telling.SHOWN
    month = ask(store, period("month", today), "target", where, most)
    if month.total is None and spans[1].total is None:
        report.say(_nothing(store, month.days, where), sys.stderr)
        return report.FOUND
    for each in spans:
        if each.total is None:
            report.say(f"{each.days.words + ':':<12} nothing")
            continue
        total = each.total
        spared = f", saved {telling.saved(total)}" if total.asked else ""
        report.say(f"{each.days.words + ':':<12} {telling.cost(total)} for {total.requests:,} requests{spared}")
    if month.total is not None:
        report.say("")
        report.say(telling.text(month, _bar(), most))
    return report.GOOD


def _nothing(store: Store, days: Days, where: dict[str, str]) -> str:
    """Why there is nothing, as far as it can be told."""
    of = " of " + ", ".join(f"{name} {value}" for name, value in where.items()) if where else ""
    newest = store.find("last")
    if not newest:
        return "nothing is logged yet"
    known = [each.key for each in store.sums(*_EVER, next(iter(where)))] if where and next(iter(where)) in BY else []
    if known and next(iter(where.values())) not in known:
        return f"no request{of}; there are: {', '.join(each or '(none)' for each in known[:10])}"
    return f"no request{of}, {days.words}; the last one came on {newest[0].day}"


_EVER = ("0000-00-00", "9999-99-99")


def _bar() -> str:
    """What bars are made of, where the output can say it."""
    return report.sayable("█", sys.stdout.encoding).replace("?", "#")
