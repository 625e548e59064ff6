"""Asks claude-code-router 2.0.0 and ours the same requests, and writes down who answered: `python -m tests.reference.compare`.

`CCR_REFERENCE` names the folder into which npm installed the package (`make reference` does both). What was found goes to
`results.json` beside this file, and as a table to docs/coming-from-claude-code-router.md, between its two marks.
"""

import datetime
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ccr import __version__
from tests.reference.sides import ours, reference, reference_in, version_of
from tests.reference.table import CASES, WORLDS, Case, World

ROOT = Path(__file__).parents[2]
RESULTS = Path(__file__).parent / "results.json"
PAGE = ROOT / "docs" / "coming-from-claude-code-router.md"
BEGIN, END = "<!-- written by tests/reference/compare.py -->", "<!-- end of what it wrote -->"

Row = Mapping[str, str]


def cases_of(world: str) -> tuple[Case, ...]:
    return tuple(each for each in CASES if each.world == world)


def compared(name: str, world: World, program: Path) -> Iterator[Row]:
    """One world's requests, asked of both in the same order."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        with ours(Path(one), world) as ask_ours, reference(Path(other), world, program) as ask_reference:
            for case in cases_of(name):
                theirs, own = ask_reference(case), ask_ours(case)
                yield {"world": name, "request": case.name, "reference": theirs, "ours": own, "why": case.why}


def amiss(rows: Sequence[Row]) -> list[str]:
    """Where they differ without a reason, or have a reason and do not differ."""
    return [
        f"{row['world']}, {row['request']}: {row['reference']} there, {row['ours']} here; {row['why'] or 'no reason is given'}"
        for row in rows
        if (row["reference"] == row["ours"]) is bool(row["why"])
    ]


def written(found: Mapping[str, Any]) -> str:
    """The section of the page."""
    rows: Sequence[Row] = found["rows"]
    differ = [row for row in rows if row["why"]]
    same = [row for row in rows if not row["why"]]
    return "\n".join(
        [
            BEGIN,
            "",
            f"Asked on {found['date']}: {len(rows)} requests, of claude-code-router {found['reference']} and of ccr "
            f"{found['ours']}. {len(same)} were answered by the same provider and model, {len(differ)} differently on purpose.",
            "",
            "| config.json with | request | there | here | why |",
            "|---|---|---|---|---|",
            *(
                f"| {row['world']} | {row['request']} | `{row['reference']}` | `{row['ours']}` | {row['why']} |"
                for row in differ
            ),
            "",
            "Answered alike:",
            "",
            "| config.json with | request | by |",
            "|---|---|---|",
            *(f"| {row['world']} | {row['request']} | `{row['ours']}` |" for row in same),
            "",
            END,
        ]
    )


def put(page: str, section: str) -> str:
    """The page with this section between its marks."""
    before, _, rest = page.partition(BEGIN)
    return before + section + rest.partition(END)[2]


def _node() -> str:
    return subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()


def main() -> int:
    program = reference_in(os.environ.get("CCR_REFERENCE", ""))
    if program is None:
        print("set CCR_REFERENCE to where npm installed @musistudio/claude-code-router 2.0.0; Node has to be here, too")
        return 2
    rows: list[Row] = []
    for name, world in WORLDS.items():
        rows += compared(name, world, program)
        print(f"{len(rows)} of {len(CASES)} requests", file=sys.stderr)
    wrong = amiss(rows)
    if wrong:
        print("\n".join(wrong))
        return 1
    versions = {"reference": version_of(program), "ours": __version__, "node": _node()}
    found = {"date": datetime.date.today().isoformat(), **versions, "rows": rows}
    RESULTS.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    PAGE.write_text(put(PAGE.read_text(encoding="utf-8"), written(found)), encoding="utf-8")
    print(f"{len(rows)} requests: {sum(1 for row in rows if not row['why'])} alike, the others for a reason")
    return 0


if __name__ == "__main__":
    sys.exit(main())
