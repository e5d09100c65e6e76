"""Canonical spans back to OTLP's JSON, attributes as they were sent."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import orjson

from turnloom.model.span import Span
from turnloom.vocabulary import restore_attributes, restore_events

INT64_MAX = 2**63 - 1


def trace_request(spans: Sequence[Span]) -> dict[str, Any]:
    """An ExportTraceServiceRequest of spans, those of one resource and scope together."""
    resources: dict[bytes, dict[tuple[str, str], list[Span]]] = {}
    for span in spans:
        key = orjson.dumps(span.resource, default=str)
        resources.setdefault(key, {}).setdefault((span.scope, span.scope_version), []).append(span)
    return {"resourceSpans": [_resource_spans(scopes) for scopes in resources.values()]}


def _resource_spans(scopes: Mapping[tuple[str, str], Sequence[Span]]) -> dict[str, Any]:
    first = next(iter(scopes.values()))[0]
    return {
        "resource": {"attributes": key_values(first.resource)},
        "scopeSpans": [
            {"scope": {"name": name, "version": version}, "spans": [_span(span) for span in spans]}
            for (name, version), spans in scopes.items()
        ],
    }


def _span(span: Span) -> dict[str, Any]:
    return {
        "traceId": span.trace_id,
        "spanId": span.span_id,
        "parentSpanId": span.parent_id or "",
        "name": span.name,
        "kind": span.otel_kind,
        "startTimeUnixNano": str(span.start_us * 1000),
        "endTimeUnixNano": str((span.end_us or 0) * 1000),
        "attributes": key_values(restore_attributes(span)),
        "events": [
            {"timeUnixNano": str(time_us * 1000), "name": name, "attributes": key_values(attributes)}
            for time_us, name, attributes in restore_events(span)
        ],
        "links": [
            {"traceId": trace_id, "spanId": span_id, "attributes": key_values(attributes)}
            for trace_id, span_id, attributes in span.links
        ],
        "status": {"code": span.status_code, "message": span.status_message},
    }


def key_values(attributes: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Attributes as OTLP's list of KeyValue."""
    return [{"key": key, "value": any_value(value)} for key, value in attributes.items()]


def any_value(value: Any) -> dict[str, Any]:
    """A plain value as OTLP's AnyValue; 64-bit integers are text in OTLP's JSON."""
    if isinstance(value, str):
        return {"stringValue": value}
    if isinstance(value, bool):
        return {"boolValue": value}
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping):
        return {"kvlistValue": {"values": key_values({str(key): each for key, each in _items(value)})}}
    if isinstance(value, list | tuple):
        return {"arrayValue": {"values": [any_value(each) for each in _items_of(value)]}}
    return {} if value is None else {"stringValue": str(value)}


def _number(value: float) -> dict[str, Any]:
    if isinstance(value, int) and abs(value) <= INT64_MAX:
        return {"intValue": str(value)}
    if math.isfinite(value):
        return {"doubleValue": float(value)}
    return {"doubleValue": "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"}


def _items(value: Any) -> Iterable[tuple[Any, Any]]:
    return value.items()


def _items_of(value: Any) -> Iterable[Any]:
    return value
