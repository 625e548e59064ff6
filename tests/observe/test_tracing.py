"""OpenTelemetry: off unless asked for; what a collector is told, in memory and over the wire."""

import gzip
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ccr.observe.tracing import Exporters, Tracing, Trouble, asked
from tests.fake_upstream import Script, in_thread
from tests.observe.test_metrics import BUSY, GOOD, RULES
from tests.running import running, write

sdk = pytest.importorskip("opentelemetry.sdk.trace.export", reason="the extra otel is not installed")

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"


@pytest.mark.parametrize(
    ("variables", "signals"),
    [
        ({}, set()),
        ({"OTEL_SERVICE_NAME": "x"}, set()),
        ({ENDPOINT: "http://c:4318"}, {"traces", "metrics"}),
        ({ENDPOINT: "http://c:4318", "OTEL_METRICS_EXPORTER": "none"}, {"traces"}),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://c:4318"}, {"traces"}),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, {"traces"}),
        ({ENDPOINT: "http://c:4318", "OTEL_SDK_DISABLED": "true"}, set()),
    ],
)
def test_the_standard_variables_ask_for_it(variables: dict[str, str], signals: set[str]) -> None:
    assert asked(variables) == signals


def test_nothing_is_imported_where_nobody_asks() -> None:
    program = (
        "import sys, ccr.app, ccr.observe.tracing; assert not [name for name in sys.modules if 'opentelemetry' in name]"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=30)


def told(tmp_path: Path, *scripts: Script) -> tuple[list[Any], dict[str, Any], Any]:
    """The spans and the measures of one request, and its entry."""
    from opentelemetry.sdk.metrics.export import InMemoryMetricReader
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    spans, reader = InMemorySpanExporter(), InMemoryMetricReader()
    tracing = Tracing(lambda: Exporters((sdk.SimpleSpanProcessor(spans),), (reader,)))
    with in_thread(*scripts) as upstream:
        write(tmp_path, "rules/10.ccr", RULES.format(url=upstream.url))
        with running(tmp_path) as ccr:
            entry = ccr.entry(ccr.ask("a planted-prompt"))
    tracing.tell(entry)
    tracing._aside.close()
    data = reader.get_metrics_data()
    measures = {each.name: each for each in data.resource_metrics[0].scope_metrics[0].metrics} if data else {}
    found = list(spans.get_finished_spans())
    tracing.close()
    return found, measures, entry


def test_a_request_is_a_span_and_each_attempt_one_below_it(tmp_path: Path) -> None:
    (first, second, root), measures, entry = told(tmp_path, BUSY, GOOD)
    assert root.name == "POST /v1/messages" and root.parent is None
    assert root.attributes["ccr.request_id"] == entry.record.request_id
    assert root.attributes["gen_ai.request.model"] == "claude-opus-5-5"
    assert root.attributes["http.response.status_code"] == 200
    assert {each.parent.span_id for each in (first, second)} == {root.context.span_id}
    assert (first.name, first.attributes["error.type"], first.status.is_ok) == ("chat large", "overloaded", False)
    assert second.name == "chat small" and "error.type" not in second.attributes
    answer = {name: value for name, value in second.attributes.items() if name.startswith("gen_ai.")}
    assert answer == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "lab",
        "gen_ai.request.model": "small",
        "gen_ai.request.stream": False,
        "gen_ai.response.model": "small",
        "gen_ai.response.finish_reasons": ("end_turn",),
        "gen_ai.response.time_to_first_chunk": answer["gen_ai.response.time_to_first_chunk"],
        "gen_ai.usage.input_tokens": 1000,
        "gen_ai.usage.output_tokens": 200,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.cache_creation.input_tokens": 0,
    }
    assert (
        root.start_time <= first.start_time <= first.end_time <= second.start_time <= second.end_time <= root.end_time
    )
    assert root.resource.attributes["service.name"] == "ccr"
    tokens = {p.attributes["gen_ai.token.type"]: p.sum for p in measures["gen_ai.client.token.usage"].data.data_points}
    assert tokens == {"input": 1000, "output": 200}
    assert sum(point.count for point in measures["gen_ai.client.operation.duration"].data.data_points) == 2


def test_nothing_of_what_was_said_is_told(tmp_path: Path) -> None:
    spans, measures, _ = told(tmp_path, GOOD)
    assert "planted" not in str([each.to_json() for each in spans]) + str(measures)


class Collector(BaseHTTPRequestHandler):
    """A collector that keeps what it is sent."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        self.server.heard.append((self.path, body))  # type: ignore[attr-defined]
        self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def collector() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    server.heard = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join(5)


def test_a_whole_ccr_tells_a_collector(
    tmp_path: Path, collector: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

    monkeypatch.setenv(ENDPOINT, f"http://127.0.0.1:{collector.server_port}")
    monkeypatch.setenv("OTEL_SERVICE_NAME", "gateway")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with in_thread(GOOD) as upstream:
        write(tmp_path, "rules/10.ccr", RULES.format(url=upstream.url))
        with running(tmp_path) as ccr:
            entry = ccr.entry(ccr.ask())
    heard: list[tuple[str, bytes]] = collector.heard  # type: ignore[attr-defined]
    assert {path for path, _ in heard} == {"/v1/traces", "/v1/metrics"}
    spans = ExportTraceServiceRequest.FromString(next(body for path, body in heard if path == "/v1/traces"))
    names = [span.name for span in spans.resource_spans[0].scope_spans[0].spans]
    assert sorted(names) == ["POST /v1/messages", "chat large"]
    assert entry.record.request_id.encode() in b"".join(body for _, body in heard)
    assert b"gateway" in heard[0][1]


def test_a_collector_that_is_not_there_is_said_now_and_then() -> None:
    said, now = list[str](), [100.0]
    trouble = Trouble(said.append, lambda: now[0])
    for seconds in (0, 10, 700):
        now[0] += seconds
        trouble.handle(
            logging.makeLogRecord({"levelno": logging.WARNING, "msg": "no answer, key sk-planted-0123456789"})
        )
    assert len(said) == 2 and said[0].startswith("OpenTelemetry: no answer") and "planted" not in said[0]


def test_without_the_extra_a_person_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ccr.observe import tracing
    from ccr.observe.listeners import Listeners

    monkeypatch.setattr(tracing, "installed", lambda: False)
    said, heard = list[str](), list[Any]()
    write(tmp_path, "rules/10.ccr", "default route demo/m\n")
    with running(tmp_path) as ccr:
        Listeners(ccr.live, lambda: ccr.live.current.settings, heard, said.append).begin({ENDPOINT: "http://c:4318"})
    assert said == [tracing.MISSING] and not heard and "claude-code-rules[otel]" in said[0]
