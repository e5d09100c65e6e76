"""Log events: small records that tell of a start before its span ends.

Written as OTLP protobuf by hand: OpenTelemetry's log SDK is not stable yet, the protocol is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, InstrumentationScope, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs, SeverityNumber
from opentelemetry.proto.resource.v1.resource_pb2 import Resource


@dataclass(frozen=True, slots=True)
class LogEvent:
    """Something that happened now.

    Args:
        name: Which event, such as `turn.start`.
        time_ns: When, in nanoseconds since 1970.
        attributes: What is known about it.
        trace_id: The trace it belongs to, 0 if none.
        span_id: The span it belongs to, 0 if none.
    """

    name: str
    time_ns: int
    attributes: Mapping[str, object]
    trace_id: int = 0
    span_id: int = 0


def encode_events(
    events: Sequence[LogEvent], resource: Mapping[str, object], scope: str, version: str
) -> bytes:
    """Write events as an OTLP request.

    Args:
        events: The events.
        resource: Attributes of the process.
        scope: Name of the library that sends.
        version: Its version.

    Returns:
        The request in protobuf.
    """
    library = InstrumentationScope(name=scope, version=version)
    logs = ScopeLogs(scope=library, log_records=[_record(event) for event in events])
    described = Resource(attributes=_attributes(resource))
    request = ExportLogsServiceRequest(resource_logs=[ResourceLogs(resource=described, scope_logs=[logs])])
    return request.SerializeToString()


def _record(event: LogEvent) -> LogRecord:
    return LogRecord(
        time_unix_nano=event.time_ns,
        observed_time_unix_nano=event.time_ns,
        severity_number=SeverityNumber.SEVERITY_NUMBER_INFO,
        event_name=event.name,
        attributes=_attributes(event.attributes),
        trace_id=event.trace_id.to_bytes(16, "big") if event.trace_id else b"",
        span_id=event.span_id.to_bytes(8, "big") if event.span_id else b"",
    )


def _attributes(values: Mapping[str, object]) -> list[KeyValue]:
    return [KeyValue(key=key, value=_any_value(value)) for key, value in values.items() if value is not None]


def _any_value(value: object) -> AnyValue:
    match value:
        case bool():
            return AnyValue(bool_value=value)
        case int():
            return AnyValue(int_value=value)
        case float():
            return AnyValue(double_value=value)
        case list() | tuple():
            items = cast("Sequence[object]", value)
            return AnyValue(array_value=ArrayValue(values=[_any_value(item) for item in items]))
        case _:
            return AnyValue(string_value=str(value))
