"""OTLP logs: lifecycle events and messages of calls; everything else is counted and dropped."""

from dataclasses import dataclass

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from turnloom.model.record import Record
from turnloom.server.ingest.otlp_check import NO_SPAN_ID, NO_TRACE_ID, START_MIN_NS, TIME_MAX_NS
from turnloom.server.ingest.otlp_request import Encoding, parse_request
from turnloom.server.ingest.otlp_value import plain_attributes, plain_value
from turnloom.vocabulary import RawRecord, canonical_records

EVENT_NAME = "event.name"
"""Attribute that held an event's name before it became a field of the log record."""


@dataclass(slots=True)
class DecodedLogs:
    """What one request held.

    Args:
        records: In the request's order.
        dropped: Log records that are none of ours.
    """

    records: list[Record]
    dropped: int = 0


def parse_logs(body: bytes, encoding: Encoding) -> ExportLogsServiceRequest:
    """Decode the body of a log export request.

    Args:
        body: The body, inflated.
        encoding: `protobuf` or `json`.

    Returns:
        The request.

    Raises:
        MalformedBodyError: The body is no such request; the message says what and where.
    """
    return parse_request(body, encoding, ExportLogsServiceRequest)


def decode_logs(body: bytes, encoding: Encoding, received_us: int) -> DecodedLogs:
    """Decode a stored request into records.

    Args:
        body: The body, inflated.
        encoding: `protobuf` or `json`.
        received_us: When it arrived, microseconds since 1970.

    Returns:
        The records and how many log records were dropped.

    Raises:
        MalformedBodyError: The body is no log export request.
    """
    decoded = DecodedLogs([])
    for resource_logs in parse_logs(body, encoding).resource_logs:
        for scope_logs in resource_logs.scope_logs:
            for log in scope_logs.log_records:
                records = canonical_records(_raw_record(log, scope_logs.scope.name, received_us))
                decoded.records += records
                decoded.dropped += not records
    return decoded


def _raw_record(log: LogRecord, scope: str, received_us: int) -> RawRecord:
    attributes = plain_attributes(log.attributes)
    name = log.event_name or attributes.get(EVENT_NAME)
    return RawRecord(
        name=name if isinstance(name, str) else "",
        time_us=_time_us(log, received_us),
        trace_id=_hex(log.trace_id, NO_TRACE_ID),
        span_id=_hex(log.span_id, NO_SPAN_ID),
        body=plain_value(log.body),
        attributes=attributes,
        scope=scope,
        received_us=received_us,
    )


def _time_us(log: LogRecord, received_us: int) -> int:
    times_ns = (log.time_unix_nano, log.observed_time_unix_nano)
    return next((time // 1000 for time in times_ns if START_MIN_NS <= time <= TIME_MAX_NS), received_us)


def _hex(given: bytes, nothing: bytes) -> str | None:
    return given.hex() if len(given) == len(nothing) and given != nothing else None
