"""Requests made for one test."""

from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue

RECEIVED_US = 1_790_000_000_000_000
START_NS = (RECEIVED_US - 5_000_000) * 1000
TRACE_ID, SPAN_ID, PARENT_ID = bytes(range(1, 17)), bytes(range(1, 9)), bytes(range(2, 10))


def request(*spans: dict[str, Any]) -> ExportTraceServiceRequest:
    """A request of one resource and scope with spans that are whole but for what is given."""
    made = ExportTraceServiceRequest()
    resource_spans = made.resource_spans.add()
    resource_spans.resource.attributes.add(key="service.name").value.string_value = "bot"
    scope_spans = resource_spans.scope_spans.add()
    scope_spans.scope.name, scope_spans.scope.version = "scope", "1.0"
    for fields in spans:
        whole = {
            "trace_id": TRACE_ID,
            "span_id": SPAN_ID,
            "name": "work",
            "kind": 3,
            "start_time_unix_nano": START_NS,
            "end_time_unix_nano": START_NS + 1_000_000,
        }
        scope_spans.spans.add(**{**whole, **fields})
    return made


def nested(depth: int, kind: str) -> AnyValue:
    """A value with this many levels of lists or objects."""
    value = AnyValue(string_value="inner")
    for _ in range(depth):
        outer = AnyValue()
        if kind == "list":
            outer.array_value.values.add().CopyFrom(value)
        else:
            outer.kvlist_value.values.add(key="k").value.CopyFrom(value)
        value = outer
    return value
