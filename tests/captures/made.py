"""Spans and log records by hand, in a few words, as OTLP requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue

from .replay import RECEIVED_US, Request

START_S = RECEIVED_US // 1_000_000 - 3600
"""Second 0 of what is made."""

ERROR = 2
"""OTLP StatusCode."""

Attributes = Mapping[str, Any]


@dataclass(frozen=True)
class Made:
    """A span.

    Args:
        trace: A word for its trace.
        name: Its name, which is its identity in the trace.
        attributes: Its attributes.
        parent: The name of its parent.
        at: Start, in seconds.
        lasts: Duration, in seconds.
    """

    trace: str
    name: str
    attributes: Attributes = field(default_factory=dict[str, Any])
    parent: str | None = None
    at: float = 0.0
    lasts: float = 1.0
    scope: str = ""
    resource: Attributes = field(default_factory=dict[str, Any])
    events: tuple[tuple[str, Attributes], ...] = ()
    status: int = 0
    message: str = ""
    otel_kind: int = 1
    salt: str = ""
    """Tells apart spans of one name."""

    @property
    def span(self) -> bytes:
        """The span id."""
        return span_id(self.trace, self.name + self.salt)

    def request(self) -> Request:
        """The span in a request of its own."""
        message = ExportTraceServiceRequest()
        resource = message.resource_spans.add()
        resource.resource.attributes.extend(key_values(self.resource))
        scope = resource.scope_spans.add()
        scope.scope.name = self.scope
        span = scope.spans.add(
            trace_id=trace_id(self.trace),
            span_id=self.span,
            parent_span_id=span_id(self.trace, self.parent) if self.parent is not None else b"",
            name=self.name,
            kind=self.otel_kind,
            start_time_unix_nano=_ns(self.at),
            end_time_unix_nano=_ns(self.at + self.lasts),
            attributes=key_values(self.attributes),
        )
        span.status.code, span.status.message = self.status, self.message
        for name, attributes in self.events:
            span.events.add(name=name, time_unix_nano=_ns(self.at), attributes=key_values(attributes))
        return Request("traces", message.SerializeToString())


def log(trace: str, span: str, name: str, body: Any, at: float = 0.0, **attributes: Any) -> Request:
    """A log record of a span in a request of its own."""
    message = ExportLogsServiceRequest()
    record = (
        message.resource_logs.add()
        .scope_logs.add()
        .log_records.add(
            trace_id=trace_id(trace),
            span_id=span_id(trace, span),
            event_name=name,
            time_unix_nano=_ns(at),
            attributes=key_values(attributes),
        )
    )
    record.body.CopyFrom(any_value(body))
    return Request("logs", message.SerializeToString())


def trace_id(word: str) -> bytes:
    """16 bytes that stand for a word; their order is not that of the words."""
    return blake2b(word.encode(), digest_size=16).digest()


def span_id(trace: str, name: str) -> bytes:
    """8 bytes that stand for a name in a trace."""
    return blake2b(f"{trace}/{name}".encode(), digest_size=8).digest()


def key_values(attributes: Attributes) -> list[KeyValue]:
    """Attributes as OTLP has them; None is left out."""
    return [
        KeyValue(key=key, value=any_value(value)) for key, value in attributes.items() if value is not None
    ]


def any_value(value: Any) -> AnyValue:
    """A value as OTLP has it."""
    made = AnyValue()
    if isinstance(value, bool):
        made.bool_value = value
    elif isinstance(value, int):
        made.int_value = value
    elif isinstance(value, float):
        made.double_value = value
    elif isinstance(value, str):
        made.string_value = value
    elif isinstance(value, dict):
        made.kvlist_value.values.extend(key_values(value))
    else:
        made.array_value.values.extend(any_value(item) for item in value)
    return made


def _ns(at: float) -> int:
    return START_S * 1_000_000_000 + round(at * 1_000_000_000)
