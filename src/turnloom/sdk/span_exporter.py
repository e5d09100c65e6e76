"""Exports spans as OTLP over HTTP to one target."""

import threading
from collections.abc import Sequence

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from turnloom.sdk.foreign_users import hash_users_of_span
from turnloom.sdk.sender import Sender

PROTOBUF = "application/x-protobuf"

SAMPLE_MASK = (1 << 56) - 1
"""The random bits of a trace id (W3C trace context, level 2)."""


class OtlpSpanExporter(SpanExporter):
    """Encodes and sends batches, and counts what did not arrive.

    Args:
        sender: Where to send.
        sample_rate: Share of traces to send, 0 to 1; all spans of a trace go or none does.
        user_salt: Secret that users in foreign spans are hashed with; None leaves them as they are.
    """

    def __init__(self, sender: Sender, sample_rate: float = 1.0, user_salt: str | None = None) -> None:
        self._sender = sender
        self._user_salt = user_salt
        self._sample_limit = int(sample_rate * (SAMPLE_MASK + 1))
        self.reset()

    def reset(self) -> None:
        """Count from nothing, as at the start and in a forked child."""
        self._lock = threading.RLock()
        self.received = 0
        self.delivered = 0
        self.failed = 0

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send a batch.

        Args:
            spans: Spans that ended.

        Returns:
            Whether the target took them.
        """
        with self._lock:
            self.received += len(spans)
        chosen = [self._hashed(span) for span in spans if self._is_sampled(span)]
        sent = not chosen or self._sender.send(encode_spans(chosen).SerializeToString(), PROTOBUF)
        with self._lock:
            self.delivered += len(spans) if sent else len(spans) - len(chosen)
            self.failed += 0 if sent else len(chosen)
        return SpanExportResult.SUCCESS if sent else SpanExportResult.FAILURE

    def _is_sampled(self, span: ReadableSpan) -> bool:
        return span.context is not None and (span.context.trace_id & SAMPLE_MASK) < self._sample_limit

    def _hashed(self, span: ReadableSpan) -> ReadableSpan:
        return span if self._user_salt is None else hash_users_of_span(span, self._user_salt)

    def shutdown(self) -> None:
        """Send nothing any more."""
        self._sender.abandon()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002 - of the interface
        """Nothing waits here."""
        return True
