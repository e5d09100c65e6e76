"""OTLP requests for tests, in JSON and in protobuf."""

import itertools
import json
import time
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

_numbers = itertools.count(time.time_ns())


def span(session_id: Any = "session", /, **fields: Any) -> dict[str, Any]:
    """A well-formed span of a model call, in OTLP's JSON; `fields` replace or, when None, remove."""
    number = next(_numbers)
    start_ns = time.time_ns() - 2_000_000_000
    values = {
        "traceId": f"{number:032x}",
        "spanId": f"{number & (2**64 - 1):016x}",
        "name": "chat",
        "kind": 3,
        "startTimeUnixNano": str(start_ns),
        "endTimeUnixNano": str(start_ns + 1_000_000_000),
        "attributes": [
            attribute("session.id", session_id),
            attribute("gen_ai.operation.name", "chat"),
            attribute("input.value", "What is a session?"),
            attribute("output.value", "What one person does in one sitting."),
        ],
    } | fields
    return {key: value for key, value in values.items() if value is not None}


def attribute(key: str, value: Any) -> dict[str, Any]:
    """An attribute; a dict is an AnyValue already."""
    if isinstance(value, dict):
        return {"key": key, "value": value}
    kinds = {bool: "boolValue", int: "intValue", float: "doubleValue"}
    return {"key": key, "value": {kinds.get(type(value), "stringValue"): value}}


def request(*spans: dict[str, Any]) -> bytes:
    """An export request in JSON."""
    scope = {"scope": {"name": "test"}, "spans": list(spans)}
    resource = {"attributes": [attribute("service.name", "tests")]}
    return json.dumps({"resourceSpans": [{"resource": resource, "scopeSpans": [scope]}]}).encode()


def protobuf_request(*spans: dict[str, Any]) -> bytes:
    """The same in protobuf."""
    message = ExportTraceServiceRequest()
    resource = message.resource_spans.add()
    scope = resource.scope_spans.add()
    for given in spans:
        wire = scope.spans.add(
            trace_id=bytes.fromhex(given["traceId"]),
            span_id=bytes.fromhex(given["spanId"]),
            name=given["name"],
            start_time_unix_nano=int(given["startTimeUnixNano"]),
            end_time_unix_nano=int(given["endTimeUnixNano"]),
        )
        for each in given["attributes"]:
            wire.attributes.add(key=each["key"]).value.string_value = each["value"]["stringValue"]
    return message.SerializeToString()
