"""Log events on their way to every target that takes them."""

import time
from collections.abc import Mapping, Sequence

from opentelemetry.trace import SpanContext

from turnloom.sdk.log_event import LogEvent, encode_events
from turnloom.sdk.outbox import Outbox
from turnloom.sdk.sender import Sender
from turnloom.sdk.span_exporter import PROTOBUF
from turnloom.sdk.target import Target


class EventStream:
    """Sends log events as they happen.

    Args:
        targets: Where to; those without a logs URL are left out.
        resource: Attributes of the process.
        version: Version of this library.
    """

    def __init__(self, targets: Sequence[Target], resource: Mapping[str, object], version: str) -> None:
        self._resource = resource
        self._version = version
        self.outboxes = [
            Outbox(
                f"events to {target.name}", Sender(target.name, url, target.headers), self._encode, PROTOBUF
            )
            for target in targets
            if (url := target.logs_url) is not None
        ]

    def emit(self, name: str, attributes: Mapping[str, object], span: SpanContext | None = None) -> None:
        """Queue an event that happens now.

        Args:
            name: Which event.
            attributes: What is known about it.
            span: The span it belongs to.
        """
        trace_id, span_id = (span.trace_id, span.span_id) if span is not None else (0, 0)
        event = LogEvent(name, time.time_ns(), attributes, trace_id, span_id)
        for outbox in self.outboxes:
            outbox.put(event)

    def _encode(self, events: Sequence[LogEvent]) -> list[bytes]:
        return [encode_events(events, self._resource, "turnloom", self._version)]
