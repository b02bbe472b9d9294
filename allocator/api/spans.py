"""Spans on their way to a collector, without what may name a person; needs the extra `otel`.

Paths and queries hold ids of people, and FastAPI puts both into the span of a request. So a list
says what may leave, and everything else stays: the route's template tells where the time went.
"""

from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Status

from allocator import __version__

MAY_LEAVE = frozenset(
    {
        "code.function.name",
        "error.type",
        "http.request.method",
        "http.response.status_code",
        "http.route",
        "network.protocol.version",
        "url.scheme",
    }
)
TRACES = "/v1/traces"
EXPORT_SECONDS = 5


class CarefulExporter(SpanExporter):  # type: ignore[misc] # an extra, see pyproject
    """Passes spans on with the attributes of the list alone; no events, no words of errors."""

    def __init__(self, to: SpanExporter) -> None:
        self._to = to

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans that have ended."""
        return self._to.export([without_people(span) for span in spans])

    def shutdown(self) -> None:
        """Send nothing any more."""
        self._to.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what waits, in the time given in milliseconds."""
        return bool(self._to.force_flush(timeout_millis))


def without_people(span: ReadableSpan) -> ReadableSpan:
    """The span with what may leave."""
    kept = {name: value for name, value in (span.attributes or {}).items() if name in MAY_LEAVE}
    return ReadableSpan(
        name=span.name,
        context=span.context,
        parent=span.parent,
        resource=span.resource,
        attributes=kept,
        kind=span.kind,
        status=Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def provider_for(endpoint: str) -> TracerProvider:
    """What makes spans and sends them, in the background, to a collector of OTLP over HTTP.

    `OTEL_…` variables say the rest: headers that the collector asks for, sampling.
    """
    resource = Resource.create({"service.name": "allocator", "service.version": __version__})
    provider = TracerProvider(resource=resource)
    exporter = OTLPSpanExporter(endpoint.rstrip("/") + TRACES, timeout=EXPORT_SECONDS)
    provider.add_span_processor(BatchSpanProcessor(CarefulExporter(exporter)))
    return provider
