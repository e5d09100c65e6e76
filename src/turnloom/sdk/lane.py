"""One target's way out: its own queue, thread and counts, so that one that is down harms no other."""

import threading
from collections.abc import Callable

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import BatchSpanProcessor

from turnloom.sdk.border import shielded, warn_once
from turnloom.sdk.sender import Sender
from turnloom.sdk.span_exporter import OtlpSpanExporter
from turnloom.sdk.target import Target

QUEUE_MAX = 8_192
"""Spans waiting for one target at most."""


class Lane:
    """Spans on their way to one target.

    Args:
        target: Where they go.
        user_salt: Secret that users in foreign spans are hashed with; None leaves them as they are.
        queue_max: Spans waiting at most.
    """

    def __init__(self, target: Target, user_salt: str | None, queue_max: int = QUEUE_MAX) -> None:
        self.name = target.name
        self._queue_max = queue_max
        self._sender = Sender(target.name, target.traces_url, target.headers)
        self._exporter = OtlpSpanExporter(self._sender, target.sample_rate, user_salt)
        self._processor = BatchSpanProcessor(
            self._exporter,
            max_queue_size=queue_max,
            schedule_delay_millis=target.flush_interval_s * 1_000,
            max_export_batch_size=min(target.flush_at, queue_max),
        )
        self._closed = False
        self._abandoned = False
        self.reset()

    def reset(self) -> None:
        """As new: at the start, and in a forked child, where the parent sends what was waiting."""
        self._put = 0
        self._overflowed = 0
        self._lock = threading.RLock()
        self._flushing: threading.Thread | None = None
        self._sender.reset()
        self._exporter.reset()

    @property
    def dropped(self) -> int:
        """Spans that will not arrive: the queue was full, or the target did not take them."""
        if self._abandoned:
            return self._put - self._exporter.delivered
        return self._overflowed + self._exporter.failed

    def put(self, span: ReadableSpan) -> None:
        """Queue a span that ended."""
        if self._closed or span.context is None or not span.context.trace_flags.sampled:
            return
        with self._lock:
            full = self._put - self._overflowed - self._exporter.received >= self._queue_max
            self._put += 1
            self._overflowed += full
        if full:
            warn_once(f"full {self.name}", "turnloom: the queue to %s is full; spans are dropped", self.name)
        self._processor.on_end(span)

    def start_flush(self) -> threading.Thread:
        """Begin to send what waits.

        Returns:
            The thread to join; one at a time, so that a target that hangs does not collect threads.
        """
        with self._lock:
            running = self._flushing
            if running is None or not running.is_alive():
                running = _in_thread(f"turnloom-flush-{self.name}", self._processor.force_flush)
                self._flushing = running
            return running

    def start_close(self) -> threading.Thread:
        """Begin to send what waits for the last time, without retries.

        Returns:
            The thread to join.
        """
        self._closed = True
        self._sender.stop()
        return _in_thread(f"turnloom-close-{self.name}", self._processor.shutdown)

    def abandon(self) -> None:
        """Give up what is still on its way."""
        self._abandoned = True
        self._sender.abandon()


def _in_thread(name: str, action: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=lambda: shielded(name, action), name=name, daemon=True)
    thread.start()
    return thread
