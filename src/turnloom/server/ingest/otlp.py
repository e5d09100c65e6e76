"""OTLP traces: bytes to a request, a request to raw spans.

Acceptance calls `parse_traces` and `check_traces` only; the digest, in a worker process, calls
`decode_traces` on the stored body. Both refuse the same spans, since the time of reception is
stored with the body.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import ScopeSpans
from opentelemetry.proto.trace.v1.trace_pb2 import Span as WireSpan

from turnloom.model.span import RawSpan
from turnloom.server.ingest.otlp_check import (
    AHEAD_MAX_NS,
    NO_SPAN_ID,
    TIME_MAX_NS,
    Refusal,
    check_traces,
    span_fault,
)
from turnloom.server.ingest.otlp_request import Encoding, parse_request
from turnloom.server.ingest.otlp_value import plain_attributes

__all__ = ["Decoded", "Encoding", "Refusal", "check_traces", "decode_traces", "parse_traces", "raw_spans"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one request held."""

    spans: list[RawSpan]
    refused: list[Refusal]


def parse_traces(body: bytes, encoding: Encoding) -> ExportTraceServiceRequest:
    """Decode the body of a trace export request.

    Args:
        body: The body, inflated.
        encoding: `protobuf` or `json`.

    Returns:
        The request.

    Raises:
        MalformedBodyError: The body is no such request; the message says what and where.
    """
    return parse_request(body, encoding, ExportTraceServiceRequest)


def decode_traces(body: bytes, encoding: Encoding, received_us: int) -> Decoded:
    """Decode a stored request into raw spans.

    Args:
        body: The body, inflated.
        encoding: `protobuf` or `json`.
        received_us: When it arrived, microseconds since 1970.

    Returns:
        The spans and what was refused.

    Raises:
        MalformedBodyError: The body is no trace export request.
    """
    return raw_spans(parse_traces(body, encoding), received_us)


def raw_spans(request: ExportTraceServiceRequest, received_us: int) -> Decoded:
    """Turn a request into raw spans.

    Args:
        request: The decoded request.
        received_us: When it arrived, microseconds since 1970.

    Returns:
        The spans, all those of one resource sharing its dict, and what was refused.
    """
    latest_ns = min(received_us * 1000 + AHEAD_MAX_NS, TIME_MAX_NS)
    decoded = Decoded([], [])
    for index, (resource, scope_spans, span) in enumerate(_walk(request)):
        reason = span_fault(span, latest_ns)
        if reason is None:
            decoded.spans.append(_raw_span(span, scope_spans, resource, received_us))
        else:
            decoded.refused.append(Refusal(index, reason))
    return decoded


def _walk(request: ExportTraceServiceRequest) -> Iterator[tuple[dict[str, Any], ScopeSpans, WireSpan]]:
    for resource_spans in request.resource_spans:
        resource = plain_attributes(resource_spans.resource.attributes)
        for scope_spans in resource_spans.scope_spans:
            for span in scope_spans.spans:
                yield resource, scope_spans, span


def _raw_span(span: WireSpan, scope_spans: ScopeSpans, resource: dict[str, Any], received_us: int) -> RawSpan:
    parent, end_ns = span.parent_span_id, span.end_time_unix_nano
    scope, status = scope_spans.scope, span.status
    wire = span.SerializeToString()
    return RawSpan(
        trace_id=span.trace_id.hex(),
        span_id=span.span_id.hex(),
        parent_id=parent.hex() if parent and parent != NO_SPAN_ID else None,
        name=span.name,
        otel_kind=span.kind,
        start_us=span.start_time_unix_nano // 1000,
        end_us=end_ns // 1000 if end_ns else None,
        attributes=plain_attributes(span.attributes),
        events=[(e.time_unix_nano // 1000, e.name, plain_attributes(e.attributes)) for e in span.events],
        links=[(e.trace_id.hex(), e.span_id.hex(), plain_attributes(e.attributes)) for e in span.links],
        status_code=status.code,
        status_message=status.message,
        scope=scope.name,
        scope_version=scope.version,
        resource=resource,
        content_hash=(len(wire) & 0xFFFF) << 32 | crc32(wire),
        received_us=received_us,
        size_bytes=len(wire),
    )
