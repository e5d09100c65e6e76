"""One entered scope, bound to the OpenTelemetry context, with its way back.

The scope travels in OpenTelemetry's own context, so that whatever carries that context to another
task or thread carries the scope too. A frame is left by writing back the context that was there
before it, not by a token: that works from another task than the one that entered, and never logs
"Failed to detach context".
"""

from opentelemetry.context import Context, attach, create_key, get_current, get_value, set_value
from opentelemetry.trace import Span, set_span_in_context

from turnloom.sdk.scope import EMPTY, Scope

_KEY = create_key("turnloom-frame")


class Frame:
    """An entered scope.

    `inside` is the context before it with this scope, `attached` the same with its span.

    Args:
        scope: What holds inside.
        kind: What entered it: session, conversation, turn, agent, llm or tool.
    """

    __slots__ = ("attached", "inside", "kind", "left", "parent", "previous", "scope", "span")

    def __init__(self, scope: Scope, kind: str) -> None:
        self.scope = scope
        self.kind = kind
        self.previous = get_current()
        self.parent = frame_of(self.previous)
        self.inside = set_value(_KEY, self, self.previous)
        self.attached: Context | None = None
        self.span: Span | None = None
        self.left = False

    def enter(self, span: Span | None = None) -> None:
        """Make the scope, and a span if given, the current one."""
        self.span = span
        self.attached = set_span_in_context(span, self.inside) if span is not None else self.inside
        attach(self.attached)

    def leave(self, *, lexical: bool) -> None:
        """Restore what was current before, where this frame is current.

        Args:
            lexical: Whether a `with` block ends: then whatever was left open inside is dropped with it.
        """
        self.left = True
        current = frame_of(get_current())
        if current is self or (lexical and self._encloses(current)):
            attach(self._way_back())

    def _encloses(self, frame: "Frame | None") -> bool:
        while frame is not None and frame is not self:
            frame = frame.parent
        return frame is self

    def _way_back(self) -> Context:
        """The context before this frame, past frames that were left out of order."""
        back = self.previous
        frame = self.parent
        while frame is not None and frame.left and back is frame.attached:
            back, frame = frame.previous, frame.parent
        return back


def frame_of(context: Context) -> Frame | None:
    """The innermost frame of a context."""
    frame = get_value(_KEY, context)
    return frame if isinstance(frame, Frame) else None


def current_scope() -> Scope:
    """The scope of the running task or thread."""
    frame = frame_of(get_current())
    return EMPTY if frame is None else frame.scope


def current_turn_span() -> Span | None:
    """The span of the innermost turn that is current."""
    frame = frame_of(get_current())
    while frame is not None and frame.kind != "turn":
        frame = frame.parent
    return None if frame is None else frame.span
