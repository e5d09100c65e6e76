"""The cheap check on acceptance: is each span well formed enough to be stored?"""

from dataclasses import dataclass

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span as WireSpan

START_MIN_NS = 946_684_800_000_000_000
"""2000-01-01T00:00:00Z: what starts earlier has a broken clock (architecture, *Nothing blocks*)."""

AHEAD_MAX_NS = 24 * 3600 * 1_000_000_000
"""How far ahead of its reception a span may start, ns."""

TIME_MAX_NS = 2**63 - 1
"""The largest time a signed 64-bit integer holds, ns."""

NO_TRACE_ID = bytes(16)
NO_SPAN_ID = bytes(8)


@dataclass(frozen=True, slots=True)
class Refusal:
    """One span that is not stored.

    Args:
        index: Position of the span in the request, over all resources and scopes, from 0.
        reason: What was given and what was expected.
    """

    index: int
    reason: str


def check_traces(request: ExportTraceServiceRequest, received_us: int) -> list[Refusal]:
    """Find the spans of a request that cannot be stored.

    Args:
        request: The decoded request.
        received_us: When it arrived, microseconds since 1970.

    Returns:
        A refusal for each such span, in the request's order.
    """
    latest_ns = min(received_us * 1000 + AHEAD_MAX_NS, TIME_MAX_NS)
    refused: list[Refusal] = []
    index = 0
    for resource_spans in request.resource_spans:
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                reason = span_fault(span, latest_ns)
                if reason is not None:
                    refused.append(Refusal(index, reason))
                index += 1
    return refused


def span_fault(span: WireSpan, latest_ns: int) -> str | None:
    """Say why a span cannot be stored.

    Args:
        span: The span.
        latest_ns: The latest start that is accepted, nanoseconds since 1970.

    Returns:
        What was given and what was expected, or None when the span is well formed.
    """
    trace_id, span_id, start_ns = span.trace_id, span.span_id, span.start_time_unix_nano
    if (
        len(trace_id) == 16
        and len(span_id) == 8
        and START_MIN_NS <= start_ns <= latest_ns
        and len(span.parent_span_id) in (0, 8)
        and trace_id != NO_TRACE_ID
        and span_id != NO_SPAN_ID
        and span.end_time_unix_nano <= TIME_MAX_NS
    ):
        return None
    return _id_fault(span) or _time_fault(span, latest_ns)


def _id_fault(span: WireSpan) -> str | None:
    for name, value, size in (("traceId", span.trace_id, 16), ("spanId", span.span_id, 8)):
        if len(value) != size:
            return f"{name} has {len(value)} bytes, expected {size}"
        if not any(value):
            return f"{name} is all zero"
    size = len(span.parent_span_id)
    return f"parentSpanId has {size} bytes, expected 8 or none" if size not in (0, 8) else None


def _time_fault(span: WireSpan, latest_ns: int) -> str:
    start_ns = span.start_time_unix_nano
    if start_ns == 0:
        return "startTimeUnixNano is missing or 0, expected nanoseconds since 1970"
    if start_ns < START_MIN_NS:
        return f"startTimeUnixNano {start_ns} is before 2000-01-01; expected nanoseconds since 1970"
    if start_ns > latest_ns:
        return f"startTimeUnixNano {start_ns} is more than 24 h after reception; check the sender's clock"
    return f"endTimeUnixNano {span.end_time_unix_nano} does not fit 64 bits"
