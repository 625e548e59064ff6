"""OpenTelemetry: a trace and the measures of each request, in the words of the GenAI conventions.

Off unless the standard variables ask for it (`OTEL_EXPORTER_OTLP_ENDPOINT` and the like), and nothing is imported before.
A request becomes spans after it has ended, on a thread: one for it, and below it one for each attempt at a provider, with
the times that were taken then. No text of a conversation, no key and no header is told.

Names: "Semantic conventions for generative AI" (opentelemetry.io/docs/specs/semconv/gen-ai, as in version 0.66b2 of the package
opentelemetry-semantic-conventions, read 2026-11-22); `ccr.` stands before what is ours.
"""

import logging
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any
from uuid import uuid4

from ccr import __version__
from ccr.diagnostics.veil import without_keys
from ccr.exchange.record import AttemptRecord
from ccr.observe.aside import BREATH, Aside
from ccr.usage.entry import Entry

MISSING = "OTEL_… is set, but the extra `otel` is not installed: pip install 'claude-code-rules[otel]'"
_ASKING = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT")
_SDK = "opentelemetry"
"""Its logger."""
_QUIET = 600.0
"""Seconds after a complaint in which no other is passed on."""
_LONGEST = 200
_SIGNALS = {"traces": "OTEL_TRACES_EXPORTER", "metrics": "OTEL_METRICS_EXPORTER"}
_DURATIONS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
_TOKENS = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864)
"""The boundaries that the conventions advise."""


def asked(variables: Mapping[str, str]) -> frozenset[str]:
    """Which of `traces` and `metrics` the environment asks for."""
    if variables.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return frozenset()
    wanted = set()
    for signal, variable in _SIGNALS.items():
        own = f"OTEL_EXPORTER_OTLP_{signal.upper()}_ENDPOINT"
        somewhere = any(variables.get(name) for name in (_ASKING[0], own))
        if variables.get(variable, "otlp" if somewhere else "none") == "otlp":
            wanted.add(signal)
    return frozenset(wanted)


def installed() -> bool:
    """Whether the extra is there."""
    return find_spec("opentelemetry") is not None and find_spec("opentelemetry.sdk") is not None


class Tracing:
    """Tells a collector of entries. `exporters` gives what spans and measures are sent with, when the first entry comes;
    `say` tells a person a line, from any thread."""

    def __init__(self, exporters: "Callable[[], Exporters]", say: Callable[[str], object] = str) -> None:
        self._exporters = exporters
        self._trouble = Trouble(say)
        self._teller: Teller | None = None
        self._aside = Aside[Entry]("ccr-otel", self._tell)

    def tell(self, entry: Entry) -> None:
        """One request. On the event loop: it is only put down."""
        self._aside.put(entry)

    def close(self) -> None:
        """Sends what is left, for at most a few seconds."""
        self._aside.close(5.0)
        if self._teller is not None:
            self._teller.close()
            self._teller = None
            logging.getLogger(_SDK).removeHandler(self._trouble)

    def _tell(self, entries: list[Entry]) -> None:
        if self._teller is None:
            logger = logging.getLogger(_SDK)
            logger.addHandler(self._trouble)
            logger.propagate = False
            self._teller = Teller(self._exporters())
        for entry in entries:
            self._teller.tell(entry)
            time.sleep(BREATH)


class Trouble(logging.Handler):
    """What the SDK complains of, mostly that no collector answers: a person is told now and then, not at each try."""

    def __init__(self, say: Callable[[str], object], clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__(logging.WARNING)
        self._say, self._clock, self._quiet = say, clock, 0.0

    def emit(self, record: logging.LogRecord) -> None:
        now = self._clock()
        if now >= self._quiet:
            self._quiet = now + _QUIET
            said = " ".join(without_keys(record.getMessage()).split())[:_LONGEST]
            self._say(
                f"OpenTelemetry: {said} (requests go on; said again in {_QUIET / 60:.0f} minutes at the earliest)"
            )


class Exporters:
    """`spans` are SpanProcessors, `readers` MetricReaders."""

    def __init__(self, spans: Sequence[Any] = (), readers: Sequence[Any] = ()) -> None:
        self.spans, self.readers = spans, readers


def from_environment(signals: frozenset[str]) -> Exporters:
    """Over OTLP and HTTP, as the standard variables say; the SDK reads them itself."""
    spans, readers = list[Any](), list[Any]()
    if "traces" in signals:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        spans.append(BatchSpanProcessor(OTLPSpanExporter()))
    if "metrics" in signals:
        from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
        from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader

        readers.append(PeriodicExportingMetricReader(OTLPMetricExporter()))
    return Exporters(spans, readers)


class Teller:
    """Entries to spans and measures. Lives on one thread."""

    def __init__(self, exporters: Exporters) -> None:
        from opentelemetry.sdk.metrics import MeterProvider
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider

        resource = Resource.create({"service.version": __version__}).merge(_named())
        self._traces = TracerProvider(resource=resource)
        for processor in exporters.spans:
            self._traces.add_span_processor(processor)
        self._meters = MeterProvider(resource=resource, metric_readers=exporters.readers)
        self._tracer = self._traces.get_tracer("ccr", __version__)
        meter = self._meters.get_meter("ccr", __version__)
        self._duration = meter.create_histogram("gen_ai.client.operation.duration", "s", "GenAI operation duration.", explicit_bucket_boundaries_advisory=_DURATIONS)  # fmt: skip
        self._first = meter.create_histogram("gen_ai.client.operation.time_to_first_chunk", "s", "Time to the first chunk.", explicit_bucket_boundaries_advisory=_DURATIONS)  # fmt: skip
        self._tokens = meter.create_histogram("gen_ai.client.token.usage", "{token}", "Number of tokens used.", explicit_bucket_boundaries_advisory=_TOKENS)  # fmt: skip
        self._cost = meter.create_counter("ccr.cost", "USD", "What answers cost, where a price is known.")

    def tell(self, entry: Entry) -> None:
        from opentelemetry.trace import SpanKind, set_span_in_context

        began = entry.at
        root = self._tracer.start_span(
            "POST /v1/messages", kind=SpanKind.SERVER, attributes=_request(entry), start_time=_nanoseconds(began)
        )
        _mark(root, entry.record.status, entry.record.outcome)
        # The decision comes before the exchange's own clock starts; nobody took its time, and it is small.
        context = set_span_in_context(root)
        for attempt in entry.record.attempts:
            self._attempt(entry, attempt, context)
        root.end(_nanoseconds(began + entry.record.duration))
        if entry.cost:
            self._cost.add(entry.cost / 1_000_000, _target(entry.record.target))

    def _attempt(self, entry: Entry, attempt: AttemptRecord, context: Any) -> None:
        from opentelemetry.trace import SpanKind

        answered = attempt.outcome == "ok"
        common = {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": attempt.provider,
            "gen_ai.request.model": attempt.model,
            **({} if answered else {"error.type": attempt.outcome}),
        }
        span = self._tracer.start_span(
            f"chat {attempt.model}", context, SpanKind.CLIENT, {**common, **_answer(entry, attempt)},
            start_time=_nanoseconds(entry.at + attempt.began),
        )  # fmt: skip
        _mark(span, attempt.status, attempt.outcome)
        span.end(_nanoseconds(entry.at + attempt.ended))
        self._duration.record(attempt.ended - attempt.began, common)
        if attempt.first_byte is not None:
            self._first.record(attempt.first_byte - attempt.began, common)
        if answered and attempt.target == entry.record.target:
            self._tokens.record(entry.record.usage.prompt, {**common, "gen_ai.token.type": "input"})
            self._tokens.record(entry.record.usage.output, {**common, "gen_ai.token.type": "output"})

    def close(self) -> None:
        self._traces.shutdown()
        self._meters.shutdown(timeout_millis=5_000)


def _named() -> Any:
    """`ccr`, unless OTEL_SERVICE_NAME or OTEL_RESOURCE_ATTRIBUTES say another name; each process an instance of its own, so
    that the sums of several workers are not taken for one that jumps."""
    from opentelemetry.sdk.resources import OTELResourceDetector, Resource

    own = {"service.name": "ccr", "service.instance.id": str(uuid4())}
    return Resource(own).merge(OTELResourceDetector().detect())


def _nanoseconds(seconds: float) -> int:
    return int(seconds * 1e9)


def _mark(span: Any, status: int, outcome: str) -> None:
    from opentelemetry.trace import Status, StatusCode

    if outcome not in ("ok", "client_closed", "denied"):
        span.set_status(Status(StatusCode.ERROR, outcome))
    if status:
        span.set_attribute("http.response.status_code", status)


def _request(entry: Entry) -> dict[str, Any]:
    record = entry.record
    said = {
        "http.request.method": "POST",
        "http.route": "/v1/messages",
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": record.model,
        "gen_ai.conversation.id": record.session,
        "ccr.request_id": record.request_id,
        "ccr.kind": record.kind,
        "ccr.rule": record.rule,
        "ccr.snapshot": record.snapshot,
        "ccr.outcome": record.outcome,
        "ccr.user": record.user,
        "ccr.tags": list(record.tags),
        "ccr.cost": entry.cost / 1_000_000 if entry.cost is not None else None,
        **_target(record.target),
    }
    return {name: value for name, value in said.items() if value not in (None, "", [])}


def _target(target: str) -> dict[str, str]:
    provider, _, model = target.partition("/")
    return {"gen_ai.provider.name": provider, "gen_ai.response.model": model} if target else {}


def _answer(entry: Entry, attempt: AttemptRecord) -> dict[str, Any]:
    """What is known of the answer, at the attempt that gave it."""
    record, usage = entry.record, entry.record.usage
    said: dict[str, Any] = {"ccr.request_id": record.request_id}
    if attempt.first_byte is not None:
        said["gen_ai.response.time_to_first_chunk"] = attempt.first_byte - attempt.began
    if attempt.outcome != "ok" or attempt.target != record.target:
        return said
    return said | {
        "gen_ai.response.model": attempt.model,
        "gen_ai.request.stream": record.streamed,
        "gen_ai.usage.input_tokens": usage.prompt,
        "gen_ai.usage.output_tokens": usage.output,
        "gen_ai.usage.cache_read.input_tokens": usage.cache_read,
        "gen_ai.usage.cache_creation.input_tokens": usage.cache_write,
        **({"gen_ai.response.finish_reasons": [record.stop_reason]} if record.stop_reason else {}),
    }
