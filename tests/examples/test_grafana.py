"""The dashboard asks only for what `/metrics` tells, and the page of metrics names all of it."""

import json
import re
from pathlib import Path
from typing import Any

from ccr.observe.counts import FAMILIES
from tests.running import running, write

ROOT = Path(__file__).parents[2]
DASHBOARD: dict[str, Any] = json.loads((ROOT / "examples" / "grafana" / "ccr.json").read_text(encoding="utf-8"))
QUERIES = [
    *(target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())),
    *(each["expr"] for each in DASHBOARD["annotations"]["list"]),
]
LABELS = {family.name: set(family.labels) for family in FAMILIES}


def told(tmp_path: Path) -> set[str]:
    """Names of all metrics there are."""
    write(tmp_path, "rules/10.ccr", "default route demo/m\n")
    with running(tmp_path) as ccr:
        return set(re.findall(r"^# TYPE (\w+)", ccr.send("GET", "/metrics").body.decode(), re.MULTILINE))


def plain(name: str) -> str:
    return re.sub(r"_(bucket|sum|count)$", "", name)


def test_every_query_asks_for_a_metric_that_is_there(tmp_path: Path) -> None:
    known = told(tmp_path)
    asked = {plain(name) for query in QUERIES for name in re.findall(r"\b((?:ccr|process)_\w+)", query)}
    assert asked <= known
    assert {name for name in known if name.startswith("ccr_")} - asked <= {
        "ccr_build_info",
        "ccr_rules_info",
        "ccr_user_requests_total",
    }


def test_every_query_groups_by_labels_that_are_there() -> None:
    for query in QUERIES:
        names = {plain(name) for name in re.findall(r"\b(ccr_\w+)\{", query)}
        for labels in re.findall(r"by \(([^)]*)\)", query):
            have = set().union(*(LABELS.get(name, {"provider", "model", "why"}) for name in names))
            assert {each.strip() for each in labels.split(",")} - {"le"} <= have, query


def test_panels_do_not_stand_on_one_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in DASHBOARD["panels"]:
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


def test_the_page_names_every_metric(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "observability.md").read_text(encoding="utf-8")
    assert {name for name in told(tmp_path) if f"`{name}`" not in page} == set()
