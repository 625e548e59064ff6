"""The text that Prometheus reads, held by the reader of its own library where that is there."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccr.observe.counts import FAMILIES, FIRST_BYTE, MOST, OTHER, REQUESTS, TAGGED, Counts, Gauge, exposition


def read(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    parser = pytest.importorskip("prometheus_client.parser", reason="prometheus-client is not on this machine")
    families = list(parser.text_string_to_metric_families(text))
    return {
        (each.name, tuple(sorted(each.labels.items()))): each.value for family in families for each in family.samples
    }


def test_a_histogram_adds_up() -> None:
    counts = Counts()
    for value in (0.05, 0.2, 999.0):
        counts.observe(FIRST_BYTE, ("zai",), value)
    told = read(exposition(counts.rows))
    at = {
        dict(labels)["le"]: value for (name, labels), value in told.items() if name == "ccr_first_byte_seconds_bucket"
    }
    assert at["0.05"] == 1 and at["0.25"] == 2 and at["300"] == 2 and at["+Inf"] == 3
    assert told["ccr_first_byte_seconds_count", (("provider", "zai"),)] == 3
    assert math.isclose(told["ccr_first_byte_seconds_sum", (("provider", "zai"),)], 999.25)


def test_without_the_library_the_text_is_what_it_says() -> None:
    counts = Counts()
    counts.add(TAGGED, ('a "b"\n\\',))
    assert 'ccr_tagged_requests_total{tag="a \\"b\\"\\n\\\\"} 1\n' in exposition(counts.rows)


@given(st.text(), st.integers(0, 10**9))
def test_whatever_a_label_says_it_is_read_back(label: str, amount: int) -> None:
    counts = Counts()
    counts.add(TAGGED, (label,), amount)
    gauge = Gauge("ccr_rules_info", "The rules.", {(label,): 1}, ("snapshot",))
    told = read(exposition(counts.rows, (gauge,)))
    assert told["ccr_tagged_requests_total", (("tag", label),)] == amount
    assert told["ccr_rules_info", (("snapshot", label),)] == 1


def test_a_table_stays_within_its_bound() -> None:
    counts = Counts()
    for number in range(MOST + 50):
        counts.add(REQUESTS, ("main", "ok", "openrouter", f"model-{number}"))
    rows = counts.rows[REQUESTS.name]
    assert len(rows) == MOST + 1
    assert rows[(OTHER,) * 4] == [50.0]


def test_every_family_says_what_it_is() -> None:
    assert all(family.help.endswith(".") and family.name.startswith("ccr_") for family in FAMILIES)
    assert all(family.buckets or family.name.endswith("_total") for family in FAMILIES)
