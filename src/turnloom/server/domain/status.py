"""How a turn ended, and what failed in it."""

from turnloom.model.span import Span
from turnloom.model.turn import RUNNING, Turn
from turnloom.server.domain.cast import Cast, ended

STATUSES = frozenset({"ok", "error", "cancelled", "disconnected", "timeout", "incomplete", "running"})
"""What a client may report (vocabulary, `turn.status`)."""


def fill_status(turn: Turn, anchor: Span | None, cast: Cast) -> None:
    """Fill in the turn's status and its last error; needs its texts.

    Args:
        turn: The turn to fill in.
        anchor: The span that stands for it, if it is here.
        cast: Its spans.
    """
    fill_errors(turn, cast)
    if anchor is not None and anchor.turn_status in STATUSES:
        turn.status = anchor.turn_status
    elif anchor is None or (turn.end_us is None and turn.output is None):
        turn.status = RUNNING
    else:
        turn.status = "error" if _failed(turn, anchor, cast) else "ok"


def fill_errors(turn: Turn, cast: Cast) -> None:
    """Count what failed, and name the last of it."""
    turn.errors = len(cast.failures)
    if cast.failures:
        last = max(cast.failures, key=ended)
        turn.error_type, turn.error_category = last.error_type, last.error_category
        turn.error_message = last.error_message


def _failed(turn: Turn, anchor: Span, cast: Cast) -> bool:
    """Whether the turn as a whole failed: what failed on the way and was made good does not count."""
    if anchor.error:
        return True
    if not cast.failures:
        return False
    last = cast.last_llm
    if last is None:
        return turn.output is None
    if last.error:
        return True
    return turn.output is None and ended(max(cast.failures, key=ended)) > ended(last)
