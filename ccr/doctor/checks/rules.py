"""Rules and config.json: whether they load, and what `ccr check` says of them."""

from collections.abc import Iterator

from ccr.doctor.check import Check, Finding, error, many, note, ok, warning
from ccr.doctor.machine import Machine

_SHOWN = 3


def _look(machine: Machine) -> Iterator[Finding]:
    rules = machine.rules
    for line in rules.errors[:_SHOWN]:
        yield error(line, "ccr check shows the place and what to write")
    for line in rules.warnings[:_SHOWN]:
        yield warning(line, "ccr check shows the place and what to write")
    more = max(len(rules.errors) - _SHOWN, 0) + max(len(rules.warnings) - _SHOWN, 0)
    if more:
        yield note(f"and {more} findings more")
    if not rules.config and not rules.rule_files:
        yield note(f"no config.json and no rules in {machine.home}", "`ccr init` writes the first ones")
    elif not rules.errors and not rules.warnings:
        count = [many(rules.rule_files, "rule file")] if rules.rule_files else []
        read = [*(["config.json"] if rules.config else []), *count]
        yield ok(f"{' and '.join(read)} read, and nothing is to be said of it")


CHECK = Check("rules", "rules and config.json", _look)
