"""The span processor: stamps every span when it starts, hands it to every lane when it ends."""

from collections.abc import Mapping, Sequence

from opentelemetry.context import Context, get_current
from opentelemetry.sdk.trace import ReadableSpan, Span, SpanProcessor
from opentelemetry.trace import get_current_span

from turnloom import semconv
from turnloom.sdk.border import warn_once
from turnloom.sdk.frame import frame_of
from turnloom.sdk.lane import Lane
from turnloom.sdk.lanes import close_lanes, flush_lanes
from turnloom.sdk.scope import Value
from turnloom.sdk.stamping import write_stamp

INHERITED_KEYS = (
    semconv.SESSION_ID,
    semconv.LANGFUSE_SESSION_ID,
    semconv.USER_ID,
    semconv.LANGFUSE_USER_ID,
    semconv.CONVERSATION_ID,
    semconv.GEN_AI_CONVERSATION_ID,
    semconv.TURN_ID,
    semconv.TURN_NUMBER,
    semconv.LANGFUSE_TRACE_TAGS,
)
"""What a span takes from its parent where the scope did not come along."""


class TurnloomProcessor(SpanProcessor):
    """Stamps and forwards spans of any instrumentation in the process.

    Args:
        lanes: One per target.
        everywhere: Attributes that every span gets, in a scope or not.
        close_timeout_s: Seconds that closing may take.
    """

    def __init__(
        self, lanes: Sequence[Lane], everywhere: Mapping[str, Value], close_timeout_s: float
    ) -> None:
        self._lanes = tuple(lanes)
        self._everywhere = dict(everywhere)
        self._close_timeout_s = close_timeout_s
        self._closed = False

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Stamp a span with the scope of its parent context, else of the running task.

        Args:
            span: The span that starts.
            parent_context: The context it starts in, where one was given.
        """
        if self._closed:
            return
        try:
            if self._everywhere:
                write_stamp(span, self._everywhere)
            stamp = _stamp_of(parent_context)
            if stamp:
                write_stamp(span, stamp)
        except Exception:  # noqa: BLE001 - a hook in the host's code
            warn_once("stamp", "turnloom: a span could not be stamped", exc_info=True)

    def on_end(self, span: ReadableSpan) -> None:
        """Queue a span for every target.

        Args:
            span: The span that ended.
        """
        if self._closed:
            return
        for lane in self._lanes:
            try:
                lane.put(span)
            except Exception:  # noqa: BLE001 - a hook in the host's code; one lane must not harm another
                name = lane.name
                warn_once(f"put {name}", "turnloom: a span to %s was lost", name, exc_info=True)

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Send what waits.

        Args:
            timeout_millis: Milliseconds to wait at most.

        Returns:
            Whether everything was handed over in time.
        """
        return flush_lanes(self._lanes, timeout_millis / 1_000)

    def stop(self) -> None:
        """Stamp and take no more spans."""
        self._closed = True

    def shutdown(self) -> None:
        """Send what waits for the last time; a second call does nothing."""
        if not self._closed:
            self._closed = True
            close_lanes(self._lanes, self._close_timeout_s)


def _stamp_of(parent_context: Context | None) -> Mapping[str, Value] | None:
    frame = frame_of(parent_context) if parent_context is not None else None
    frame = frame or frame_of(get_current())
    if frame is not None:
        return frame.scope.stamp
    return _stamp_of_parent(parent_context)


def _stamp_of_parent(context: Context | None) -> Mapping[str, Value] | None:
    """The parent's own stamp: a span may be handed to a thread that has no context."""
    parent = get_current_span(context)
    attributes = parent.attributes if isinstance(parent, ReadableSpan) else None
    if not attributes:
        return None
    return {key: attributes[key] for key in INHERITED_KEYS if key in attributes}  # pyright: ignore[reportReturnType] - our own values
