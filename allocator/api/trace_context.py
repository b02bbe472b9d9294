"""The trace of a request: that of its `traceparent` header, or a new one (W3C Trace Context).

OpenTelemetry's own reader decides what is a valid header; a malformed one is ignored. Where spans
are exported, the span that FastAPI began for the request is taken.
"""

import secrets
from dataclasses import dataclass

from opentelemetry.trace import SpanContext, TraceFlags, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.datastructures import Headers
from starlette.types import Scope

from allocator.service.tracing import new_trace_id

PARENT, STATE, RESPONSE = "traceparent", "tracestate", "traceresponse"
SPAN_BYTES = 8
_READER = TraceContextTextMapPropagator()


@dataclass(frozen=True, slots=True)
class TraceContext:
    """The trace of a request and its part of it: 32 and 16 hexadecimal digits."""

    trace_id: str
    span_id: str
    is_sampled: bool = False

    def response_header(self) -> str:
        """For the header `traceresponse`, as level 2 of the recommendation drafts it."""
        flags = TraceFlags.SAMPLED if self.is_sampled else TraceFlags.DEFAULT
        return f"00-{self.trace_id}-{self.span_id}-{flags:02x}"


def ignore_double(scope: Scope) -> None:
    """Take away a trace that is given twice: nobody knows which of the two is meant."""
    names = (PARENT.encode(), STATE.encode())
    if len(Headers(scope=scope).getlist(PARENT)) > 1:
        scope["headers"] = [pair for pair in scope["headers"] if pair[0] not in names]


def trace_of(scope: Scope) -> TraceContext:
    """The trace that a request belongs to."""
    own = get_current_span().get_span_context()
    if own.is_valid:
        span_id = f"{own.span_id:016x}"
        return TraceContext(f"{own.trace_id:032x}", span_id, own.trace_flags.sampled)
    parent = _parent(Headers(scope=scope))
    trace_id = f"{parent.trace_id:032x}" if parent.is_valid else new_trace_id()
    return TraceContext(trace_id, secrets.token_hex(SPAN_BYTES))


def _parent(headers: Headers) -> SpanContext:
    """What the header says; `tracestate` is of use to who exports spans, and to nobody else."""
    given = {PARENT: headers[PARENT]} if PARENT in headers else {}
    return get_current_span(_READER.extract(given)).get_span_context()
